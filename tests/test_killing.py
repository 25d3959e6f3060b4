"""R1: whatever was acknowledged is there after kill -9, and the server is ready again soon."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx2 as httpx
import pytest
from sqlalchemy import func, select, text
from tests.cast import HOME, KEY, csrf_of, people_the_town
from tests.databases import sqlite_url
from tests.serving import Serving

from shequtong.core.identity.models import Account
from shequtong.core.identity.signing_in import open_session
from shequtong.core.posts.models import Comment, Post
from shequtong.lib import crypto
from shequtong.lib.db import Database

KILLS = 8
WRITERS = ("resident", "neighbor", "owner")
BEFORE_THE_KILL = 1.5
READY_IN = 5.0
"""Seconds."""

pytestmark = pytest.mark.slow


def sessions(url):
    """A session's token for each writer."""
    crypto.use(crypto.Keyring(KEY))
    database = Database(url)
    with database.writing() as session:
        ids = dict(session.execute(select(Account.login, Account.id).where(Account.login.in_(WRITERS))).all())
        tokens = {login: open_session(session, number) for login, number in ids.items()}
    database.dispose()
    return tokens


class Writer:
    """Comments on one post, one after the other, and remembers what was acknowledged."""

    def __init__(self, login, token):
        self.login, self.token = login, token
        self.client = httpx.Client(timeout=10)
        self.acknowledged = {}
        self.said = 0

    def post(self, address, path, **form):
        sent = {"csrf": csrf_of(self.token), **form}
        headers = {"Origin": address, "Cookie": f"session={self.token}"}
        return self.client.post(address + path, data=sent, headers=headers)

    def talk(self, address, post, enough):
        while not enough.is_set():
            self.said += 1
            words = f"{self.login} {self.said}"
            try:
                answer = self.post(address, f"{post}/comments", body=words)
            except httpx.TransportError:
                continue
            if answer.status_code == 303:
                self.acknowledged[int(answer.headers["location"].rsplit("-", 1)[1])] = words


def test_what_was_acknowledged_outlives_kill_9(tmp_path):
    url = sqlite_url(tmp_path, people_the_town)
    writers = [Writer(login, token) for login, token in sessions(url).items()]
    server, post, until_ready = Serving(tmp_path, database_url=url), "", []
    try:
        answer = writers[0].post(server.address, f"/c/{HOME}/talk/new", title="一边说一边断电")
        post = answer.headers["location"]
        for _kill in range(KILLS):
            enough = Event()
            with ThreadPoolExecutor(len(writers)) as pool:
                for writer in writers:
                    pool.submit(writer.talk, server.address, post, enough)
                time.sleep(BEFORE_THE_KILL)
                os.killpg(server.process.pid, signal.SIGKILL)
                enough.set()
            server.stop()
            killed = time.monotonic()
            server = Serving(tmp_path, database_url=url)
            until_ready.append(time.monotonic() - killed)
    finally:
        server.stop()

    acknowledged = {number: words for writer in writers for number, words in writer.acknowledged.items()}
    database = Database(url)
    with database.reading() as session:
        kept = dict(session.execute(select(Comment.id, Comment.body)).all())
        counted = session.scalar(select(Post.comment_count).where(Post.id == int(post.rsplit("/", 1)[1])))
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        unread = select(func.sum(Account.unread))
        assert session.scalar(unread) == session.scalar(
            text("SELECT count(*) FROM notification WHERE read_at IS NULL")
        )
    database.dispose()
    assert len(acknowledged) > 10 * KILLS
    assert acknowledged.items() <= kept.items()
    assert counted == len(kept)
    assert min(until_ready) < READY_IN, until_ready  # the others say how busy this machine is
