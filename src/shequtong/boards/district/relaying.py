"""What a committee does with a bulletin: passes it on as a notice of its own, or says why it does not concern it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session

from shequtong.boards.district import addressing, cascading
from shequtong.boards.district.forms import RelayForm, SetAsideForm
from shequtong.boards.district.models import Addressee, Bulletin
from shequtong.core.communities import places
from shequtong.core.communities.models import Dwelling
from shequtong.core.identity.models import Account
from shequtong.core.posts import changes, participating, passing
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.core.posts.queries import CLEAR, KEPT
from shequtong.lib import clock
from shequtong.lib.db import ask, at_most
from shequtong.lib.errors import Conflict
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule

if TYPE_CHECKING:
    from shequtong.core.communities.visiting import Visit

not_relayed = Rule("not passed on yet", lambda case: "relay" not in case.parts)

_OURS: Any = (
    select(
        Addressee.state, Addressee.note, Addressee.done_at, Addressee.notice_id, Account.name.label("by_name")
    )
    .outerjoin(Account, Account.id == Addressee.by_id)
    .where(Addressee.post_id == bindparam("post_id"), Addressee.code == bindparam("code"))
)
_WAITING: Any = (
    select(Post.id, Post.title, Post.kind, Post.created_at, Addressee.told_at, Bulletin.hours, Bulletin.until)
    .join(Addressee, Addressee.post_id == Post.id)
    .join(Bulletin, Bulletin.post_id == Post.id)
    .where(
        Addressee.code == bindparam("code"),
        Addressee.state.in_(cascading.OPEN),
        Post.state.in_(cascading.IN_FORCE),
        KEPT,
        Post.moderation == CLEAR,
    )
    .order_by(Addressee.told_at, Post.id)
    .limit(at_most(20))
)


def shown(session: Session, case: Case) -> dict[str, Any]:
    """Inside a committee: what it did itself. At the office that issued it: how far it has come, and for whom.

    Those who wrote a correction know what it changed.
    """
    post = case.post
    told: dict[str, Any] = {"ours": None, "progress": None, "whom": "", "changes": []}
    if case.community.level == "committee":
        told["ours"] = next(iter(ask(session, _OURS, post_id=post.id, code=case.community.code)), None)
    elif case.here.observer:
        told["progress"] = cascading.progress(session, post.id)
        told["whom"] = addressing.in_words(session, case)
        return told
    if post.state == "corrected":
        told["changes"] = changes.last_change(session, post)
    return told


def waiting(session: Session, visit: Visit) -> list[Any]:
    """The bulletins that wait for this committee, those it has known of longest first."""
    return ask(session, _WAITING, code=visit.community.code)


def check(session: Session, case: Case, form: BoundForm[Any]) -> None:
    """Refuse buildings in which there is no door."""
    if form.value.places:
        buildings = places.buildings_in(session, case.community.code, form.value.places)
        doors = select(func.count()).where(Dwelling.building_id.in_(buildings))
        if not session.scalar(doors):
            form.refuse("places", _("No door is registered there. Choose other buildings, or all of them."))


def relay(session: Session, case: Case, form: RelayForm, _record: object) -> None:
    """Make it a notice of this committee's own, once."""
    _mark(session, case, "relayed", form.note)
    _take_back(session, case, "set_aside")
    passed = passing.Passed(case.post, case.post.kind, form.note, tuple(form.places), case.detail.until)
    notice = passing.pass_on(session, case, passed)
    session.execute(update(Addressee).where(*_here(case)).values(notice_id=notice.id))


def set_aside(session: Session, case: Case, form: SetAsideForm, _record: object) -> None:
    """Say why it does not concern this committee; it may still be passed on later."""
    _mark(session, case, "not_applicable", form.note)


def _mark(session: Session, case: Case, state: str, note: str) -> None:
    """Write down what this committee did. Raises Conflict when it has passed it on, or was never meant."""
    cascading.ensure(session, case)
    now = clock.now()
    marked = session.execute(
        update(Addressee)
        .where(*_here(case), Addressee.state != "relayed")
        .values(
            state=state,
            done_at=now,
            told_at=func.coalesce(Addressee.told_at, now),
            by_id=case.actor.id,
            note=note,
            edition=case.detail.edition,
        )
        .execution_options(synchronize_session=False)
    )
    if marked.rowcount != 1:
        raise Conflict(_("Your committee has passed this on already."))


def _here(case: Case) -> tuple[Any, ...]:
    return Addressee.post_id == case.post.id, Addressee.code == case.community.code


def _take_back(session: Session, case: Case, name: str) -> None:
    other = case.board.workflow.transition(name)
    assert other is not None
    participating.step_out(session, case, other)
