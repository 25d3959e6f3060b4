"""Showing a reader why something was found: the words, marked, in the sentence they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from markupsafe import Markup, escape

from shequtong.lib.bigrams import fold

BEFORE, LENGTH = 30, 90
"""Characters shown before the first word found, and in all."""

_SIGNS = re.compile(r"\]\([^)\s]*\)|[*_`~#>|\[\]]+|\s+")
"""What Markdown adds to words."""


@lru_cache(maxsize=4096)
def marked(text: str, terms: tuple[str, ...]) -> Markup:
    """The text, escaped, with every occurrence of a term in <mark>."""
    parts: list[str] = []
    end = 0
    for start, stop in _spans(text, terms):
        parts += (escape(text[end:start]), Markup("<mark>"), escape(text[start:stop]), Markup("</mark>"))
        end = stop
    return Markup("").join([*parts, escape(text[end:])])


@lru_cache(maxsize=4096)
def sentence(body: str, terms: tuple[str, ...], excerpt: str = "") -> Markup:
    """The excerpt where it holds a term; else the part of the body around the first one."""
    if excerpt and next(_spans(excerpt, terms), None):
        return marked(excerpt, terms)
    first = next(_spans(body, terms), None)
    if first is None:
        return marked(excerpt, terms)
    start = max(0, first[0] - BEFORE)
    cut = body[start : start + LENGTH * 2]
    plain = _SIGNS.sub(" ", cut).strip()
    shown = plain[:LENGTH].rstrip()
    ends = ("…" if start else "") + "%s" + ("…" if len(body) > start + LENGTH * 2 or shown != plain else "")
    return marked(ends % shown, terms)


def _spans(text: str, terms: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where the terms stand in the text, from left to right, without overlaps."""
    folded, places = _folded(text)
    end = 0
    if not terms:
        return
    for match in re.finditer("|".join(map(re.escape, terms)), folded):
        start, stop = places[match.start()], places[match.end() - 1] + 1
        if start >= end:
            yield start, stop
            end = stop


def _folded(text: str) -> tuple[str, range | list[int]]:
    """The folded text, and for each of its characters the place of the one it was made from."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded, range(len(text))
    pieces = [_fold_one(character) for character in text]
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _ in piece]


_fold_one = lru_cache(maxsize=8192)(fold)
