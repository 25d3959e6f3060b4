"""District window: officers write, everybody below reads, each committee passes it on or sets it aside."""

from datetime import timedelta

import pytest
from tests.cast import AWAY, DISTRICT, HOME, STREET

from shequtong.lib import clock

BULLETIN = {
    "title": "流感疫苗接种",
    "topic": "health",
    "body": "六十岁以上免费接种",
    "issued_by": "区卫健委",
    "kind": "info",
    "whom": "all",
}


@pytest.fixture
def at_home(cast):
    """A bulletin of the district, as it is read in a committee: its address there."""
    answer = cast.district.submit(f"/c/{DISTRICT}/district/new", BULLETIN)
    assert answer.status_code == 303, answer.text
    return f"/c/{HOME}/district/{answer.headers['location'].rsplit('/', 1)[-1]}"


def test_a_bulletin_of_the_district_is_read_in_every_committee_without_signing_in(cast, at_home):
    number = at_home.rsplit("/", 1)[-1]
    for code in (DISTRICT, STREET, HOME, AWAY):
        assert "流感疫苗接种" in cast.visitor.get(f"/c/{code}/district").text
        assert "区卫健委" in cast.visitor.get(f"/c/{code}/district/{number}").text


def test_a_bulletin_of_the_street_stays_below_the_street(cast):
    cast.street.submit(f"/c/{STREET}/district/new", BULLETIN)
    assert "流感疫苗接种" in cast.resident.get(f"/c/{HOME}/district").text
    assert "流感疫苗接种" not in cast.district.get(f"/c/{DISTRICT}/district").text


@pytest.mark.parametrize("login", ["resident", "clerk", "secretary", "organisation", "outsecretary"])
def test_only_officers_write_and_only_above_the_committees(cast, login):
    for code in (HOME, STREET, DISTRICT):
        assert getattr(cast, login).get(f"/c/{code}/district/new").status_code == 403
    assert cast.street.get(f"/c/{HOME}/district/new").status_code == 403
    assert cast.street.get(f"/c/{DISTRICT}/district/new").status_code == 403


def test_a_draft_is_seen_by_its_office_and_by_nobody_below(cast):
    draft = cast.street.submit(f"/c/{STREET}/district/new", BULLETIN | {"draft": "1"}).headers["location"]
    number = draft.rsplit("/", 1)[-1]
    assert cast.street.get(draft).status_code == 200
    for login in ("clerk", "secretary", "resident", "district"):
        assert getattr(cast, login).get(f"/c/{HOME}/district/{number}").status_code == 404
        assert "流感疫苗接种" not in getattr(cast, login).get(f"/c/{HOME}/district").text


def test_a_committee_passes_it_on_once_with_a_word_of_its_own(cast, at_home):
    assert cast.clerk.take(at_home, "relay", note="居委会门口周三上午接种").status_code == 303
    assert cast.secretary.take(at_home, "relay", note="再说一次").status_code == 409
    shown = cast.resident.get(at_home).text
    assert "居委会门口周三上午接种" in shown and "再说一次" not in shown
    assert "居委会门口周三上午接种" not in cast.outsider.get(at_home.replace(HOME, AWAY)).text


def test_what_does_not_concern_a_committee_may_be_passed_on_later_and_not_the_other_way_round(cast, at_home):
    assert cast.clerk2.take(at_home, "set_aside", note="与我们无关").status_code == 303
    assert "与我们无关" in cast.clerk.get(at_home).text
    assert "与我们无关" not in cast.resident.get(at_home).text
    assert cast.clerk.take(at_home, "relay", note="请看").status_code == 303
    assert "请看" in cast.resident.get(at_home).text
    assert cast.clerk2.take(at_home, "set_aside", note="与我们无关").status_code == 409
    assert "请看" in cast.resident.get(at_home).text


def test_residents_and_officers_do_not_pass_on(cast, at_home):
    for login in ("resident", "street", "organisation", "lead"):
        assert getattr(cast, login).take(at_home, "relay", note="").status_code == 403


def test_nobody_manages_it_from_a_committee_below(cast, at_home):
    for login in ("district", "street", "clerk"):
        assert getattr(cast, login).take(at_home, "withdraw").status_code == 403
        assert getattr(cast, login).submit(f"{at_home}/pin").status_code == 403


def test_a_correction_keeps_the_old_text_and_shows_it(cast, at_home):
    office = at_home.replace(HOME, DISTRICT)
    change = {"title": "流感疫苗接种", "body": "六十五岁以上免费接种", "correction": "年龄写错了"}
    assert cast.district.take(office, "correct", **change).status_code == 303
    shown = cast.visitor.get(at_home).text
    assert "六十五岁以上" in shown and "年龄写错了" in shown and "六十岁以上" not in shown
    assert "六十岁以上" in cast.visitor.get(f"{at_home}/history").text


def test_a_bulletin_appears_when_it_was_scheduled_and_ends_with_its_last_day(cast, worker):
    with clock.at(clock.now()):
        last = (clock.today() + timedelta(days=3)).isoformat()
        form = BULLETIN | {"valid_until": last, "draft": "1"}
        draft = cast.street.submit(f"/c/{STREET}/district/new", form).headers["location"]
        at = clock.local(clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
        assert cast.street.take(draft, "schedule", at=at).status_code == 303
        listed = f"/c/{HOME}/district"
        clock.advance(timedelta(hours=23))
        worker.run_waiting()
        assert "流感疫苗接种" not in cast.resident.get(listed).text
        clock.advance(timedelta(hours=2))
        worker.run_waiting()
        assert "流感疫苗接种" in cast.resident.get(listed).text
        clock.advance(timedelta(days=3))
        worker.run_waiting()
        assert "已过期" in cast.resident.get(listed).text


def test_it_is_a_window_without_comments(cast, at_home):
    for login in ("resident", "clerk", "street"):
        assert getattr(cast, login).submit(f"{at_home}/comments", {"body": "你好"}).status_code == 403
