"""Which words are hot: used by more people than usual. `docs/statistics.md` says the same to readers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

WEEK = timedelta(days=7)
WEEKS_BEFORE = 4
PEOPLE = 5
"""So many different people at least must have used a word for it to be told."""
STEADY = 2
"""Added to both sides of a comparison, so that a rare word does not leap."""
HOT = 1.5
SHOWN = 12

Said = tuple[int, date, set[str]]
"""Somebody, on a day, these words."""
Words = dict[str, list[int]]
"""Of each word: people in the last seven days; and in the four weeks before, people of each week added up."""


def count(said: Iterable[Said], today: date) -> Words:
    """How many people used which word, in the seven days before today and in the four weeks before these."""
    people: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for account_id, day, used in said:
        week = (today - day - timedelta(days=1)) // WEEK if day < today else 0
        if week <= WEEKS_BEFORE:
            for word in used:
                people[word, week].add(account_id)
    words: Words = {}
    for (word, week), who in people.items():
        words.setdefault(word, [0, 0])[week > 0] += len(who)
    return words


def add(words: Words, more: Mapping[str, list[int]]) -> None:
    """Add up two places; everybody is counted in one of them."""
    for word, (now, before) in more.items():
        both = words.setdefault(word, [0, 0])
        both[0] += now
        both[1] += before


def heat(now: int, before: int) -> float:
    """How many times more people than in an ordinary week use it."""
    return (now + STEADY) / (before / WEEKS_BEFORE + STEADY)


def hottest(words: Mapping[str, list[int]]) -> list[tuple[str, int, float]]:
    """(word, people, heat) of the hottest ones; a word of fewer than five people is not told."""
    hot = [
        (word, now, round(heat(now, before), 1))
        for word, (now, before) in words.items()
        if now >= PEOPLE and heat(now, before) >= HOT
    ]
    return sorted(hot, key=lambda told: (-told[2], -told[1], told[0]))[:SHOWN]
