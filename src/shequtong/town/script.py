"""How the story is spelled: spans of time, days told from the last day, and comments set like a play."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_LINE = re.compile(r"(?P<indent> *)(?P<by>[\w-]+) \+(?P<after>[\d.]+[mhd]): (?P<text>\S.*)")
_DAY = re.compile(r"\{([+-]?\d+)(w?)\}")
_BED, _UP = timedelta(minutes=30), timedelta(hours=7)
_WEEKDAYS = "一二三四五六日"


class StoryError(ValueError):
    """The story says something that cannot be played. The message names the file and the post."""


@dataclass(frozen=True)
class Comment:
    """What somebody says under a post, `after` it was written; answers hang below."""

    by: str
    after: timedelta
    text: str
    answers: tuple[Comment, ...] = ()


def span(text: str) -> timedelta:
    """`40m`, `1.5h` or `3d`."""
    if not re.fullmatch(r"[\d.]+[mhd]", text):
        raise StoryError(f"{text!r} is no span of time: write 40m, 1.5h or 3d")
    return timedelta(**{_UNITS[text[-1]]: float(text[:-1])})


def awake(at: timedelta, after: timedelta) -> timedelta:
    """Later the same morning when `at + after` is deep in the night: people sleep from half past midnight to six."""
    night = (at + after) % timedelta(days=1)
    if not _BED <= night < _UP:
        return after
    return after - night + _UP - (_UP - night) * 0.12


def comments(script: str) -> tuple[Comment, ...]:
    """One line is one comment, `who +2h: words`; an indented line answers the one above."""
    spoken: list[Comment] = []
    for line in script.splitlines():
        if not line.strip():
            continue
        if not (match := _LINE.fullmatch(line)):
            raise StoryError(f"not a comment: {line!r}; write `who +2h: words`")
        said = Comment(match["by"], span(match["after"]), match["text"].strip())
        if not match["indent"]:
            spoken.append(said)
        elif spoken:
            spoken[-1] = replace(spoken[-1], answers=(*spoken[-1].answers, said))
        else:
            raise StoryError(f"an answer to nothing: {line!r}")
    return tuple(spoken)


def dated(text: str, last_day: date) -> str:
    """Fill in days: `{+3}` is three days after the last day of the story (12月26日), `{+3w}` adds the weekday."""

    def told(match: re.Match[str]) -> str:
        day = last_day + timedelta(days=int(match[1]))
        return f"{day.month}月{day.day}日" + (f"（周{_WEEKDAYS[day.weekday()]}）" if match[2] else "")

    filled = _DAY.sub(told, text)
    if "{" in filled or "}" in filled:
        raise StoryError(f"a brace that is no day, such as {{+3}}: {text!r}")
    return filled
