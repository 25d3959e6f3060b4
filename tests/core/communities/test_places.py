"""The register of places, one by one and from a table, and the settings of a community."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlmodel import select
from tests.cast import AWAY, HOME, LOGINS

from shequtong.core.communities import places, surveying
from shequtong.core.communities.models import Building, Compound, Division, Dwelling
from shequtong.lib.errors import Conflict

PLACES = f"/c/{HOME}/places"
TABLE = f"{PLACES}/table"
SETTINGS = f"/c/{HOME}/settings"
STAFF = {"clerk", "clerk2", "secretary"}
GOOD = """小区\t楼号\t室号\t建筑面积
宝月尚园\t7号楼\t101\t88.5
\t\t102室\t９０．25
\t8号楼\t201\t101平方米
新苑\t1号楼\tB1\t60"""


def first(app, table, code=HOME):
    with app.state.database.reading() as session:
        return session.exec(select(table).where(table.code == code).order_by(table.id)).first()


def rooms(app, name, code=HOME):
    with app.state.database.reading() as session:
        found = session.exec(
            select(Dwelling).join(Building).where(Building.name == name, Building.code == code)
        ).all()
        return {dwelling.room: dwelling.area for dwelling in found}


@pytest.mark.parametrize("login", sorted(set(LOGINS) - STAFF))
def test_the_wrong_person_finds_no_register(app, cast, login):
    browser = getattr(cast, login)
    away = 303 if login == "visitor" else 404
    building, compound = first(app, Building).id, first(app, Compound).id
    dwelling = first(app, Dwelling).id
    for address in (PLACES, TABLE, f"{PLACES}/{building}"):
        assert browser.get(address).status_code == away
    for address in (
        PLACES,
        TABLE,
        f"{PLACES}/{building}",
        f"{PLACES}/compounds/{compound}",
        f"{PLACES}/{building}/dwellings",
        f"{PLACES}/{building}/dwellings/{dwelling}",
    ):
        sent = {"name": "x", "room": "1", "area": "1", "table": GOOD, "write": "1", "remove": "1"}
        assert browser.submit(address, sent).status_code == away


def test_places_are_counted(cast):
    page = cast.clerk.get(PLACES).text
    assert "宝月尚园" in page and "3号楼" in page and "月浦四村" not in page
    assert "619.50" in page, "seven dwellings of 88.50"


def test_a_clerk_adds_a_compound_a_building_and_a_dwelling(app, cast):
    assert cast.clerk.submit(PLACES, {"name": "新苑"}).status_code == 303
    with app.state.database.reading() as session:
        compound = session.exec(select(Compound).where(Compound.name == "新苑")).one().id
    assert cast.clerk.submit(f"{PLACES}/compounds/{compound}", {"name": "10号楼"}).status_code == 303
    assert cast.clerk.submit(f"{PLACES}/compounds/{compound}", {"name": "10号楼"}).status_code == 422
    with app.state.database.reading() as session:
        building = session.exec(select(Building).where(Building.name == "10号楼")).one()
        assert building.sort == 10
    page = f"{PLACES}/{building.id}"
    assert cast.clerk.submit(f"{page}/dwellings", {"room": "５０２ 室", "area": "88.5"}).status_code == 303
    assert cast.clerk.submit(f"{page}/dwellings", {"room": "502", "area": "1"}).status_code == 422
    assert rooms(app, "10号楼") == {"502": Decimal("88.50")}
    assert "502" in cast.clerk.get(page).text


@pytest.mark.parametrize("area", ["", "-1", "x", "10001", "1.234", "NaN"])
def test_a_floor_area_is_a_number(app, cast, area):
    page = f"{PLACES}/{first(app, Building).id}"
    answer = cast.clerk.submit(f"{page}/dwellings", {"room": "909", "area": area})
    assert answer.status_code == 422 and 'value="909"' in answer.text


def test_a_dwelling_is_corrected_and_taken_out_while_nobody_claims_it(app, cast):
    page = f"{PLACES}/{first(app, Building).id}"
    cast.clerk.submit(f"{page}/dwellings", {"room": "909", "area": "50"})
    with app.state.database.reading() as session:
        mine = session.exec(select(Dwelling).order_by(Dwelling.id.desc())).first().id
        claimed = session.exec(select(Dwelling).where(Dwelling.code == HOME)).first()
    assert cast.clerk.submit(f"{page}/dwellings/{mine}", {"area": "51.25"}).status_code == 303
    assert rooms(app, "1号楼")["909"] == Decimal("51.25")
    assert cast.clerk.submit(f"{page}/dwellings/{mine}", {"area": "wrong"}).status_code == 422
    assert cast.clerk.submit(f"{page}/dwellings/{mine}", {"remove": "1"}).status_code == 303
    assert "909" not in rooms(app, "1号楼")
    theirs = f"{PLACES}/{claimed.building_id}/dwellings/{claimed.id}"
    assert cast.clerk.submit(theirs, {"remove": "1"}).status_code == 409


def test_a_building_is_renamed_but_not_like_another(app, cast):
    page = f"{PLACES}/{first(app, Building).id}"
    assert cast.clerk.submit(page, {"name": "2号楼"}).status_code == 422
    assert cast.clerk.submit(page, {"name": "101号楼"}).status_code == 303
    assert "101号楼" in cast.resident.get("/me/household").text


def test_a2_places_of_another_committee_are_out_of_reach(app, cast):
    building, compound = first(app, Building, AWAY).id, first(app, Compound, AWAY).id
    dwelling = first(app, Dwelling, AWAY).id
    assert cast.clerk.get(f"{PLACES}/{building}").status_code == 404
    assert cast.clerk.submit(f"{PLACES}/{building}/dwellings", {"room": "1", "area": "1"}).status_code == 404
    assert cast.clerk.submit(f"{PLACES}/compounds/{compound}", {"name": "x"}).status_code == 404
    ours = first(app, Building).id
    assert cast.clerk.submit(f"{PLACES}/{ours}/dwellings/{dwelling}", {"remove": "1"}).status_code == 404


# From a table -----------------------------------------------------------------------------------------


def test_a_table_is_shown_first_and_written_then(app, cast):
    page = cast.clerk.submit(TABLE, {"table": GOOD})
    assert page.status_code == 200 and "新苑" in page.text
    assert rooms(app, "7号楼") == {}
    assert cast.clerk.submit(TABLE, {"table": GOOD, "write": "1"}).status_code == 303
    assert rooms(app, "7号楼") == {"101": Decimal("88.50"), "102": Decimal("90.25")}
    assert rooms(app, "8号楼") == {"201": Decimal("101.00")}
    assert rooms(app, "1号楼")["B1"] == Decimal("60.00"), (
        "of the other compound, with the same name of a building"
    )


def test_the_same_table_again_changes_nothing_and_another_area_is_corrected(app, cast):
    cast.clerk.submit(TABLE, {"table": GOOD, "write": "1"})
    assert "都已经登记过了" in cast.clerk.submit(TABLE, {"table": GOOD}).text
    cast.clerk.submit(TABLE, {"table": GOOD.replace("88.5", "89"), "write": "1"})
    assert rooms(app, "7号楼") == {"101": Decimal("89.00"), "102": Decimal("90.25")}


def test_a_dwelling_from_a_table_can_be_joined(app, cast):
    cast.clerk.submit(TABLE, {"table": GOOD, "write": "1"})
    with app.state.database.reading() as session:
        building = session.exec(select(Building).where(Building.name == "7号楼")).one().id
        assert places.find_dwelling(session, HOME, building, "102 室") is not None
        assert places.find_dwelling(session, AWAY, building, "102") is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("宝月尚园\t9号楼\t101\t一百", "第 2 行"),
        ("宝月尚园\t9号楼\t101\t-5", "第 2 行"),
        ("宝月尚园\t9号楼\t101\t88.555", "第 2 行"),
        ("宝月尚园\t9号楼\t\t88", "缺少室号"),
        ("宝月尚园\t9号楼\t101\t88\t多一列", "需要四列"),
        ("宝月尚园", "需要四列"),
        ("宝月尚园\t8号楼\t201\t77", "同一间"),
        ("=1+1\t9号楼\t101\t88", "不能以"),
        ("宝月尚园\t" + "长" * 41 + "\t101\t88", "最多写 40"),
        ("宝月\u202e尚园\t9号楼\t101\t88", "方向"),
    ],
)
def test_a_mistake_is_told_by_line_and_nothing_is_written(app, cast, line, words):
    table = "宝月尚园\t8号楼\t201\t101\n" + line
    for more in ({}, {"write": "1"}):
        answer = cast.clerk.submit(TABLE, {"table": table, **more})
        assert answer.status_code == 422 and words in answer.text, answer.text
        assert "8号楼" in answer.text, "what was pasted stays"
    assert rooms(app, "8号楼") == {}


def test_a_compound_may_be_left_out_where_there_is_one(app, cast):
    cast.clerk.submit(TABLE, {"table": "7号楼,101,88\n7号楼,102,90", "write": "1"})
    assert rooms(app, "7号楼") == {"101": Decimal("88.00"), "102": Decimal("90.00")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_as_spreadsheets_write_it(cast, encoding):
    sent = {"file": ("dwellings.csv", GOOD.replace("\t", ",").encode(encoding), "text/csv")}
    page = cast.clerk.submit(TABLE, {"table": ""}, files=sent)
    assert page.status_code == 200 and "新苑" in page.text


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00bad", b"PK\x03\x04\x80\x81\xff", b"a,b\x00,c,1", b"", b"\n\n"]
)
def test_a_file_that_is_no_table_is_refused(cast, content):
    answer = cast.clerk.submit(TABLE, {"table": ""}, files={"file": ("x.csv", content, "text/csv")})
    assert answer.status_code == 422


def test_too_long_a_table_is_refused(cast):
    lines = "\n".join(f"宝月尚园,9号楼,{n},50" for n in range(surveying.MOST_LINES + 5))
    assert cast.clerk.submit(TABLE, {"table": lines}).status_code == 422
    sent = {"file": ("x.csv", b"x" * (surveying.MOST_BYTES + 1), "text/csv")}
    assert cast.clerk.submit(TABLE, {"table": ""}, files=sent).status_code == 422


def test_nothing_is_not_a_table(cast):
    assert cast.clerk.submit(TABLE, {"table": "  "}).status_code == 422
    assert cast.clerk.submit(TABLE, {"table": "小区,楼号,室号,面积"}).status_code == 422


def test_two_clerks_who_write_the_same_table_at_once_write_it_once(app):
    def write(_n):
        try:
            with app.state.database.writing() as session:
                surveying.write(session, HOME, surveying.survey(session, HOME, GOOD))
        except Conflict:
            return "conflict"
        return "written"

    with ThreadPoolExecutor(4) as threads:
        came = list(threads.map(write, range(4)))
    assert "written" in came
    assert rooms(app, "7号楼") == {"101": Decimal("88.50"), "102": Decimal("90.25")}


# Settings ---------------------------------------------------------------------------------------------


def settings_of(app):
    with app.state.database.reading() as session:
        division = session.get(Division, HOME)
        return division.boards_on, division.boards_off, division.hold_first_posts, division.report_threshold


def test_a_secretary_opens_and_hides_boards(app, cast):
    optional = [board.slug for board in app.state.boards if board.optional][:1]
    sent = {
        "boards_on": optional,
        "boards_off": ["talk"],
        "hold_first_posts": "2",
        "report_threshold": "5",
    }
    answer = cast.secretary.submit(SETTINGS, sent)
    assert answer.status_code == 303 and "已保存" in cast.secretary.get(answer.headers["location"]).text
    assert settings_of(app) == (optional, ["talk"], 2, 5)
    assert cast.resident.get(f"/c/{HOME}/talk").status_code == 404
    cast.secretary.submit(SETTINGS, {"hold_first_posts": "0", "report_threshold": "3"})
    assert settings_of(app) == ([], [], 0, 3)
    assert cast.resident.get(f"/c/{HOME}/talk").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"hold_first_posts": "4"},
        {"hold_first_posts": "-1"},
        {"report_threshold": "0"},
        {"report_threshold": "11"},
        {"report_threshold": ""},
        {"boards_off": ["property"]},
        {"boards_on": ["talk"]},
        {"boards_on": ["nonsense"]},
    ],
)
def test_settings_out_of_bounds_are_refused(app, cast, wrong):
    before = settings_of(app)
    sent = {"hold_first_posts": "1", "report_threshold": "3", **wrong}
    assert cast.secretary.submit(SETTINGS, sent).status_code == 422
    assert settings_of(app) == before


@pytest.mark.parametrize("login", sorted(set(LOGINS) - {"secretary"}))
def test_settings_are_the_secretarys(app, cast, login):
    browser = getattr(cast, login)
    before = settings_of(app)
    away = 303 if login == "visitor" else 404
    assert browser.get(SETTINGS).status_code == away
    assert browser.submit(SETTINGS, {"hold_first_posts": "0", "report_threshold": "9"}).status_code == away
    assert settings_of(app) == before
