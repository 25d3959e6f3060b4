"""Leaving in good order (R12): say so, finish what was begun, end what would never end by itself."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

GRACE = 1.0
"""Seconds between saying that we leave and closing the door, so that nobody is sent here any more."""
LONGEST = 7
"""Seconds for requests that are under way; with GRACE and the worker's last job, under ten."""

_leaving = threading.Event()


def is_leaving() -> bool:
    """Whether this process is on its way out. A live stream asks now and then, and ends."""
    return _leaving.is_set()


@contextmanager
def announced() -> Iterator[None]:
    """Inside a running server: hold its SIGTERM back for GRACE, in which /readyz already answers 503."""
    _leaving.clear()
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    close: Any = signal.getsignal(signal.SIGTERM)
    loop = asyncio.get_running_loop()

    def leave(number: int, frame: Any) -> None:
        if _leaving.is_set() or not callable(close):
            return
        _leaving.set()
        loop.call_soon_threadsafe(loop.call_later, GRACE, close, number, None)

    signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        _leaving.set()
        signal.signal(signal.SIGTERM, close)
