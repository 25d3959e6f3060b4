"""What holds for every board, the one that is added tomorrow included."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.datastructures import FormData
from tests.boards.knocking import Door
from tests.boards.walking import MORE_THAN_ASKED, Map, Walk
from tests.cast import LOGINS
from tests.counting import counted

from shequtong.boards import ALL
from shequtong.core.posts.asking import kinds_of, transition_form
from shequtong.core.posts.board import Board
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.policy import Case, allows
from shequtong.lib.workflow import State, Transition

BOARDS = [pytest.param(board, id=board.slug, marks=pytest.mark.xdist_group(board.slug)) for board in ALL]
pytestmark = pytest.mark.parametrize("board", BOARDS)

_maps: dict[str, Map] = {}


@pytest.fixture
def walk(app, cast, board) -> Walk:
    return Walk(app, cast, board)


def map_of(walk: Walk) -> Map:
    """The ways of a board. They hold in every copy of the town, so one test finds them for the others."""
    if walk.board.slug not in _maps:
        _maps[walk.board.slug] = walk.explore()
    return _maps[walk.board.slug]


def test_people_and_time_reach_every_state_and_take_every_transition(walk, board, db):
    found = _maps[board.slug] = walk.explore()
    assert walk.missing(found) == []
    states = dict(db.exec(select(Post.id, Post.state).where(Post.board == board.slug)).all())
    moves: dict[int, list[PostTransition]] = {number: [] for number in states}
    for move in db.exec(select(PostTransition).order_by(PostTransition.id)):
        if move.post_id in states and (move.source != move.target):
            moves[move.post_id].append(move)
    for number, record in moves.items():
        assert [m.source for m in record[1:]] == [m.target for m in record[:-1]], "a state came from nowhere"
        assert record[-1].target == states[number], "a state was written without a record"


@pytest.mark.slow
@pytest.mark.databases("sqlite")
def test_a1_everybody_tries_every_transition_from_every_state(app, cast, walk, board, tmp_path, request):
    """What HTTP answers is what the workflow and the table say. Fields that no form has do nothing (A4).

    Transitions that do not leave a state are refused by one and the same check for each rule about who, so each
    person tries one of every rule's there, the next person the next. `--every-combination` lets all try all.
    """
    every = request.config.getoption("--every-combination")
    found, wrong = map_of(walk), []
    with Door(app, cast) as door:
        for state in board.workflow.states:
            with walk.on_stage():
                number = walk.replay(found.way_to(state.name))
                before = walk.post(number)
                with kept(app, tmp_path) as put_back:
                    pairs = ((k, town) for town in walk.pages_of(number) for k in LOGINS)
                    for turn, (login, town) in enumerate(pairs):
                        case = walk.seen(login, town, number)
                        page = f"/c/{town.code}/{board.slug}/{number}"
                        assert door.get(login, page)[0] == (
                            200 if case else 303 if login == "visitor" else 404
                        )
                        for transition in board.workflow.transitions if every else tried(board, state, turn):
                            expected = by_the_tables(walk, login, case, transition)
                            sent = {"name": transition.name, **MORE_THAN_ASKED}
                            status, place = door.post(login, f"{page}/transitions", sent)
                            if status == 303 and place.startswith("/login"):
                                status = 401
                            if status != expected:
                                wrong.append((state.name, login, transition.name, status, expected))
                            if status == 303:
                                assert walk.post(number).state == (transition.target or state.name)
                                put_back()
                after = walk.post(number)
                for field in ("state", "author_id", "audience", "moderation", "version"):
                    assert getattr(after, field) == getattr(before, field), (state.name, field)
    assert wrong == []


def tried(board: Board, state: State, turn: int) -> list[Transition]:
    """All transitions that leave a state, and of the others one for each rule about who, in turn."""
    alike: dict[str, list[Transition]] = {}
    for transition in board.workflow.transitions:
        if state.name not in transition.sources:
            alike.setdefault(transition.by.words, []).append(transition)
    return [*board.workflow.leaving(state.name), *(group[turn % len(group)] for group in alike.values())]


def by_the_tables(walk: Walk, login: str, case: Case | None, transition: Transition) -> int:
    """The status that the declared rules ask for; 401 stands for being sent to sign in."""
    if login == "visitor" or case is None:
        return 401 if login == "visitor" else 404
    if not transition.by(case):
        return 403
    if case.post.state not in transition.sources or not transition.when(case):
        return 409
    with walk.database.session(write=False) as session:
        form = transition_form(session, case, transition, FormData(MORE_THAN_ASKED))
    return 422 if form is not None and form.errors else 303


@contextmanager
def kept(app, tmp_path: Path) -> Iterator:
    """The SQLite database as it is now; what the block calls puts it back."""
    database = app.state.database
    live, copy = Path(database.url.database), tmp_path / "kept.db"
    beside = [Path(f"{live}{end}") for end in ("-wal", "-shm")]
    with database.writing() as session:
        session.connection().exec_driver_sql("SELECT 1")
    database.dispose()
    shutil.copyfile(live, copy)

    def put_back() -> None:
        database.dispose()
        for file in beside:
            file.unlink(missing_ok=True)
        shutil.copyfile(copy, live)

    yield put_back
    copy.unlink()


def test_everybody_is_shown_the_pages_that_the_table_gives_them(app, cast, walk, board):
    with Door(app, cast) as door:
        for town in walk.towns.values():
            room = f"/c/{town.code}/{board.slug}"
            for login in LOGINS:
                case = walk.case(login, town)
                assert door.get(login, room)[0] == 200
                writes = allows(case, "create")
                expected = 200 if writes else 303 if login == "visitor" else 403
                assert door.get(login, f"{room}/new")[0] == expected, (login, town.code)
                assert bool(kinds_of(case)) or not (writes and board.kinds), f"{login} may write no kind"


LIST, POST = 4, 5
"""Queries that a board's list and a post's page may ask, whatever the number of rows."""


def test_a_list_asks_no_more_for_twenty_posts_than_for_two(app, cast, walk, board):
    way = next(way for (_kind, state), way in map_of(walk).ways.items() if not board.workflow.is_draft(state))
    code = way[0].code
    with Door(app, cast) as door, walk.on_stage():
        asked: dict[str, list[int]] = {login: [] for login in ("visitor", "resident", "clerk", "street")}
        for login in asked:
            door.get(login, f"/c/{code}")  # the first visit of an hour is noted
        for more in (2, 18):
            for _post in range(more):
                walk.replay(way)
            for login, counts in asked.items():
                with counted(app) as queries:
                    assert door.get(login, f"/c/{code}/{board.slug}")[0] == 200
                counts.append(len(queries))
    assert all(few == many <= LIST for few, many in asked.values()), asked


def test_a_post_of_every_state_is_shown_within_its_queries(app, cast, walk, board):
    over = []
    found = map_of(walk)
    with Door(app, cast) as door:
        for state in board.workflow.states:
            with walk.on_stage():
                number = walk.replay(way := found.way_to(state.name))
                for login in {way[0].login, "resident", "clerk", "visitor"}:
                    door.post(login, "/inbox/read", {})  # who has unread lines asks one more
                    with counted(app) as queries:
                        door.get(login, f"/c/{way[0].code}/{board.slug}/{number}")
                    if len(queries) > POST:
                        over.append((state.name, login, len(queries), queries))
    assert over == []
