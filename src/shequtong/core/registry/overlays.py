"""The lists that a duty needs (专项): each is declared here, once, with the offices that may see it.

Who has an office sees a list where the office reaches: a building lead in the buildings they lead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shequtong.core.communities.standing import Standing
from shequtong.lib.i18n import lazy_gettext as _l


@dataclass(frozen=True)
class Kind:
    """One list: whose duty needs it, on what ground it is kept, after what time each entry is asked about again."""

    label: Any
    offices: tuple[str, ...]
    ground: Any
    review: timedelta


HALF_A_YEAR, YEAR = timedelta(days=183), timedelta(days=365)

OVERLAYS: Mapping[str, Kind] = {
    "elder_alone": Kind(
        _l("Elder living alone"),
        ("secretary", "clerk", "lead"),
        _l("Law on the Protection of the Rights and Interests of the Elderly"),
        HALF_A_YEAR,
    ),
    "relief": Kind(
        _l("Receives relief"),
        ("secretary", "clerk"),
        _l("Interim Measures for Social Assistance"),
        HALF_A_YEAR,
    ),
    "veteran": Kind(
        _l("Veteran"),
        ("secretary", "clerk"),
        _l("Law on the Protection of Veterans"),
        YEAR,
    ),
    "disability": Kind(
        _l("Has a disability"),
        ("secretary", "clerk"),
        _l("Law on the Protection of Persons with Disabilities"),
        YEAR,
    ),
}


def seen_by(here: Standing, building_id: int) -> tuple[str, ...]:
    """The lists that somebody of this standing may see for a building."""
    return tuple(kind for kind in OVERLAYS if sees(here, kind, building_id))


def sees(here: Standing, kind: str, building_id: int) -> bool:
    """Does this standing's duty need to know who of this building is on the list? For no list at all, no."""
    declared = OVERLAYS.get(kind)
    if declared is None:
        return False
    return any(
        building_id in here.leads if office == "lead" else here.is_any(office) for office in declared.offices
    )


def reach(here: Standing, kind: str) -> frozenset[int] | None:
    """The buildings in which this standing sees the list; None for all of them."""
    declared = OVERLAYS.get(kind)
    if declared is None:
        return frozenset()
    if here.is_any(*(office for office in declared.offices if office != "lead")):
        return None
    return here.leads if "lead" in declared.offices else frozenset()
