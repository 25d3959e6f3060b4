"""Two transactions that tell the same people in opposite order both end."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from tests.core.notifications.test_telling import TALK, told, write

from shequtong.core.notifications.telling import tell


@pytest.mark.databases("postgresql")  # SQLite has one writer
def test_nobody_waits_in_a_ring(app, cast, db):
    people = [cast.resident.id, cast.neighbor.id]
    both_have_told_one = Barrier(2)

    def tell_both(order):
        with app.state.database.writing() as session:
            tell(session, [people[order[0]]], "joined", "claim:1")
            session.flush()
            both_have_told_one.wait(10)
            tell(session, [people[order[1]]], "joined", "claim:1")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(tell_both, [(0, 1), (1, 0)]))
    assert told(db, cast.resident) == told(db, cast.neighbor) == [("joined", 2)]


def test_the_same_news_twice_in_one_transaction_is_one_line(app, cast, db):
    with app.state.database.writing() as session:
        for _time in range(2):
            tell(session, [cast.resident.id], "joined", "claim:1")
    assert told(db, cast.resident) == [("joined", 2)]


def test_what_is_undone_was_told_to_nobody(app, cast, db):
    me = cast.resident.id
    with app.state.database.session(write=True) as session:
        session.connection()
        tell(session, [me], "joined", "claim:1")
        session.rollback()
        session.commit()
    assert told(db, cast.resident) == []


def test_neighbours_who_call_each_other_all_at_once_are_all_heard(cast, db):
    posts = {"resident": write(cast.resident), "neighbor": write(cast.neighbor)}
    names = {"resident": "小陈", "neighbor": "阿芳", "owner": "老周", "tenant": "小李", "elder": "王阿婆"}
    browsers = {login: getattr(cast, login) for login in names}

    def talk(turn):
        login = list(names)[turn % len(names)]
        post = posts["resident" if turn % 2 else "neighbor"]
        called = " ".join(f"@{name}" for name in names.values() if name != names[login])
        return browsers[login].submit(f"{TALK}/{post}/comments", {"body": f"{called} 来"}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(talk, range(40))) == {303}
    for browser in browsers.values():
        told(db, browser)
