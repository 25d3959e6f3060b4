"""Bulk data for load tests: plausible, the same for the same seed, its counters right, every page of it readable."""

from __future__ import annotations

import os
import re
from random import Random

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from tests.databases import migrate, postgres_url, sqlite_url
from typer.testing import CliRunner

from shequtong.cli import app as command
from shequtong.core.identity.models import Account
from shequtong.core.identity.signing_in import open_session
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib import clock, markdown
from shequtong.lib.errors import Conflict
from shequtong.main import create_app
from shequtong.populate import populate, town, words
from shequtong.settings import Settings

SIZE = {"committees": 3, "residents": 60, "posts": 600, "seed": 7}
KEY = "words for tests only long enough to be a key"


def nothing_but_tables(url: str) -> None:
    migrate(url)


@pytest.fixture
def database_url(request, tmp_path):
    if request.param == "sqlite":
        return sqlite_url(tmp_path, nothing_but_tables)
    return postgres_url(os.environ.get("PYTEST_XDIST_WORKER", "alone"), nothing_but_tables)


@pytest.fixture
def app(database_url, tmp_path):
    settings = Settings(
        database_url=database_url,
        secret_key=KEY,
        media_url=f"file://{tmp_path}/media",
        base_url="http://127.0.0.1:8000",
        _env_file=None,
    )
    app = create_app(settings)
    yield app
    app.state.database.dispose()


def rows(app, query, **values):
    with app.state.database.reading() as session:
        return session.execute(text(query), values).all()


def test_everything_kept_is_what_a_count_gives(app):
    populate(app.state.database, **SIZE)
    assert rows(app, "SELECT count(*) FROM post") == [(600,)]
    for counted in (
        "SELECT count(*) FROM post p WHERE comment_count != (SELECT count(*) FROM comment WHERE post_id = p.id)",
        "SELECT count(*) FROM post p WHERE reaction_count != (SELECT count(*) FROM reaction WHERE post_id = p.id)",
        "SELECT count(*) FROM division d WHERE residents != (SELECT count(DISTINCT account_id) FROM membership m"
        " WHERE m.code = d.code AND m.state = 'approved')",
        "SELECT count(*) FROM post WHERE activity_at < created_at",
        "SELECT count(*) FROM comment c JOIN post p ON p.id = c.post_id WHERE c.created_at > p.activity_at",
        "SELECT count(*) FROM post p WHERE NOT EXISTS (SELECT 1 FROM post_transition t WHERE t.post_id = p.id"
        " AND t.target = p.state)",
    ):
        assert rows(app, counted) == [(0,)], counted
    kept = {(code, board): (posts, open_) for code, board, posts, open_ in rows(
        app, "SELECT code, board, posts, open_posts FROM board_tally")}  # fmt: skip
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for code, board, state in rows(app, "SELECT code, board, state FROM post WHERE audience != 'parties'"):
        posts, open_ = found.get((code, board), (0, 0))
        found[code, board] = (posts + 1, open_ + ROOMS[board].workflow.state(state).is_open)
    assert kept == found


def test_every_state_of_every_board_has_a_page(app):
    """As the secretary of the largest community sees them; nothing that populate writes breaks a page."""
    made = populate(app.state.database, **SIZE)
    first = made.communities[0]
    browser = signed_in(app, first.officers["secretary"][0])
    code = first.division.code
    posts = rows(
        app, "SELECT min(id), board FROM post WHERE code = :code GROUP BY board, kind, state", code=code
    )
    assert {board for _number, board in posts} == {b for b in ROOMS if not ROOMS[b].optional} - {"district"}
    for number, board in posts:
        answer = browser.get(f"/c/{code}/{board}/{number}")
        assert answer.status_code == 200, (board, number, answer.text[:300])
    for address in (f"/c/{code}", f"/c/{code}/desk", *(f"/c/{code}/{board}" for board in ROOMS)):
        assert browser.get(address).status_code in (200, 404), address
    shown = browser.get("/search", params={"q": "邻居"}).text
    assert shown.count('<article class="card') >= 20


def test_the_same_seed_makes_the_same_town_and_again_adds_more(app):
    with clock.at(clock.now()):
        populate(app.state.database, **SIZE | {"posts": 50})
        populate(app.state.database, **SIZE | {"posts": 50})
        populate(app.state.database, **SIZE | {"posts": 50, "seed": 8})
    said = [title for (title,) in rows(app, "SELECT title || body FROM post ORDER BY id")]
    assert len(said) == 150 and said[:50] == said[50:100] != said[100:]


def test_a_database_with_real_people_is_refused(app):
    with app.state.database.writing() as session:
        session.add(Account(login="somebody", name="真人", password="", created_at=clock.now()))
    with pytest.raises(Conflict):
        populate(app.state.database, **SIZE)
    assert rows(app, "SELECT count(*) FROM post") == [(0,)]


def test_the_command_says_who_can_sign_in(app, database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("SHEQUTONG_DATABASE_URL", database_url)
    monkeypatch.setenv("SHEQUTONG_SECRET_KEY", KEY)
    monkeypatch.setenv("SHEQUTONG_MEDIA_URL", f"file://{tmp_path}/media")
    arguments = "populate --committees 1 --residents 20 --posts 30 --comments 10 --seed 3".split()
    answer = CliRunner().invoke(command, arguments)
    assert answer.exit_code == 0, answer.output
    login = re.search(rf"({town.LOGIN}\d+) \(resident\)", answer.output)
    assert login and rows(app, "SELECT count(*) FROM account WHERE login = :login", login=login[1]) == [(1,)]


def test_made_up_words_are_what_the_house_would_make_of_them():
    rng = Random(1)
    for board in ("talk", "matters", "guides", "nothing"):
        body = words.body(rng, board)
        assert words.rendered(body) == markdown.render(body)
        assert words.excerpt(body, 90) == markdown.excerpt(body, 90)
        assert not re.search(r"[{}]", words.title(rng, board) + body + words.comment(rng))


def test_shares_add_up():
    assert [sum(town.shares(1000, parts)) for parts in (1, 7, 500)] == [1000] * 3


def signed_in(app, account_id):
    browser = TestClient(app, base_url=app.state.settings.base_url, follow_redirects=False)
    with app.state.database.writing() as session:
        browser.cookies.set("session", open_session(session, account_id))
    return browser
