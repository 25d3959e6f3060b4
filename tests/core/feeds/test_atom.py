"""Boards that speak to everybody, as a feed reader that is not ours reads them."""

from html import unescape

import feedparser
import pytest
from tests.cast import HOME, number_of

NOTICES = f"/c/{HOME}/notices"
HARD = '停水 <b>通知</b> & "明天" 𠮷'


def parsed(answer):
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(answer.content)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    assert read.feed.id and read.feed.title and read.feed.updated_parsed
    assert all(entry.id and entry.link and entry.title and entry.updated_parsed for entry in read.entries)
    assert all("author" in entry or "author" in read.feed for entry in read.entries)
    return read


def publish(person, title, **fields):
    return number_of(
        person.submit(f"{NOTICES}/new", {"title": title, "kind": "info", "body": "请看", **fields})
    )


def test_a_feed_reader_reads_what_everybody_may_read(cast, visitor):
    assert parsed(visitor.get(f"{NOTICES}.atom")).entries == []
    number = publish(cast.clerk, HARD)
    publish(cast.clerk, "还没写完的草稿", draft="1")
    for person in (visitor, cast.clerk, cast.outsider):
        found = parsed(person.get(f"{NOTICES}.atom"))
        assert [unescape(entry.title) for entry in found.entries] == [HARD]
        assert found.entries[0].link.endswith(f"{NOTICES}/{number}")
        assert found.entries[0].summary == "请看"
    assert f"{NOTICES}.atom" in visitor.get(NOTICES).text


@pytest.mark.parametrize("board", ["talk", "matters", "goods", "nowhere", "events"])
def test_what_neighbours_say_among_themselves_is_no_feed(cast, visitor, board):
    for person in (visitor, cast.resident, cast.clerk):
        assert person.get(f"/c/{HOME}/{board}.atom").status_code == 404
    assert visitor.get("/c/000000000000/notices.atom").status_code == 404


def test_a_notice_for_one_building_and_one_that_is_hidden_stay_out(cast, visitor, app):
    from shequtong.core.posts.models import Post

    number = publish(cast.clerk, "一般通知")
    assert len(parsed(visitor.get(f"{NOTICES}.atom")).entries) == 1
    with app.state.database.writing() as session:
        session.get_one(Post, number).moderation = "hidden"
    assert parsed(cast.clerk.get(f"{NOTICES}.atom")).entries == []
    with app.state.database.writing() as session:
        post = session.get_one(Post, number)
        post.moderation, post.audience = "clear", "building"
    assert parsed(cast.clerk.get(f"{NOTICES}.atom")).entries == []
