"""Nearby matters: from the first photo to "fixed", which its reporter alone can say."""

from datetime import timedelta

import pytest
from tests.cast import AWAY, HOME

from shequtong.boards.matters.models import Matter
from shequtong.core.posts.models import Link
from shequtong.lib import clock

MATTERS = f"/c/{HOME}/matters"
LAMP = {"title": "三楼灯不亮", "category": "light", "place": "电梯口", "body": "晚上很黑"}


def reported(cast, by="resident", **fields):
    answer = getattr(cast, by).insist(f"{MATTERS}/new", LAMP | fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def number_of(address):
    return int(address.rsplit("/", 1)[1])


def take(browser, address, name, **fields):
    return browser.submit(f"{address}/transitions", {"name": name, **fields})


def walk(address, *steps):
    for browser, name, fields in steps:
        answer = take(browser, address, name, **fields)
        assert answer.status_code == 303, (name, answer.status_code)


def claimed(cast):
    """A matter that the committee says it has fixed."""
    address = reported(cast)
    walk(
        address,
        (cast.clerk, "acknowledge", {}),
        (cast.clerk, "start", {}),
        (cast.clerk, "claim_done", {"reason": "换了灯泡"}),
    )
    return address


def test_from_report_to_confirmed_with_everybodys_own_buttons(cast, db):
    address = reported(cast)
    assert "照明用电" in cast.neighbor.get(MATTERS).text and "电梯口" in cast.neighbor.get(MATTERS).text
    walk(
        address,
        (cast.clerk, "acknowledge", {}),
        (cast.clerk, "ask_info", {"reason": "是哪一单元？"}),
        (cast.resident, "give_info", {"reason": "二单元"}),
        (cast.clerk, "dispatch", {"to": "property", "reason": "请换灯"}),
        (cast.property, "accept", {"promised_on": str((clock.now() + timedelta(days=3)).date())}),
        (cast.property, "claim_done", {"reason": "灯管已经换好"}),
        (cast.resident, "confirm", {"rating": "5", "reason": "谢谢"}),
    )
    shown = cast.neighbor.get(address).text
    for words in ("社工小沈", "是哪一单元？", "二单元", "物业", "灯管已经换好", "5 分，非常满意", "已解决"):
        assert words in shown
    assert db.get(Matter, number_of(address)).rating == 5


def test_only_staff_take_it_and_only_the_one_it_was_given_to_accepts(cast):
    address = reported(cast)
    for login in ("resident", "neighbor", "lead", "property", "street", "admin"):
        assert take(getattr(cast, login), address, "acknowledge").status_code == 403
    assert take(cast.outsecretary, address, "acknowledge").status_code == 404
    take(cast.clerk, address, "acknowledge")
    take(cast.clerk, address, "dispatch", to="organisation")
    for login in ("property", "clerk", "resident", "street"):
        assert take(getattr(cast, login), address, "accept").status_code == 403
    assert take(cast.organisation, address, "send_back").status_code == 422
    assert take(cast.organisation, address, "send_back", reason="我们没有电工").status_code == 303
    assert "我们没有电工" in cast.clerk.get(address).text
    assert take(cast.organisation, address, "accept").status_code == 403


def test_fixed_is_for_the_reporter_to_say_and_every_reopening_is_counted(cast):
    address = claimed(cast)
    for login in ("clerk", "neighbor", "property", "secretary"):
        assert take(getattr(cast, login), address, "confirm", rating="5").status_code == 403
    assert take(cast.resident, address, "reopen").status_code == 422
    for _ in range(2):
        walk(
            address,
            (cast.resident, "reopen", {"reason": "又不亮了"}),
            (cast.clerk2, "acknowledge", {}),
            (cast.clerk2, "start", {}),
            (cast.clerk2, "claim_done", {"reason": "换了线路"}),
        )
    assert "2 次" in cast.neighbor.get(address).text


def test_silence_confirms_after_a_reminder_without_a_rating(cast, worker, db):
    with clock.at(clock.now()):
        address = claimed(cast)
        clock.advance(timedelta(days=4, hours=23))
        worker.run_waiting()
        assert "等反映人确认" in cast.neighbor.get(address).text
        clock.advance(timedelta(hours=2))
        worker.run_waiting()
        assert "请看看修好了没有" in cast.resident.get("/inbox").text
        clock.advance(timedelta(days=1, hours=23))
        worker.run_waiting()
        assert "已再次提醒" in cast.neighbor.get(address).text
        clock.advance(timedelta(hours=2))
        worker.run_waiting()
    assert "已解决" in cast.neighbor.get(address).text
    assert db.get(Matter, number_of(address)).rating is None


def test_a_worker_that_slept_for_a_month_reminds_first_and_closes_two_days_later(cast, worker):
    with clock.at(clock.now()):
        address = claimed(cast)
        clock.advance(timedelta(days=25))
        worker.run_waiting()
        assert "已再次提醒" in cast.neighbor.get(address).text
        clock.advance(timedelta(days=1, hours=23))
        worker.run_waiting()
        assert "已再次提醒" in cast.neighbor.get(address).text
        assert take(cast.resident, address, "reopen", reason="还是不亮").status_code == 303
        clock.advance(timedelta(days=3))
        worker.run_waiting()
    assert "重新打开" in cast.neighbor.get(address).text


def test_a_clerk_who_reported_and_fixed_it_does_not_confirm_it(cast):
    address = reported(cast, by="clerk")
    walk(
        address,
        (cast.clerk, "acknowledge", {}),
        (cast.clerk, "start", {}),
        (cast.clerk, "claim_done", {"reason": "换了"}),
    )
    assert take(cast.clerk, address, "confirm", rating="5").status_code == 403


def test_the_one_it_was_reported_for_is_named_to_those_concerned_alone(cast):
    address = reported(cast, by="clerk", on_behalf="钱秀兰")
    take(cast.clerk, address, "acknowledge")
    take(cast.clerk, address, "dispatch", to="property")
    for login in ("clerk", "secretary", "property"):
        assert "钱秀兰" in getattr(cast, login).get(address).text
    for login in ("resident", "lead", "street", "organisation"):
        assert "钱秀兰" not in getattr(cast, login).get(address).text
    assert "钱秀兰" not in cast.resident.get(MATTERS).text


def test_a_resident_is_not_asked_for_whom_and_cannot_say(cast):
    assert 'name="on_behalf"' not in cast.resident.get(f"{MATTERS}/new").text
    assert 'name="on_behalf"' in cast.clerk.get(f"{MATTERS}/new").text
    assert "钱秀兰" not in cast.clerk.get(reported(cast, on_behalf="钱秀兰")).text


def test_neighbours_say_me_too_once_and_take_it_back(cast):
    address = reported(cast)
    assert take(cast.resident, address, "me_too").status_code == 403
    for browser in (cast.neighbor, cast.neighbor, cast.owner):
        assert take(browser, address, "me_too").status_code == 303
    assert "<strong>2</strong>" in cast.resident.get(address).text
    take(cast.neighbor, address, "me_too", undo="1")
    assert "<strong>1</strong>" in cast.resident.get(address).text


def test_the_same_matter_is_joined_with_the_first_and_both_show_it(cast, db):
    first, second = reported(cast), reported(cast, by="neighbor", title="楼道灯坏了")
    number = number_of(first)
    assert take(cast.neighbor, second, "merge", target=str(number)).status_code == 403
    for wrong in ("", "99999", str(number_of(second)), "x", f"/c/{HOME}/talk/{number}x"):
        assert take(cast.clerk, second, "merge", target=wrong).status_code == 422
    assert take(cast.clerk, second, "merge", target=f"http://127.0.0.1:8000{first}").status_code == 303
    assert db.get(Link, (number_of(second), number)) is not None
    assert "楼道灯坏了" in cast.owner.get(first).text and "三楼灯不亮" in cast.owner.get(second).text
    assert take(cast.clerk, first, "merge", target=str(number_of(second))).status_code == 422


def test_a_matter_elsewhere_or_private_is_no_place_to_join(cast):
    private = reported(cast, private="1")
    away = cast.outsider.submit(f"/c/{AWAY}/matters/new", LAMP).headers["location"]
    address = reported(cast, by="neighbor")
    for other in (private, away):
        answer = take(cast.clerk, address, "merge", target=other)
        assert answer.status_code == 422 and "f-" in answer.text


def test_what_cannot_be_fixed_needs_a_listed_reason_and_can_be_appealed(cast):
    address = reported(cast)
    take(cast.clerk, address, "acknowledge")
    assert take(cast.clerk, address, "declare_unfixable", reason="不想修").status_code == 422
    assert take(cast.clerk, address, "declare_unfixable", reason="money").status_code == 303
    assert "暂时没有经费" in cast.resident.get(address).text
    assert take(cast.neighbor, address, "appeal", reason="很危险").status_code == 403
    assert take(cast.resident, address, "appeal", reason="很危险").status_code == 303
    assert "重新打开" in cast.neighbor.get(address).text


def test_rule_4_an_officer_acts_only_on_what_was_handed_up(cast):
    address = reported(cast)
    take(cast.clerk, address, "acknowledge")
    words = {"reason": "请电力公司三天内到场"}
    assert take(cast.street, address, "direct", **words).status_code == 403
    assert take(cast.clerk, address, "escalate", reason="涉及供电公司").status_code == 303
    assert "上报街镇" not in cast.street.get(address).text.split("post-timeline")[0]
    assert take(cast.clerk, address, "direct", **words).status_code == 403
    assert take(cast.street, address, "direct", **words).status_code == 303
    assert "请电力公司三天内到场" in cast.resident.get(address).text
    assert take(cast.street, address, "direct", **words).status_code == 403


def test_another_office_may_have_it_and_the_committee_takes_it_back(cast):
    address = reported(cast)
    walk(
        address,
        (cast.clerk, "acknowledge", {}),
        (cast.clerk, "transfer", {"reason": "12345，编号 2026-7788"}),
    )
    assert "12345，编号 2026-7788" in cast.resident.get(address).text
    assert take(cast.resident, address, "take_back").status_code == 403
    assert take(cast.clerk2, address, "take_back").status_code == 303


def test_once_it_is_taken_up_its_author_cannot_make_it_vanish(cast):
    address = reported(cast)
    take(cast.clerk, address, "acknowledge")
    assert cast.resident.submit(f"{address}/delete").status_code == 403
    assert cast.resident.submit(f"{reported(cast)}/delete").status_code == 303


@pytest.mark.parametrize(
    "login", ["visitor", "applicant", "outsider", "property", "police", "street", "district"]
)
def test_only_residents_and_staff_report(cast, login):
    assert getattr(cast, login).submit(f"{MATTERS}/new", LAMP).status_code in (303, 403)
    assert "三楼灯不亮" not in cast.clerk.get(MATTERS).text


MARKER = "暗号梧桐"
PAGES = (
    f"/c/{HOME}",
    "/home",
    "/inbox",
    MATTERS,
    f"{MATTERS}?state=new",
    f"{MATTERS}?mine=1",
    f"{MATTERS}?state=acknowledged",
)
OTHERS = (
    "visitor",
    "neighbor",
    "lead",
    "elder",
    "outsider",
    "outsecretary",
    "applicant",
    "property",
    "owners",
)
OFFICERS = ("organisation", "police", "party", "street", "district", "admin")


def seen_by(cast, login, address):
    browser = getattr(cast, login)
    pages = [browser.get(page).text for page in (*PAGES, address, f"{address}/history")]
    pages.append(browser.get(f"/c/{AWAY}/matters/{number_of(address)}").text)
    pages.append(browser.get(f"/u/{cast.resident.id}").text)
    pages.append(browser.get("/search", params={"q": MARKER[:2]}).text)
    return sum(MARKER in page for page in pages)


def test_a3_a_private_matter_leaves_no_trace_for_anybody_else(cast):
    address = reported(cast, title=f"家里的事{MARKER}", body=MARKER, place=MARKER, private="1")
    assert cast.resident.submit(f"{address}/comments", {"body": MARKER}).status_code == 303
    for login in ("resident", "clerk", "clerk2", "secretary"):
        assert getattr(cast, login).get(address).status_code == 200
    for login in (*OTHERS, *OFFICERS):
        refused = 303 if login == "visitor" else 404
        assert seen_by(cast, login, address) == 0, login
        assert getattr(cast, login).submit(f"{address}/comments", {"body": "看看"}).status_code == refused
        assert take(getattr(cast, login), address, "me_too").status_code == refused
    assert "看看" not in cast.clerk.get(address).text


def test_a3_only_whoever_it_is_given_to_reads_a_private_matter_and_only_as_long(cast):
    address = reported(cast, title=f"家里的事{MARKER}", private="1")
    take(cast.clerk, address, "acknowledge")
    take(cast.clerk, address, "dispatch", to="property")
    assert MARKER in cast.property.get(address).text
    assert [login for login in (*OTHERS, *OFFICERS) if seen_by(cast, login, address)] == ["property"]
    handed_back = take(cast.property, address, "send_back", reason="不归我们")
    assert handed_back.headers["location"] == MATTERS
    assert cast.property.get(address).status_code == 404
    take(cast.clerk, address, "escalate", reason="请街镇协调")
    assert [login for login in (*OTHERS, *OFFICERS) if seen_by(cast, login, address)] == ["street"]
    assert take(cast.street, address, "direct", reason="请派出所一起上门").headers["location"] == MATTERS
    assert cast.street.get(address).status_code == 404


def test_a3_what_was_said_in_private_is_not_opened_to_all(cast):
    address = reported(cast, body=f"底细{MARKER}", private="1")
    assert cast.resident.submit(f"{address}/edit", LAMP).status_code == 303
    assert "底细" not in cast.neighbor.get(f"{address}/history").text, "nor in its history"
    for say in (
        lambda place: cast.clerk.submit(f"{place}/comments", {"body": "您家的情况我们知道了"}),
        lambda place: take(cast.clerk, place, "acknowledge"),
    ):
        other = reported(cast, title="另一件家里的事", private="1")
        assert say(other).status_code == 303
        opened = cast.resident.submit(f"{other}/edit", LAMP)
        assert opened.status_code == 422 and "私下说过的话" in opened.text
        assert cast.neighbor.get(other).status_code == 404
        assert cast.resident.submit(f"{other}/edit", LAMP | {"private": "1"}).status_code == 303


def test_the_author_may_open_a_private_matter_to_all_and_close_it_again(cast):
    address = reported(cast, private="1")
    assert cast.resident.submit(f"{address}/edit", LAMP).status_code == 303
    assert cast.neighbor.get(address).status_code == 200
    assert cast.resident.submit(f"{address}/edit", LAMP | {"private": "1"}).status_code == 303
    assert cast.neighbor.get(address).status_code == 404
