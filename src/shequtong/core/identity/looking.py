"""Protected data: shown masked, looked at with a reason, and every look told to its owner."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from shequtong.core.identity.models import Look
from shequtong.lib import clock
from shequtong.lib.i18n import lazy_gettext as _l

PROTECTED = ("real_name", "phone", "room")
"""What is masked until somebody gives a reason."""

WHAT = {
    "real_name": _l("Real name"),
    "phone": _l("Phone number"),
    "room": _l("Room"),
    "birth_year": _l("Year of birth"),
    "overlays": _l("Lists you are on"),
    "found": _l("Found you in the registry"),
    "everything": _l("Everything the registry holds"),
    "password_link": _l("A link for a new password"),
}
"""What can be looked at or handed over, by the words kept in `Look.what`."""


def look(session: Session, account_id: int, by_id: int, what: Iterable[str], reason: str) -> None:
    """Write down that somebody looked. In the same transaction as the look itself, or it was none."""
    _write_down(session, by_id, what, reason, account_id=account_id)


def look_at_person(
    session: Session, person_id: int, account_id: int | None, by_id: int, what: Iterable[str], reason: str
) -> None:
    """The same for a person of the registry: who is tied to no account yet reads it from the day they are."""
    _write_down(session, by_id, what, reason, account_id=account_id, person_id=person_id)


def _write_down(session: Session, by_id: int, what: Iterable[str], reason: str, **whose: int | None) -> None:
    wanted = set(what)
    kept = " ".join(name for name in WHAT if name in wanted)
    session.add(Look(by_id=by_id, what=kept, reason=reason, at=clock.now(), **whose))
    session.flush()


def masked_name(name: str | None) -> str:
    """张小华 is 张*华, 张华 is 张*."""
    if not name:
        return ""
    if len(name) <= 2:
        return name[0] + "*"
    return name[0] + "*" * min(len(name) - 2, 3) + name[-1]


def masked_phone(phone: str | None) -> str:
    """+8613812341234 is 138****1234."""
    if not phone:
        return ""
    digits = phone.removeprefix("+86") if phone.startswith("+861") else phone
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else "****" + digits[-2:]


def masked_room(room: str | None) -> str:
    """502 is 5**."""
    return "" if not room else room[0] + "**"
