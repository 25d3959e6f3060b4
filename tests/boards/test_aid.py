"""Mutual aid: asked or offered, answered by one, vouched for where somebody vulnerable is concerned."""

from datetime import timedelta

import pytest
from tests.cast import HOME

from shequtong.boards.aid.models import Aid
from shequtong.core.posts.models import Post
from shequtong.lib import clock

AID = f"/c/{HOME}/aid"
ERRAND = {"kind": "ask", "title": "帮忙取个快递", "help": "errand", "place": "2号门"}
RIDE = {"kind": "offer", "title": "周末去医院可以搭车", "help": "ride"}


def called(cast, **fields):
    answer = cast.resident.submit(f"{AID}/new", ERRAND | fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def take(browser, address, name, **fields):
    return browser.submit(f"{address}/transitions", {"name": name, **fields})


def walk(address, *steps):
    for browser, name in steps:
        assert take(browser, address, name).status_code == 303, name


def test_asked_answered_agreed_done_and_thanked(cast):
    address = called(cast)
    assert take(cast.neighbor, address, "volunteer", note="下班顺路").status_code == 303
    walk(address, (cast.resident, "accept"), (cast.neighbor, "start"), (cast.neighbor, "finish"))
    assert take(cast.neighbor, address, "thank").status_code == 403
    assert take(cast.resident, address, "thank", reason="太感谢了").status_code == 303
    assert "太感谢了" in cast.owner.get(address).text


def test_whoever_was_helped_says_thank_you_for_an_offer_too(cast):
    address = called(cast, **RIDE)
    assert "我需要这个帮助" in cast.neighbor.get(address).text
    walk(
        address,
        (cast.neighbor, "volunteer"),
        (cast.resident, "accept"),
        (cast.resident, "start"),
        (cast.resident, "finish"),
    )
    assert take(cast.resident, address, "thank").status_code == 403
    assert take(cast.neighbor, address, "thank").status_code == 303


def test_who_answered_is_told_to_the_two_and_the_committee(cast):
    address = called(cast)
    take(cast.neighbor, address, "volunteer", note="下班顺路")
    for login in ("resident", "neighbor", "clerk"):
        assert "下班顺路" in getattr(cast, login).get(address).text
    for login in ("owner", "lead", "street", "organisation"):
        shown = getattr(cast, login).get(address).text
        assert "下班顺路" not in shown and "阿芳" not in shown


def test_only_one_answers_and_only_the_two_go_on(cast):
    address = called(cast)
    assert take(cast.resident, address, "volunteer").status_code == 403
    assert take(cast.clerk, address, "volunteer").status_code == 403
    take(cast.neighbor, address, "volunteer")
    assert take(cast.owner, address, "volunteer").status_code == 409
    for name in ("accept", "decline", "step_back", "cancel"):
        assert take(cast.owner, address, name).status_code == 403
    assert take(cast.neighbor, address, "accept").status_code == 403
    assert take(cast.outsider, address, "accept").status_code == 404


@pytest.mark.parametrize(("login", "name"), [("resident", "decline"), ("neighbor", "step_back")])
def test_either_may_part_and_somebody_else_can_answer(cast, db, login, name):
    address = called(cast)
    take(cast.neighbor, address, "volunteer", note="下班顺路")
    walk(address, (getattr(cast, login), name), (cast.organisation, "volunteer"))
    aid = db.get(Aid, int(address.rsplit("/", 1)[1]))
    assert (aid.partner_id, aid.message) == (cast.organisation.id, "")


def test_where_a_child_or_lone_elder_is_concerned_staff_vouch_before_anybody_answers(cast):
    address = called(cast, vulnerable="1")
    assert "等居委会担保" in cast.neighbor.get(address).text
    assert "独居老人" not in cast.neighbor.get(address).text
    assert "帮忙取个快递" in cast.clerk.get(f"/c/{HOME}/desk").text
    assert take(cast.neighbor, address, "volunteer").status_code == 409
    for login in ("resident", "neighbor", "lead", "property", "street"):
        assert take(getattr(cast, login), address, "vouch").status_code == 403
    assert take(cast.clerk, address, "vouch").status_code == 303
    assert "社工小沈" in cast.neighbor.get(address).text
    assert "帮忙取个快递" not in cast.clerk.get(f"/c/{HOME}/desk").text
    assert take(cast.neighbor, address, "volunteer").status_code == 303


def test_what_was_vouched_for_is_not_changed_behind_the_committees_back(cast):
    address = called(cast, vulnerable="1")
    changed = ERRAND | {"title": "别的事", "vulnerable": "1"}
    assert cast.resident.submit(f"{address}/edit", changed).status_code == 303
    take(cast.clerk, address, "vouch")
    assert cast.resident.submit(f"{address}/edit", changed).status_code == 403
    assert take(cast.clerk2, address, "vouch", undo="1").status_code == 303
    assert take(cast.neighbor, address, "volunteer").status_code == 409
    assert cast.resident.submit(f"{address}/edit", changed).status_code == 303


def test_what_needs_no_vouch_gets_none(cast):
    assert take(cast.clerk, called(cast), "vouch").status_code == 409


def test_a_no_show_names_who_recorded_it_and_why(cast):
    address = called(cast)
    walk(address, (cast.neighbor, "volunteer"), (cast.resident, "accept"))
    assert take(cast.neighbor, address, "report_no_show").status_code == 422
    assert take(cast.neighbor, address, "report_no_show", reason="等了半小时").status_code == 303
    shown = cast.owner.get(address).text
    assert "等了半小时" in shown and "阿芳" in shown
    assert take(cast.neighbor, address, "renew").status_code == 403
    assert take(cast.resident, address, "renew").status_code == 303


def test_called_off_names_who_did_it(cast):
    address = called(cast)
    assert take(cast.resident, address, "cancel", reason="已经取到了").status_code == 303
    assert "已经取到了" in cast.owner.get(address).text
    assert cast.resident.submit(f"{address}/delete").status_code == 303


def test_a_call_is_open_until_its_time_has_come(cast, worker, db):
    with clock.at(clock.now()):
        tomorrow = clock.local(clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
        soon, later = called(cast, at=tomorrow), called(cast, title="想学拉二胡")
        assert cast.resident.submit(f"{AID}/new", ERRAND | {"at": "2020-01-01T09:00"}).status_code == 422
        clock.advance(timedelta(days=1, minutes=1))
        worker.run_waiting()
        assert db.get(Post, int(soon.rsplit("/", 1)[1])).state == "expired"
        assert "等人响应" in cast.owner.get(later).text
        assert take(cast.resident, soon, "renew").status_code == 303
        clock.advance(timedelta(days=29))
        worker.run_waiting()
    assert "等人响应" in cast.owner.get(soon).text


@pytest.mark.parametrize("login", ["clerk", "property", "police", "street", "applicant", "outsider"])
def test_residents_and_organisations_ask_and_offer(cast, login):
    assert getattr(cast, login).submit(f"{AID}/new", ERRAND).status_code == 403
    assert cast.organisation.submit(f"{AID}/new", RIDE).status_code == 303
