"""What happened, told to whoever listens, inside the transaction in which it happened.

A lower package publishes; `main.SUBSCRIBERS` says who listens. A listener that fails undoes the cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from sqlalchemy.event import listens_for
from sqlmodel import Session

Listener = Callable[[Session, Any], None]

_listeners: dict[type, tuple[Listener, ...]] = {}
_AT_THE_END = "written right before the commit"
_IF_UNDONE = "done when undone"


def subscribe(table: Mapping[type, Iterable[Listener]]) -> None:
    """Replace all subscriptions by this table: event class to listeners, in order."""
    _listeners.clear()
    _listeners.update({event: tuple(listeners) for event, listeners in table.items()})


def publish(session: Session, event: object) -> None:
    """Tell every listener of this event's class, now."""
    for listener in _listeners.get(type(event), ()):
        listener(session, event)


class AtTheEnd(Protocol):
    """What one transaction gathers, and writes when all else of it is done."""

    def write(self, session: Session) -> None: ...


Gathered = TypeVar("Gathered", bound=AtTheEnd)


def at_the_end(session: Session, kind: type[Gathered]) -> Gathered:
    """The one `kind` of this transaction; its `write` is called right before the commit.

    For rows that many transactions write: taken last and together, they can be taken in one order by all. Of
    several kinds, those come first whose package comes first by its name.
    """
    gathered: Gathered = session.info.setdefault(_AT_THE_END, {}).setdefault(kind, kind())
    return gathered


@listens_for(Session, "before_commit")
def _end(session: Session) -> None:
    if not session.in_nested_transaction():
        kinds = session.info.pop(_AT_THE_END, {})
        for kind in sorted(kinds, key=lambda kind: kind.__module__):
            kinds[kind].write(session)


def if_undone(session: Session, work: Callable[[], None]) -> None:
    """Have `work` done when this transaction is undone: for what it left outside of the database."""
    session.info.setdefault(_IF_UNDONE, []).append(work)


@listens_for(Session, "after_rollback")
def _undo(session: Session) -> None:
    session.info.pop(_AT_THE_END, None)
    for work in session.info.pop(_IF_UNDONE, ()):
        work()


@listens_for(Session, "after_commit")
def _done(session: Session) -> None:
    session.info.pop(_IF_UNDONE, None)
