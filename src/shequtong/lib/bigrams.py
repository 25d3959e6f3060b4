"""Chinese full-text search with one tokenizer for index and query, the same in SQLite and PostgreSQL.

A run of Chinese becomes overlapping pairs and its last character: 社区通知 is `社区 区通 通知 知`. A word of
two or more characters is then a phrase of pairs, and a single character is a prefix (`知*`), so both find
every occurrence and nothing else. Letters and digits stay whole words. Width, case and traditional forms
are folded.

SQLite: FTS5 with `FTS5_TOKENIZER`. PostgreSQL: `to_tsvector('simple', …)`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

FTS5_TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* N* Co Cn'"
"""Cn, for rare characters younger than SQLite's Unicode 6.1."""

LONGEST_QUERY = 100

_CHINESE = "々〇\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_CHINESE}]+|\d+|[^\W\d_{_CHINESE}]+")
_IS_CHINESE = re.compile(f"[{_CHINESE}]")
_BETWEEN_TERMS = re.compile(r"[\s,、;。!?()\[\]{}<>《》“”\"|&]+")


class Phrase(NamedTuple):
    """Tokens that must stand side by side; with `prefix` the last one need only begin so.

    One of the `others` will do in its place: other words for the same thing.
    """

    tokens: tuple[str, ...]
    prefix: bool
    others: tuple[Phrase, ...] = ()


def fold(text: str) -> str:
    """One form for what a reader takes for the same: full width, capitals, traditional characters."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_simplified())


def squeeze(text: str) -> str:
    """Text as forbidden words are compared with it: folded, and nothing between the letters and digits."""
    return "".join(c for c in fold(text) if unicodedata.category(c)[0] in "LN")


def bigrams(text: str) -> str:
    """The tokens of a text to be indexed, in order, separated by spaces."""
    return " ".join(_tokens(fold(text)))


def bigram_query(query: str, also: Callable[[str], Iterable[str]] = lambda _term: ()) -> tuple[Phrase, ...]:
    """What a text must hold, all of it, to answer `query`; empty when nothing searchable was typed.

    `also` gives other terms that will do in the place of one.
    """
    phrases = []
    for term in terms(query):
        if phrase := _phrase(term):
            others = tuple(other for words in also(term) if (other := _phrase(words)))
            phrases.append(phrase._replace(others=others))
    return tuple(dict.fromkeys(phrases))


def pairs(text: str) -> frozenset[str]:
    """The pairs of characters and the words of a text, as the index knows them; single characters say too little."""
    return frozenset(token for token in _tokens(fold(text)) if len(token) > 1)


def any_of(tokens: Iterable[str]) -> tuple[Phrase, ...]:
    """What a text must hold one of, whichever it is; empty for none."""
    phrases = [Phrase((token,), prefix=False) for token in tokens]
    return (phrases[0]._replace(others=tuple(phrases[1:])),) if phrases else ()


def terms(query: str) -> tuple[str, ...]:
    """What was typed, folded, word by word: to find again in a folded text."""
    return tuple(filter(None, _BETWEEN_TERMS.split(fold(query[:LONGEST_QUERY]))))


def fts5(phrases: tuple[Phrase, ...]) -> str:
    """The right-hand side of FTS5's MATCH. Tokens are letters and digits only: nothing to escape."""
    return " AND ".join(_any_of(phrase, _fts5, " OR ") for phrase in phrases)


def tsquery(phrases: tuple[Phrase, ...]) -> str:
    """The text to bind to `to_tsquery('simple', …)`."""
    return " & ".join(_any_of(phrase, _tsquery, " | ") for phrase in phrases)


def _any_of(phrase: Phrase, said: Callable[[Phrase], str], between: str) -> str:
    return f"({between.join(map(said, (phrase, *phrase.others)))})" if phrase.others else said(phrase)


def _fts5(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"{"*" if phrase.prefix else ""}'


def _tsquery(phrase: Phrase) -> str:
    return "(" + " <-> ".join(f"'{token}'" for token in phrase.tokens) + (":*)" if phrase.prefix else ")")


def _tokens(folded: str) -> Iterator[str]:
    for run in _RUN.findall(folded):
        if _IS_CHINESE.match(run):
            yield from (first + second for first, second in pairwise(run))
            yield run[-1]
        else:
            yield run


def _phrase(term: str) -> Phrase | None:
    tokens = list(_tokens(term))
    if not tokens:
        return None
    open_ended = bool(_IS_CHINESE.match(tokens[-1]))
    if open_ended and len(tokens) > 1 and len(tokens[-2]) == 2 and _IS_CHINESE.match(tokens[-2]):
        return Phrase(
            tuple(tokens[:-1]), prefix=False
        )  # more may follow in the text: its last pair is enough
    return Phrase(tuple(tokens), prefix=open_ended)


@cache
def _simplified() -> dict[int, str]:
    """Traditional to simplified, character by character: the same wherever a character stands."""
    from opencc import OpenCC

    codes = [*range(0x3400, 0xA000), *range(0xF900, 0xFB00), *range(0x20000, 0x33480)]
    converted = OpenCC("t2s").convert("\n".join(map(chr, codes))).split("\n")
    return {code: new for code, new in zip(codes, converted, strict=True) if chr(code) != new}
