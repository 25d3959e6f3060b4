"""Secrets: encrypted columns, blind indexes, signed tokens, one-time codes. All keys come from SECRET_KEY.

SECRET_KEY may list several keys, separated by commas: the first is used from now on, the others still open
what they once closed. To rotate: put a new key in front, encrypt everything anew, then drop the old one.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from shequtong.lib import clock

SHORTEST_KEY = 32


class BadToken(ValueError):
    """A signed token that is not ours, was changed, or was signed for another purpose."""


class ExpiredToken(BadToken):
    """A signed token of ours whose time has passed."""


class Unreadable(ValueError):
    """An encrypted value that none of the keys opens."""


class Keyring:
    """Keys, newest first. Raises ValueError when there is none or one is under 32 characters."""

    def __init__(self, *keys: str) -> None:
        if not keys or any(len(key) < SHORTEST_KEY for key in keys):
            raise ValueError(f"SECRET_KEY needs at least {SHORTEST_KEY} characters for each key")
        self._keys = [key.encode() for key in keys]

    @classmethod
    def from_setting(cls, setting: str) -> "Keyring":
        return cls(*(key.strip() for key in setting.split(",") if key.strip()))

    def derive(self, purpose: str) -> bytes:
        """32 bytes from the newest key, for one purpose only."""
        return _derive(self._keys[0], purpose)

    @cached_property
    def _fernet(self) -> MultiFernet:
        return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(key, "encrypt"))) for key in self._keys])

    def encrypt(self, text: str) -> str:
        """Different each time, even for the same text; to find it again keep a `blind_index` beside it."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, secret: str) -> str:
        """Raises Unreadable."""
        try:
            return self._fernet.decrypt(secret).decode()
        except InvalidToken:
            raise Unreadable("no key opens this value") from None

    def rotate(self, secret: str) -> str:
        """The same text under the newest key. Raises Unreadable."""
        try:
            return self._fernet.rotate(secret).decode()
        except InvalidToken:
            raise Unreadable("no key opens this value") from None

    def blind_index(self, text: str, domain: str) -> str:
        """What finds an encrypted value by equality: 43 characters. `domain` keeps columns apart."""
        return self.blind_indexes(text, domain)[0]

    def blind_indexes(self, text: str, domain: str) -> list[str]:
        """What to look for while keys rotate: the index under each key, newest first."""
        return [_mac(_derive(key, f"index {domain}"), text) for key in self._keys]

    def sign(self, text: str, purpose: str, lifetime: timedelta) -> str:
        """A token for a link, safe in addresses, that proves `text` until its time has passed."""
        until = int((clock.now() + lifetime).timestamp())
        body = f"{base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}.{until}"
        return f"{body}.{_mac(self.derive(f'sign {purpose}'), body)}"

    def unsign(self, token: str, purpose: str) -> str:
        """The signed text. Raises ExpiredToken or BadToken."""
        body, _, mac = token.rpartition(".")
        if not any(_same(mac, _mac(_derive(key, f"sign {purpose}"), body)) for key in self._keys):
            raise BadToken("this token is not ours")
        text, _, until = body.partition(".")
        if datetime.fromtimestamp(int(until), UTC) <= clock.now():
            raise ExpiredToken("this token has expired")
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()

    def code_digest(self, code: str, context: str) -> str:
        """How a six-digit code is stored: keyed, for a million plain hashes are soon tried (S5)."""
        return self.blind_index(code, f"code {context}")

    def code_fits(self, code: str, context: str, digest: str) -> bool:
        return any(_same(digest, each) for each in self.blind_indexes(code, f"code {context}"))


def new_token() -> str:
    """256 random bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Six random digits for a person to type."""
    return f"{secrets.randbelow(1_000_000):06d}"


def digest(token: str) -> str:
    """How a `new_token` is stored (S9): long and random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@lru_cache(maxsize=256)
def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"shequtong {purpose}".encode()).derive(key)


def _mac(key: bytes, text: str) -> str:
    mac = hmac.digest(key, text.encode(), "sha256")
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


_keyring: Keyring | None = None


def use(keyring: Keyring) -> None:
    """Say which keyring the encrypted columns of this process use: once, at start."""
    global _keyring
    _keyring = keyring


def keyring() -> Keyring:
    """The keyring in use. Raises RuntimeError before `use`."""
    if _keyring is None:
        raise RuntimeError("no keyring yet: call crypto.use(Keyring.from_setting(...)) at start")
    return _keyring


class EncryptedText(TypeDecorator[str]):
    """A text column (P1) that is encrypted in the database and plain in Python. It cannot be searched."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else keyring().encrypt(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else keyring().decrypt(value)
