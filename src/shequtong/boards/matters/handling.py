"""Who has a matter in hand, and what became of it."""

from __future__ import annotations

from sqlmodel import Session

from shequtong.boards.matters.forms import DispatchForm, MergeForm, PromiseForm
from shequtong.core.follows import following
from shequtong.core.posts import linking, queries
from shequtong.core.posts.forms import RatingForm
from shequtong.core.posts.models import Link, Post, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib.errors import Invalid
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _


def take(_session: Session, case: Case, form: PromiseForm | None, _record: PostTransition) -> None:
    """Whoever takes it owns it; with a day by which it shall be done, if they promise one."""
    case.post.assignee_id = case.actor.id
    case.detail.promised_on = getattr(form, "promised_on", None)


def hand_to(_session: Session, case: Case, form: DispatchForm, _record: PostTransition) -> None:
    case.post.handler = form.to


def hand_up(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """Only now may an officer of the street act on it."""
    case.post.handler = "street"


def hand_back(_session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    case.post.handler = None


def rate(_session: Session, case: Case, form: RatingForm | None, _record: PostTransition) -> None:
    """The clock confirms without a rating."""
    case.detail.rating = form.rating if form else None


def begin_again(session: Session, case: Case, form: object, record: PostTransition) -> None:
    """The reporter does not agree that it is over; it is the committee's again, and everybody can count."""
    hand_back(session, case, form, record)
    case.detail.reopened += 1
    case.detail.rating = case.detail.promised_on = None


def find_other(session: Session, case: Case, typed: str) -> Post | None:
    """The matter that a number or address names, when its readers include those of this one."""
    number = typed.rstrip("/").rsplit("/", 1)[-1].lstrip("#")
    if not number.isdecimal() or int(number) in (0, case.post.id) or len(number) > 18:
        return None
    post = queries.find_anywhere(session, int(number), case.community.code, case.actor, case.here)
    fits = post is not None and post.board == case.board.slug and post.state != "merged"
    return post if fits and post.audience == "community" else None


def check_merge(session: Session, case: Case, form: BoundForm[MergeForm]) -> None:
    if find_other(session, case, form.value.target) is None:
        form.refuse("target", _("Write the number of another matter here that all neighbours can read."))


def merge(session: Session, case: Case, form: MergeForm, _record: PostTransition) -> None:
    """Its reporter follows the other one from now on, and each shows the other."""
    other = find_other(session, case, form.target)
    if other is None:
        raise Invalid
    if session.get(Link, (other.id, case.post.id)) is None:
        linking.link(session, case, other)
    following.follow(session, case.post.author_id, "post", other.id)
