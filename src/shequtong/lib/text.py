"""What people type, made fit to keep: one spelling, nothing that breaks a database or fools a reader."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator

from shequtong.lib.i18n import LazyString
from shequtong.lib.i18n import lazy_gettext as _l

_REFUSED: list[tuple[str, re.Pattern[str], LazyString]] = [
    ("nul", re.compile("\x00"), _l("The text holds a NUL character. Please type it again.")),
    (
        "control",
        re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f]"),
        _l("The text holds an invisible control character. Please type it again."),
    ),
    (
        "surrogate",
        re.compile("[\ud800-\udfff]"),
        _l("The text holds half a character. Please type it again."),
    ),
    (
        "bidi",
        re.compile("[\u202a-\u202e\u2066-\u2069]"),
        _l("The text holds characters that turn the reading direction. Please type it again."),
    ),
]
_NEWLINES = re.compile("\r\n?|[\u2028\u2029]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")


class UnfitText(ValueError):
    """Text that is refused (I4). `code` is nul, control, surrogate or bidi; str() is for the person."""

    def __init__(self, code: str, reason: LazyString) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason

    def __str__(self) -> str:
        return str(self.reason)


def clean(text: str) -> str:
    """NFC, `\\n` newlines, no space around, no zero-width space. Rare characters (𠮷, 䶮) and emoji stay.

    Raises UnfitText for NUL, control characters, lone surrogates and bidi overrides.
    """
    text = _NEWLINES.sub("\n", text)
    for code, pattern, reason in _REFUSED:
        if pattern.search(text):
            raise UnfitText(code, reason)
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).strip()


def clean_line(text: str) -> str:
    """`clean`, on one line: every run of white space is one space."""
    return " ".join(clean(text).split())


LONGEST_NUMBER = 18
"""Digits of the longest number that a column of either database surely holds."""


def number(typed: object) -> int:
    """The number that was sent, full-width digits too; 0 for what is none that any row could have."""
    digits = str(typed or "")
    return int(digits) if digits.isdecimal() and len(digits) <= LONGEST_NUMBER else 0


Text = Annotated[str, AfterValidator(clean)]
"""A form field of several lines; lengths declared after it count the cleaned text."""

Line = Annotated[str, AfterValidator(clean_line)]
"""A form field of one line."""
