"""Keys for programs: given to somebody of the community, shown once, and over when they shall be."""

from __future__ import annotations

import re

from sqlalchemy import select
from tests.cast import AWAY, HOME

from shequtong.core.communities import keys
from shequtong.core.communities.models import ApiKey, Division
from shequtong.core.identity import erasing

KEYS = f"/c/{HOME}/settings/keys"


def opened(cast, code=HOME):
    """A secretary opens the community to programs."""
    secretary = cast.secretary if code == HOME else cast.outsecretary
    form = {"hold_first_posts": "0", "report_threshold": "3", "shares_matters": "1"}
    if code == HOME:
        form["boards_on"] = ["property", "affairs"]
    assert secretary.submit(f"/c/{code}/settings", form).status_code == 303


def given(cast, holder, code=HOME, by="secretary"):
    """A key for this person, as the page shows it."""
    form = {"name": "街道小程序", "login": holder}
    answer = getattr(cast, by).submit(f"/c/{code}/settings/keys", form)
    assert answer.status_code == 200, answer.text
    found = re.search(r'id="key" value="([^"]{40,})"', answer.text)
    assert found
    return found[1]


def test_a_key_is_shown_once_and_only_its_digest_is_kept(cast, db):
    opened(cast)
    key = given(cast, "organisation")
    assert key not in cast.secretary.get(KEYS).text
    (row,) = db.scalars(select(ApiKey)).all()
    assert key not in str(row.model_dump()) and row.account_id == cast.organisation.id
    assert "街道小程序" in cast.secretary.get(KEYS).text and "暖邻社" in cast.secretary.get(KEYS).text


def test_a_withdrawn_key_is_refused_and_cannot_be_withdrawn_twice(cast, db, app):
    opened(cast)
    key = given(cast, "organisation")
    number = db.scalar(select(ApiKey.id))
    db.rollback()
    with app.state.database.writing() as session:
        assert keys.find_holder(session, key, HOME) is not None
        assert keys.find_holder(session, key, AWAY) is None
    assert cast.outsecretary.submit(f"/c/{AWAY}/settings/keys/{number}/end").status_code == 409
    assert cast.admin.submit(f"{KEYS}/{number}/end").status_code == 303
    assert cast.secretary.submit(f"{KEYS}/{number}/end").status_code == 409
    with app.state.database.writing() as session:
        assert keys.find_holder(session, key, HOME) is None
    assert "已收回" in cast.secretary.get(KEYS).text


def test_only_who_looks_after_the_community_gives_keys(cast, visitor):
    opened(cast)
    form = {"name": "程序", "login": "resident"}
    for login in (
        "resident",
        "clerk",
        "lead",
        "organisation",
        "street",
        "district",
        "outsecretary",
        "applicant",
    ):
        assert getattr(cast, login).get(KEYS).status_code == 404, login
        assert getattr(cast, login).submit(KEYS, form).status_code == 404, login
    assert visitor.get(KEYS).status_code == 303
    assert cast.admin.submit(KEYS, form).status_code == 200


def test_its_holder_must_belong_here_and_the_community_be_open(cast, app):
    form = {"name": "程序", "login": "resident"}
    closed = cast.secretary.submit(KEYS, form)
    assert closed.status_code == 422
    opened(cast)
    for login in ("outsider", "applicant", "nobody"):
        answer = cast.secretary.submit(KEYS, form | {"login": login})
        assert answer.status_code == 422 and "程序" in answer.text
        assert "没有这个登录名" in answer.text
    with app.state.database.reading() as session:
        assert session.get(Division, HOME).shares_matters


def test_p4_who_is_erased_leaves_no_key_that_works(cast, app, db):
    opened(cast)
    key = given(cast, "tenant")
    with app.state.database.writing() as session:
        erasing.erase(session, cast.tenant.id, "以前的邻居")
    with app.state.database.writing() as session:
        assert keys.find_holder(session, key, HOME) is None
    assert db.scalar(select(ApiKey.ended_at)) is not None
