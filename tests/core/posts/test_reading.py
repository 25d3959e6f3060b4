"""What a reader has seen, and where they may write."""

from tests.cast import HOME, number_of

TALK = f"/c/{HOME}/talk"


def test_a_post_is_new_until_it_was_read_and_again_after_an_answer(cast):
    number = number_of(cast.resident.submit(f"{TALK}/new", {"title": "新鲜事"}))
    assert cast.neighbor.submit(f"{TALK}/{number}/read").status_code == 204
    assert "（未读）" not in cast.neighbor.get(TALK).text
    cast.owner.submit(f"{TALK}/{number}/comments", {"body": "我也听说了"})
    assert "（未读）" in cast.neighbor.get(TALK).text


def test_a_stranger_leaves_no_mark(cast):
    number = number_of(cast.resident.submit(f"{TALK}/new", {"title": "新鲜事"}))
    assert cast.outsider.submit(f"{TALK}/{number}/read").status_code == 404


def test_everybody_is_offered_the_boards_they_may_write_on(cast):
    assert f"{TALK}/new" in cast.resident.get(f"/c/{HOME}/new").text
    for login in ("visitor", "outsider", "applicant", "street"):
        assert f"{TALK}/new" not in getattr(cast, login).get(f"/c/{HOME}/new").text, login
