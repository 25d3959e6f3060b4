"""Opening a round: what is wrong with it, and the roll as it stands at this moment."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import Session

from shequtong.core.ballots import publishing, recording, sealing
from shequtong.core.ballots.models import RollEntry, Round, Voter
from shequtong.core.ballots.rules import BY_KEY, YES_OR_NO
from shequtong.core.communities import places
from shequtong.core.communities.models import Building, Dwelling, Membership
from shequtong.core.identity.actor import Actor
from shequtong.core.posts.models import Post
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, Invalid
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import ngettext

ROUNDS = 2
"""One repeat, after too few took part."""
READING = timedelta(days=3)
"""How long after the close paper ballots may still be entered, before what two people agree on is counted."""
SQUARE_METRE = 10_000
MOST_OPTIONS = 8
LONGEST_OPTION = 80


@dataclass(frozen=True)
class Plan:
    """A round as somebody wants to open it. No `options` are in favour, against and abstain; no `buildings` all.

    `proxies` is for how many other dwellings one person may vote; `place` where paper ballots are.
    """

    question: str
    rule: str
    closes_at: datetime
    secret: bool = False
    papers: bool = False
    options: tuple[str, ...] = ()
    buildings: tuple[int, ...] = ()
    proxies: int = 0
    place: str = ""


def mistakes(session: Session, code: str, plan: Plan) -> Iterator[tuple[str, str]]:
    """(field of the plan, what is wrong with it) for everything that keeps a round from being opened."""
    rule = BY_KEY.get(plan.rule)
    if rule is None:
        yield "rule", _("Choose one of the options")
        return
    if plan.closes_at <= clock.now():
        yield "closes_at", _("Choose a time that is still to come")
    if plan.secret and plan.papers:
        yield "papers", _("Paper ballots are read door by door, so there are none in a secret vote")
    if plan.papers and not plan.place:
        yield "place", _("Say where paper ballots are handed in")
    yield from _of_options(plan)
    heads, measured, known = _surveyed(session, code, plan.buildings)
    if known < len(plan.buildings):
        yield "buildings", _("Choose one of the options")
    elif not heads:
        yield "buildings", _("No dwelling is registered there, so nobody could vote")
    elif rule.by_area and measured < heads:
        yield (
            "rule",
            ngettext(
                "The area of %(n)s dwelling is not in the register. This rule counts floor area: enter it first",
                "The areas of %(n)s dwellings are not in the register. This rule counts floor area: enter them first",
                heads - measured,
            ),
        )


def _of_options(plan: Plan) -> Iterator[tuple[str, str]]:
    if not plan.options:
        return
    if not BY_KEY[plan.rule].several:
        yield "options", _("This rule asks for yes or no. Leave this empty")
    elif not 2 <= len(plan.options) <= MOST_OPTIONS or len(set(plan.options)) < len(plan.options):
        yield "options", _("Write two to %(most)s different options, one a line", most=MOST_OPTIONS)
    elif max(map(len, plan.options)) > LONGEST_OPTION:
        yield "options", _("An option has at most %(longest)s characters", longest=LONGEST_OPTION)


def _surveyed(session: Session, code: str, buildings: tuple[int, ...]) -> tuple[int, int, int]:
    """Of the dwellings that would vote: how many there are, how many have an area, in how many known buildings."""
    known = func.count(Building.id.distinct())
    measured = func.count(Dwelling.id).filter(Dwelling.area > 0)
    statement = (
        select(func.count(Dwelling.id), measured, known)
        .select_from(Building)
        .outerjoin(Dwelling, Dwelling.building_id == Building.id)
        .where(Building.code == code)
    )
    if buildings:
        statement = statement.where(Building.id.in_(buildings))
    heads, areas, there = session.execute(statement).one()
    return heads, areas, there


def open_round(session: Session, post: Post, plan: Plan, by: Actor) -> Round:
    """Open a round and freeze its roll (V2). Raises Invalid for a mistake, Conflict when none may follow."""
    for _field, wrong in mistakes(session, post.code, plan):
        raise Invalid(wrong)
    rule, now = BY_KEY[plan.rule], clock.now()
    entries = _entries(session, post.code, plan.buildings)
    options = [[key, str(label)] for key, label in YES_OR_NO]
    if plan.options:
        named = [[f"option{place}", label] for place, label in enumerate(plan.options, 1)]
        options = [*named, options[-1]]
    round_ = Round(
        post_id=post.id,
        number=_next_number(session, post),
        code=post.code,
        question=plan.question,
        options=options,
        rule=plan.rule,
        secret=plan.secret,
        papers=plan.papers,
        proxies=plan.proxies,
        buildings=sorted(plan.buildings),
        scope=places.in_words(session, post.code, plan.buildings) if plan.buildings else "",
        place=plan.place,
        opened_at=now,
        closes_at=plan.closes_at,
        count_at=plan.closes_at + (READING if plan.papers else timedelta()),
        roll_heads=len(entries),
        roll_area=sum(entry["area"] for entry in entries),
        seal=sealing.new_key() if plan.secret else "",
    )
    session.add(round_)
    session.flush()
    session.execute(insert(RollEntry), [{"round_id": round_.id, **entry} for entry in entries])
    _freeze_voters(session, round_, owners_only=rule.by_area)
    recording.record(session, round_, "opened", publishing.terms(round_), by.id)
    facts = {
        "dwellings": round_.roll_heads,
        "area": round_.roll_area,
        "sha256": publishing.roll_digest(session, round_),
    }
    recording.record(session, round_, "roll_frozen", facts, by.id)
    return round_


def plan_again(earlier: Round, closes_at: datetime) -> Plan:
    """The same vote once more."""
    asked = [label for key, label in earlier.options if key not in dict(YES_OR_NO)]
    return Plan(
        question=earlier.question,
        rule=earlier.rule,
        closes_at=closes_at,
        secret=earlier.secret,
        papers=earlier.papers,
        options=tuple(asked),
        buildings=tuple(earlier.buildings),
        proxies=earlier.proxies,
        place=earlier.place,
    )


def _next_number(session: Session, post: Post) -> int:
    """Raises Conflict unless there was no round yet, or one in which too few took part."""
    earlier = session.scalars(
        select(Round).where(Round.post_id == post.id).order_by(Round.number).with_for_update()
    ).all()
    if len(earlier) >= ROUNDS or any(one.result != "no_quorum" for one in earlier):
        raise Conflict(_("There was a vote on this already."))
    return len(earlier) + 1


def _entries(session: Session, code: str, buildings: tuple[int, ...]) -> list[dict[str, Any]]:
    """The dwellings, each with a number that is drawn by lot: it leads back to no door."""
    statement = select(Dwelling.id, Dwelling.building_id, Dwelling.area).where(Dwelling.code == code)
    if buildings:
        statement = statement.where(Dwelling.building_id.in_(buildings))
    found = list(session.execute(statement))
    secrets.SystemRandom().shuffle(found)
    return [
        {
            "dwelling_id": row.id,
            "building_id": row.building_id,
            "number": number,
            "area": int(row.area * SQUARE_METRE),
        }
        for number, row in enumerate(found, 1)
    ]


def _freeze_voters(session: Session, round_: Round, owners_only: bool) -> None:
    """Who may vote: everybody who lives there; under article 278 the owners, of whom any may vote for all.

    《业主大会和业主委员会指导规则》（建房〔2009〕274号）: several owners of one dwelling have one vote together.
    """
    members = (
        select(RollEntry.round_id, RollEntry.dwelling_id, Membership.account_id)
        .join(Membership, Membership.dwelling_id == RollEntry.dwelling_id)
        .where(RollEntry.round_id == round_.id, Membership.state == "approved")
        .distinct()
    )
    if owners_only:
        members = members.where(Membership.kind == "owner")
    session.execute(insert(Voter).from_select(["round_id", "dwelling_id", "account_id"], members))
