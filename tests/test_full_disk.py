"""R5: a full disk is told as one, what is there can be read, nothing half written stays, and it mends by itself."""

import io
import random
import resource
from contextlib import contextmanager

import pytest
from PIL import Image
from sqlalchemy import event, func, select
from tests.cast import HOME

from shequtong.core.media.models import Photo
from shequtong.core.posts.models import Comment, Post

TALK = f"/c/{HOME}/talk"
FULL = "服务器存满了"
WORDS = "".join(random.Random(1).choices("的一是在不了有和人这中大为上个国我以要他", k=1_800))


@contextmanager
def no_room_in_the_database(app):
    """SQLite may use the pages it has and no more, as on a disk that is full."""

    def limit(connection, _record):
        connection.execute("PRAGMA max_page_count = 1")  # raised by SQLite to what the file has already

    engine = app.state.database.engine
    engine.dispose()
    event.listen(engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(engine, "connect", limit)
        engine.dispose()


@contextmanager
def files_no_larger_than(limit):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def talk_until_it_is_full(browser):
    """How many comments were taken, and the answer to the one that was not."""
    post = browser.submit(f"{TALK}/new", {"title": "说到写不下为止"}).headers["location"]
    for taken in range(200):
        answer = browser.submit(f"{post}/comments", {"body": WORDS})
        if answer.status_code != 303:
            return taken, answer
    raise AssertionError("it was never full")


def photo(side):
    noise = Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3))
    content = io.BytesIO()
    noise.save(content, "JPEG", quality=95)
    return content.getvalue()


def send(browser, content):
    uploads = [("photos", ("cot.jpg", content, "image/jpeg"))]
    return browser.submit(f"{TALK}/new", {"title": "看照片"}, files=uploads)


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.databases("sqlite")
def test_a_full_database_answers_507_goes_on_reading_and_mends_by_itself(app, cast, db):
    before = db.scalar(select(func.count(Comment.id)))
    db.rollback()
    cast.elder.get(TALK)
    with no_room_in_the_database(app):
        taken, refused = talk_until_it_is_full(cast.resident)
        assert refused.status_code == 507
        assert FULL in refused.text and "<main" in refused.text and "sqlite" not in refused.text.lower()
        assert "default-src 'none'" in refused.headers["content-security-policy"]
        for browser in (cast.elder, cast.neighbor, cast.visitor):
            assert browser.get(f"/c/{HOME}").status_code == 200
        assert cast.elder.get(TALK).status_code == 200
        assert cast.elder.get("/inbox").status_code == 200
    assert db.scalar(select(func.count(Comment.id))) == before + taken
    assert db.scalar(select(Post.comment_count).where(Post.title == "说到写不下为止")) == taken
    db.rollback()
    assert cast.resident.submit(f"{TALK}/new", {"title": "又能写了"}).status_code == 303


def test_a_photo_for_which_there_is_no_room_leaves_nothing_behind(cast, db, tmp_path):
    large = photo(600)
    with files_no_larger_than(len(large) // 2):
        refused = send(cast.resident, large)
        assert refused.status_code == 507 and FULL in refused.text
        assert cast.resident.get(TALK).status_code == 200
    assert files_in(tmp_path / "media") == []
    assert db.scalar(select(func.count(Photo.id))) == 0
    db.rollback()
    assert send(cast.resident, large).status_code == 303


@pytest.mark.databases("sqlite")
def test_a_photo_whose_post_found_no_room_leaves_nothing_behind(app, cast, tmp_path):
    small = photo(60)
    with no_room_in_the_database(app):
        talk_until_it_is_full(cast.resident)
        for _more in range(40):  # what is left in the last page
            if (refused := send(cast.resident, small)).status_code != 303:
                break
        taken = len(files_in(tmp_path / "media"))
        assert refused.status_code == 507
        assert send(cast.resident, small).status_code == 507
        assert len(files_in(tmp_path / "media")) == taken == _more
