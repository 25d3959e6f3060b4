"""The report of a bulletin: who has passed it on and after how long, street by street and committee by committee."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.boards.district import addressing
from shequtong.boards.district.models import Addressee
from shequtong.core.communities.models import Division
from shequtong.core.posts import passing
from shequtong.core.posts.passing import Reached
from shequtong.core.posts.policy import Case
from shequtong.core.statistics import cells
from shequtong.lib import clock, rosters
from shequtong.lib.db import ask
from shequtong.lib.i18n import gettext as _
from shequtong.lib.spreadsheets import Sheet

_street = aliased(Division)
_LINES: Any = (
    select(
        Addressee.code,
        Addressee.state,
        Addressee.note,
        Addressee.told_at,
        Addressee.done_at,
        Addressee.notice_id,
        Division.name,
        Division.roster,
        _street.name.label("street"),
    )
    .join(Division, Division.code == Addressee.code)
    .outerjoin(_street, _street.code == func.substr(Addressee.code, 1, addressing.STREET))
    .where(Addressee.post_id == bindparam("post_id"))
    .order_by(Addressee.code)
)
NOBODY = Reached()
ORDER = ("relayed", "not_applicable", "told", "waiting")
"""Those that did something stand first on the page."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Line:
    """What one committee did with a bulletin. `hours` by the clock and `duty_hours` until it passed it on.

    `late` says that it took, or takes, longer than its issuer asked for.
    """

    code: str
    name: str
    street: str
    state: str
    note: str
    notice_id: int | None
    done_at: datetime | None
    hours: float | None
    duty_hours: float | None
    late: bool
    reached: Reached


@dataclass(frozen=True)
class Sum:
    """Some lines added up: committees by what they did, and doors. `slow` are duty hours: the median."""

    code: str
    name: str
    all: int
    relayed: int
    not_applicable: int
    late: int
    slow: float | None
    doors: int
    reached: int
    paper: int

    @property
    def left(self) -> int:
        return self.all - self.relayed - self.not_applicable


@dataclass(frozen=True)
class Report:
    """All lines, added up by street and in all."""

    lines: Sequence[Line]
    streets: Sequence[Sum]
    total: Sum
    at: datetime


def report(session: Session, case: Case) -> Report:
    """Everything that the pages and the table tell. A few queries, however many committees there are."""
    found = ask(session, _LINES, post_id=case.post.id)
    ids = [row.notice_id for row in found if row.notice_id]
    doors = passing.reached(session, case.board.slug, ids) if case.post.kind == "must_read" else {}
    now = clock.now()
    asked = timedelta(hours=case.detail.hours)
    lines = [_line(row, doors.get(row.notice_id, NOBODY), asked, now) for row in found]
    streets: dict[str, list[Line]] = {}
    for line in lines:
        streets.setdefault(line.code[: addressing.STREET], []).append(line)
    sums = [_sum(code, of[0].street, of) for code, of in streets.items()]
    return Report(lines, sums, _sum(case.post.code, str(case.community.name), lines), now)


def _line(row: Any, reached: Reached, asked: timedelta, now: datetime) -> Line:
    roster = rosters.read(row.roster)
    relayed = row.state == "relayed" and row.told_at is not None and row.done_at is not None
    took = roster.between(row.told_at, row.done_at) if relayed else None
    since = took
    if row.state == "told" and row.told_at is not None:
        since = roster.between(row.told_at, now)
    return Line(
        row.code,
        row.name,
        row.street or "",
        row.state,
        row.note if row.state != "waiting" else "",
        row.notice_id,
        row.done_at,
        (row.done_at - row.told_at) / HOUR if relayed else None,
        took / HOUR if took is not None else None,
        since is not None and since > asked,
        reached,
    )


def _sum(code: str, name: str, lines: Sequence[Line]) -> Sum:
    took = sorted(line.duty_hours for line in lines if line.duty_hours is not None)
    return Sum(
        code,
        name,
        len(lines),
        sum(line.state == "relayed" for line in lines),
        sum(line.state == "not_applicable" for line in lines),
        sum(line.late for line in lines),
        took[len(took) // 2] if took else None,
        sum(line.reached.doors for line in lines),
        sum(line.reached.all for line in lines),
        sum(line.reached.paper for line in lines),
    )


# As it is shown -----------------------------------------------------------------------------------------


def states() -> Mapping[str, str]:
    """What a committee did, in words."""
    return {
        "waiting": _("Not told yet"),
        "told": _("Not passed on yet"),
        "relayed": _("Passed on to residents"),
        "not_applicable": _("Does not concern it"),
    }


def hours(number: float | None) -> str:
    """Hours with one decimal; nothing where there are none."""
    return "" if number is None else f"{number:.1f}"


def doors(found: Iterable[Line | Sum]) -> list[tuple[str, str, str]]:
    """Doors meant, confirmed and on paper of lines under each other; one to four are not told."""
    listed = [_doors(one) for one in found]
    reached = cells.column([confirmed for _meant, confirmed, _paper in listed])
    paper = cells.column([on_paper for _meant, _confirmed, on_paper in listed])
    return [
        (str(meant), told, on_paper) if meant else ("", "", "")
        for (meant, _c, _p), told, on_paper in zip(listed, reached, paper, strict=True)
    ]


def _doors(one: Line | Sum) -> tuple[int, int, int]:
    if isinstance(one, Sum):
        return one.doors, one.reached, one.paper
    return one.reached.doors, one.reached.all, one.reached.paper


def sheet(found: Report) -> Sheet:
    """Every committee for a spreadsheet."""
    heads = [
        _("Code"),
        _("Street or town"),
        _("Committee"),
        _("What it did"),
        _("When"),
        _("After hours"),
        _("After duty hours"),
        _("Later than asked"),
        _("Its words"),
        _("Doors"),
        _("Confirmed"),
        _("Confirmed on paper"),
    ]
    told = states()
    rows = [
        [
            line.code,
            line.street,
            line.name,
            told[line.state],
            clock.local(line.done_at).strftime("%Y-%m-%d %H:%M") if line.done_at else "",
            hours(line.hours),
            hours(line.duty_hours),
            _("Yes") if line.late else "",
            line.note,
            *three,
        ]
        for line, three in zip(found.lines, doors(found.lines), strict=True)
    ]
    return Sheet(_("Passed on to residents"), [heads, *rows])
