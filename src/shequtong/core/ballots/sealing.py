"""The urn of a secret round: what goes in cannot be read before the count, and comes out in no order.

All sealed ballots are equally long and carry no time. The key of a round lies in its row, itself closed with the
keys of the house, and is gone once the round is counted. docs/decisions/0011-secret-ballots.md says from whom this
protects, and from whom it cannot.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shequtong.lib import crypto

NONCE = 12
_SHEET = struct.Struct(">BQ32s")
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What is not mistaken for something else in handwriting."""
GROUPS, LETTERS = 4, 4


class Sheet(NamedTuple):
    """What a secret ballot says: the place of its option, its area in square centimetres, its receipt's mark."""

    option: int
    area: int
    mark: bytes


def new_key() -> str:
    """A key for one round, closed with the keys of the house."""
    return crypto.keyring().encrypt(AESGCM.generate_key(256).hex())


def seal(key: str, round_id: int, sheet: Sheet) -> bytes:
    """Close a ballot. Twice the same ballot looks different."""
    nonce = os.urandom(NONCE)
    return nonce + _cipher(key).encrypt(nonce, _SHEET.pack(*sheet), _label(round_id))


def unseal(key: str, round_id: int, contents: list[bytes]) -> list[Sheet]:
    """All ballots of a round. Raises InvalidTag for one that was not sealed for it."""
    cipher = _cipher(key)
    return [
        Sheet(*_SHEET.unpack(cipher.decrypt(content[:NONCE], content[NONCE:], _label(round_id))))
        for content in contents
    ]


def new_receipt() -> str:
    """Sixteen letters and digits, 78 random bits, in groups for a person to write down."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(GROUPS * LETTERS))
    return "-".join(drawn[at : at + LETTERS] for at in range(0, len(drawn), LETTERS))


def mark_of(round_id: int, receipt: str) -> bytes:
    """What the published list shows of a receipt. Long and random, so a plain SHA-256 is enough."""
    typed = "".join(letter for letter in receipt.upper() if letter in _LETTERS)
    return hashlib.sha256(f"shequtong ballot {round_id} {typed}".encode()).digest()


def new_place() -> int:
    """Where a sealed ballot lies in the urn: drawn by lot, so that it says nothing of when it came."""
    return secrets.randbits(62)


def _cipher(key: str) -> AESGCM:
    return AESGCM(bytes.fromhex(crypto.keyring().decrypt(key)))


def _label(round_id: int) -> bytes:
    return f"round {round_id}".encode()
