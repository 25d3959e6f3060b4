"""P4: what somebody signed up for goes with them, and is forgotten with them."""

import io
import json
import zipfile

from sqlalchemy import select
from tests.cast import PASSWORD

from shequtong.core.gatherings.models import CalendarAddress, SignUp


def test_p4_sign_ups_are_taken_along_without_anybody_elses_and_without_the_key_of_the_calendar(meeting, cast):
    chess = meeting(places="1", guests="0")
    for login in ("neighbor", "owner"):
        chess.sign_up(login)
    cast.owner.submit("/me/calendar")
    file = zipfile.ZipFile(io.BytesIO(cast.owner.get("/me/export.zip").content))
    data = json.loads(file.read("data.json"))
    assert [row["state"] for row in data["gathering_sign_up"]] == ["waiting"]
    assert [set(row) for row in data["calendar_address"]] == [{"at"}]
    assert chess.of("neighbor").ticket not in file.read("data.json").decode()
    assert "您报名的活动" in file.read("index.html").decode()
    mine = zipfile.ZipFile(io.BytesIO(cast.resident.get("/me/export.zip").content))
    assert [row["place"] for row in json.loads(mine.read("data.json"))["gathering"]] == ["中心花园"]


def test_p4_who_is_forgotten_gives_the_place_to_the_next_and_leaves_no_calendar(meeting, cast, db):
    chess = meeting(places="1")
    chess.sign_up("tenant")
    chess.sign_up("owner")
    address = cast.tenant.submit("/me/calendar").text.split('id="secret" value="')[1].split('"')[0]
    assert cast.tenant.submit("/me/erase", {"password": PASSWORD, "sure": "1"}).headers["location"] == "/"
    assert chess.states("owner") == ["in"] and chess.row().taken == 1
    assert "您排到了" in cast.owner.get("/inbox").text
    assert cast.visitor.get(address).status_code == 404
    assert db.scalars(select(CalendarAddress.account_id)).all() == []
    assert db.scalars(select(SignUp.account_id)).all() == [cast.owner.id]
    assert "小李" not in cast.resident.get(f"{chess.page}/list").text
