"""Two neighbours find each other, for as long as the help takes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from shequtong.boards.aid.forms import VolunteerForm
from shequtong.boards.aid.models import Aid
from shequtong.core.follows import following
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.policy import Case, author, of_kind, staff
from shequtong.lib import clock
from shequtong.lib.dates import when
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

partner = Rule(
    "the one who answered", lambda case: bool(case.detail) and case.detail.partner_id == case.actor.id
)
helped = (author & of_kind("ask")) | (partner & of_kind("offer"))
unvouched = Rule("waits for a vouch", lambda case: case.detail.vulnerable and not case.detail.vouched_at)


OPEN_FOR = timedelta(days=30)


def begin(post: Post, aid: Aid) -> None:
    """A call is open until its time has come; one that needs a vouch is handed to the committee."""
    now = clock.now()
    post.due_at = aid.at if aid.at and aid.at > now else now + OPEN_FOR
    post.handler = "clerk" if aid.vulnerable and not aid.vouched_at else None


def vouch(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    case.detail.vouched_by_id = case.actor.id
    case.detail.vouched_at = clock.now()
    case.post.handler = None


def unvouch(_session: Session, case: Case, _form: object, _record: object) -> None:
    case.detail.vouched_by_id = case.detail.vouched_at = None
    begin(case.post, case.detail)


def volunteer(session: Session, case: Case, form: VolunteerForm | None, _record: PostTransition) -> None:
    """Whoever answers follows it from now on, and so hears what becomes of it."""
    case.detail.partner_id = case.actor.id
    following.follow(session, case.actor.id or 0, "post", case.post.id)
    case.detail.message = form.note if form else ""


def part(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """Open again for somebody else."""
    case.detail.partner_id = None
    case.detail.message = ""
    begin(case.post, case.detail)


def names(session: Session, case: Case) -> dict[str, Any]:
    """Who answered, for the two and the committee; who vouched, for everybody."""
    aid = case.detail
    two = {case.post.author_id, aid.partner_id}
    known = {}
    wanted = {aid.vouched_by_id, aid.partner_id if case.actor.id in two or staff(case) else None} - {None}
    if wanted:
        known = {
            row.id: row.name
            for row in session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
        }
    facts = (
        [(_("Vouched for by"), f"{known[aid.vouched_by_id]} {when(aid.vouched_at)}")]
        if aid.vouched_at
        else []
    )
    return {
        "facts": facts,
        "partner": known.get(aid.partner_id),
        "message": aid.message,
        "waits": unvouched(case),
    }
