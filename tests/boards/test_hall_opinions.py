"""Groups of people who answer alike: the same answers make the same groups, and no group is small."""

import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequtong.boards.hall.consensus import Home, Tally, work_out
from shequtong.boards.hall.opinions import FEW, PEOPLE, groups, k_means, project, silhouette

CHOICES = st.sampled_from((1, 0, -1))
ANSWERS = st.dictionaries(
    st.integers(1, 60), st.dictionaries(st.integers(1, 12), CHOICES, max_size=12), max_size=60
)


def camps(sizes, statements=12, noise=0.05, seed=7):
    """People of several minds: each camp has its own side on each statement, and few stray from it."""
    chance, person, answers = Random(seed), 0, {}
    for camp, size in enumerate(sizes):
        sides = [
            1 if (statement >> camp) & 1 or statement % 5 == 0 else -1 for statement in range(statements)
        ]
        for _one in range(size):
            person += 1
            answers[person] = {
                n: -side if chance.random() < noise else side
                for n, side in enumerate(sides, 1)
                if chance.random() < 0.9
            }
    return answers


def test_two_camps_are_found_as_they_are():
    found = groups(camps((20, 12)))
    assert found == [frozenset(range(1, 21)), frozenset(range(21, 33))]


def test_three_camps_are_three_groups():
    assert [len(camp) for camp in groups(camps((16, 14, 9), noise=0))] == [16, 14, 9]


def test_people_of_one_mind_are_no_camps():
    assert groups({person: dict.fromkeys(range(10), 1) for person in range(40)}) == []


def test_chance_makes_no_camps_of_its_own():
    chance = Random(3)
    answers = {p: {s: chance.choice((1, 0, -1)) for s in range(20)} for p in range(80)}
    assert all(len(camp) >= FEW for camp in groups(answers))


def test_too_few_people_are_not_sorted_into_camps():
    assert groups(camps((8, PEOPLE - 9))) == []
    assert groups({}) == []


def test_who_answered_little_belongs_to_no_camp():
    answers = camps((20, 12)) | {99: {1: 1, 2: -1}}
    assert not any(99 in camp for camp in groups(answers))


@settings(max_examples=60, deadline=None)
@given(ANSWERS)
def test_whatever_is_answered_camps_are_apart_and_never_small(answers):
    found = groups(answers)
    assert groups(dict(reversed(answers.items()))) == found, "the order in which people came plays no part"
    people = [person for camp in found for person in camp]
    assert len(people) == len(set(people))
    assert all(len(camp) >= FEW for camp in found)
    assert not found or len(people) >= PEOPLE


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=6, max_size=40), st.integers(2, 5))
def test_every_point_is_with_the_nearest_middle_and_the_measure_keeps_its_bounds(points, k):
    labels = k_means(points, k)
    assert len(labels) == len(points) and set(labels) <= set(range(k))
    if len(set(labels)) == k:
        assert -1 <= silhouette(points, labels, k) <= 1


def test_the_first_axis_is_the_one_that_divides_most():
    answers = [{1: 1, 2: 1, 3: 1, 4: n % 2} for n in range(10)] + [
        {1: -1, 2: -1, 3: -1, 4: n % 2} for n in range(10)
    ]
    places = project(answers, [1, 2, 3, 4])
    assert {x > 0 for x, _y in places[:10]} != {x > 0 for x, _y in places[10:]}
    assert min(abs(x) for x, _y in places) > 1


# What is told ----------------------------------------------------------------------------------------

HOMES = {p: Home("tenant" if p % 4 == 0 else "owner", f"{p % 3 + 1}号楼") for p in range(100)}


def numbers_in(found):
    """Every number that is told of people."""
    yield found["people"]
    for one in found["shared"] + found["split"]:
        yield from (n for n in one["counts"] if n is not None)
    for camp in found["camps"]:
        yield camp["people"]


@settings(max_examples=80, deadline=None)
@given(ANSWERS)
def test_no_number_under_five_people_is_ever_told(answers):
    found = work_out(answers, HOMES)
    assert found == {} or all(number >= FEW for number in numbers_in(found))
    assert "score" not in str(found)


@settings(max_examples=80, deadline=None)
@given(ANSWERS)
def test_a_group_has_a_word_only_when_five_of_it_answered(answers):
    found = work_out(answers, HOMES)
    for one in found.get("shared", []) + found.get("split", []):
        for sort, name, _word in one["groups"]:
            inside = [
                p
                for p, given_ in answers.items()
                if one["id"] in given_ and (sort == "camp" or name in (HOMES[p].kind, HOMES[p].building))
            ]
            assert len(inside) >= FEW


def test_what_is_told_of_all_leaves_nothing_to_be_taken_away():
    """57 agree and three do not: neither the three, nor all sixty to take the 57 from, are told."""
    answers = {p: {1: 1 if p < 57 else -1} for p in range(60)}
    found = work_out(answers, HOMES)
    assert found["people"] == 60 and found["shared"][0]["counts"] == [57, None, None]
    answers[60] = {1: -1}
    assert work_out(answers, HOMES)["people"] == 60


def test_all_groups_agree_or_they_are_told_to_differ():
    answers = {p: {1: 1, 2: 1 if p % 4 == 0 else -1, 3: p % 2} for p in range(40)}
    found = work_out(answers, HOMES)
    assert [(one["id"], one["side"]) for one in found["shared"]] == [(1, "agree")]
    assert [one["id"] for one in found["split"]] == [2]
    assert ["tenure", "tenant", "agree"] in found["split"][0]["groups"]
    assert ["tenure", "owner", "disagree"] in found["split"][0]["groups"]


def test_who_does_not_live_here_is_not_counted():
    answers = {p: {1: 1} for p in range(8)}
    assert work_out(answers, {p: HOMES[p] for p in range(4)}) == {}


@pytest.mark.parametrize(
    ("tally", "word"),
    [
        (Tally(4, 0, 0), ""),
        (Tally(4, 1, 0), "agree"),
        (Tally(4, 2, 0), "agree"),
        (Tally(3, 2, 0), "mixed"),
        (Tally(0, 4, 2), "disagree"),
        (Tally(4, 0, 3), "mixed"),
    ],
)
def test_two_thirds_make_a_word_and_four_people_make_none(tally, word):
    assert tally.word == word


def test_three_thousand_people_and_two_hundred_statements_take_less_than_two_seconds():
    chance = Random(1)
    minds = [[chance.random() for _statement in range(200)] for _mind in range(3)]
    answers = {
        person: {
            statement: 1 if chance.random() < likes else -1
            for statement, likes in enumerate(minds[person % 3])
            if chance.random() < 0.91
        }
        for person in range(3000)
    }
    homes = {person: Home(("owner", "tenant")[person % 2], f"{person % 40}号楼") for person in answers}
    begin = time.process_time()
    found = work_out(answers, homes)
    assert time.process_time() - begin < 2
    assert found["people"] == 3000 and [camp["people"] for camp in found["camps"]] == [1000] * 3
