"""What stood in a post before: kept, and read by who could read it then."""

from datetime import timedelta

import pytest
from tests.cast import HOME

from shequtong.lib import clock

NOTICES = f"/c/{HOME}/notices"
WATER = {"title": "停水", "kind": "info", "body": "底稿里的手机号"}


@pytest.fixture
def passing():
    """A clock that stands still until it is moved."""
    with clock.at(clock.now()):
        yield lambda: clock.advance(timedelta(minutes=5))


def edited(browser, address, form):
    sent = browser.submit(f"{address}/edit", form)
    assert sent.status_code == 303, sent.text


def test_what_was_only_a_draft_is_read_by_nobody_later(cast, passing):
    address = cast.lead.submit(f"{NOTICES}/new", WATER | {"draft": "1"}).headers["location"]
    passing()
    edited(cast.lead, address, WATER | {"body": "周三上午"})
    passing()
    assert cast.lead.take(address, "submit").status_code == 303
    passing()
    assert cast.clerk.take(address, "send_back", reason="只给您看的话").status_code == 303
    said = cast.lead.submit(f"{address}/comments", {"body": "三楼老张家也停吗"})
    assert said.status_code == 303
    passing()
    assert cast.lead.take(address, "submit").status_code == 303
    passing()
    assert cast.clerk.take(address, "publish").status_code == 303
    assert cast.neighbor.submit(f"{address}/comments", {"body": "谢谢告知"}).status_code == 303
    for reader in (cast.neighbor, cast.organisation):
        if reader is cast.neighbor:
            assert "谢谢告知" in reader.get(address).text
        for page in (address, f"{address}/history"):
            seen = reader.get(page).text
            for words in ("底稿里的手机号", "只给您看的话", "三楼老张家"):
                assert words not in seen, (reader.login, page)
    found = {
        login: getattr(cast, login).get("/search?q=老张家").text for login in ("neighbor", "lead", "clerk")
    }
    assert {login for login, page in found.items() if "也停吗" in page} == {"lead", "clerk"}
    assert "告知" in cast.owner.get("/search?q=谢谢告知").text
    for writer in (cast.lead, cast.clerk):
        assert "底稿里的手机号" in writer.get(f"{address}/history").text
        seen = writer.get(address).text
        assert "只给您看的话" in seen and "三楼老张家" in seen


def test_what_was_published_stays_readable_after_it_was_edited(cast, passing):
    said = {"title": "谁家的猫", "kind": "everyday", "body": "第一版的话"}
    address = cast.resident.submit(f"/c/{HOME}/talk/new", said).headers["location"]
    passing()
    edited(cast.resident, address, said | {"body": "找到主人了"})
    assert "第一版的话" in cast.neighbor.get(f"{address}/history").text
