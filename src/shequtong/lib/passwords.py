"""Passwords: argon2id in a small pool of its own, and a check that refuses only what is easy to guess."""

import asyncio
import os
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from threading import Lock
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shequtong.lib.i18n import LazyString
from shequtong.lib.i18n import lazy_gettext as _l

R = TypeVar("R")

SHORTEST, LONGEST = 8, 128
MOST_AT_ONCE = 8
"""Hashes at one time in one process, 46 MiB each: 368 MiB at most, whatever the number of sign-ins (S1)."""

_HASHER = PasswordHasher(memory_cost=47104, time_cost=1, parallelism=1)
# The hash of a random word nobody knows, with the same cost: see verify_nothing.
_NOBODY = "$argon2id$v=19$m=47104,t=1,p=1$r/WeLluHTpmXA9raSUjGuA$HvY8yY6y2Y7MmLznjPssRd6fL0vazro1IMnfMF1p4Sg"

_COMMON_HERE = """
woaini woaini1314 woaini520 woaini521 wobuzhidao woshishui nihao123 5201314 a5201314 1314520 7758521 7758258
a123456 a123456789 a12345678 qq123456 123456qq wang1234 zhang123 aa123456 abc123456 asd123456 zxc123456
1qaz2wsx qwe123456 q1w2e3r4 aini1314 iloveyou1314 woaiwojia wodemima mima1234 mima123456 zhongguo shanghai
beijing123 baoshan shequtong juweihui xiaoqu123 我爱你一生一世 我爱你一辈子 我爱你我爱你 我的密码是密码
一二三四五六七八 一二三四五六七八九 密码密码密码密码 天天开心快乐 身体健康万事如意 恭喜发财万事如意
""".split()

_ONE_AT_A_TIME = Lock()

_TOO_SHORT = _l("Use at least 8 characters.")
_TOO_LONG = _l("Use at most 128 characters.")
_WELL_KNOWN = _l(
    "Many people use this password, so it is tried first. Join a few words that only you would join."
)
_PERSONAL = _l("This is close to your name or phone number. Choose something that others cannot know.")
_PATTERN = _l(
    "This follows a simple pattern, so it is quickly guessed. Join a few words that only you would join."
)


def hash(password: str) -> str:
    """About 60 ms of one core and 46 MiB; waits for its turn."""
    return _submit(_HASHER.hash, password).result()


def verify(stored: str, password: str) -> bool:
    """Whether this is the password. A damaged hash fits no password."""
    return _submit(_fits, stored, password).result()


def verify_nothing(password: str) -> bool:
    """The work of `verify` for an account that does not exist (S3). Always False."""
    return verify(_NOBODY, password) and False


async def hash_soon(password: str) -> str:
    """`hash` without holding up the event loop."""
    return await asyncio.wrap_future(_submit(_HASHER.hash, password))


async def verify_soon(stored: str | None, password: str) -> bool:
    """`verify` without holding up the event loop; `None`, for an unknown account, takes as long (S3)."""
    return await asyncio.wrap_future(_submit(_fits, stored or _NOBODY, password)) and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other costs: hash again at the next sign-in."""
    return _HASHER.check_needs_rehash(stored)


def weakness(password: str, personal: Iterable[str] = ()) -> LazyString | None:
    """Why a new password is refused, for the person to read, or None (S2).

    `personal` is what others know of them: name, login, phone. No rule asks for capitals, digits or signs.
    """
    password, personal = _normal(password), list(personal)
    if len(password) < SHORTEST:
        return _TOO_SHORT
    if len(password) > LONGEST:
        return _TOO_LONG
    from zxcvbn import zxcvbn

    with _ONE_AT_A_TIME:  # zxcvbn keeps user_inputs in a global
        found = zxcvbn(password[:72], user_inputs=[*personal, *_COMMON_HERE])
    if found["score"] >= 2 and password.casefold() not in _COMMON_HERE:
        return None
    if any(word and word.casefold() in password.casefold() for word in personal):
        return _PERSONAL
    return _WELL_KNOWN if any(match["pattern"] == "dictionary" for match in found["sequence"]) else _PATTERN


def _fits(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _submit(work: Callable[..., R], *arguments: str) -> Future[R]:
    *others, password = arguments
    return _pool().submit(work, *others, _normal(password))


def threads() -> int:
    """How many passwords this process looks at together."""
    return min(max((os.cpu_count() or 1) // 2, 1), MOST_AT_ONCE)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), thread_name_prefix="argon2")


def _normal(password: str) -> str:
    """The same password however the keyboard spells it (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)
