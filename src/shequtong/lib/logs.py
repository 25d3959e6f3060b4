"""The log: one JSON object a line, words and colours on a terminal, and nobody's data in it (P1, P5).

Says what happened to which request, never who asked for it or what they wrote: ids, routes, names of errors.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from shequtong.lib.edge import add_request_id

TELLING = (AttributeError, ImportError, NameError, NotImplementedError, OSError, RuntimeError, TypeError)
"""Errors whose words are about the program. Those of others may quote what somebody typed."""

DEEPEST = 12
"""How many calls of a trace are told, from where it broke upwards."""


def start(level: str = "INFO") -> None:
    """Send all logs of this process, our own and the libraries', to stderr."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper("iso", utc=True),
        add_request_id,
        without_data,
    ]
    on_terminal = sys.stderr.isatty()
    last: Processor = (
        structlog.dev.ConsoleRenderer()
        if on_terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow=()), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    handler.addFilter(not_told_before)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for talkative in ("httpx", "httpx2", "httpcore", "asyncio", "sqlalchemy", "alembic"):
        logging.getLogger(talkative).setLevel(max(root.level, logging.WARNING))


def without_data(logger: Any, method: str, event: EventDict) -> EventDict:
    """A structlog processor: of an exception, where it happened and its name; its words only if about us."""
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__ + (f": {error}" if isinstance(error, TELLING) else "")
        frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
        event["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def not_told_before(record: logging.LogRecord) -> bool:
    """The server logs once more, without its request's number, what an error page was already made for."""
    error = record.exc_info[1] if record.exc_info else None
    return not (record.name == "uvicorn.error" and getattr(error, "told", False))
