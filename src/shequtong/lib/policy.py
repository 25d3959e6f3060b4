"""Permissions as sentences: small rules joined with `&`, `|` and `~`, judged over one case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Rule:
    """A yes-or-no question about a case, with the words that say it in tables and docs."""

    __slots__ = ("allows", "words")

    def __init__(self, words: str, allows: Callable[[Any], bool]) -> None:
        self.words = words
        self.allows = allows

    def __call__(self, case: Any) -> bool:
        return self.allows(case)

    def __and__(self, other: Rule) -> Rule:
        return Rule(f"{self._bracketed} and {other._bracketed}", lambda case: self(case) and other(case))

    def __or__(self, other: Rule) -> Rule:
        return Rule(f"{self.words} or {other.words}", lambda case: self(case) or other(case))

    def __invert__(self) -> Rule:
        return Rule(f"not {self._bracketed}", lambda case: not self(case))

    def __repr__(self) -> str:
        return f"Rule({self.words})"

    @property
    def _bracketed(self) -> str:
        return f"({self.words})" if " or " in self.words else self.words


nobody = Rule("nobody", lambda case: False)
anyone = Rule("anyone", lambda case: True)
