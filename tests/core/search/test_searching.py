"""To find words again, in posts and comments, among what one may see."""

import pytest
from sqlalchemy import text
from tests.cast import AWAY, HOME, number_of

from shequtong.core.follows.models import Mute
from shequtong.core.posts.models import Post
from shequtong.core.search import indexing
from shequtong.lib import clock

TALK = f"/c/{HOME}/talk"


def write(browser, title, body="", room=TALK, **more):
    answer = browser.submit(f"{room}/new", {"title": title, "body": body, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("#")[0]


def hits(browser, words, **asked):
    """How many cards a search shows."""
    answer = browser.get("/search", params={"q": words, **asked})
    assert answer.status_code == 200, answer.text
    return answer.text.count('<article class="card')


def change(app, number, **values):
    with app.state.database.writing() as session:
        post = session.get(Post, number)
        for name, value in values.items():
            setattr(post, name, value)


def test_a_word_of_two_characters_is_found_in_titles_bodies_and_comments(cast):
    address = write(cast.resident, "银杏黄了", "小区门口的**桂花**也开了")
    cast.neighbor.submit(f"{address}/comments", {"body": "腊梅还要等等"})
    for word in ("银杏", "桂花", "腊梅"):
        assert hits(cast.owner, word) == 1, word
    shown = cast.owner.get("/search?q=腊梅").text
    assert "<mark>腊梅</mark>还要等等" in shown and f"{address}#comment-" in shown


@pytest.mark.parametrize(
    "words", ["電梯", "电梯", "梯", "坏了 电梯", "ｉPhone", "IPHONE", "15", "电梯又坏了"]
)
def test_traditional_single_and_wide_characters_find_it_too(cast, words):
    write(cast.resident, "电梯又坏了", "我的iPhone15掉进去了")
    assert hits(cast.owner, words) == 1


@pytest.mark.parametrize(
    "words",
    [
        '"',
        '" OR "x',
        "电梯 NOT 坏",
        "title:电梯",
        "NEAR(电梯 坏)",
        "电梯*",
        "^电梯",
        "' OR 1=1 --",
        "%",
        "_",
        "\\",
        "(",
        "&|!",
        "x" * 500,
        "☃",
    ],
)
def test_i3_quotes_and_operators_are_harmless(cast, words):
    write(cast.resident, "电梯又坏了")
    assert cast.owner.get("/search", params={"q": words}).status_code == 200


def test_what_a_reader_typed_is_escaped(cast):
    write(cast.resident, "<b>粗</b>&粗", "<img src=x onerror=alert(1)>粗体")
    shown = cast.owner.get("/search", params={"q": "粗 <script>alert(1)</script>"}).text
    assert "<script>alert" not in shown
    shown = cast.owner.get("/search?q=粗").text
    assert "&lt;b&gt;<mark>粗</mark>&lt;/b&gt;&amp;<mark>粗</mark>" in shown
    assert "<img src=x" not in shown


def test_where_it_stands_is_shown(cast):
    write(
        cast.resident,
        "周末",
        "开头说了很多别的事。" * 30 + "最后提到[羽毛球](https://example.org/a)馆。" + "完" * 200,
    )
    shown = cast.owner.get("/search?q=羽毛球").text
    assert "<mark>羽毛球</mark>" in shown and "example.org" not in shown


def test_a_title_counts_more_than_a_newer_body(cast):
    write(cast.resident, "修伞的师傅来了")
    write(cast.resident, "闲话", "昨天想修伞没修成")
    shown = cast.owner.get("/search?q=修伞").text
    assert shown.index("师傅来了") < shown.index("想<mark>修伞</mark>没修成")


def test_an_edit_a_deletion_and_a_comment_taken_back_are_followed(cast):
    address = write(cast.resident, "旧自行车", "送给有缘人")
    said = cast.neighbor.submit(f"{address}/comments", {"body": "蓝颜色的吗"}).headers["location"]
    cast.resident.submit(f"{address}/edit", {"title": "旧三轮车", "body": "送给有缘人"})
    assert (hits(cast.owner, "自行车"), hits(cast.owner, "三轮车")) == (0, 1)
    comment = said.rsplit("-", 1)[-1]
    cast.neighbor.submit(f"{address}/comments/{comment}/edit", {"body": "绿颜色的吗"})
    assert (hits(cast.owner, "蓝颜色"), hits(cast.owner, "绿颜色")) == (0, 1)
    cast.neighbor.submit(f"{address}/comments/{comment}/delete")
    assert hits(cast.owner, "绿颜色") == 0
    cast.resident.submit(f"{address}/delete")
    assert hits(cast.owner, "三轮车") == 0


def test_a_post_that_a_transition_opens_is_found(cast):
    address = write(cast.resident, "婴儿床", room=f"/c/{HOME}/goods", kind="give", category="baby", draft="1")
    assert hits(cast.neighbor, "婴儿床") == 0
    cast.resident.submit(f"{address}/transitions", {"name": "offer"})
    assert hits(cast.neighbor, "婴儿床") == 1


class TestA3NoTrace:
    """Planted markers: what a person may not see leaves no trace in what they find."""

    MARK = "蜃楼"

    def nothing_for(self, cast, *logins, words=MARK):
        for login in logins:
            browser = getattr(cast, login)
            for asked in ({}, {"in": HOME}, {"in": AWAY}, {"what": "comments", "in": HOME}):
                answer = browser.get("/search", params={"q": words, **asked})
                assert '<article class="card' not in answer.text, (login, asked)

    def test_of_another_committee(self, cast):
        address = write(cast.resident, f"{self.MARK}一座", f"也写{self.MARK}")
        cast.neighbor.submit(f"{address}/comments", {"body": self.MARK})
        assert hits(cast.owner, self.MARK) == 2
        self.nothing_for(cast, "outsider", "outsecretary", "applicant", "visitor")

    def test_of_a_private_post(self, cast, app):
        address = write(cast.resident, self.MARK)
        cast.clerk.submit(f"{address}/comments", {"body": self.MARK})
        change(app, int(address.rsplit("/", 1)[-1]), audience="parties")
        self.nothing_for(cast, "neighbor", "owner", "lead", "street", "district", "outsider", "visitor")
        assert hits(cast.resident, self.MARK) == hits(cast.clerk, self.MARK) == 2

    def test_of_what_is_for_one_building(self, cast, app, db):
        address = write(cast.resident, self.MARK)
        building = db.execute(
            text("SELECT min(id) FROM building WHERE code = :code"), {"code": HOME}
        ).scalar()
        change(app, int(address.rsplit("/", 1)[-1]), audience="building", building_id=building)
        self.nothing_for(cast, "owner", "elder", "outsider", "visitor")
        assert hits(cast.neighbor, self.MARK) == 1

    @pytest.mark.parametrize("moderation", ["held", "hidden", "removed"])
    def test_of_what_is_held_or_hidden(self, cast, app, moderation):
        address = write(cast.resident, self.MARK)
        cast.neighbor.submit(f"{address}/comments", {"body": self.MARK})
        change(app, int(address.rsplit("/", 1)[-1]), moderation=moderation)
        self.nothing_for(cast, "neighbor", "owner", "street", "outsider", "visitor")
        assert hits(cast.clerk, self.MARK) == 2 and hits(cast.resident, self.MARK) == 2

    def test_of_a_comment_that_is_held(self, cast, app):
        address = write(cast.resident, "好天气")
        cast.neighbor.submit(f"{address}/comments", {"body": self.MARK})
        with app.state.database.writing() as session:
            session.execute(text("UPDATE comment SET moderation = 'held'"))
        self.nothing_for(cast, "owner", "resident")
        assert hits(cast.neighbor, self.MARK) == 1 and hits(cast.clerk, self.MARK) == 1

    @pytest.mark.parametrize("block", [False, True])
    def test_of_people_one_muted_or_who_blocked_one(self, cast, app, block):
        address = write(cast.resident, self.MARK)
        other = write(cast.owner, "别人的话")
        cast.resident.submit(f"{other}/comments", {"body": self.MARK})
        assert hits(cast.neighbor, self.MARK) == 2
        me, them = (cast.resident.id, cast.neighbor.id) if block else (cast.neighbor.id, cast.resident.id)
        with app.state.database.writing() as session:
            session.add(Mute(account_id=me, other_id=them, block=block, at=clock.now()))
        self.nothing_for(cast, "neighbor")
        assert hits(cast.owner, self.MARK) == 2, address

    def test_of_a_board_that_is_shut(self, cast, app):
        write(cast.resident, self.MARK)
        with app.state.database.writing() as session:
            session.execute(
                text("UPDATE division SET boards_off = '[\"talk\"]' WHERE code = :c"), {"c": HOME}
            )
        self.nothing_for(cast, "neighbor", "clerk", "street", "district", "admin")


def test_a_visitor_finds_what_is_public_and_no_names_of_neighbours(cast, app):
    address = write(cast.resident, "防汛须知", "沙袋在门卫室")
    cast.neighbor.submit(f"{address}/comments", {"body": "沙袋不够"})
    number = int(address.rsplit("/", 1)[-1])
    change(app, number, audience="public")
    with app.state.database.writing() as session:
        indexing.index_post(session, session.get(Post, number))
    for login in ("visitor", "outsider", "applicant"):
        browser = getattr(cast, login)
        assert hits(browser, "沙袋", **{"in": HOME}) == 1, login
        assert "小陈" not in browser.get(f"/search?q=沙袋&in={HOME}").text
    assert hits(cast.visitor, "沙袋") == 0
    assert cast.visitor.get("/search?q=沙袋&in=310113999999").status_code == 404


def test_officers_search_all_below_and_read_where_it_was(cast):
    write(cast.resident, "家里漏水")
    write(cast.outsider, "楼道漏水", room=f"/c/{AWAY}/talk")
    for login in ("street", "district", "admin"):
        shown = getattr(cast, login).get("/search?q=漏水").text
        assert "宝月尚园居委会" in shown and "月浦四村居委会" in shown
        assert f'href="/c/{AWAY}/talk/' in shown and f'href="/c/{HOME}/talk/' in shown
    assert hits(cast.street, "漏水", **{"in": HOME}) == 1
    assert hits(cast.resident, "漏水") == 1


def test_one_board_can_be_searched_alone(cast):
    write(cast.resident, "折叠床", room=f"/c/{HOME}/goods", kind="give", category="baby")
    write(cast.resident, "谁有折叠床")
    assert hits(cast.owner, "折叠床") == 2
    assert hits(cast.owner, "折叠床", board="goods") == 1
    assert hits(cast.owner, "折叠床", board="nothing") == 0


def test_pages_follow_each_other_and_end(cast):
    for n in range(23):
        write(cast.resident, f"第{n}次合唱")
    first = cast.owner.get("/search?q=合唱&what=posts").text
    assert first.count('<article class="card') == 20 and "page=2" in first
    second = cast.owner.get("/search?q=合唱&what=posts&page=2").text
    assert second.count('<article class="card') == 3 and "page=3" not in second
    assert cast.owner.get("/search?q=合唱&page=99").status_code == 422


def test_the_page_helps_before_and_after_nothing_was_found(cast):
    assert "两个字就够了" in cast.owner.get("/search").text
    assert "没有找到" in cast.owner.get("/search?q=恐龙").text
    assert "/login" in cast.visitor.get("/search").text


def test_a_fragment_is_the_results_alone(cast):
    write(cast.resident, "木槿")
    answer = cast.owner.get("/search?q=木槿", headers={"HX-Request": "true"})
    assert "<mark>木槿</mark>" in answer.text and "<html" not in answer.text


def test_everything_can_be_indexed_anew(cast, app, worker):
    address = write(cast.resident, "重新来过")
    cast.neighbor.submit(f"{address}/comments", {"body": "重新说过"})
    with app.state.database.writing() as session:
        session.execute(text("DELETE FROM search_post"))
        session.execute(text("DELETE FROM search_comment"))
        indexing.enqueue(session, "index_everything", {"after": 0})
    assert hits(cast.owner, "重新") == 0
    worker.run_waiting()
    assert hits(cast.owner, "重新") == 2
    assert number_of(cast.resident.submit(f"{TALK}/new", {"title": "再来一次"}))


def test_an_answer_and_the_materials_of_a_guide_are_found_in_the_handbook(cast):
    guides = f"/c/{HOME}/guides"
    asked = {"title": "敬老卡怎么办", "kind": "question", "category": "elders"}
    number = number_of(cast.resident.submit(f"{guides}/new", asked))
    moved = cast.clerk.submit(
        f"{guides}/{number}/transitions", {"name": "answer", "answer": "带身份证到社区事务受理中心"}
    )
    assert moved.status_code == 303, moved.text
    shown = cast.neighbor.get("/search?q=受理中心&what=handbook").text
    assert "敬老卡怎么办" in shown
