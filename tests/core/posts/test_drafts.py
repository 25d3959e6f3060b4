"""What is not good enough yet stays a draft; the form's main button publishes at once."""

from sqlalchemy import select
from tests.cast import HOME, number_of

from shequtong.core.posts.models import BoardTally, PostTransition

GOODS = f"/c/{HOME}/goods"
COT = {"title": "儿童床", "kind": "give", "category": "baby", "body": ""}


def test_the_main_button_publishes_at_once_and_one_step_is_recorded(cast, db):
    number = number_of(cast.resident.submit(f"{GOODS}/new", COT))
    assert "儿童床" in cast.neighbor.get(GOODS).text
    steps = db.scalars(select(PostTransition).where(PostTransition.post_id == number)).all()
    assert [(s.name, s.source, s.target) for s in steps] == [("offer", "draft", "available")]


def test_a_draft_is_read_by_its_author_alone_until_it_goes_out(cast):
    answer = cast.resident.submit(f"{GOODS}/new", COT | {"draft": "1"})
    address = answer.headers["location"]
    assert "草稿" in cast.resident.get(address).text
    assert cast.neighbor.get(address).status_code == 404
    assert "儿童床" not in cast.neighbor.get(GOODS).text
    assert cast.neighbor.submit(f"{address}/transitions", {"name": "offer"}).status_code == 404
    assert cast.resident.submit(f"{address}/transitions", {"name": "offer"}).status_code == 303
    assert cast.neighbor.get(address).status_code == 200


def test_a3_a_draft_leaves_no_trace_in_the_boards_figures(cast, app):
    def figures():
        with app.state.database.reading() as session:
            row = session.get(BoardTally, (HOME, "goods"))
            return (row.posts, row.open_posts) if row else (0, 0)

    address = cast.resident.submit(f"{GOODS}/new", COT | {"draft": "1"}).headers["location"]
    assert figures() == (0, 0)
    cast.resident.submit(f"{address}/transitions", {"name": "offer"})
    assert figures() == (1, 1)
    cast.resident.submit(f"{address}/delete")
    assert figures() == (0, 0)


def test_only_a_form_for_something_new_offers_to_save_a_draft(cast):
    assert 'name="draft"' in cast.resident.get(f"{GOODS}/new").text
    assert 'name="draft"' not in cast.resident.get(f"/c/{HOME}/talk/new").text
    number = number_of(cast.resident.submit(f"{GOODS}/new", COT))
    assert 'name="draft"' not in cast.resident.get(f"{GOODS}/{number}/edit").text
