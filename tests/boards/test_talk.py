"""Neighbours' talk: anybody who lives here, about anything, until it is closed."""

from datetime import timedelta

from tests.cast import HOME

from shequtong.lib import clock

TALK = f"/c/{HOME}/talk"


def said(cast, **fields):
    return cast.resident.submit(f"{TALK}/new", {"title": "大家好", "body": "刚搬来1号楼", **fields}).headers[
        "location"
    ]


def test_a_topic_is_a_choice_and_a_way_to_narrow_the_board(cast):
    said(cast, kind="newcomer")
    said(cast, title="今天的晚霞")
    newcomers = cast.neighbor.get(f"{TALK}?kind=newcomer").text
    assert "大家好" in newcomers and "今天的晚霞" not in newcomers
    assert "今天的晚霞" in cast.neighbor.get(f"{TALK}?kind=everyday").text
    assert cast.resident.submit(f"{TALK}/new", {"title": "广告", "kind": "advert"}).status_code == 422


def test_staff_close_a_talk_with_a_reason_and_then_nobody_comments(cast):
    address = said(cast)
    close = {"name": "lock", "reason": "请文明交流"}
    assert cast.resident.submit(f"{address}/transitions", close).status_code == 403
    assert cast.clerk.submit(f"{address}/transitions", {"name": "lock"}).status_code == 422
    assert cast.clerk.submit(f"{address}/transitions", close).status_code == 303
    assert cast.neighbor.submit(f"{address}/comments", {"body": "再说一句"}).status_code == 403
    shown = cast.neighbor.get(address).text
    assert "请文明交流" in shown and 'name="body"' not in shown
    assert cast.clerk2.submit(f"{address}/transitions", {"name": "unlock"}).status_code == 303
    assert cast.neighbor.submit(f"{address}/comments", {"body": "再说一句"}).status_code == 303


def test_author_staff_or_time_archive_a_talk(cast, worker):
    mine, theirs, old = said(cast), said(cast), said(cast)
    assert cast.neighbor.submit(f"{mine}/transitions", {"name": "archive"}).status_code == 403
    assert cast.resident.submit(f"{mine}/transitions", {"name": "archive"}).status_code == 303
    assert cast.secretary.submit(f"{theirs}/transitions", {"name": "archive"}).status_code == 303
    with clock.at(clock.now() + timedelta(days=366)):
        worker.run_waiting()
    assert "已归档" in cast.clerk.get(old).text


def test_offices_without_a_home_here_do_not_open_talks(cast):
    for login in ("clerk", "property", "street", "applicant", "outsider"):
        assert getattr(cast, login).submit(f"{TALK}/new", {"title": "通知"}).status_code == 403
