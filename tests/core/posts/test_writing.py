"""To write, read, change and take back a post."""

from tests.cast import AWAY, HOME, number_of

TALK = f"/c/{HOME}/talk"


def test_a_resident_writes_and_a_neighbour_reads(cast):
    posted = cast.resident.submit(f"{TALK}/new", {"title": "银杏黄了", "body": "大家来看 **银杏**"})
    assert posted.status_code == 303, posted.text
    shown = cast.neighbor.get(posted.headers["location"])
    assert "银杏黄了" in shown.text and "<strong>银杏</strong>" in shown.text
    assert "银杏黄了" in cast.neighbor.get(TALK).text
    assert "银杏黄了" in cast.neighbor.get(f"/c/{HOME}").text


def test_nobody_else_reads_it(cast):
    address = cast.resident.submit(f"{TALK}/new", {"title": "只给邻居", "body": ""}).headers["location"]
    for login in ("outsider", "applicant", "outsecretary"):
        browser = getattr(cast, login)
        assert browser.get(address).status_code == 404
        assert "只给邻居" not in browser.get(TALK).text
        assert browser.submit(f"{TALK}/new", {"title": "混进来"}).status_code == 403
    assert cast.visitor.get(address).status_code == 303
    number = address.rsplit("/", 1)[-1]
    assert cast.outsider.get(f"/c/{AWAY}/talk/{number}").status_code == 404


def test_a_mistake_keeps_what_was_typed(cast):
    answer = cast.resident.submit(f"{TALK}/new", {"title": "", "body": "写了很多"})
    assert answer.status_code == 422
    assert "写了很多" in answer.text


def test_r7_the_same_form_sent_twice_makes_one_post(cast):
    form = {"title": "只发一次", "body": "", "once": "abc"}
    first, second = cast.resident.submit(f"{TALK}/new", form), cast.resident.submit(f"{TALK}/new", form)
    assert first.headers["location"] == second.headers["location"]
    assert cast.resident.get(TALK).text.count("只发一次") == 1


def test_only_the_author_edits_and_the_old_words_stay(cast):
    number = number_of(cast.resident.submit(f"{TALK}/new", {"title": "旧题目", "body": "旧话"}))
    address = f"{TALK}/{number}"
    assert cast.neighbor.submit(f"{address}/edit", {"title": "新题目", "body": "新话"}).status_code == 403
    assert cast.resident.submit(f"{address}/edit", {"title": "新题目", "body": "新话"}).status_code == 303
    assert "新题目" in cast.neighbor.get(address).text
    assert "旧话" in cast.neighbor.get(f"{address}/history").text


def test_a_comment_is_counted_answered_and_taken_back(cast):
    number = number_of(cast.resident.submit(f"{TALK}/new", {"title": "问好", "body": ""}))
    said = cast.neighbor.submit(f"{TALK}/{number}/comments", {"body": "你好呀"})
    assert said.status_code == 303
    comment = said.headers["location"].rsplit("-", 1)[-1]
    cast.resident.submit(f"{TALK}/{number}/comments", {"body": "也问你好", "parent_id": comment})
    shown = cast.owner.get(f"{TALK}/{number}").text
    assert "你好呀" in shown and "也问你好" in shown
    assert cast.owner.submit(f"{TALK}/{number}/comments/{comment}/delete").status_code == 403
    assert cast.neighbor.submit(f"{TALK}/{number}/comments/{comment}/delete").status_code == 303
    assert "你好呀" not in cast.owner.get(f"{TALK}/{number}").text


def test_a_reaction_is_one_per_person(cast):
    number = number_of(cast.resident.submit(f"{TALK}/new", {"title": "点赞", "body": ""}))
    for kind in ("like", "thanks"):
        assert cast.neighbor.submit(f"{TALK}/{number}/reactions", {"kind": kind}).status_code == 303
    assert "1 个回应" in cast.owner.get(f"{TALK}/{number}").text
    cast.neighbor.submit(f"{TALK}/{number}/reactions", {"kind": "thanks", "undo": "1"})
    assert "个回应" not in cast.owner.get(f"{TALK}/{number}").text


def test_s10_a_form_without_the_sessions_token_is_refused(cast):
    assert cast.resident.post(f"{TALK}/new", data={"title": "伪造"}).status_code == 403


def test_s10_a_form_from_another_site_is_refused_with_a_page(cast):
    answer = cast.resident.submit(
        f"{TALK}/new", {"title": "跨站"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403 and "<!doctype html>" in answer.text


def test_an_officer_observes_only(cast):
    number = number_of(cast.resident.submit(f"{TALK}/new", {"title": "看看", "body": ""}))
    assert cast.street.get(f"{TALK}/{number}").status_code == 200
    assert cast.street.submit(f"{TALK}/{number}/comments", {"body": "我也说"}).status_code == 403


def test_what_is_pinned_stands_on_top_and_only_staff_pin(cast):
    old = number_of(cast.resident.submit(f"{TALK}/new", {"title": "老帖子", "body": ""}))
    cast.neighbor.submit(f"{TALK}/new", {"title": "新帖子", "body": ""})
    assert cast.resident.submit(f"{TALK}/{old}/pin").status_code == 403
    assert cast.clerk.submit(f"{TALK}/{old}/pin").status_code == 303
    shown = cast.owner.get(TALK).text
    assert shown.index("老帖子") < shown.index("新帖子")
    cast.clerk.submit(f"{TALK}/{old}/pin", {"undo": "1"})
    shown = cast.owner.get(TALK).text
    assert shown.index("新帖子") < shown.index("老帖子")


def test_no_more_is_pinned_than_fits_on_the_first_page(cast):
    posts = [
        number_of(cast.resident.submit(f"{TALK}/new", {"title": f"第{n}帖", "body": ""})) for n in range(6)
    ]
    answers = [cast.clerk.submit(f"{TALK}/{number}/pin").status_code for number in posts]
    assert answers == [303] * 5 + [409]
