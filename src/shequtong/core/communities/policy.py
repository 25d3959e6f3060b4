"""Who may do what with claims to dwellings: one table, read aloud.

Nobody decides their own claim (A5). A representative lets family and tenants into their own dwelling; owners
and conflicts are for the committee alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shequtong.core.communities.models import Membership
from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import Actor
from shequtong.lib.policy import Rule, nobody


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """What a rule judges: this actor, with their standing where the dwelling is, and this claim."""

    actor: Actor
    claim: Membership

    @property
    def here(self) -> Standing:
        return Standing.of(self.actor, self.claim.code)


def represents(actor: Actor, dwelling_id: int) -> bool:
    """Does this actor speak for the household of this dwelling?"""
    return any(role.name == "representative" and role.dwelling_id == dwelling_id for role in actor.roles)


def of_kind(*names: str) -> Rule:
    return Rule(f"{' or '.join(names)} claim", lambda case: case.claim.kind in names)


staff = Rule("clerk or secretary", lambda case: case.here.staff)
own = Rule("own claim", lambda case: case.claim.account_id == case.actor.id)
representative = Rule(
    "representative of that dwelling", lambda case: represents(case.actor, case.claim.dwelling_id)
)
of_the_household = representative & of_kind("family", "tenant")

TABLE: Mapping[str, Rule] = {
    "show": staff,
    "look": staff & ~own,
    "decide": (staff | of_the_household) & ~own,
    "approve_as_co_owner": staff & of_kind("owner") & ~own,
    "leave": own,
    "end": staff & ~own,
    "make_representative": (staff | representative) & ~own,
}
STATES: Mapping[str, tuple[str, ...]] = {
    "decide": ("applied", "conflict"),
    "approve_as_co_owner": ("applied", "conflict"),
    "leave": ("applied", "conflict", "approved"),
    "end": ("approved",),
    "make_representative": ("approved",),
}
"""The states a claim must be in; what is not listed may be done in any."""


def fits(case: ClaimCase, action: str) -> bool:
    """Is the claim in a state for this action?"""
    return action not in STATES or case.claim.state in STATES[action]


def allows(case: ClaimCase, action: str) -> bool:
    """Does the table allow this actor the action, whatever state the claim is in?"""
    return TABLE.get(action, nobody)(case)


def offers(case: ClaimCase, action: str) -> bool:
    """Shall this actor see the button?"""
    return fits(case, action) and allows(case, action)
