"""The answer pack, and what was looked for in vain: found in many ways, short, and for the staff alone."""

import re
import time
from html import unescape

import pytest
from sqlalchemy import select
from tests.boards.guiding import GUIDES, a_guide, rewrite
from tests.cast import HOME
from tests.counting import counted

from shequtong.boards.guides import missing
from shequtong.boards.guides.missing import words_of
from shequtong.boards.guides.models import Guide, Missed
from shequtong.core.posts.models import Post
from shequtong.core.search import indexing
from shequtong.lib import clock
from shequtong.lib.initials import are_initials, reads_as
from shequtong.lib.synonyms import alternatives

ANSWERS = f"/c/{HOME}/answers"


def titles(person, q):
    page = person.get(ANSWERS, params={"q": q})
    assert page.status_code == 200, page.text
    return re.findall(r"<h2><a href=[^>]*>(.*?)</a></h2>", page.text)


def texts(person, q):
    page = person.get(ANSWERS, params={"q": q}).text
    return [unescape(text) for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)]


def test_a_short_answer_with_its_link_to_copy(cast):
    item = a_guide(cast, title="敬老卡办理", time_limit="当场").headers["location"]
    (text,) = texts(cast.clerk, "敬老")
    assert text.splitlines() == [
        "敬老卡办理",
        "要带：身份证、户口簿",
        "去哪里：月浦镇社区事务受理服务中心，周一至周日 9:00-16:30",
        "费用和时间：免费，当场",
        f"http://127.0.0.1:8000{item}",
    ]


@pytest.mark.parametrize(
    "q", ["电动自行车", "电动", "电", "电瓶车", "dzc", "ddzxc", "dpc", "小电驴", "旧发票"]
)
def test_a_guide_is_found_by_word_character_initials_everyday_word_and_text(cast, q):
    a_guide(cast, title="电动自行车上牌", materials="旧发票")
    a_guide(cast, title="敬老卡办理")
    found = titles(cast.clerk, q)
    assert found == (["电动自行车上牌"] if q != "dzc" else []), q


def test_the_title_comes_before_another_word_and_that_before_the_text(cast):
    a_guide(cast, title="办事大厅", steps="问养犬登记")
    a_guide(cast, title="小动物上户口", also_called="养犬登记")
    a_guide(cast, title="怎样办养犬登记")
    exact = a_guide(cast, title="养犬登记").headers["location"]
    order = ["养犬登记", "怎样办养犬登记", "小动物上户口", "办事大厅"]
    assert titles(cast.clerk, "养犬登记") == order
    number = exact.rsplit("/", 1)[-1]
    assert cast.clerk.submit(f"{ANSWERS}/{number}/uses").status_code == 303
    assert titles(cast.clerk, "")[0] == "养犬登记", "what is sent most stands first"


def test_drafts_and_what_is_being_rewritten_are_no_answers(cast):
    item = a_guide(cast).headers["location"]
    cast.secretary.take(item, "revise")
    assert titles(cast.clerk, "敬老卡") == [] == titles(cast.clerk, "jlk")


def test_only_the_staff_open_the_answer_pack(cast, visitor):
    item = a_guide(cast).headers["location"].rsplit("/", 1)[-1]
    for login in ("resident", "lead", "property", "outsecretary", "street", "district", "applicant"):
        person = getattr(cast, login)
        assert person.get(ANSWERS).status_code == 404, login
        assert person.submit(f"{ANSWERS}/{item}/uses").status_code == 404, login
    assert visitor.get(ANSWERS).status_code == 303
    assert cast.clerk.submit(f"{ANSWERS}/999999/uses").status_code == 404
    assert cast.secretary.get(ANSWERS).status_code == 200


def a_thousand(app, cast, many):
    """As many guides as that, written at once."""
    with app.state.database.writing() as session:
        rows = []
        for number in range(many):
            post = Post(
                code=HOME, board="guides", kind="item", state="live", audience="public",
                author_id=cast.clerk.id, title=f"第{number}号电动自行车事项", body="怎么办", excerpt="怎么办",
                created_at=clock.now(), activity_at=clock.now(),
            )  # fmt: skip
            session.add(post)
            rows.append(post)
        session.flush()
        session.add_all(
            Guide(post_id=post.id, category="housing", materials="身份证", place="大厅") for post in rows
        )
        session.flush()
        indexing.index_posts(session.connection(), [(post, ["身份证", "大厅"]) for post in rows])


def test_an_answer_takes_no_longer_than_a_keystroke_among_a_thousand(app, cast):
    counts = []
    for many in (2, 1_000):
        a_thousand(app, cast, many)
        for q in ("电瓶车", "dzx", "身份证"):
            cast.clerk.get(ANSWERS, params={"q": q})
            begun = time.perf_counter()
            with counted(app) as asked:
                assert len(titles(cast.clerk, q)) > 1
            assert time.perf_counter() - begun < 1
            counts.append(len(asked))
    assert max(counts) <= 6 and len(set(counts[:3])) == len(set(counts[3:])), counts


# What was missed -----------------------------------------------------------------------------------------


def search(person, q):
    answer = person.get("/search", params={"q": q, "in": HOME, "what": "handbook"})
    assert answer.status_code == 200
    return answer.text


def waiting(app):
    with app.state.database.reading() as session:
        return {row.words: row.people for row in session.scalars(select(Missed))}


def test_what_different_people_missed_is_counted_and_answered_and_then_found(app, cast):
    item = a_guide(cast, title="犬只登记上牌").headers["location"]
    for person in (cast.resident, cast.neighbor, cast.elder, cast.resident):
        assert "犬只登记上牌" not in search(person, "狗 狗本本")
    assert waiting(app) == {"狗 狗本本": 3}
    page = cast.clerk.get(f"{GUIDES}/keeping").text
    missed = re.search(rf'href="({GUIDES}/missed/\d+)"', page)[1]
    assert "3人找过" in page
    number = item.rsplit("/", 1)[-1]
    assert f'<option value="{number}">' in cast.clerk.get(missed).text
    assert cast.clerk.submit(missed, {"item": "999999"}).status_code == 422
    assert cast.clerk.submit(missed, {"item": number}).status_code == 303
    assert waiting(app) == {}
    assert "犬只登记上牌" in search(cast.resident, "狗 狗本本")
    assert titles(cast.clerk, "狗本本") == ["犬只登记上牌"] == titles(cast.clerk, "gbb")
    rewrite(cast, item, title="犬只登记上牌", also_called="狗 狗本本")
    assert "犬只登记上牌" in search(cast.resident, "狗 狗本本")


def test_who_fills_the_list_on_purpose_keeps_nobody_else_from_it(app, cast, monkeypatch):
    monkeypatch.setattr(missing, "MOST", 3)
    for person in (cast.neighbor, cast.elder):
        search(person, "狗本本")
    for words in ("甲乙丙", "丙丁戊", "戊己庚", "庚辛壬"):
        search(cast.resident, words)
    search(cast.tenant, "潜水证")
    found = waiting(app)
    assert found["狗本本"] == 2 and found["潜水证"] == 1 and len(found) == 3


def test_a_part_of_a_page_notes_nothing_until_somebody_rests_on_it(app, cast):
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    shown = cast.resident.get("/search", params={"q": "潜水证", "in": HOME}, headers=part).text
    assert waiting(app) == {} and 'hx-trigger="load delay:4s"' in shown
    assert cast.resident.submit("/search", {"q": "潜水证", "in": HOME}).status_code == 204
    assert waiting(app) == {"潜水证": 1}
    a_guide(cast, title="潜水证怎么考")
    assert cast.neighbor.submit("/search", {"q": "潜水证", "in": HOME}).status_code == 204
    assert waiting(app) == {"潜水证": 1}, "what is found was not missed"


def test_strangers_and_personal_words_are_not_kept(app, cast, visitor):
    for person in (visitor, cast.outsider, cast.applicant, cast.street):
        person.get("/search", params={"q": "潜水证", "in": HOME})
        person.post("/search", data={"q": "潜水证", "in": HOME, "csrf": getattr(person, "csrf", "")})
    for words in (
        "王阿婆 13800138000",
        "310113194901011234",
        "3号楼 欠费",
        "203室漏",
        "x@y.cn",
        "水",
        "字" * 40,
    ):
        search(cast.resident, words)
    kept = waiting(app)
    assert set(kept) <= {"潜水证"}, kept


def test_nobody_can_read_from_the_list_who_looked(app, cast):
    search(cast.resident, "潜水证")
    from sqlalchemy import text

    with app.state.database.reading() as session:
        rows = session.execute(text("SELECT * FROM guides_missed_by")).all()
        columns = session.execute(text("SELECT * FROM guides_missed")).keys()
    assert len(rows) == 1 and 0 <= rows[0].mark < 65536
    assert not {"account_id", "by_id"} & set(columns)


def test_the_list_is_the_committees_own(cast, visitor):
    search(cast.resident, "潜水证")
    page = cast.clerk.get(f"{GUIDES}/keeping").text
    missed = re.search(rf'href="({GUIDES}/missed/\d+)"', page)[1]
    for login in ("resident", "property", "outsecretary", "street"):
        assert getattr(cast, login).get(missed).status_code == 403
        assert getattr(cast, login).submit(missed, {"remove": "1"}).status_code == 403
    elsewhere = missed.replace(HOME, "310113104004")
    assert cast.outsecretary.get(elsewhere).status_code == 404
    assert "also_called=" in cast.clerk.get(missed).text
    assert cast.clerk.submit(missed, {"remove": "1"}).status_code == 303
    assert cast.clerk.get(missed).status_code == 404


def test_words_are_kept_as_they_are_searched():
    assert words_of("  電瓶車，上牌 ") == "电瓶车 上牌"
    assert words_of("1 2 3") == words_of("12345678") == words_of("a1380 0138 000") == ""


def test_initials_and_everyday_words():
    assert reads_as("社保卡丢了", "sbk") and reads_as("银行", "yh") and reads_as("长者", "zz")
    assert not reads_as("社保卡", "bs") and not are_initials("a") and not are_initials("社保")
    assert "电动自行车上牌" in alternatives("电瓶车上牌") and alternatives("天气") == ()
    assert alternatives("医保卡") == () and "社保卡" in alternatives("医保卡", "31")
