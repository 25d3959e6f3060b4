"""Who muted somebody hears nothing of them; who blocked somebody is not heard by them either."""

from tests.cast import HOME, number_of
from tests.core.notifications.test_telling import TALK, told, write


def say(browser, post, body="你好"):
    return browser.submit(f"{TALK}/{post}/comments", {"body": body})


def test_who_is_blocked_is_told_nothing_of_who_blocked_them(cast, db):
    post = write(cast.resident)
    say(cast.neighbor, post)
    cast.resident.submit("/inbox/read")
    assert cast.owner.submit(f"/u/{cast.neighbor.id}/block").status_code == 303
    say(cast.owner, post)
    assert told(db, cast.neighbor) == []
    assert told(db, cast.resident) == [("comment", 1)]


def test_who_blocks_the_author_of_a_post_leaves_its_talk(cast, db):
    post = write(cast.resident)
    say(cast.neighbor, post)
    assert cast.neighbor.submit(f"/u/{cast.resident.id}/block").status_code == 303
    say(cast.owner, post)
    assert told(db, cast.neighbor) == []


def test_who_is_blocked_by_the_author_of_a_post_is_led_to_no_page_they_cannot_open(cast, db):
    post = write(cast.resident)
    say(cast.neighbor, post)
    assert cast.resident.submit(f"/u/{cast.neighbor.id}/block").status_code == 303
    assert cast.neighbor.get(f"{TALK}/{post}").status_code == 404
    say(cast.owner, post, "@阿芳 你看")
    cast.clerk.submit(f"{TALK}/{post}/transitions", {"name": "lock", "reason": "到此为止"})
    assert told(db, cast.neighbor) == []


def test_an_office_is_heard_all_the_same(cast, db):
    assert cast.resident.submit(f"/u/{cast.clerk.id}/mute").status_code == 303
    form = {"title": "停水", "kind": "info", "body": "明天上午停水。"}
    assert cast.clerk.submit(f"/c/{HOME}/notices/new", form).status_code == 303
    assert told(db, cast.resident) == [("announced", 1)]


def test_duty_hears_everybody(cast, db):
    assert cast.clerk.submit(f"/u/{cast.resident.id}/mute").status_code == 303
    form = {"title": "路灯不亮", "category": "light"}
    number_of(cast.resident.submit(f"/c/{HOME}/matters/new", form))
    assert ("waiting", 1) in told(db, cast.clerk)
