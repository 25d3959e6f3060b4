"""A round in words and figures for its pages: the deadline, the law's two counts, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from shequtong.core.ballots.rules import (
    ABSTAIN,
    AGAINST,
    BY_KEY,
    FOR,
    NOTHING,
    YES_OR_NO,
    VotingRule,
    Weight,
    together,
)
from shequtong.lib import clock, dates
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l

HUNDREDTH = 100
"""Square centimetres in a hundredth of a square metre."""

RESULTS = {
    "adopted": (_l("Adopted"), "good"),
    "rejected": (_l("Not adopted"), "bad"),
    "no_quorum": (_l("Too few voted"), "warn"),
}
LAW = {
    "advisory": _l("The committee asks what most want. What most dwellings choose is the answer."),
    "majority": _l("Half of the dwellings must vote, and more than half of these must want it."),
    "consent": _l("Half of the dwellings must vote, and none may be against it."),
    "ordinary": _l(
        "Civil Code, article 278: owners vote. Two thirds of the dwellings and two thirds of the floor area must "
        "take part. Of those who take part, more than half of the dwellings and of the area must be in favour."
    ),
    "major": _l(
        "Civil Code, article 278, major matters: owners vote. Two thirds of the dwellings and of the floor area "
        "must take part. Of those who take part, three quarters of the dwellings and of the area must be in favour."
    ),
}
"""What each rule asks, as a resident would explain it."""

EVENTS = {
    "opened": _l("The vote was opened"),
    "roll_frozen": _l("The roll was frozen"),
    "paper_entered": _l("A paper ballot was entered"),
    "mandate_given": _l("A mandate was given"),
    "mandate_taken_back": _l("A mandate was taken back"),
    "closed": _l("The vote closed"),
    "counted": _l("The ballots were counted"),
}


@dataclass(frozen=True)
class Bar:
    """A bar with its figures in words. `enough` says whether the mark is reached, and is None where there is none."""

    label: Any
    value: int
    max: int
    text: str
    enough: bool | None = None


def participation(round_: Any) -> list[Bar]:
    """Who has taken part so far, by heads and, where the law counts it, by area."""
    rule = BY_KEY[round_.rule]
    roll, voted = Weight(round_.roll_heads, round_.roll_area), Weight(round_.voted_heads, round_.voted_area)
    needed = rule.enough_to_vote(roll)
    asked = bool(rule.quorum)
    bars = [
        Bar(
            _("Dwellings that took part"),
            voted.heads,
            roll.heads,
            _of(voted.heads, roll.heads, str(needed.heads) if asked else ""),
            voted.heads >= needed.heads if asked else None,
        )
    ]
    if rule.by_area:
        bars.append(
            Bar(
                _("Floor area that took part, m²"),
                voted.area,
                roll.area,
                _of(voted.area, roll.area, metres(needed.area), metres),
                voted.area >= needed.area,
            )
        )
    return bars


def figures(round_: Any) -> list[tuple[Any, ...]]:
    """A line for each option: dwellings and their share, and area and its share where the law counts it."""
    tally = tally_of(round_)
    voted = together(tally)
    lines = []
    for key, label in round_.options:
        heads, area = tally.get(key, NOTHING)
        line: list[Any] = [option_words(key, label), heads, percent(heads, voted.heads)]
        if BY_KEY[round_.rule].by_area:
            line += [metres(area), percent(area, voted.area)]
        lines.append(tuple(line))
    return lines


def reasons(round_: Any) -> list[tuple[str, bool]]:
    """Why it was decided so: each thing the rule asks, with its figures, and whether it is there."""
    rule, tally = BY_KEY[round_.rule], tally_of(round_)
    told = [
        (f"{bar.label}：{bar.text}", bool(bar.enough))
        for bar in participation(round_)
        if bar.enough is not None
    ]
    if round_.result != "no_quorum":
        told += _carrying(rule, round_, tally)
    return told


def _carrying(rule: VotingRule, round_: Any, tally: dict[str, Weight]) -> list[tuple[str, bool]]:
    voted = together(tally)
    if rule.unopposed:
        against = tally.get(AGAINST, NOTHING).heads
        return [(_("Dwellings against it: %(heads)s. None may be.", heads=against), not against)]
    names = {key: option_words(key, label) for key, label in round_.options}
    best = max((key for key in names if key != ABSTAIN), key=lambda key: tally.get(key, NOTHING).heads)
    option = FOR if FOR in names else best
    part, carried = tally.get(option, NOTHING), round_.result == "adopted"
    if rule.plurality:
        words = _("Dwellings for “%(option)s”: %(heads)s", option=names[option], heads=part.heads)
        return [(words, carried)]
    needed = rule.enough_to_carry(voted)
    heads = _("Dwellings for “%(option)s”: %(heads)s", option=names[option], heads="")
    told = [(heads + _of(part.heads, voted.heads, str(needed.heads)), part.heads >= needed.heads)]
    if rule.by_area:
        area = _("Floor area for “%(option)s”, m²: %(area)s", option=names[option], area="")
        told.append(
            (area + _of(part.area, voted.area, metres(needed.area), metres), part.area >= needed.area)
        )
    return told


def tally_of(round_: Any) -> dict[str, Weight]:
    return {key: Weight(*weight) for key, weight in round_.tally.items()}


def option_words(key: str, label: str) -> Any:
    """An option as its reader calls it; what somebody wrote stays as it is."""
    return dict(YES_OR_NO).get(key, label)


def choice_words(round_: Any, choice: str | None) -> Any:
    """The option that a ballot chose; "" for no ballot."""
    return next((option_words(key, label) for key, label in round_.options if key == choice), "")


def carried_words(round_: Any) -> Any:
    """The option that was carried, where there was more to choose than yes or no."""
    if round_.carried in ("", FOR):
        return ""
    return next((label for key, label in round_.options if key == round_.carried), "")


def is_over(round_: Any) -> bool:
    """Is no ballot taken any more? What was seen to be closed stays closed, whatever the clock shows."""
    return round_.state != "open" or round_.closed_at is not None or clock.now() >= round_.closes_at


def until(moment: datetime) -> str:
    """A deadline as people say it: the end of a day is its 24:00, not the next one's first minute."""
    shown = clock.local(moment)
    if shown.time() == time():
        return f"{dates.day(moment - timedelta(hours=1))} 24:00"
    return dates.when(moment)


def metres(area: int) -> str:
    """Square centimetres as square metres. Areas are registered to the hundredth; what is needed is rounded up."""
    return f"{Decimal(-(-area // HUNDREDTH)) / 100:,.2f}".rstrip("0").rstrip(".")


def percent(part: int, whole: int) -> str:
    """A share with one decimal, rounded down: 66.66 of a hundred is not two thirds yet."""
    thousandths = part * 1000 // whole if whole else 0
    return f"{thousandths // 10}.{thousandths % 10}%"


def _of(part: int, whole: int, needed: str, words: Any = str) -> str:
    share = {"part": words(part), "whole": words(whole), "share": percent(part, whole)}
    if not needed:
        return _("%(part)s of %(whole)s (%(share)s)", **share)
    return _("%(part)s of %(whole)s (%(share)s); at least %(needed)s needed", needed=needed, **share)
