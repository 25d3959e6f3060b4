"""Deliberation hall: co-signed by two buildings, screened by staff, decided by households, judged by residents."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select
from tests.cast import HOME

from shequtong.core.communities import places
from shequtong.core.communities.models import Dwelling
from shequtong.lib import clock

HALL = f"/c/{HOME}/hall"
BENCH = {
    "title": "在中心花园加装长椅",
    "topic": "green",
    "body": "老人没有地方坐",
    "change": "在银杏树下装六张长椅",
}
FRAME = {"options": "木椅\n石椅", "cost": "每张八百元，公共收益支付", "affected": "全体居民"}


def proposed(browser):
    answer = browser.submit(f"{HALL}/new", BENCH)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def at_the_notice(cast):
    """A proposal whose text was public for eight days. Moves the stopped clock."""
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
    return address


def vote_of(rule, **fields):
    """What staff fill in to open a vote that lasts until tomorrow."""
    until = (clock.today() + timedelta(days=1)).isoformat()
    return {
        "voting_rule": rule,
        "vote_secrecy": "open",
        "vote_until": until,
        "outcome": "project",
        **fields,
    }


def at_the_vote(cast, rule, **fields):
    """A proposal on which households vote by this rule. Moves the stopped clock."""
    address = at_the_notice(cast)
    answer = cast.clerk.take(address, "open_vote", **vote_of(rule, **fields))
    assert answer.status_code == 303, answer.text
    return address


def ballots(cast, address, **choices):
    for login, choice in choices.items():
        answer = getattr(cast, login).submit(f"{address}/ballots", {"choice": choice})
        assert answer.status_code == 303, (login, answer.status_code)


def days_pass(worker, days=2):
    clock.advance(timedelta(days=days))
    worker.run_waiting()


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


def test_ballots_decide_and_the_text_that_was_voted_on_is_the_decision(cast, worker):
    with clock.at(clock.now()):
        address = at_the_vote(cast, "ordinary")
        ballots(cast, address, resident="for", neighbor="for", owner="for", elder="for", lead="against")
        page = cast.elder.get(address).text
        assert "5，共 7（占 71.4%），至少要 5" in page and "大家的选择" not in page
        assert cast.clerk.take(address, "adopt").status_code == 403
        days_pass(worker)
        shown = cast.resident.get(address).text
        assert "选“同意”的户数：4，共 5（占 80.0%），至少要 3" in shown
        assert "选“同意”的面积（平方米）：354，共 442.5（占 80.0%）" in shown
        assert "在银杏树下装六张长椅" in shown and "计票：通过" in shown


def test_more_against_than_for_rejects_it(cast, worker):
    with clock.at(clock.now()):
        address = at_the_vote(cast, "majority")
        ballots(cast, address, resident="for", neighbor="against", owner="against", tenant="against")
        days_pass(worker)
        assert "未通过" in cast.resident.get(address).text
        assert cast.clerk.take(address, "execute", lead="老周").status_code == 409


def test_a_tenant_has_no_ballot_where_the_law_asks_owners(cast):
    with clock.at(clock.now()):
        address = at_the_vote(cast, "major")
        assert cast.tenant.submit(f"{address}/ballots", {"choice": "for"}).status_code == 403
        page = cast.tenant.get(f"{address}/ballots").text
        assert "这次表决您没有票" in page and "由名册里各户的业主投票" in page


def test_a_vote_without_quorum_is_repeated_once_and_both_are_shown(cast, worker):
    with clock.at(clock.now()):
        address = at_the_vote(cast, "major", vote_papers="1", vote_place="门卫室")
        ballots(cast, address, resident="for")
        days_pass(worker, days=6)
        assert "参加表决的不够" in cast.resident.get(address).text
        again = {"vote_until": (clock.today() + timedelta(days=1)).isoformat()}
        assert cast.clerk.take(address, "repeat_vote", vote_until="2020-01-01").status_code == 422
        assert cast.clerk.take(address, "repeat_vote", **again).status_code == 303
        page = cast.resident.get(f"{address}/ballots").text
        assert "第二次表决" in page and "门卫室" in page and "第一次表决" in page
        ballots(cast, address, resident="for", neighbor="for")
        days_pass(worker, days=6)
        assert cast.clerk.take(address, "repeat_vote", **again).status_code == 409


def test_whoever_is_blocked_by_the_proposer_still_has_a_ballot_and_hears_of_the_vote(cast):
    with clock.at(clock.now()):
        address = at_the_notice(cast)
        assert cast.resident.submit(f"/u/{cast.elder.id}/block").status_code == 303
        vote = vote_of("majority")
        assert cast.clerk.take(address, "open_vote", **vote).status_code == 303
        assert cast.elder.get(address).status_code == 200
        assert "在中心花园加装长椅" in cast.elder.get(HALL).text
        assert "在中心花园加装长椅" in cast.elder.get("/inbox").text
        ballots(cast, address, elder="against")


def test_a_few_reports_cannot_take_a_vote_from_all(cast):
    with clock.at(clock.now()):
        address = at_the_vote(cast, "majority")
        for login in ("neighbor", "owner", "tenant", "elder"):
            answer = getattr(cast, login).submit(f"{address}/reports", {"reason": "other", "note": "不想投"})
            assert answer.status_code in (200, 303), answer.text
        assert "在中心花园加装长椅" in cast.clerk.get(f"/c/{HOME}/desk").text
        ballots(cast, address, lead="for")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"vote_until": "2020-01-01"}, "请选择今天或以后的日期"),
        ({"voting_rule": "ordinary", "vote_options": "木椅\n石椅"}, "这条规则只问同意还是反对"),
        ({"vote_options": "木椅"}, "请写两到 8 个不同的选项"),
        ({"vote_papers": "1"}, "请写明纸质票交到哪里"),
        ({"vote_papers": "1", "vote_place": "居委会", "vote_secrecy": "secret"}, "无记名表决不收纸质票"),
        ({"vote_secrecy": ""}, "请填写"),
        ({"vote_buildings": "999999"}, "请从选项中选一个"),
    ],
)
def test_a_vote_that_cannot_be_opened_says_why_beside_the_field(cast, fields, words):
    with clock.at(clock.now()):
        address = at_the_notice(cast)
        answer = cast.clerk.take(address, "open_vote", **vote_of("majority") | fields)
        assert answer.status_code == 422 and words in answer.text


def test_whole_compounds_and_single_buildings_can_be_chosen(cast, app, db):
    with app.state.database.writing() as session:
        second = places.add_compound(session, HOME, "尚园二期")
        for number in (1, 2):
            building = places.add_building(session, second, f"{number}号楼")
            places.add_dwelling(session, building, "101", Decimal(70))
        number = second.id
    with clock.at(clock.now()):
        address = at_the_notice(cast)
        assert "尚园二期（全部）" in cast.clerk.get(address).text
        vote = vote_of("ordinary", vote_buildings=f"c{number}")
        assert cast.clerk.take(address, "open_vote", **vote).status_code == 303
        page = cast.resident.get(f"{address}/ballots").text
        assert "尚园二期" in page and "共 2（占 0.0%），至少要 2" in page and "这次表决您没有票" in page


def test_an_area_that_is_not_registered_keeps_a_vote_under_article_278_closed(cast, app):
    with clock.at(clock.now()):
        address = at_the_notice(cast)
        with app.state.database.writing() as session:
            session.scalars(select(Dwelling).where(Dwelling.code == HOME)).first().area = 0
        answer = cast.clerk.take(address, "open_vote", **vote_of("ordinary"))
        assert answer.status_code == 422 and "有 1 套房没有登记面积" in answer.text
        assert cast.clerk.take(address, "open_vote", **vote_of("advisory")).status_code == 303
