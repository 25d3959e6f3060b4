"""The servers and databases of a run. Everything is made in one folder and goes when the run ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from tests.postgres import QUICK, PostgresServer

KEY = "words for the bench only long enough to be a key"
START_SECONDS = 30

CAREFUL = {
    **{
        k: v
        for k, v in QUICK.items()
        if k not in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
    },
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "60",
}
"""PostgreSQL as an operator would run it: every commit on the disk, as SQLite's `synchronous=FULL` is."""


@contextmanager
def folder() -> Iterator[Path]:
    """A folder with a short name, for sockets have short names, on the disk of the checkout's temporary files."""
    path = Path(tempfile.mkdtemp(prefix="sqt-bench-"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def database(kind: str, room: Path) -> Iterator[str]:
    """The address of an empty database of this kind."""
    if kind == "sqlite":
        yield f"sqlite:///{room / 'bench.db'}"
        return
    server = PostgresServer(room / "pg", CAREFUL)
    server.start()
    try:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        yield server.url("bench")
    finally:
        server.stop()


def environment(url: str, room: Path) -> dict[str, str]:
    """The settings of everything that runs on this database."""
    return {
        "SHEQUTONG_DATABASE_URL": url,
        "SHEQUTONG_SECRET_KEY": KEY,
        "SHEQUTONG_MEDIA_URL": f"file://{room}/media",
        "SHEQUTONG_BASE_URL": "http://127.0.0.1:8000",
        "SHEQUTONG_LOG_LEVEL": "WARNING",
    }


@contextmanager
def server(*command: str, **settings: str) -> Iterator[tuple[int, int]]:
    """(port, process id) of a server that runs while the block does; `PORT` in its command is replaced."""
    port = _free_port()
    words = [sys.executable, "-m", *(str(port) if word == "PORT" else word for word in command)]
    process = subprocess.Popen(words, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def resident_megabytes(pid: int) -> int | None:
    """Memory of a process, where the system tells."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")
