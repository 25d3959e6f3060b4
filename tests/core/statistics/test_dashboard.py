"""The dashboard: for whom it is, what it tells, what it does not tell, and what it costs."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.cast import AWAY, DISTRICT, HOME, LOGINS, STREET
from tests.core.statistics.test_counting import report
from tests.counting import counted

from shequtong.core.communities import importing
from shequtong.core.communities.models import Division
from shequtong.core.identity.models import SignIn
from shequtong.core.statistics import cells, charting, queries, showing
from shequtong.core.statistics.figures import Figures
from shequtong.core.statistics.models import OpenTally, WeekTally
from shequtong.core.statistics.queries import Overview, Place
from shequtong.lib import clock

MONDAY = datetime(2026, 11, 23, 9, tzinfo=clock.LOCAL)
WATCHERS = {
    HOME: {"clerk", "clerk2", "secretary", "street", "district", "admin"},
    AWAY: {"outsecretary", "street", "district", "admin"},
    STREET: {"street", "district", "admin"},
    DISTRICT: {"district", "admin"},
    "31": {"admin"},
}


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def until(app):
    def pass_until(moment: str) -> None:
        clock.advance(datetime.fromisoformat(moment).replace(tzinfo=clock.LOCAL) - clock.now())
        with app.state.database.writing() as session:
            session.execute(update(SignIn).values(created_at=clock.now(), seen_at=clock.now()))

    return pass_until


def told(page: Any) -> dict[str, str]:
    """The figures at the top of a dashboard, by their words."""
    assert page.status_code == 200
    found = re.findall(r'<div class="stat[^>]*><dt>([^<]+)</dt><dd>([^<]+)</dd>', page.text)
    return {words: figure.replace("&lt;", "<") for words, figure in found}


def row_of(page: Any, name: str) -> list[str]:
    """What a table says about a place."""
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page.text, re.S) if f">{name}<" in row)
    return [cell.replace("&lt;", "<") for cell in re.findall(r"<td[^>]*>([^<]*)</td>", row)]


@pytest.mark.parametrize("code", WATCHERS)
def test_a_place_is_watched_from_it_and_from_above_and_by_nobody_else(cast, visitor, code):
    for login in LOGINS:
        browser = visitor if login == "visitor" else getattr(cast, login)
        status = browser.get(f"/d/{code}").status_code
        expected = 200 if login in WATCHERS[code] else 303 if login == "visitor" else 404
        assert (login, status) == (login, expected)


def test_what_is_nowhere_is_watched_by_nobody(cast):
    for code in ("310113999", "999999", "9", "xyz"):
        assert cast.admin.get(f"/d/{code}").status_code == 404


def test_a_street_officer_drills_down_and_no_further_up(cast):
    street = cast.street.get(f"/d/{STREET}").text
    assert f'href="/d/{HOME}"' in street and f'href="/d/{DISTRICT}"' not in street
    committee = cast.street.get(f"/d/{HOME}").text
    assert f'href="/d/{STREET}"' in committee and f'href="/d/{DISTRICT}"' not in committee
    assert f'href="/d/{STREET}"' in cast.district.get(f"/d/{DISTRICT}").text


def test_fewer_than_five_are_not_told_at_any_level(cast):
    for number in range(4):
        report(cast.resident, title=f"第{number}块砖")
    for browser, code in ((cast.secretary, HOME), (cast.street, STREET), (cast.district, DISTRICT)):
        page = browser.get(f"/d/{code}")
        assert told(page)["正在办"] == told(page)["收到"] == "<5"
        assert not re.search(r"<d[dt][^>]*>4<|<td[^>]*>4<|<text[^>]*>4<", page.text)
    report(cast.resident, title="第五块砖")
    assert told(cast.street.get(f"/d/{STREET}"))["正在办"] == "5"
    assert row_of(cast.street.get(f"/d/{STREET}"), "宝月尚园居委会")[:2] == ["5", "0"]


def test_overdue_is_exact_to_the_minute_without_any_job(cast, until):
    """An ordinary report of Monday nine o'clock is due on Tuesday at 14:00."""
    for number in range(5):
        report(cast.resident, title=f"第{number}块砖")
    seen = {}
    for moment in ("2026-11-24 13:59", "2026-11-24 14:00", "2026-11-24 23:59", "2026-11-25 00:01"):
        until(moment)
        page = cast.street.get(f"/d/{STREET}")
        seen[moment[5:]] = told(page)["现在超时"], row_of(page, "宝月尚园居委会")[1]
    assert seen == {"11-24 13:59": ("0", "0"), "11-24 14:00": ("5", "5"),
                    "11-24 23:59": ("5", "5"), "11-25 00:01": ("5", "5")}  # fmt: skip
    assert told(cast.street.get(f"/d/{AWAY}"))["现在超时"] == "0"


def test_what_is_private_is_a_figure_and_nothing_else(cast):
    for number in range(5):
        report(cast.resident, title=f"漏水的秘密{number}", private="on")
    page = cast.street.get(f"/d/{STREET}")
    assert told(page)["正在办"] == "5" and "秘密" not in page.text


def test_one_that_is_hidden_cannot_be_worked_out_from_the_sum():
    assert cells.column([3, 9, 20]) == ["<5", "*", "20"]
    assert cells.column([3, 2, 20]) == ["<5", "<5", "20"]
    assert cells.column([0, 9, 20]) == ["0", "9", "20"]
    assert cells.column([3, 0]) == ["<5", "0"]
    assert cells.rank(6) > cells.rank(4) == cells.rank(1) > cells.rank(0)
    assert (cells.share(4, 4), cells.share(4, 5), cells.share(0, 0)) == ("<5", "80%", "–")
    assert (cells.mean(20, 4), cells.mean(21, 5), cells.rate(7, 200)) == ("<5", "4.2", "3.5")


def test_what_is_hidden_beside_another_is_not_told_by_the_size_of_its_place():
    few, more, many = (
        Place(code, "居委会", "committee", homes=100, staff=1, recent=Figures(received=number))
        for code, number in (("1", 3), ("2", 7), ("3", 20))
    )
    rows = showing.places([few, more, many])
    assert [row.received for row in rows] == ["<5", "*", "20"]
    assert [row.per_homes for row in rows] == ["<5", "*", "20.0"]
    assert [row.per_clerk for row in rows] == ["<5", "*", "20.0"]
    assert showing.summary(more).per_homes == "7.0"


def test_a_week_of_few_cannot_be_worked_out_from_the_sum_of_its_month():
    monday = date(2026, 11, 23)
    received = (3, 9, 8, 10, 2, 6, 7, 8)
    weeks = {monday - timedelta(weeks=ago): Figures(received=n) for ago, n in enumerate(received)}
    overview = Overview(Place("1", "居委会", "committee"), weeks=dict(sorted(weeks.items())))
    told = [row.received for row in showing.weeks(overview)]
    assert told == ["<5", "9", "*", "10", "<5", "*", "7", "8"]
    drawn = [bar.height * 10 / 150 for bar in charting.chart(overview.weeks).bars]
    assert drawn == [8, 7, 5, 2.5, 10, 5, 9, 2.5], "what has a star is drawn as five"


@pytest.fixture
def baoshan(app) -> Any:
    """All 567 committees, each with twelve weeks of every category."""
    rng = Random(1)
    with app.state.database.writing() as session:
        whole = importing.read_table(importing.SHANGHAI)
        importing.import_divisions(session, whole)
        codes = list(
            session.scalars(
                select(Division.code).where(Division.level == "committee", Division.code.startswith(DISTRICT))
            )
        )
        weeks, days = {}, {}
        this = queries.weeks_back(1)
        for code in codes:
            for category in ("light", "water", "road"):
                for number in range(12):
                    for place in (code, code[:9], code[:6], code[:2]):
                        for key in (("matters", category), ("", "")):
                            row = weeks.setdefault((place, this - timedelta(weeks=number), *key), [0, 0])
                            row[0] += 2
                            row[1] += rng.random() < 0.9
                for place in (code, code[:9], code[:6], code[:2]):
                    for key in (("matters", category), ("", "")):
                        day = clock.today() + timedelta(days=rng.randrange(-3, 5))
                        days[place, day, *key] = days.get((place, day, *key), 0) + 1
        session.add_all(
            WeekTally(
                code=c, week=w, board=b, category=k, received=n, answered_in_time=good, answered_late=n - good
            )
            for (c, w, b, k), (n, good) in weeks.items()
        )
        session.add_all(
            OpenTally(code=c, due_on=d, board=b, category=k, posts=n) for (c, d, b, k), n in days.items()
        )
    return len(codes)


@pytest.mark.parametrize(
    "address", [f"/d/{DISTRICT}", f"/d/{DISTRICT}?by=committee&sort=overdue", f"/d/{STREET}"]
)
def test_all_of_baoshan_costs_as_many_queries_as_one_committee(app, cast, baoshan, address):
    assert baoshan == 567
    cast.district.get(address)
    with counted(app) as asked:
        page = cast.district.get(address)
    assert page.status_code == 200
    assert len(asked) <= 6, asked
    assert page.text.count("<tr>") > (567 if "committee" in address else 13)


def test_a_spreadsheet_tells_what_the_page_tells_and_no_formula(app, cast):
    """I7: a place that somebody named like a formula is text in both kinds of table."""
    for number in range(6):
        report(cast.resident, title=f"第{number}块砖")
    with app.state.database.writing() as session:
        session.get_one(Division, AWAY).name = "=HYPERLINK(1)"
    table = cast.street.get(f"/d/{STREET}/figures.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in table.headers["content-disposition"]
    lines = table.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("代码,地方,在办,超时,收到")
    assert lines[2].startswith(f"{AWAY},'=HYPERLINK(1),0,0,0")
    assert lines[3].startswith(f"{HOME},宝月尚园居委会,6,0,6")
    book = cast.street.get(f"/d/{STREET}/figures.xlsx")
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        pages = [parts.read(name).decode() for name in parts.namelist() if "worksheets/" in name]
        words = parts.read("xl/sharedStrings.xml").decode()
    assert len(pages) == 3 and not any("<f>" in page for page in pages)
    assert "<t>=HYPERLINK(1)</t>" in words and f"<t>{HOME}</t>" in words


def test_tables_are_for_those_for_whom_the_page_is(cast, visitor):
    for form in ("csv", "xlsx"):
        for login, status in (("street", 200), ("secretary", 404), ("resident", 404), ("outsecretary", 404)):
            assert getattr(cast, login).get(f"/d/{STREET}/figures.{form}").status_code == status
        assert visitor.get(f"/d/{STREET}/figures.{form}").headers["location"].startswith("/login")
    assert cast.street.get(f"/d/{STREET}/figures.ods").status_code == 404


def test_an_officer_finds_the_figures_from_where_they_land(cast):
    for browser, code in ((cast.street, STREET), (cast.district, DISTRICT), (cast.clerk, HOME)):
        assert f'href="/d/{code}"' in browser.get("/home").text
    assert "/d/" not in cast.resident.get("/home").text
    assert 'href="/d/31"' in cast.admin.get("/c").text
