"""What can be reported: the categories of matters, and what is asked for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shequtong.boards.matters.forms import CATEGORIES
from shequtong.lib.i18n import gettext as _

CHANGED = "2026-11-23 17:00"
"""When services or what they ask last changed, for programs that keep them."""

NAMES = dict(CATEGORIES)


def discovery(base_url: str, *, demo: bool) -> dict[str, Any]:
    """Where the interface is and how one gets a key."""
    return {
        "changeset": CHANGED,
        "contact": _("Ask the residents' committee of the community, or who runs %(site)s.", site=base_url),
        "key_service": _("The secretary of a committee gives keys, under Settings › Keys for programs."),
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": f"{base_url}/open311/v2",
                "changeset": CHANGED,
                "type": "test" if demo else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def services(level: str) -> list[dict[str, Any]]:
    """All categories. Only a committee asks more, for only there is something to choose from."""
    return [
        {
            "service_code": code,
            "service_name": str(name),
            "description": _(
                "Reported to the residents' committee, and followed until it is fixed: %(what)s", what=name
            ),
            "metadata": level == "committee",
            "type": "realtime",
            "keywords": code,
            "group": _("Nearby matters"),
        }
        for code, name in CATEGORIES
    ]


def definition(code: str, buildings: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What is asked for a category, in the order of our own form."""
    asked = [
        _attribute(
            "title", _("What needs fixing?"), _("At most 80 characters; else the description's first line.")
        ),
        _attribute("building", _("Building"), "", values=buildings),
        _attribute("place", _("Where exactly"), _("For example: third floor, by the lift.")),
        _attribute(
            "seen",
            _("Numbers of open matters like this one that the reporter has looked at"),
            _("Only when a report was answered with their numbers, and this is another matter."),
        ),
    ]
    for order, attribute in enumerate(asked, 1):
        attribute["order"] = order
    return {"service_code": code, "attributes": asked}


def _attribute(
    code: str, description: str, help: str, values: Iterable[tuple[str, str]] | None = None
) -> dict[str, Any]:
    listed = None if values is None else [{"key": key, "name": name} for key, name in values]
    told = {
        "variable": True,
        "code": code,
        "datatype": "string" if listed is None else "singlevaluelist",
        "required": False,
        "datatype_description": help or None,
        "order": 0,
        "description": description,
    }
    return told if listed is None else {**told, "values": listed}
