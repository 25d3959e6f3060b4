"""From door to door: what the building lead and the committee note on paper, and whom they remind."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlmodel import Session

from shequtong.boards.notices import reaching
from shequtong.boards.notices.models import Notice, PaperConfirmation
from shequtong.core.communities.models import Dwelling
from shequtong.core.notifications.telling import tell_about
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing
from shequtong.lib.errors import Conflict, Forbidden, NotFound
from shequtong.lib.i18n import gettext as _

REMINDED_ONCE_IN = timedelta(hours=20)
"""Whoever has not read it since yesterday's reminder may be asked again today."""


def rounds(session: Session, case: Case) -> list[reaching.Reach]:
    """The buildings whose doors this actor may see: all for the committee, their own for a building lead."""
    found = reaching.coverage(session, case)
    return found if case.here.staff else [row for row in found if row.id in case.here.leads]


def table(session: Session, case: Case) -> list[list[str]]:
    """The doors that are left, building by building, as rows of words below their headings."""
    rows = [[_("Building"), _("Room")]]
    for building in rounds(session, case):
        if building.left:
            left, _on_paper = reaching.doors(session, case, building.id)
            rows += ([building.name, door.room] for door in left)
    return rows


def note_paper(session: Session, case: Case, dwelling_ids: Collection[int]) -> None:
    """Note that these doors confirmed on paper; once more changes nothing.

    Raises Conflict when the notice asks nobody any more, NotFound for a door that is not this actor's to note.
    """
    _still_asking(case)
    for dwelling_id in _own_doors(session, case, dwelling_ids):
        insert_or_nothing(
            session,
            PaperConfirmation,
            post_id=case.post.id,
            dwelling_id=dwelling_id,
            by_id=case.actor.id,
            at=clock.now(),
        )


def take_back(session: Session, case: Case, dwelling_id: int) -> None:
    """Take back a paper confirmation that was noted by mistake. Raises what `note_paper` raises."""
    _still_asking(case)
    _own_doors(session, case, [dwelling_id])
    session.execute(
        delete(PaperConfirmation).where(
            PaperConfirmation.post_id == case.post.id, PaperConfirmation.dwelling_id == dwelling_id
        )
    )


def remind(session: Session, case: Case) -> int:
    """Ask those behind the doors that have not confirmed once more; how many people that are.

    Raises Forbidden for anybody but staff, Conflict when they were asked a short while ago.
    """
    if not case.here.staff:
        raise Forbidden
    _still_asking(case)
    now = clock.now()
    asked = session.execute(
        update(Notice)
        .where(
            Notice.post_id == case.post.id,
            Notice.reminded_at.is_(None) | (Notice.reminded_at < now - REMINDED_ONCE_IN),
        )
        .values(reminded_at=now)
    )
    if asked.rowcount != 1:
        raise Conflict(_("They were reminded today. Ask again tomorrow, or go and knock."))
    people = reaching.people_left(session, case)
    tell_about(session, case.post, people, "please_confirm", by=case.actor.id)
    return len(people - {case.actor.id})


def _still_asking(case: Case) -> None:
    if case.post.state != "confirming":
        raise Conflict(_("This notice does not ask for confirmation any more."))


def _own_doors(session: Session, case: Case, dwelling_ids: Collection[int]) -> list[int]:
    """These doors, when all of them are in buildings that are this actor's to look after."""
    buildings = {row.id for row in rounds(session, case)}
    found = session.scalars(
        select(Dwelling.id).where(Dwelling.id.in_(dwelling_ids), Dwelling.building_id.in_(buildings))
    ).all()
    if set(found) != set(dwelling_ids):
        raise NotFound
    return sorted(found)
