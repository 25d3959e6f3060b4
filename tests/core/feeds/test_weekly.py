"""The weekly sheet: what was new in seven days, for the gate: nothing private, nobody's name."""

from datetime import timedelta

import pytest
from tests.cast import HOME
from tests.counting import counted

from shequtong.lib import clock

WEEKLY = f"/c/{HOME}/weekly"
NOTICE = {"title": "周三停水", "kind": "info", "body": "请互相转告"}


def write(browser, board, **fields):
    assert browser.submit(f"/c/{HOME}/{board}/new", fields).status_code == 303


def test_it_holds_what_is_new_and_names_nobody(cast):
    write(cast.clerk, "notices", **NOTICE)
    write(cast.resident, "talk", title="谁家的猫走丢了", body="黄白色", topic="life")
    page = cast.elder.get(WEEKLY).text
    assert page.index("周三停水") < page.index("谁家的猫走丢了"), "the committee's voice comes first"
    assert "小陈" not in page and "社工小沈" not in page and "data:image/svg+xml" in page


def test_what_is_for_some_only_or_held_back_is_not_on_it(cast):
    write(cast.property, "notices", **(NOTICE | {"title": "还没有人看过"}))
    write(cast.lead, "notices", **(NOTICE | {"title": "只给一号楼"}))
    write(cast.resident, "services", title="只问医生的话", body="头晕", kind="question", desk="doctor")
    page = cast.secretary.get(WEEKLY).text
    for title in ("还没有人看过", "只给一号楼", "只问医生的话"):
        assert title not in page


def test_it_ends_after_seven_days_and_fits_on_a_page(cast):
    with clock.at(clock.now()):
        write(cast.clerk, "notices", **(NOTICE | {"title": "上周的事"}))
        clock.advance(timedelta(days=8))
        for number in range(8):
            write(cast.clerk, "notices", **(NOTICE | {"title": f"本周第{number}件"}))
        page = cast.resident.get(WEEKLY).text
    assert "上周的事" not in page and "本周第7件" in page and "本周第0件" not in page and "还有 2 条" in page


@pytest.mark.parametrize("login", ["applicant", "outsider", "outsecretary"])
def test_only_members_read_it(cast, login):
    assert getattr(cast, login).get(WEEKLY).status_code == 403
    assert cast.visitor.get(WEEKLY).status_code == 303


def test_it_takes_few_queries_however_much_was_new(app, cast):
    cast.resident.get(WEEKLY)
    with counted(app) as few:
        cast.resident.get(WEEKLY)
    for number in range(12):
        write(cast.clerk, "notices", **(NOTICE | {"title": f"第{number}件事"}))
    with counted(app) as many:
        cast.resident.get(WEEKLY)
    assert len(many) <= len(few) <= 4
