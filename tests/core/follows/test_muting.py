"""Mute: I do not see them. Block: they do not see me, nor reach me. Offices are heard all the same."""

import pytest
from sqlalchemy import select, update
from tests.cast import HOME, number_of

from shequtong.core.communities.models import Appointment
from shequtong.core.follows.models import Follow
from shequtong.core.posts.models import Post

TALK = f"/c/{HOME}/talk"


@pytest.fixture
def post(cast):
    """A post of `neighbor`, with a word of `owner` on it."""
    number = number_of(cast.neighbor.submit(f"{TALK}/new", {"title": "阿芳的花", "body": "开了"}))
    cast.owner.submit(f"{TALK}/{number}/comments", {"body": "老周觉得好看"})
    return f"{TALK}/{number}"


def test_a_muted_persons_words_are_gone_from_lists_and_talk_and_come_back(cast, post):
    cast.resident.submit(f"/u/{cast.neighbor.id}/mute")
    cast.resident.submit(f"/u/{cast.owner.id}/mute")
    for address in (TALK, f"/c/{HOME}", f"/u/{cast.neighbor.id}"):
        assert "阿芳的花" not in cast.resident.get(address).text, address
    shown = cast.resident.get(post)
    assert shown.status_code == 200 and "您已屏蔽这位邻居" in shown.text, "by its address it can be reached"
    assert "老周觉得好看" not in shown.text
    assert "老周觉得好看" in cast.neighbor.get(post).text
    for person in (cast.neighbor, cast.owner):
        cast.resident.submit(f"/u/{person.id}/mute", {"undo": "1"})
    assert "阿芳的花" in cast.resident.get(TALK).text and "老周觉得好看" in cast.resident.get(post).text


def test_the_muted_notice_nothing(cast, post):
    cast.neighbor.submit(f"/u/{cast.resident.id}/mute")
    assert "阿芳的花" in cast.resident.get(TALK).text
    assert cast.resident.submit(f"{post}/comments", {"body": "真香"}).status_code == 303
    assert cast.resident.get(f"/u/{cast.neighbor.id}").status_code == 200


def test_the_blocked_see_nothing_of_the_blocker_and_cannot_answer(cast, post):
    said = cast.neighbor.submit(f"{TALK}/new", {"title": "阿芳又写", "body": ""}).headers["location"]
    cast.neighbor.submit(f"/u/{cast.resident.id}/block")
    for address in (TALK, f"/c/{HOME}"):
        assert "阿芳" not in cast.resident.get(address).text, address
    for address in (post, said, f"/u/{cast.neighbor.id}", f"{post}/history"):
        assert cast.resident.get(address).status_code == 404, address
    for deed, form in (
        ("comments", {"body": "我还要说"}),
        ("reactions", {"kind": "like"}),
        ("follow", {}),
        ("transitions", {"name": "lock"}),
    ):
        assert cast.resident.submit(f"{post}/{deed}", form).status_code == 404, deed
    assert cast.resident.submit(f"/u/{cast.neighbor.id}/follow").status_code == 404


def test_the_blocked_cannot_answer_or_call_the_blocker_on_a_third_persons_post(cast):
    post = f"{TALK}/{number_of(cast.owner.submit(f'{TALK}/new', {'title': '老周请大家', 'body': ''}))}"
    said = cast.neighbor.submit(f"{post}/comments", {"body": "阿芳来了"}).headers["location"].rsplit("-")[-1]
    cast.neighbor.submit(f"/u/{cast.resident.id}/block")
    assert "阿芳来了" not in cast.resident.get(post).text
    answer = cast.resident.submit(f"{post}/comments", {"body": "答阿芳", "parent_id": said})
    assert answer.status_code == 404
    call = f'href="/u/{cast.neighbor.id}" class="mention"'
    assert cast.resident.submit(f"{post}/comments", {"body": "@阿芳 出来"}).status_code == 303
    assert call not in cast.owner.get(post).text
    assert cast.elder.submit(f"{post}/comments", {"body": "@阿芳 你好"}).status_code == 303
    assert call in cast.owner.get(post).text


def test_a_block_ends_what_either_follows_of_the_other(cast, db):
    cast.neighbor.submit(f"/u/{cast.resident.id}/follow")
    cast.resident.submit(f"/u/{cast.neighbor.id}/follow")
    cast.neighbor.submit(f"/u/{cast.resident.id}/block")
    assert db.scalars(select(Follow).where(Follow.kind == "person")).all() == []
    assert cast.neighbor.submit(f"/u/{cast.resident.id}/follow").status_code == 409
    cast.neighbor.submit(f"/u/{cast.resident.id}/block", {"undo": "1"})
    assert cast.resident.submit(f"/u/{cast.neighbor.id}/follow").status_code == 303


def test_muting_does_not_weaken_a_block(cast, post):
    cast.neighbor.submit(f"/u/{cast.resident.id}/block")
    cast.neighbor.submit(f"/u/{cast.resident.id}/mute")
    cast.neighbor.submit(f"/u/{cast.resident.id}/mute", {"undo": "1"})
    assert cast.resident.get(post).status_code == 404


def test_who_serves_sees_everybody_and_is_heard_by_everybody(cast, post):
    cast.neighbor.submit(f"/u/{cast.clerk.id}/block")
    cast.resident.submit(f"/u/{cast.clerk.id}/block")
    assert "阿芳的花" in cast.clerk.get(TALK).text
    assert cast.clerk.submit(f"{post}/comments", {"body": "居委会来看过了"}).status_code == 303
    assert "居委会来看过了" in cast.neighbor.get(post).text
    assert cast.clerk.get(f"/u/{cast.neighbor.id}").status_code == 200
    assert cast.neighbor.get(f"/u/{cast.clerk.id}").status_code == 200


def test_who_has_a_case_in_hand_sees_it_though_its_author_blocked_them(cast, app, post):
    number = int(post.rsplit("/", 1)[-1])
    cast.neighbor.submit(f"/u/{cast.property.id}/block")
    assert cast.property.get(post).status_code == 404
    with app.state.database.writing() as session:
        session.execute(update(Post).where(Post.id == number).values(handler="property"))
    assert cast.property.get(post).status_code == 200


def test_a_building_lead_is_a_neighbour_too(cast, app):
    cast.resident.submit(f"/u/{cast.lead.id}/mute")
    with app.state.database.reading() as session:
        assert session.scalar(select(Appointment.id).where(Appointment.account_id == cast.lead.id))
    cast.lead.submit(f"{TALK}/new", {"title": "老徐的闲话", "body": ""})
    assert "老徐的闲话" not in cast.resident.get(TALK).text


def test_a_mute_can_be_ended_after_the_two_have_parted(cast, app):
    cast.resident.submit(f"/u/{cast.neighbor.id}/block")
    shown = cast.resident.get("/me/follows").text
    assert f"/me/mutes/{cast.neighbor.id}" in shown and "阿芳" in shown
    cast.resident.submit(f"/me/mutes/{cast.neighbor.id}")
    assert "阿芳" not in cast.resident.get("/me/follows").text
