"""Work that is done after the request: rows of one table, at least once, safe to do twice.

A job is written in the transaction that causes it, so neither exists without the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

import structlog
from sqlalchemy import JSON, Index, func, or_, select, text, update
from sqlmodel import Field, Session

from shequtong.lib import clock
from shequtong.lib.db import Database, Table, UtcDateTime, primary_key

LEASE = timedelta(minutes=5)
LAST_JOB = timedelta(seconds=2)
"""How long a worker that was told to stop may go on; a job cut short is done again after its lease."""
TRIES = 8

log = structlog.get_logger(__name__)


class Job(Table, table=True):
    """One piece of work. `done_at` or, after the last try, `dead_at` ends it."""

    __tablename__ = "job"
    __table_args__: ClassVar[Any] = (
        Index(
            "ix_job_waiting",
            "run_at",
            sqlite_where=text("done_at IS NULL AND dead_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND dead_at IS NULL"),
        ),
    )

    id: int = primary_key()
    name: str
    payload: dict[str, Any] = Field(sa_type=JSON)
    run_at: datetime = Field(sa_type=UtcDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dead_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str | None = None


@contextmanager
def working(worker: Worker) -> Iterator[None]:
    """A worker in a thread of this process while the block lasts; its last job is finished first."""
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(LAST_JOB.total_seconds())


Task = Callable[[Session, dict[str, Any]], None]


@dataclass(frozen=True)
class Every:
    """A task that comes round by itself; it finds its own work, so a missed round is no loss."""

    period: timedelta
    task: Callable[[Session], None]


def enqueue(session: Session, name: str, payload: dict[str, Any], *, delay: timedelta = timedelta()) -> None:
    """Leave work for after this transaction. `payload` holds ids, never a person's data."""
    session.add(Job(name=name, payload=payload, run_at=clock.now() + delay))


def backlog(session: Session) -> tuple[datetime | None, int]:
    """Since when the oldest job waits that may run now, and how many failed for good."""
    open_jobs = Job.done_at.is_(None), Job.dead_at.is_(None), Job.run_at <= clock.now()
    oldest = session.scalar(select(func.min(Job.run_at)).where(*open_jobs))
    dead = session.scalar(select(func.count()).select_from(Job).where(Job.dead_at.is_not(None)))
    return oldest, dead or 0


class Worker:
    """Takes jobs one after another; any number of workers may run beside each other."""

    def __init__(
        self,
        database: Database,
        tasks: Mapping[str, Task],
        rounds: tuple[Every, ...] = (),
        pause: float = 0.5,
    ) -> None:
        self.database = database
        self.tasks = tasks
        self.rounds = rounds
        self.pause = pause
        self._due = dict.fromkeys(range(len(rounds)), clock.now())
        self._stop = threading.Event()

    def run(self) -> None:
        """Work until `stop` is called."""
        while not self._stop.is_set():
            try:
                if not self.run_waiting():
                    self._stop.wait(self.pause)
            except Exception:
                log.exception("worker could not reach the database")
                self._stop.wait(2)

    def stop(self) -> None:
        self._stop.set()

    def run_waiting(self) -> int:
        """Do everything that waits now; the number of jobs done."""
        self._run_rounds()
        count = 0
        while not self._stop.is_set() and self._run_next():
            count += 1
        return count

    def _run_rounds(self) -> None:
        for number, every in enumerate(self.rounds):
            if clock.now() >= self._due[number]:
                self._due[number] = clock.now() + every.period
                try:
                    with self.database.writing() as session:
                        every.task(session)
                except Exception:
                    log.exception("round failed", task=every.task.__name__)

    def _run_next(self) -> bool:
        job = self._lease()
        if job is None:
            return False
        try:
            with self.database.writing() as session:
                self.tasks[job.name](session, job.payload)
                session.execute(update(Job).where(Job.id == job.id).values(done_at=clock.now(), error=None))
        except Exception as error:
            log.exception("job failed", job=job.id, name=job.name, tries=job.tries)
            self._put_back(job, error)
        return True

    def _lease(self) -> Job | None:
        """Take the oldest waiting job, so that no other worker takes it before the lease is over."""
        now = clock.now()
        free = or_(Job.leased_until.is_(None), Job.leased_until < now)
        waiting = (
            select(Job)
            .where(Job.done_at.is_(None), Job.dead_at.is_(None), Job.run_at <= now, free)
            .order_by(Job.run_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with self.database.reading() as session:
            if self.database.is_sqlite and session.scalar(waiting) is None:
                return None
        with self.database.writing() as session:
            job = session.scalar(waiting)
            if job is not None:
                job.leased_until, job.tries = now + LEASE, job.tries + 1
            return job

    def _put_back(self, job: Job, error: Exception) -> None:
        values: dict[str, Any] = {"error": f"{type(error).__name__}"[:200], "leased_until": None}
        if job.tries >= TRIES:
            values["dead_at"] = clock.now()
        else:
            values["run_at"] = clock.now() + timedelta(seconds=2**job.tries)
        with self.database.writing() as session:
            session.execute(update(Job).where(Job.id == job.id).values(**values))
