"""Pictures: kept with the form, cleaned by a job, shown to those who may see the post."""

import io

import pytest
from PIL import Image
from sqlalchemy import select
from tests.cast import HOME, number_of

from shequtong.core.media.models import Photo

TALK = f"/c/{HOME}/talk"


def picture(width=1600, height=1200, kind="JPEG"):
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "planted: 东门 3 号楼"
    Image.new("RGB", (width, height), "#c84").save(made, kind, exif=exif)
    return made.getvalue()


def send(browser, *files, **fields):
    uploads = [("photos", (f"{n}.jpg", content, "image/jpeg")) for n, content in enumerate(files)]
    return browser.submit(f"{TALK}/new", {"title": "看照片", **fields}, files=uploads)


def test_i6_a_photo_waits_until_it_was_made_anew_and_then_holds_no_trace_of_the_phone(cast, worker):
    number = number_of(send(cast.resident, picture()))
    address = f"{TALK}/{number}/photos/1/page"
    assert cast.neighbor.get(address).headers["content-type"].startswith("image/svg+xml")
    worker.run_waiting()
    shown = cast.neighbor.get(address)
    assert shown.headers["content-type"] == "image/webp" and b"planted" not in shown.content
    assert max(Image.open(io.BytesIO(shown.content)).size) == 1440
    assert max(Image.open(io.BytesIO(cast.neighbor.get(address.replace("page", "card")).content)).size) == 480


def test_a3_a_photo_is_only_for_those_who_see_its_post(cast, worker):
    first = number_of(send(cast.resident, picture()))
    second = number_of(cast.resident.submit(f"{TALK}/new", {"title": "没有照片"}))
    worker.run_waiting()
    assert cast.outsider.get(f"{TALK}/{first}/photos/1/page").status_code == 404
    assert cast.visitor.get(f"{TALK}/{first}/photos/1/page").status_code == 303
    assert cast.neighbor.get(f"{TALK}/{second}/photos/1/page").status_code == 404
    assert cast.neighbor.get(f"{TALK}/{first}/photos/1/original").status_code == 404


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"no picture", b""])
def test_i6_what_is_no_picture_is_refused_next_to_the_field(cast, content):
    answer = send(cast.resident, content, body="这段话要留着")
    assert answer.status_code == 422 and "这段话要留着" in answer.text


def test_a_photo_survives_a_mistake_in_the_form(cast, db):
    answer = send(cast.resident, picture(), title="")
    assert answer.status_code == 422 and 'name="photo_ids" value="1"' in answer.text
    posted = cast.resident.submit(f"{TALK}/new", {"title": "改好了", "photo_ids": "1"})
    assert db.scalar(select(Photo.post_id)) == number_of(posted)


def test_a2_somebody_elses_photo_cannot_be_taken_by_its_number(cast, db):
    send(cast.resident, picture(), title="")
    posted = cast.neighbor.submit(f"{TALK}/new", {"title": "借一张", "photo_ids": "1"})
    assert posted.status_code == 303
    assert db.scalar(select(Photo.post_id)) is None


def test_too_many_photos_are_refused_and_none_is_lost(cast):
    assert send(cast.resident, *[picture(40, 30)] * 10).status_code == 422


def test_a_broken_photo_is_marked_and_its_post_stays(cast, worker, db):
    number = number_of(send(cast.resident, picture()[:3000]))
    worker.run_waiting()
    assert db.scalar(select(Photo.state)) == "failed"
    assert cast.neighbor.get(f"{TALK}/{number}").status_code == 200
