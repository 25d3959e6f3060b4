"""When a vote of households is adopted. Exact arithmetic: shares are fractions, never floats.

The two rules named after the Civil Code are those of its article 278: owners with two thirds of the exclusive area
and two thirds of the number take part; ordinary matters need more than half of those taking part, by area and by
number; major ones three quarters of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, Protocol

from sqlmodel import Session

from shequtong.core.posts.policy import Case
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l

Result = Literal["adopt", "reject", "record_no_quorum"]


class Count(Protocol):
    """The figures of a signed record."""

    dwellings: int
    dwellings_voting: int
    dwellings_for: int
    area: Decimal | None
    area_voting: Decimal | None
    area_for: Decimal | None


@dataclass(frozen=True)
class VotingRule:
    """`quorum`: the share that must vote, at least. `favour`: the share of these that must be for it.

    `more` asks for more than that share, else it is enough to reach it. `by_area` asks both of dwellings and of
    their floor area.
    """

    key: str
    label: Any
    quorum: Fraction
    favour: Fraction
    more: bool = True
    by_area: bool = False

    def result(self, count: Count) -> Result:
        shares = [(count.dwellings, count.dwellings_voting, count.dwellings_for)]
        if self.by_area:
            shares.append((count.area, count.area_voting, count.area_for))
        if count.dwellings_voting == 0 or any(
            Fraction(voting) < self.quorum * Fraction(all_) for all_, voting, _for in shares
        ):
            return "record_no_quorum"
        return "adopt" if all(self._carried(voting, for_) for _all, voting, for_ in shares) else "reject"

    def _carried(self, voting: Any, for_: Any) -> bool:
        needed = self.favour * Fraction(voting)
        return Fraction(for_) > needed if self.more else Fraction(for_) >= needed


HALF, TWO_THIRDS, THREE_QUARTERS = Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)

RULES = (
    VotingRule("advisory", _l("Advisory: more for it than against"), Fraction(0), HALF),
    VotingRule(
        "majority", _l("Majority: half of the dwellings vote, more than half of them for it"), HALF, HALF
    ),
    VotingRule(
        "consent",
        _l("Consent: half of the dwellings vote, none of them against"),
        HALF,
        Fraction(1),
        more=False,
    ),
    VotingRule(
        "ordinary",
        _l(
            "Civil Code art. 278, ordinary: two thirds of dwellings and area vote, more than half of both for it"
        ),
        TWO_THIRDS,
        HALF,
        by_area=True,
    ),
    VotingRule(
        "major",
        _l(
            "Civil Code art. 278, major: two thirds of dwellings and area vote, three quarters of both for it"
        ),
        TWO_THIRDS,
        THREE_QUARTERS,
        more=False,
        by_area=True,
    ),
)
BY_KEY = {rule.key: rule for rule in RULES}
RESULTS: dict[Result, Any] = {
    "adopt": _l("By these figures the proposal is adopted. Record that instead."),
    "reject": _l("By these figures the proposal is rejected. Record that instead."),
    "record_no_quorum": _l("By these figures too few took part. Record that instead."),
}


def must_be(recorded: Result) -> Any:
    """A check of a count's form: its figures are possible, and come to what is recorded."""

    def check(_session: Session, case: Case, form: BoundForm[Any]) -> None:
        rule = BY_KEY[case.detail.voting_rule]
        count = form.value
        for whole, part in (
            ("dwellings", "dwellings_voting"),
            ("dwellings_voting", "dwellings_for"),
            ("area", "area_voting"),
            ("area_voting", "area_for"),
        ):
            all_, some = getattr(count, whole), getattr(count, part)
            if rule.by_area and some is None:
                form.refuse(part, _("This rule counts floor area too"))
            elif all_ is None and some is not None:
                form.refuse(whole, _("Please fill this in"))
            elif all_ is not None and some is not None and some > all_:
                form.refuse(part, _("This is more than the figure above it"))
        if rule.by_area and count.area is None:
            form.refuse("area", _("This rule counts floor area too"))
        if not form.errors and (result := rule.result(count)) != recorded:
            form.refuse("", RESULTS[result])

    return check
