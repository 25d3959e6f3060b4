"""What goes wrong with a matter is told beside its field, and nothing that was typed or photographed is lost."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select
from tests.boards.test_matters import LAMP, MATTERS, claimed, number_of, reported, take
from tests.core.media.test_storing import picture

from shequtong.boards.matters.models import Matter
from shequtong.core.media.models import Photo
from shequtong.core.posts.models import Post
from shequtong.lib import clock

BROKEN = b"\xff\xd8\xff\xe0 no photo after all"


def send(browser, *files, **fields):
    uploads = [("photos", (f"{n}.jpg", content, "image/jpeg")) for n, content in enumerate(files, 1)]
    return browser.submit(f"{MATTERS}/new", LAMP | fields, files=uploads)


def kept(page):
    return page.count('name="photo_ids"')


@pytest.mark.parametrize("days", [-1, -400])
def test_a_promise_for_a_day_that_is_over_is_refused_beside_it(cast, db, days):
    day = str(clock.today() + timedelta(days=days))
    address = reported(cast)
    take(cast.clerk, address, "acknowledge")
    answer = take(cast.clerk, address, "start", promised_on=day)
    assert answer.status_code == 422
    assert 'id="f-start-promised_on-error"' in answer.text and f'value="{day}"' in answer.text
    take(cast.clerk, address, "dispatch", to="property")
    assert take(cast.property, address, "accept", promised_on=day).status_code == 422
    assert db.get(Matter, number_of(address)).promised_on is None
    assert db.get(Post, number_of(address)).state == "dispatched"


def test_a_promise_for_today_holds(cast):
    address = reported(cast)
    take(cast.clerk, address, "acknowledge")
    assert take(cast.clerk, address, "start", promised_on=str(clock.today())).status_code == 303


@pytest.mark.parametrize("to", ["street:1", "police", "clerk", "owner", "property:999999", "", "street'--"])
def test_a_dispatch_to_somebody_without_the_role_is_refused_and_the_word_to_them_kept(cast, db, to):
    address = reported(cast)
    take(cast.clerk, address, "acknowledge")
    answer = take(cast.clerk, address, "dispatch", to=to, reason="请带梯子")
    assert answer.status_code == 422
    assert 'id="f-dispatch-to-error"' in answer.text and "请带梯子" in answer.text
    assert db.get(Post, number_of(address)).handler is None


@pytest.mark.parametrize("login", ["neighbor", "clerk", "secretary", "property", "street", "lead", "admin"])
def test_a_stranger_to_a_matter_does_not_rate_it(cast, db, login):
    address = claimed(cast)
    assert take(getattr(cast, login), address, "confirm", rating="1").status_code == 403
    assert take(cast.outsider, address, "confirm", rating="1").status_code == 404
    assert db.get(Matter, number_of(address)).rating is None
    assert db.get(Post, number_of(address)).state == "done_claimed"


@pytest.mark.parametrize("rating", ["0", "6", "-1", "五", ""])
def test_a_rating_that_is_none_is_refused_and_the_thanks_kept(cast, db, rating):
    address = claimed(cast)
    answer = take(cast.resident, address, "confirm", rating=rating, reason="谢谢师傅")
    assert answer.status_code == 422 and "谢谢师傅" in answer.text
    assert db.get(Post, number_of(address)).state == "done_claimed"


def test_a_photo_of_60_megapixels_is_refused_with_words_and_the_form_keeps_its_own(cast, db):
    huge = io.BytesIO()
    Image.new("1", (10_000, 6_000)).save(huge, "PNG")
    answer = send(cast.resident, huge.getvalue())
    assert answer.status_code == 422
    assert 'id="f-photos-error"' in answer.text and "1.jpg：这张照片超过 5000 万像素" in answer.text
    assert "晚上很黑" in answer.text and "电梯口" in answer.text
    assert db.scalar(select(func.count()).select_from(Photo)) == 0


@pytest.mark.parametrize("place", [0, 4, 8])
def test_of_ten_photos_one_fails_and_nine_are_kept_with_every_word(cast, db, place):
    files = [picture(40, 30)] * 9
    files.insert(place, BROKEN)
    answer = send(cast.resident, *files)
    assert answer.status_code == 422
    assert f"{place + 1}.jpg：这不是能打开的照片" in answer.text
    assert kept(answer.text) == 9 and "晚上很黑" in answer.text and "电梯口" in answer.text
    ids = [part.split('"')[0] for part in answer.text.split('name="photo_ids" value="')[1:]]
    again = cast.resident.submit(f"{MATTERS}/new", LAMP | {"photo_ids": ids})
    assert again.status_code == 303
    assert len(db.get(Post, number_of(again.headers["location"])).photos) == 9


def test_of_ten_good_photos_the_first_nine_are_kept(cast):
    answer = send(cast.resident, *[picture(40, 30)] * 10)
    assert answer.status_code == 422 and kept(answer.text) == 9 and "最多" in answer.text


def test_nine_kept_ones_and_a_new_one_are_one_too_many(cast):
    first = send(cast.resident, *[picture(40, 30)] * 9, title="")
    ids = [part.split('"')[0] for part in first.text.split('name="photo_ids" value="')[1:]]
    assert len(ids) == 9
    answer = send(cast.resident, picture(40, 30), photo_ids=ids)
    assert answer.status_code == 422 and kept(answer.text) == 9
