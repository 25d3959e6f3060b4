"""When a round of ballots is carried. Exact arithmetic: heads and square centimetres are whole, shares are fractions.

《民法典》第二百七十八条: what owners decide together is voted on by owners with at least two thirds of the exclusive
area and of the number of owners; an ordinary matter needs more than half of those who take part, by area and by
number, a major one (funds for building, rebuilding, a change of use, business in common parts) three quarters of
both. Who abstains takes part. A dwelling counts as one owner, whoever shares it or owns another one beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, Literal, NamedTuple

from shequtong.lib.i18n import lazy_gettext as _l

Result = Literal["adopted", "rejected", "no_quorum"]

FOR, AGAINST, ABSTAIN = "for", "against", "abstain"
YES_OR_NO: tuple[tuple[str, Any], ...] = (
    (FOR, _l("In favour")),
    (AGAINST, _l("Against")),
    (ABSTAIN, _l("Abstain")),
)


class Weight(NamedTuple):
    """So many dwellings and their floor area, in square centimetres."""

    heads: int
    area: int


NOTHING = Weight(0, 0)
Tally = Mapping[str, Weight]
"""What each option got; one that nobody chose may be missing."""


def together(tally: Tally) -> Weight:
    """Everybody who took part."""
    return Weight(sum(w.heads for w in tally.values()), sum(w.area for w in tally.values()))


@dataclass(frozen=True)
class VotingRule:
    """`quorum`: the share of the roll that must take part, at least. `favour`: the share of these that carries it.

    `more` asks for more than that share, else it is enough to reach it. `by_area` asks both of dwellings and of
    their floor area, and lets owners alone vote. `plurality` carries what is ahead of every other option;
    `unopposed` what nobody is against. `several` rules can choose between more ways than yes and no.
    """

    key: str
    label: Any
    quorum: Fraction
    favour: Fraction = Fraction(0)
    more: bool = True
    by_area: bool = False
    plurality: bool = False
    unopposed: bool = False
    several: bool = False

    def has_quorum(self, roll: Weight, voted: Weight) -> bool:
        """Did enough of the roll take part? Nobody is never enough."""
        return voted.heads > 0 and all(
            part >= self.quorum * whole for whole, part in self._measured(roll, voted)
        )

    def result(self, roll: Weight, tally: Tally) -> tuple[Result, str]:
        """What was decided, and the option that was carried; "" when none was."""
        voted = together(tally)
        if not self.has_quorum(roll, voted):
            return "no_quorum", ""
        leader = leading(tally)
        carried = leader not in ("", AGAINST) and self._carries(leader, voted, tally)
        return ("adopted", leader) if carried else ("rejected", "")

    def _carries(self, option: str, voted: Weight, tally: Tally) -> bool:
        if self.plurality:
            return True
        if self.unopposed:
            return not tally.get(AGAINST, NOTHING).heads
        return all(
            part > self.favour * whole if self.more else part >= self.favour * whole
            for whole, part in self._measured(voted, tally[option])
        )

    def _measured(self, whole: Weight, part: Weight) -> list[tuple[int, int]]:
        pairs = [(whole.heads, part.heads)]
        return [*pairs, (whole.area, part.area)] if self.by_area else pairs

    def enough_to_vote(self, roll: Weight) -> Weight:
        """The fewest dwellings, and the least area, with which the round is valid."""
        return Weight(max(1, ceil(self.quorum * roll.heads)), ceil(self.quorum * roll.area))

    def enough_to_carry(self, voted: Weight) -> Weight:
        """The fewest dwellings, and the least area, that carry an option when so many take part."""

        def least(whole: int) -> int:
            return floor(self.favour * whole) + 1 if self.more else ceil(self.favour * whole)

        return Weight(least(voted.heads), least(voted.area))


def leading(tally: Tally) -> str:
    """The option most dwellings chose, abstentions apart; "" when nobody chose any or two are level."""
    chosen = sorted(((w.heads, key) for key, w in tally.items() if key != ABSTAIN and w.heads), reverse=True)
    if not chosen or (len(chosen) > 1 and chosen[0][0] == chosen[1][0]):
        return ""
    return chosen[0][1]


HALF, TWO_THIRDS, THREE_QUARTERS = Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)

RULES = (
    VotingRule(
        "advisory",
        _l("Advisory: what most dwellings choose"),
        Fraction(0),
        plurality=True,
        several=True,
    ),
    VotingRule(
        "majority",
        _l("Majority: half of the dwellings vote, more than half of them for it"),
        HALF,
        HALF,
        several=True,
    ),
    VotingRule(
        "consent",
        _l("Consent: half of the dwellings vote, none of them against"),
        HALF,
        unopposed=True,
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
