"""The few ways to say no. `lib.web` gives each its status and its page, in one table."""

from __future__ import annotations

import errno
import re
from typing import Any


class Refused(Exception):
    """Base: `message` is for the person, in their language; empty means the page's own words."""

    status = 400

    def __init__(self, message: Any = "") -> None:
        super().__init__(str(message))
        self.message = message


class SignInNeeded(Refused):
    status = 401


class Forbidden(Refused):
    """They may know that it is there, but not do this."""

    status = 403


class NotFound(Refused):
    """Not there, or not for them: the two look alike."""

    status = 404


class Conflict(Refused):
    """It cannot be done any more, or not from this state."""

    status = 409


class TooLarge(Refused):
    """More was sent than is read."""

    status = 413


class Invalid(Refused):
    """What was sent cannot be read or accepted."""

    status = 422


class TooMany(Refused):
    """Too often; `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: Any = "", retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Busy(Refused):
    """More come than can be served; `retry_after` is in seconds."""

    status = 503
    retry_after = 5


_FULL = re.compile(
    "disk is full|No space left on device|could not extend file|File too large|quota exceeded", re.I
)


def is_full(error: object) -> bool:
    """Does this error of the system, a database or an object store say that no more can be written?"""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return True
    return bool(_FULL.search(str(error)))
