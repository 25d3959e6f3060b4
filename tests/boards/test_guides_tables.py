"""The handbook as a table: what is fetched can be sent back; nothing is written unseen; no row is lost in silence."""

import re
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tests.boards.guiding import GUIDES, ITEM, a_guide, due, rewrite, told
from tests.counting import counted

from shequtong.boards.guides import starting
from shequtong.boards.guides.models import Delivery, Guide
from shequtong.boards.guides.tables import COLUMNS
from shequtong.core.posts.models import Post
from shequtong.lib import clock, spreadsheets
from shequtong.lib.spreadsheets import Sheet

TABLE = f"{GUIDES}/table"


def row(key, title="敬老卡办理", **other):
    given = {
        "category": "养老助残",
        "body": "六十五岁以上",
        "place": "受理中心",
        "hours": "每天",
        "owner": "社工",
    }
    given |= {"review_on": due()} | other
    names = "category body place hours owner review_on".split()
    first, *rest = (str(given[name]) for name in names)
    return [key, first, title, *rest]


def columns():
    wanted = "item_key category title body place hours owner review_on".split()
    return [str(COLUMNS[name]) for name in wanted]


def send(person, rows, name="指南.xlsx", heads=None):
    sheet = Sheet("表", [heads or columns(), *rows])
    content = (
        spreadsheets.as_csv(sheet) if name.endswith("csv") else spreadsheets.as_xlsx([sheet], figures=False)
    )
    return person.submit(TABLE, {}, files={"file": (name, content)})


def confirm(person, address):
    mark = re.search(r'name="seen" value="(\w+)"', person.get(address).text)[1]
    return person.submit(address, {"seen": mark})


def items(app):
    with app.state.database.reading() as session:
        rows = session.execute(
            select(Guide.item_key, Post.title, Post.state)
            .join(Post, Post.id == Guide.post_id)
            .where(Post.kind == "item")
        )
        return {key: (title, state) for key, title, state in rows}


@pytest.mark.parametrize("name", ["指南.xlsx", "指南.csv"])
def test_what_a_clerk_sends_a_colleague_confirms_and_it_is_out(app, cast, name):
    sent = send(cast.clerk, [row("A01"), row("A02", "养犬登记", category="residence")], name)
    assert sent.status_code == 303, sent.text
    address = sent.headers["location"]
    preview = cast.clerk2.get(address).text
    assert "养犬登记" in preview and "现在还什么都没有写入" in preview
    assert items(app) == {}
    assert address in cast.clerk2.get(TABLE).text
    written = confirm(cast.clerk2, address)
    assert written.status_code == 303 and "写好了2篇" in cast.clerk2.get(written.headers["location"]).text
    assert items(app) == {"A01": ("敬老卡办理", "live"), "A02": ("养犬登记", "live")}
    assert told(app, cast.clerk, "table_written") == 1 and told(app, cast.clerk, "moved") == 0
    assert "敬老卡办理" in cast.visitor.get(f"{GUIDES}/classes/elders").text
    assert cast.clerk2.get(address).status_code == 404


def test_who_sent_a_table_writes_drafts_alone(app, cast):
    address = send(cast.clerk, [row("A01")]).headers["location"]
    assert confirm(cast.clerk, address).status_code == 303
    assert items(app) == {"A01": ("敬老卡办理", "draft")}


def test_what_is_fetched_changes_nothing_when_it_is_sent_back(app, cast):
    a_guide(cast, title="=1+1 不是公式", materials="身份证\n户口簿")
    confirm(cast.clerk2, send(cast.clerk, [row("A01")]).headers["location"])
    for form in ("xlsx", "csv"):
        file = cast.clerk.get(f"{TABLE}/file?form={form}")
        assert file.status_code == 200 and form in file.headers["content-disposition"]
        sent = cast.clerk.submit(TABLE, {}, files={"file": (f"x.{form}", file.content)})
        preview = cast.clerk.get(sent.headers["location"]).text
        assert "没有要写入的" in preview and "有错</h2>" not in preview
    assert cast.clerk.get(f"{TABLE}/file?form=exe").status_code == 404


def test_a_change_is_shown_field_by_field_and_sent_twice_has_one_effect(app, cast):
    confirm(cast.clerk2, send(cast.clerk, [row("A01")]).headers["location"])
    again = [row("A01", place="为老服务中心")]
    address = send(cast.clerk2, again).headers["location"]
    preview = cast.secretary.get(address).text
    assert "<ins>" in preview and "为老服务" in preview
    assert confirm(cast.secretary, address).status_code == 303
    same = send(cast.clerk2, again).headers["location"]
    assert "没有要写入的" in cast.secretary.get(same).text
    with app.state.database.reading() as session:
        guide = session.scalars(select(Guide).where(Guide.item_key == "A01")).one()
        assert (guide.version, guide.place) == (2, "为老服务中心")


def test_broken_rows_are_told_with_row_and_column_and_the_others_are_written(app, cast):
    rows = [
        row("A01"),
        row("A02", "字" * 90),
        row("A03", category="钓鱼"),
        row("A04", review_on="2020-01-01"),
        row("A04", "又一个"),
        row("", "没有编号"),
        row("#99999", "没有的号"),
        ["", "", "", "", "", "", "", ""],
        row("A09", body="\x08"),
        row("A10", review_on="下个月"),
    ]
    sent = send(cast.clerk, rows, "指南.csv")
    page = cast.clerk2.get(sent.headers["location"]).text
    wrong = page.split('id="wrong-title"', 1)[1].split("</section>", 1)[0]
    told_of = dict(re.findall(r"<strong>第(\d+)行</strong>.*?“(.*?)”这一列", wrong, re.DOTALL))
    heads = dict(
        zip("item_key category title body place hours owner review_on".split(), columns(), strict=True)
    )
    expected = {"3": "title", "4": "category", "5": "review_on", "6": "item_key", "7": "item_key"}
    expected |= {"8": "item_key", "10": "body", "11": "review_on"}
    assert told_of == {line: heads[name] for line, name in expected.items()}
    assert confirm(cast.clerk2, sent.headers["location"]).status_code == 303
    assert items(app) == {"A01": ("敬老卡办理", "live")}


def test_a_file_that_is_no_table_is_refused_in_words(cast):
    for content, words in (
        (b"\xd0\xcf\x11\xe0", "不带密码"),
        (b"PK\x03\x04", "读不了"),
        ("名称,地点\nx,y".encode(), "缺少"),
        (",".join(columns()).encode(), "一行内容都没有"),
    ):
        answer = cast.clerk.submit(TABLE, {}, files={"file": ("x.xlsx", content)})
        assert answer.status_code == 422 and words in answer.text, words
    assert cast.clerk.submit(TABLE, {}).status_code == 422


def test_nothing_is_written_when_the_handbook_changed_since_it_was_looked_at(app, cast):
    confirm(cast.clerk2, send(cast.clerk, [row("A01")]).headers["location"])
    address = send(cast.clerk, [row("A01", place="别处")]).headers["location"]
    mark = re.search(r'name="seen" value="(\w+)"', cast.clerk2.get(address).text)[1]
    with app.state.database.reading() as session:
        number = session.scalar(select(Guide.post_id).where(Guide.item_key == "A01"))
    rewrite(cast, f"{GUIDES}/{number}", item_key="A01", place="第三处")
    answer = cast.clerk2.submit(address, {"seen": mark})
    assert answer.status_code == 409 and "指南又改过了" in answer.text
    assert confirm(cast.clerk2, address).status_code == 303


def test_a_table_is_for_the_staff_of_its_place_and_for_a_week(app, cast, visitor):
    address = send(cast.clerk, [row("A01")]).headers["location"]
    for login in ("resident", "property", "outsecretary", "street", "applicant"):
        person = getattr(cast, login)
        for page in (TABLE, address, f"{TABLE}/file", f"{TABLE}/begin"):
            assert person.get(page).status_code == 403, (login, page)
        assert person.submit(address, {"seen": "x"}).status_code == 403
        assert send(person, [row("A01")]).status_code == 403
    assert visitor.get(address).status_code == 303
    elsewhere = address.replace(GUIDES, "/c/310113104004/guides")
    assert cast.outsecretary.get(elsewhere).status_code == 404
    with clock.at(clock.now()):
        clock.advance(timedelta(days=8))
        assert cast.clerk2.get(address).status_code == 404
        send(cast.clerk, [row("B01")])
    with app.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 1


def test_two_guides_cannot_have_one_key(cast):
    a_guide(cast, item_key="A01")
    twice = cast.clerk.submit(f"{GUIDES}/new", ITEM | {"review_on": due(), "item_key": "A01"})
    assert twice.status_code == 422 and "已经有一篇指南用了这个编号" in twice.text


@pytest.mark.databases("sqlite")
def test_the_handbook_that_comes_with_the_house_is_taken_as_it_is_fetched(app, cast):
    file = cast.clerk.get(f"{TABLE}/begin").content
    address = cast.clerk.submit(TABLE, {}, files={"file": ("x.xlsx", file)}).headers["location"]
    with counted(app) as asked:
        preview = cast.clerk2.get(address)
    assert len(asked) <= 8
    assert "有错</h2>" not in preview.text
    begun = time.perf_counter()
    assert confirm(cast.clerk2, address).status_code == 303
    assert time.perf_counter() - begun < 20
    found = items(app)
    assert len(found) == starting.MANY and {state for _title, state in found.values()} == {"live"}
