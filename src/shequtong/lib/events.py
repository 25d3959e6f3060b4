"""What happened, told to whoever listens, inside the transaction in which it happened.

A lower package publishes; `main.SUBSCRIBERS` says who listens. A listener that fails undoes the cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlmodel import Session

Listener = Callable[[Session, Any], None]

_listeners: dict[type, tuple[Listener, ...]] = {}


def subscribe(table: Mapping[type, Iterable[Listener]]) -> None:
    """Replace all subscriptions by this table: event class to listeners, in order."""
    _listeners.clear()
    _listeners.update({event: tuple(listeners) for event, listeners in table.items()})


def publish(session: Session, event: object) -> None:
    """Tell every listener of this event's class, now."""
    for listener in _listeners.get(type(event), ()):
        listener(session, event)
