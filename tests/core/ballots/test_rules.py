"""The arithmetic of every rule, at its very edge: whole heads, whole square centimetres, fractions for shares."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shequtong.core.ballots.rules import (
    ABSTAIN,
    AGAINST,
    BY_KEY,
    FOR,
    HALF,
    THREE_QUARTERS,
    TWO_THIRDS,
    Weight,
    leading,
)


def tally(favour=(0, 0), against=(0, 0), abstain=(0, 0)):
    told = {FOR: Weight(*favour), AGAINST: Weight(*against), ABSTAIN: Weight(*abstain)}
    return {key: weight for key, weight in told.items() if weight.heads}


@pytest.mark.parametrize(
    ("rule", "roll", "ballots", "result"),
    [
        ("advisory", (100, 0), tally((1, 0)), "adopted"),
        ("advisory", (100, 0), tally((1, 0), (1, 0)), "rejected"),
        ("advisory", (100, 0), tally((2, 0), (1, 0), (9, 0)), "adopted"),
        ("advisory", (100, 0), {}, "no_quorum"),
        ("majority", (100, 0), tally((26, 0), (24, 0)), "adopted"),
        ("majority", (100, 0), tally((25, 0), (25, 0)), "rejected"),
        ("majority", (100, 0), tally((25, 0), (10, 0), (15, 0)), "rejected"),
        ("majority", (100, 0), tally((49, 0)), "no_quorum"),
        ("consent", (100, 0), tally((49, 0), abstain=(1, 0)), "adopted"),
        ("consent", (100, 0), tally((98, 0), (1, 0)), "rejected"),
        ("consent", (100, 0), tally(abstain=(60, 0)), "rejected"),
        # ordinary: exactly 2/3 takes part, exactly 1/2 is not more than half, one square centimetre is
        ("ordinary", (3, 300), tally((2, 200)), "adopted"),
        ("ordinary", (3, 300), tally((2, 199)), "no_quorum"),
        ("ordinary", (300, 300), tally((199, 300)), "no_quorum"),
        ("ordinary", (3, 300), tally((2, 101), (1, 99)), "adopted"),
        ("ordinary", (3, 300), tally((2, 100), (1, 100)), "rejected"),
        ("ordinary", (4, 400), tally((2, 300), (2, 100)), "rejected"),
        ("ordinary", (3, 300), tally((1, 100), (1, 100)), "rejected"),
        # major: exactly 3/4 is enough, by heads and by area
        ("major", (300, 300), tally((150, 150), (50, 50)), "adopted"),
        ("major", (300, 300), tally((149, 150), (51, 50)), "rejected"),
        ("major", (300, 300), tally((150, 149), (50, 51)), "rejected"),
        ("major", (300, 300), tally((150, 150), abstain=(50, 50)), "adopted"),
        ("major", (300, 301), tally((200, 200)), "no_quorum"),
    ],
)
def test_v6_each_rule_decides_at_its_very_edge(rule, roll, ballots, result):
    assert BY_KEY[rule].result(Weight(*roll), ballots)[0] == result


wholes = st.integers(min_value=1, max_value=10**12)


@given(roll=wholes, voted=wholes, area=wholes, voted_area=wholes)
def test_v6_two_thirds_is_two_thirds_of_heads_and_of_area(roll, voted, area, voted_area):
    assume(voted <= roll and voted_area <= area)
    enough = 3 * voted >= 2 * roll and 3 * voted_area >= 2 * area
    assert BY_KEY["ordinary"].has_quorum(Weight(roll, area), Weight(voted, voted_area)) is enough


@given(st.sampled_from(("ordinary", "major")), wholes, wholes, wholes, wholes)
def test_v6_one_head_or_one_square_centimetre_decides(rule, heads, area, more_heads, more_area):
    """An option is carried by what `enough_to_carry` names, and by nothing less."""
    voted = Weight(heads + more_heads, area + more_area)
    least = BY_KEY[rule].enough_to_carry(voted)
    for part, carried in (
        (least, True),
        (Weight(least.heads - 1, voted.area), False),
        (Weight(voted.heads, least.area - 1), False),
    ):
        rest = Weight(voted.heads - part.heads, voted.area - part.area)
        ballots = {FOR: part, AGAINST: rest}
        assume(part.heads > rest.heads)
        assert (BY_KEY[rule].result(voted, ballots)[0] == "adopted") is carried


@given(wholes, wholes)
def test_v6_the_fewest_that_are_named_are_the_fewest_that_count(heads, area):
    roll = Weight(heads, area)
    for rule in (BY_KEY["ordinary"], BY_KEY["major"]):
        least = rule.enough_to_vote(roll)
        assert rule.has_quorum(roll, least)
        assert not rule.has_quorum(roll, Weight(least.heads - 1, area))
        assert not rule.has_quorum(roll, Weight(heads, least.area - 1))


def test_shares_are_fractions_and_no_rule_holds_a_float():
    assert (Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)) == (HALF, TWO_THIRDS, THREE_QUARTERS)
    for rule in BY_KEY.values():
        assert isinstance(rule.quorum, Fraction) and isinstance(rule.favour, Fraction)


def test_of_several_ways_the_one_ahead_is_carried_and_a_tie_carries_none():
    roll = Weight(100, 0)
    ahead = {"option1": Weight(30, 0), "option2": Weight(29, 0), ABSTAIN: Weight(40, 0)}
    assert BY_KEY["advisory"].result(roll, ahead) == ("adopted", "option1")
    assert BY_KEY["majority"].result(roll, ahead) == ("rejected", "")
    assert leading({"option1": Weight(3, 0), "option2": Weight(3, 0)}) == ""
