"""From a draft to a notice: for whom, until when, and what is answered before it is final."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from shequtong.boards.notices import reaching, reminding
from shequtong.boards.notices.forms import FinaliseForm
from shequtong.boards.notices.models import NOT_OUT, Notice
from shequtong.core.communities import places
from shequtong.core.communities.standing import Standing
from shequtong.core.posts import objecting
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.policy import Case, author, in_state
from shequtong.core.posts.scheduling import ScheduleForm, at_moment
from shequtong.lib import clock, dates
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import ngettext
from shequtong.lib.markdown import excerpt
from shequtong.lib.policy import Rule

QUOTED = 40
"""Characters of an objection by which it is named in a list."""

concerned = Rule(
    "lives behind one of its doors",
    lambda case: (
        (not case.detail.building_ids or not case.here.buildings.isdisjoint(case.detail.building_ids))
        and (not case.detail.concerns or case.here.is_any(*reaching.CONCERNED[case.detail.concerns]))
    ),
)
time_is_up = Rule(
    "the time to object is over",
    lambda case: case.detail.until is not None and case.detail.until < clock.today(),
)


GRAVE = ("public_notice", "must_read")
"""Kinds that bind readers, for which a committee can ask for a second look alone."""


def _asks_two(case: Case) -> bool:
    asked = getattr(case.community, "second_look", "")
    kind = case.post.kind
    return kind != "emergency" and (asked == "all" or (asked == "grave" and kind in GRAVE))


second_look = Rule("this committee has two people look at such notices", _asks_two)
released = in_state("review") & ~author | author & ~second_look
"""Staff publish their own words at once, and those of others only when these have asked for it."""


def only_leads(here: Standing) -> bool:
    """Somebody who writes for the building they lead, and nothing more."""
    return here.is_any("lead") and not here.is_any("clerk", "secretary", "property", "owners_committee")


def own_building(here: Standing) -> dict[str, Any]:
    """Somebody who leads one building is not asked which."""
    return {"places": [str(min(here.leads))]} if only_leads(here) and len(here.leads) == 1 else {}


def places_for(session: Session, case: Case) -> dict[str, Any]:
    """The buildings, and whole compounds, this writer may address."""
    if only_leads(case.here):
        found = places.buildings(session, case.community.code)
        return {"places": [(str(b.id), b.name) for b in found if b.id in case.here.leads]}
    return {"places": places.scopes(session, case.community.code)}


def check(session: Session, case: Case, form: BoundForm[Any]) -> None:
    chosen = form.value
    if only_leads(case.here) and len(chosen.places) != 1:
        form.refuse("places", _("Choose one building of yours"))
    elif chosen.kind in ("must_read", "public_notice") and chosen.until is None:
        form.refuse("until", _("Say until when neighbours can answer"))
    elif chosen.places or chosen.concerns:
        buildings = places.buildings_in(session, case.community.code, chosen.places)
        if not reaching.count_doors(session, case.community.code, buildings, chosen.concerns):
            named = "concerns" if chosen.concerns else "places"
            form.refuse(
                named, _("This reaches no door. Choose other buildings, or everybody who lives there.")
            )


def aim(session: Session, post: Post, notice: Notice) -> None:
    """Find the buildings a notice is meant for. One for one building belongs to that building."""
    buildings = places.buildings_in(session, post.code, notice.places)
    notice.building_ids = list(buildings)
    post.building_id = buildings[0] if len(buildings) == 1 else None


def release(session: Session, case: Case, _form: object, record: PostTransition) -> None:
    """It goes out now: to whom, and who let it go."""
    address(session, case)
    _sign(case, record)
    reminding.plan(session, case.post, case.detail)


def schedule(session: Session, case: Case, form: ScheduleForm, record: PostTransition) -> None:
    """It goes out at a moment that was chosen."""
    at_moment(session, case, form, record)
    _sign(case, record)


def appear(session: Session, case: Case, _form: object, _record: PostTransition) -> None:
    """Its moment has come."""
    address(session, case)
    reminding.plan(session, case.post, case.detail)


def _sign(case: Case, record: PostTransition) -> None:
    notice: Notice = case.detail
    notice.released_by_id, notice.released_at = record.by_id, record.at
    by_two = getattr(case.community, "second_look", "") == "all"
    notice.alone = by_two and case.post.kind == "emergency" and case.post.author_id == record.by_id


def before_its_last_day(_session: Session, case: Case, form: BoundForm[Any]) -> None:
    """Whoever shall answer by a day must have heard of it before."""
    until = case.detail.until
    if until is not None and clock.local(form.value.at).date() > until:
        form.refuse("at", _("The last day to answer, %(day)s, is before that.", day=dates.day(until)))


def address(_session: Session, case: Case, _form: object = None, _record: Any = None) -> None:
    """A notice for one building reaches that building only."""
    if case.post.state not in NOT_OUT:
        case.post.audience = "building" if case.post.building_id else "public"


def no_objection_waits(session: Session, case: Case, form: BoundForm[Any]) -> None:
    """Nothing is final while somebody who objected has no answer; what waits is listed."""
    waiting = objecting.unanswered(session, case.post.id)
    if waiting:
        words = ngettext(
            "%(num)s objection has no answer yet: %(which)s",
            "%(num)s objections have no answer yet: %(which)s",
            len(waiting),
            which="；".join(_quoted(one.body) for one in waiting),
        )
        form.refuse("", words)


def _quoted(words: str) -> str:
    return f"“{excerpt(words, QUOTED)}”"


def conclude(_session: Session, case: Case, form: FinaliseForm, _record: PostTransition) -> None:
    case.detail.answer = form.answer
