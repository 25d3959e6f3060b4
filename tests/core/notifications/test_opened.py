"""Whoever opens a post has read what they were told of it; and nobody keeps unread lines they can never open."""

import re

import pytest
from tests.boards.test_every_board import counted
from tests.cast import HOME
from tests.core.notifications.test_telling import TALK, told, write

DESK = f"/c/{HOME}/desk"


def say(browser, post, body="你好"):
    return browser.submit(f"{TALK}/{post}/comments", {"body": body})


def test_opening_a_post_reads_every_line_about_it_and_no_other(cast, db):
    post, other = write(cast.resident), write(cast.resident)
    for number in (post, other):
        say(cast.neighbor, number)
    cast.owner.submit(f"{TALK}/{post}/reactions", {"kind": "like"})
    assert told(db, cast.resident) == [("comment", 1), ("comment", 1), ("reaction", 1)]
    page = cast.resident.get(f"{TALK}/{post}")
    assert told(db, cast.resident) == [("comment", 1)]
    assert told(db, cast.neighbor) == []
    assert unread_in(page) == unread_in(cast.resident.get(TALK)) == "1"


def unread_in(page):
    """What the bell says."""
    return re.search(r'class="badge-count">(\d+)', page.text)[1]


@pytest.mark.parametrize(
    "how", [{"HX-Request": "true"}, {"Sec-Fetch-Dest": "image"}, {"Sec-Purpose": "prefetch;prerender"}]
)
def test_a_post_that_is_fetched_but_not_opened_is_not_read(cast, db, how):
    post = write(cast.resident)
    say(cast.neighbor, post)
    assert cast.resident.get(f"{TALK}/{post}", headers=how).status_code == 200
    assert told(db, cast.resident) == [("comment", 1)]


def test_somebody_else_who_opens_it_reads_nothing_for_me(cast, db):
    post = write(cast.resident)
    say(cast.neighbor, post)
    cast.owner.get(f"{TALK}/{post}")
    assert told(db, cast.resident) == [("comment", 1)]


def test_the_page_asks_one_query_more_only_of_who_has_unread_lines(app, cast):
    post = write(cast.resident)
    address = f"{TALK}/{post}"
    cast.resident.get(address)
    with counted(app) as read:
        cast.resident.get(address)
    say(cast.neighbor, post)
    with counted(app) as unread:
        cast.resident.get(address)
    before_it_is_out = [asked.startswith("UPDATE") for asked in unread].index(True) - 1  # its lock
    assert before_it_is_out - 1 == len(read) <= 5


@pytest.mark.parametrize("action", ["hide", "remove"])
def test_a_post_that_is_taken_down_leaves_no_unread_line_with_those_who_cannot_open_it(cast, db, action):
    post = write(cast.resident)
    cast.owner.submit(f"{TALK}/{post}/follow")
    say(cast.neighbor, post)
    say(cast.clerk2, post)
    assert told(db, cast.owner) == [("comment", 2)]
    cast.owner.submit(f"{TALK}/{post}/reports", {"reason": "abuse"})
    form = {"post_id": post, "action": action, "reason": "abuse", "seen": "clear"}
    assert cast.clerk.submit(f"{DESK}/decisions", form).status_code == 303
    assert told(db, cast.owner) == []
    assert told(db, cast.neighbor) == []
    assert told(db, cast.resident) == [("comment", 2), ("decided", 1)]


def test_a_post_that_is_held_after_reports_waits_with_the_committee_alone(cast, db):
    post = write(cast.resident, body="@阿芳 您好")
    for login in ("owner", "elder", "lead"):
        getattr(cast, login).submit(f"{TALK}/{post}/reports", {"reason": "abuse"})
    assert told(db, cast.neighbor) == []
    assert told(db, cast.clerk) == [("held", 1)]


def test_a_post_that_its_author_deletes_leaves_no_unread_line_with_anybody(cast, db):
    post = write(cast.resident, body="@阿芳 您好")
    say(cast.neighbor, post)
    assert cast.resident.submit(f"{TALK}/{post}/delete").status_code == 303
    assert told(db, cast.neighbor) == []
    assert told(db, cast.resident) == []
