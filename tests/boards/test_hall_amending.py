"""Deliberation hall: the text that is voted on, changes that neighbours propose to it, and its versions."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.boards.test_hall_discussing import under_discussion
from tests.cast import HOME

from shequtong.boards.hall.models import Wording
from shequtong.lib import clock

TEXT = "第一条 每晚十点以后不大声说话。\n\n第二条 遛狗牵绳。"


def drafting(cast, wording=TEXT):
    """A proposal whose text is being written."""
    address = under_discussion(cast)
    answer = cast.clerk.take(address, "draft", minutes="大家都同意", wording=wording)
    assert answer.status_code == 303, answer.text
    return address


def proposed_change(browser, address, words, paragraph=1, why="十点老人早睡了", **more):
    """The answer to proposing that a paragraph reads so."""
    form = browser.get(f"{address}/text/amendments/new?paragraph={paragraph}").text
    seen = re.search(r'name="seen" value="(\w+)"', form)
    sent = {"paragraph": str(paragraph), "words": words, "why": why, "seen": seen[1] if seen else ""}
    return browser.submit(f"{address}/text/amendments", sent | more)


def changed(browser, address, words, paragraph=1, **more):
    """The number of a change that somebody has just proposed."""
    answer = proposed_change(browser, address, words, paragraph, **more)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("-", 1)[1])


def versions(db, address):
    db.rollback()
    number = int(address.rsplit("/", 1)[1])
    return db.scalars(select(Wording.words).where(Wording.post_id == number).order_by(Wording.number)).all()


def test_a_change_is_shown_as_differences_and_taken_into_the_next_version(cast, db):
    address = drafting(cast)
    number = changed(cast.elder, address, "第一条 每晚九点以后不大声说话。")
    page = cast.tenant.get(f"{address}/text").text
    assert re.search(r"<del>.*?去掉.*?十</del><ins>.*?加上.*?九</ins>", page)
    assert "十点老人早睡了" in page and "等待答复" in page
    accept = f"{address}/text/amendments/{number}/accept"
    assert cast.clerk.submit(accept, {"why": ""}).status_code == 422
    assert cast.clerk.submit(accept, {"why": "采纳，和作息公约一致"}).status_code == 303
    assert cast.secretary.submit(accept, {"why": "再来一次"}).status_code == 409
    assert versions(db, address) == [TEXT, TEXT.replace("十点", "九点")]
    page = cast.elder.get(f"{address}/text").text
    assert "第2版" in page and "采纳，和作息公约一致" in page and "第1版" in page
    assert "每晚九点以后不大声说话" in cast.resident.get(address).text
    assert "加装长椅" in cast.elder.get("/inbox").text


def test_a_declined_change_leaves_the_text_and_shows_the_reason(cast, db):
    address = drafting(cast)
    number = changed(cast.elder, address, "", paragraph=2)
    decline = f"{address}/text/amendments/{number}/decline"
    assert cast.clerk.submit(decline, {"words": ""}).status_code == 422
    assert cast.clerk.submit(decline, {"words": "牵绳是市里的规定"}).status_code == 303
    assert cast.clerk.submit(decline, {"words": "再答一次"}).status_code == 409
    assert versions(db, address) == [TEXT]
    page = cast.elder.get(f"{address}/text").text
    assert "未采纳" in page and "牵绳是市里的规定" in page


def test_changes_of_different_paragraphs_are_both_taken_in(cast, db):
    address = drafting(cast)
    first = changed(cast.elder, address, "第一条 每晚九点以后不大声说话。")
    second = changed(cast.tenant, address, "第二条 遛狗牵绳，及时清理。\n第三条 不占消防通道。", paragraph=2)
    for number in (first, second):
        accept = f"{address}/text/amendments/{number}/accept"
        assert cast.clerk.submit(accept, {"why": "采纳"}).status_code == 303
    assert versions(db, address)[-1] == (
        "第一条 每晚九点以后不大声说话。\n\n第二条 遛狗牵绳，及时清理。\n第三条 不占消防通道。"
    )


def test_where_the_text_has_changed_since_somebody_writes_how_it_shall_read(cast, db):
    address = drafting(cast)
    first = changed(cast.elder, address, "第一条 每晚九点以后不大声说话。")
    second = changed(cast.tenant, address, "第一条 每晚八点以后不大声说话。")
    cast.clerk.submit(f"{address}/text/amendments/{first}/accept", {"why": "采纳"})
    accept = f"{address}/text/amendments/{second}/accept"
    assert "这一段后来已经改过了" in cast.clerk.get(f"{address}/text").text
    refused = cast.clerk.submit(accept, {"why": "折中"})
    assert refused.status_code == 409 and "这一段后来已经改过了" in refused.text
    whole = TEXT.replace("十点", "八点半")
    assert cast.clerk.submit(accept, {"why": "折中", "words": whole}).status_code == 303
    assert versions(db, address)[-1] == whole


def test_a_form_for_a_paragraph_that_has_moved_is_asked_again(cast, db):
    address = drafting(cast)
    form = cast.tenant.get(f"{address}/text/amendments/new?paragraph=2").text
    seen = re.search(r'name="seen" value="(\w+)"', form)[1]
    cast.clerk.submit(f"{address}/text/versions", {"words": "总则\n" + TEXT, "why": "加总则"})
    sent = {"paragraph": "2", "words": "第二条 不遛狗。", "why": "怕狗", "seen": seen}
    answer = cast.tenant.submit(f"{address}/text/amendments", sent)
    assert answer.status_code == 422 and "文本改过了" in answer.text and "第二条 不遛狗。" in answer.text


def test_the_committee_writes_versions_itself_and_all_stay_readable(cast, db):
    address = drafting(cast, wording="")
    first = versions(db, address)
    assert len(first) == 1, "what was proposed is the first version"
    write = f"{address}/text/versions"
    assert cast.clerk.submit(write, {"words": first[0], "why": "没改"}).status_code == 422
    assert cast.clerk.submit(write, {"words": TEXT, "why": ""}).status_code == 422
    assert cast.clerk.submit(write, {"words": TEXT, "why": "分成两条"}).status_code == 303
    until = (clock.today() + timedelta(days=7)).isoformat()
    final = {"wording": TEXT + "\n第三条 从下月起施行。", "objections_until": until}
    assert cast.clerk.take(address, "give_notice", **final).status_code == 303
    assert versions(db, address) == [first[0], TEXT, TEXT + "\n第三条 从下月起施行。"]
    page = cast.elder.get(f"{address}/text").text
    assert "第3版" in page and "分成两条" in page and "amendments/new" not in page


def test_no_text_is_made_public_while_a_change_waits(cast):
    address = drafting(cast)
    number = changed(cast.elder, address, "第一条 每晚九点以后不大声说话。")
    assert "1 条修改建议等居委会答复" in cast.clerk.get(address).text
    until = (clock.today() + timedelta(days=7)).isoformat()
    notice = {"wording": TEXT, "objections_until": until}
    refused = cast.clerk.take(address, "give_notice", **notice)
    assert refused.status_code == 422 and "还有 1 条修改建议没有答复" in refused.text
    cast.clerk.submit(f"{address}/text/amendments/{number}/decline", {"words": "大家议过了"})
    assert cast.clerk.take(address, "give_notice", **notice).status_code == 303


@pytest.mark.parametrize(
    ("words", "paragraph", "why", "status"),
    [
        ("第一条 每晚十点以后不大声说话。", 1, "没改", 422),
        ("第一条", 1, "", 422),
        ("第一条", 3, "没有这一段", 404),
        ("长" * 10_000, 2, "太长", 422),
        ("", 0, "全删", 422),
    ],
)
def test_what_is_no_change_is_asked_again(cast, words, paragraph, why, status):
    address = drafting(cast)
    answer = proposed_change(cast.elder, address, words, paragraph, why=why)
    assert answer.status_code == status


def test_nobody_decides_about_their_own_change(cast):
    address = drafting(cast)
    number = changed(cast.clerk, address, "第一条 每晚九点以后不大声说话。")
    accept = f"{address}/text/amendments/{number}/accept"
    assert cast.clerk.submit(accept, {"why": "采纳自己"}).status_code == 403
    assert cast.secretary.submit(accept, {"why": "采纳"}).status_code == 303


def test_what_is_hidden_or_taken_back_is_no_change_any_more(cast, db):
    address = drafting(cast)
    number = changed(cast.owner, address, "第一条 某某家最不讲道理。")
    assert cast.owner.submit(f"{address}/comments/{number}/edit", {"body": "改"}).status_code == 409
    for login in ("elder", "neighbor", "lead"):
        sent = {"reason": "other", "note": "点名骂人"}
        assert getattr(cast, login).submit(f"{address}/comments/{number}/reports", sent).status_code == 303
    assert "某某家" not in cast.tenant.get(f"{address}/text").text
    own = changed(cast.tenant, address, "第一条 每晚八点以后不大声说话。")
    assert cast.tenant.submit(f"{address}/comments/{own}/delete").status_code == 303
    assert "八点" not in cast.elder.get(f"{address}/text").text
    accept = f"{address}/text/amendments/{own}/accept"
    assert cast.clerk.submit(accept, {"why": "采纳"}).status_code == 404


def test_the_wrong_person_neither_changes_nor_decides_nor_reads(cast):
    address = drafting(cast)
    number = changed(cast.elder, address, "第一条 每晚九点以后不大声说话。")
    new = f"{address}/text/amendments/new?paragraph=1"
    for login in ("property", "police", "street", "district"):
        assert getattr(cast, login).get(new).status_code == 403, login
        sent = {"paragraph": "1", "words": "改", "why": "因为"}
        assert getattr(cast, login).submit(f"{address}/text/amendments", sent).status_code == 403, login
    for login in ("resident", "elder", "lead", "property", "street"):
        for what, sent in (("accept", {"why": "好"}), ("decline", {"words": "不好"})):
            answer = getattr(cast, login).submit(f"{address}/text/amendments/{number}/{what}", sent)
            assert answer.status_code == 403, (login, what)
        write = getattr(cast, login).submit(f"{address}/text/versions", {"words": "改", "why": "因为"})
        assert write.status_code == 403, login
    for login in ("outsider", "applicant"):
        assert getattr(cast, login).get(f"{address}/text").status_code == 404, login
    assert cast.visitor.get(f"{address}/text").status_code in (303, 401)
    other = drafting(cast)
    accept = f"{other}/text/amendments/{number}/accept"
    assert cast.clerk.submit(accept, {"why": "采纳"}).status_code == 404


def test_nobody_changes_a_text_before_or_after_it_is_written(cast):
    early = under_discussion(cast)
    sent = {"paragraph": "0", "words": "改", "why": "因为", "seen": ""}
    assert cast.owner.submit(f"{early}/text/amendments", sent).status_code == 403
    address = drafting(cast)
    until = (clock.today() + timedelta(days=7)).isoformat()
    cast.clerk.take(address, "give_notice", wording=TEXT, objections_until=until)
    assert cast.owner.submit(f"{address}/text/amendments", sent).status_code == 403
    assert cast.clerk.submit(f"{address}/text/versions", {"words": "改", "why": "因为"}).status_code == 403
    talk = cast.resident.submit(f"/c/{HOME}/talk/new", {"title": "今天天气好", "body": "出来晒太阳"})
    assert cast.elder.get(f"{talk.headers['location']}/text").status_code == 404
