"""Where a matter stands on the plan of a compound: a pin, kept as `compound:across,down`.

Across and down are thousandths of the plan's width and height from its upper left corner, so that a pin stays right
when the picture is shown in another size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, literal_column, select
from sqlmodel import Session

from shequtong.boards.matters.forms import MatterForm
from shequtong.boards.matters.models import Matter
from shequtong.core.communities.models import Building
from shequtong.core.media import plans
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.queries import reader, unblocked, visible
from shequtong.lib.db import ask, at_most
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _

EDGE = 1000
"""Thousandths: the far side of a plan."""

MOST = 200
"""Pins of one plan, those with the last activity first."""

_WRITTEN = re.compile(r"(\d{1,18}):(-?\d{1,6}),(-?\d{1,6})")

_OPEN = (
    select(
        Post.id,
        Post.title,
        Post.state,
        Post.created_at,
        Matter.place,
        Matter.pin,
        Building.name.label("building_name"),
    )
    .join(Matter, Matter.post_id == Post.id)
    .outerjoin(Building, Building.id == Post.building_id)
    .where(
        visible(),
        unblocked(),
        Post.code == bindparam("code"),
        Post.board == literal_column("'matters'"),
        Post.state.in_(bindparam("states", expanding=True)),
        Matter.pin.startswith(bindparam("compound")),
    )
    .order_by(Post.activity_at.desc(), Post.id.desc())
    .limit(at_most(MOST))
)


@dataclass(frozen=True)
class Pin:
    """A place on the plan of a compound, in thousandths."""

    compound_id: int
    across: int
    down: int

    @property
    def is_on_it(self) -> bool:
        return 0 <= self.across <= EDGE and 0 <= self.down <= EDGE

    @property
    def in_words(self) -> str:
        """For who does not see the plan."""
        return _(
            "%(across)s from the left, %(down)s from the top",
            across=f"{round(self.across / 10)}%",
            down=f"{round(self.down / 10)}%",
        )


def read(written: str) -> Pin | None:
    """A pin as it is kept; None for nothing, or what is none."""
    found = _WRITTEN.fullmatch(written)
    return Pin(*(int(part) for part in found.groups())) if found else None


def check(session: Session, case: Case, form: BoundForm[MatterForm]) -> None:
    """Refuse a pin that is not on a plan of this community."""
    if not form.value.pin:
        return
    pin = read(form.value.pin)
    drawn = {plan.compound_id for plan in plans.plans(session, case.community.code)}
    if pin is None or pin.compound_id not in drawn:
        form.refuse("pin", _("This is no place on a plan of our compounds. Put the pin there again."))
    elif not pin.is_on_it:
        form.refuse("pin", _("The pin is outside the plan. Put it on the plan, or take it away."))


def shown(session: Session, case: Case) -> dict[str, Any] | None:
    """The plan with the pin of this matter, for its page; None without one."""
    pin = read(case.detail.pin)
    if pin is None or not case.here.member:
        return None
    drawn = plans.plans(session, case.community.code)
    plan = next((plan for plan in drawn if plan.compound_id == pin.compound_id), None)
    return {"plan": plan, "pin": pin} if plan else None


def find_open(session: Session, case: Case, states: list[str], compound_id: int) -> list[tuple[Any, Pin]]:
    """Open matters on the plan of a compound that this reader may see, each with its pin."""
    values = reader(case.actor, case.here) | {"code": case.community.code, "states": states}
    found = ask(session, _OPEN, compound=f"{compound_id}:", **values)
    pinned = [(row, read(row.pin)) for row in found]
    return [(row, pin) for row, pin in pinned if pin is not None]
