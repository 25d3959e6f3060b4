"""Deliberation hall: co-signed by two buildings, screened by staff, decided by households, judged by residents."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlmodel import select
from tests.cast import HOME

from shequtong.boards.hall.counting import BY_KEY
from shequtong.core.posts.models import PostTransition
from shequtong.lib import clock

HALL = f"/c/{HOME}/hall"
BENCH = {
    "title": "在中心花园加装长椅",
    "topic": "green",
    "body": "老人没有地方坐",
    "change": "在银杏树下装六张长椅",
}
FRAME = {"options": "木椅\n石椅", "cost": "每张八百元，公共收益支付", "affected": "全体居民"}
COUNT = {
    "dwellings": "240",
    "dwellings_voting": "170",
    "dwellings_for": "100",
    "paper_record": "第3号，林敏、老徐",
}
AREA = {"area": "21000", "area_voting": "15000.50", "area_for": "9000"}


def proposed(browser):
    answer = browser.submit(f"{HALL}/new", BENCH)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def at_the_vote(cast, rule):
    """A proposal on which households vote by this rule. Moves the stopped clock by eight days."""
    address = proposed(cast.resident)
    for browser in (cast.neighbor, cast.owner):
        assert browser.take(address, "cosign").status_code == 303
    until = (clock.today() + timedelta(days=7)).isoformat()
    for name, fields in (
        ("screen", {}),
        ("frame", FRAME),
        ("discuss", {}),
        ("draft", {"minutes": "大家都同意"}),
        ("give_notice", {"wording": "在银杏树下装六张长椅", "objections_until": until}),
    ):
        assert cast.clerk.take(address, name, **fields).status_code == 303, name
    assert cast.clerk.take(address, "open_vote").status_code == 409
    clock.advance(timedelta(days=8))
    vote = {"voting_rule": rule, "vote_until": clock.today().isoformat(), "vote_place": "居委会一楼"}
    assert cast.clerk.take(address, "open_vote", **vote).status_code == 303
    return address


def test_it_is_screened_only_when_two_buildings_have_co_signed(cast):
    address = proposed(cast.resident)
    assert cast.resident.take(address, "cosign").status_code == 403
    assert cast.neighbor.take(address, "cosign").status_code == 303
    assert cast.clerk.take(address, "screen").status_code == 409
    assert "受理，进入讨论" not in cast.clerk.get(address).text
    cast.owner.take(address, "cosign")
    assert "受理，进入讨论" in cast.clerk.get(address).text
    cast.owner.submit(f"{address}/transitions", {"name": "cosign", "undo": "1"})
    assert cast.clerk.take(address, "screen").status_code == 409
    cast.elder.take(address, "cosign")
    assert cast.clerk.take(address, "screen").status_code == 303


def test_a_lead_counts_where_they_live(cast):
    address = proposed(cast.owner)
    for browser in (cast.lead, cast.resident, cast.lead):
        assert browser.take(address, "cosign").status_code == 303
    assert cast.clerk.take(address, "screen").status_code == 409


@pytest.mark.parametrize("login", ["property", "police", "street", "outsider", "applicant"])
def test_others_do_not_propose(cast, login):
    assert getattr(cast, login).get(f"{HALL}/new").status_code == 403


def test_it_is_taken_back_or_changed_only_while_nobody_has_co_signed(cast):
    address = proposed(cast.resident)
    assert cast.neighbor.submit(f"{address}/delete").status_code == 403
    assert cast.resident.submit(f"{address}/edit", BENCH | {"title": "加装石凳"}).status_code == 303
    cast.neighbor.take(address, "cosign")
    assert cast.resident.get(f"{address}/edit").status_code == 403
    assert cast.resident.submit(f"{address}/delete").status_code == 403
    cast.neighbor.submit(f"{address}/transitions", {"name": "cosign", "undo": "1"})
    assert cast.resident.submit(f"{address}/delete").status_code == 303
    assert cast.neighbor.get(address).status_code == 404


def test_it_lapses_after_fourteen_days(cast, worker):
    with clock.at(clock.now()):
        address = proposed(cast.resident)
        clock.advance(timedelta(days=13))
        worker.run_waiting()
        assert cast.owner.take(address, "cosign").status_code == 303
        clock.advance(timedelta(days=2))
        worker.run_waiting()
        assert cast.neighbor.take(address, "cosign").status_code == 409
        assert "联署不足" in cast.resident.get(address).text


def test_a_refusal_has_a_listed_reason_and_words(cast):
    address = proposed(cast.resident)
    for reason, words in (("", "说明"), ("我不喜欢", "说明"), ("decided", "")):
        assert cast.clerk.take(address, "refuse", reason=reason, refusal=words).status_code == 422
    assert cast.clerk.take(address, "refuse", reason="decided", refusal="三月刚表决过").status_code == 303
    shown = cast.resident.get(address).text
    assert "三月刚表决过" in shown and "不到一年前已经决定过" in shown


def test_a5_an_appeal_is_decided_by_another_person(cast):
    address = proposed(cast.resident)
    cast.clerk.take(address, "refuse", reason="decided", refusal="三月刚表决过")
    reply = {"appeal_answer": "情况变了"}
    assert cast.secretary.take(address, "uphold_appeal", **reply).status_code == 409
    assert cast.neighbor.take(address, "appeal", appeal="再议").status_code == 403
    assert cast.resident.take(address, "appeal", appeal="三月表决的是另一处").status_code == 303
    assert cast.resident.take(address, "appeal", appeal="再来一次").status_code == 409
    assert cast.clerk.take(address, "uphold_appeal", **reply).status_code == 403
    assert cast.resident.take(address, "uphold_appeal", **reply).status_code == 403
    assert cast.secretary.take(address, "uphold_appeal", **reply).status_code == 303
    assert "已受理" in cast.resident.get(address).text


def test_a_dismissed_appeal_is_over_and_its_answer_is_shown(cast):
    address = proposed(cast.resident)
    cast.clerk.take(address, "refuse", reason="unlawful", refusal="消防通道")
    cast.resident.take(address, "appeal", appeal="可以换个位置")
    assert cast.clerk2.take(address, "dismiss_appeal", appeal_answer="换位置请另提").status_code == 303
    assert "换位置请另提" in cast.resident.get(address).text
    assert cast.secretary.take(address, "uphold_appeal", appeal_answer="好").status_code == 409


def test_the_record_must_say_what_the_figures_say(cast):
    with clock.at(clock.now()):
        address = at_the_vote(cast, "ordinary")
        decided = {"outcome": "project", "outcome_text": "装六张长椅"}
        assert cast.clerk.take(address, "adopt", **COUNT, **decided).status_code == 422
        assert cast.clerk.take(address, "reject", **COUNT, **AREA).status_code == 422
        too_few = COUNT | AREA | {"dwellings_voting": "159"}
        assert cast.clerk.take(address, "adopt", **too_few, **decided).status_code == 422
        more_than_all = COUNT | AREA | {"dwellings_for": "171"}
        assert cast.clerk.take(address, "adopt", **more_than_all, **decided).status_code == 422
        assert cast.resident.take(address, "adopt", **COUNT, **AREA, **decided).status_code == 403
        assert cast.clerk.take(address, "adopt", **COUNT, **AREA, **decided).status_code == 303
        shown = cast.resident.get(address).text
        assert "15,000.5" in shown and "第3号，林敏、老徐" in shown and "装六张长椅" in shown


def test_a_vote_without_quorum_is_repeated_once_and_both_counts_are_kept(cast, db):
    with clock.at(clock.now()):
        address = at_the_vote(cast, "major")
        few = COUNT | AREA | {"dwellings_voting": "90", "dwellings_for": "80"}
        assert cast.clerk.take(address, "record_no_quorum", **few).status_code == 303
        again = {"voting_rule": "major", "vote_until": clock.today().isoformat(), "vote_place": "门卫室"}
        assert cast.clerk.take(address, "repeat_vote", **again).status_code == 303
        assert "门卫室" in cast.resident.get(address).text
        assert (
            cast.clerk.take(address, "record_no_quorum", **few | {"dwellings_voting": "91"}).status_code
            == 303
        )
        assert cast.clerk.take(address, "repeat_vote", **again).status_code == 409
    counted = db.exec(select(PostTransition.facts).where(PostTransition.name == "record_no_quorum")).all()
    assert [facts["dwellings_voting"] for facts in counted] == [90, 91]


def test_residents_judge_what_was_done_and_can_take_it_up_again(cast):
    with clock.at(clock.now()):
        address = at_the_vote(cast, "majority")
        done = {"outcome": "project", "outcome_text": "装六张长椅"}
        assert cast.clerk.take(address, "adopt", **COUNT, **done).status_code == 303
        assert cast.clerk.take(address, "execute", lead="老周", budget="4800").status_code == 303
        assert cast.clerk.take(address, "deliver", report="六张都装好了").status_code == 303
        assert cast.resident.take(address, "reopen", reason="有一张是松的").status_code == 303
        assert cast.clerk.take(address, "resume").status_code == 303
        cast.clerk.take(address, "deliver", report="已拧紧")
        assert cast.clerk.take(address, "rate", rating="5").status_code == 403
        assert cast.elder.take(address, "rate", rating="6").status_code == 422
        assert cast.elder.take(address, "rate", rating="5", reason="坐着舒服").status_code == 303
        assert cast.secretary.take(address, "review", review="半年后仍完好").status_code == 303
        shown = cast.resident.get(address).text
        assert "坐着舒服" in shown and "半年后仍完好" in shown and "¥4,800" in shown


@pytest.mark.parametrize(
    ("rule", "figures", "result"),
    [
        ("advisory", (100, 1, 1, None, None, None), "adopt"),
        ("advisory", (100, 2, 1, None, None, None), "reject"),
        ("advisory", (100, 0, 0, None, None, None), "record_no_quorum"),
        ("majority", (100, 50, 26, None, None, None), "adopt"),
        ("majority", (100, 50, 25, None, None, None), "reject"),
        ("majority", (100, 49, 49, None, None, None), "record_no_quorum"),
        ("consent", (100, 50, 50, None, None, None), "adopt"),
        ("consent", (100, 99, 98, None, None, None), "reject"),
        ("ordinary", (3, 2, 2, "300", "200", "100.01"), "adopt"),
        ("ordinary", (3, 2, 2, "300", "200", "100"), "reject"),
        ("ordinary", (3, 2, 2, "300", "199.99", "199.99"), "record_no_quorum"),
        ("ordinary", (300, 199, 199, "300", "300", "300"), "record_no_quorum"),
        ("major", (300, 200, 150, "300", "200", "150"), "adopt"),
        ("major", (300, 200, 149, "300", "200", "200"), "reject"),
        ("major", (300, 200, 200, "300", "200", "149.99"), "reject"),
    ],
)
def test_v6_shares_are_counted_exactly(rule, figures, result):
    names = ("dwellings", "dwellings_voting", "dwellings_for", "area", "area_voting", "area_for")
    exact = [Decimal(f) if isinstance(f, str) else f for f in figures]
    assert BY_KEY[rule].result(SimpleNamespace(**dict(zip(names, exact, strict=True)))) == result
