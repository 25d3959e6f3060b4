"""Groups of people who answer alike, found as Polis does: principal components, then k-means.

No chance is involved: the same answers always make the same groups. `docs/consensus.md` tells it step by step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import dist, sqrt
from operator import mul

Point = tuple[float, float]
Row = Mapping[int, float]

PEOPLE = 15
"""With fewer people who answered enough, there are no groups."""
ENOUGH = 7
"""Statements somebody must have answered to belong to a group; all, when there are fewer."""
FEW = 5
"""No group is smaller (product rule 4)."""
MOST_GROUPS = 5
STRUCTURE = 0.25
"""A silhouette below says that the groups are not really there (Kaufman and Rousseeuw, 1990)."""
ROUNDS = 60


def groups(answers: Mapping[int, Mapping[int, int]]) -> list[frozenset[int]]:
    """Camps of opinion, the largest first; none when too few answered or all think much the same.

    `answers` are, for each person, their answer to each statement they have answered: 1, 0 or -1.
    """
    statements = sorted({statement for given in answers.values() for statement in given})
    enough = min(ENOUGH, len(statements))
    people = sorted(person for person, given in answers.items() if len(given) >= enough)
    if len(people) < PEOPLE:
        return []
    places = project([answers[person] for person in people], statements)
    best, found = STRUCTURE, None
    for k in range(2, MOST_GROUPS + 1):
        labels = k_means(places, k)
        if min(map(labels.count, range(k))) < FEW:
            continue
        score = silhouette(places, labels, k)
        if score > best + 1e-9:
            best, found = score, labels
    if found is None:
        return []
    camps = [
        frozenset(p for p, label in zip(people, found, strict=True) if label == n)
        for n in range(max(found) + 1)
    ]
    return sorted(camps, key=lambda camp: (-len(camp), min(camp)))


def project(given: Sequence[Mapping[int, int]], statements: Sequence[int]) -> list[Point]:
    """Where each person stands on the two axes along which answers differ most.

    What somebody has not answered counts as the mean of all; who answered little is moved outwards in proportion,
    so as not to stand in the middle only for having said little.
    """
    sums = dict.fromkeys(statements, 0.0)
    counts = dict.fromkeys(statements, 0)
    for row in given:
        for statement, choice in row.items():
            sums[statement] += choice
            counts[statement] += 1
    means = {statement: sums[statement] / counts[statement] for statement in statements}
    rows: list[Row] = [{s: choice - means[s] for s, choice in row.items()} for row in given]
    together = covariance(given, statements, means)
    first = _axis(together, statements, {})
    second = _axis(together, statements, first)
    wide = [sqrt(len(statements) / len(row)) for row in rows]
    return [(_dot(row, first) * w, _dot(row, second) * w) for row, w in zip(rows, wide, strict=True)]


def k_means(points: Sequence[Point], k: int) -> list[int]:
    """The group of each point. Begins with points as far from each other as can be, so chance has no part in it."""
    middle = _mean(points)
    centres = [max(points, key=lambda p: (dist(p, middle), p))]
    while len(centres) < k:
        centres.append(max(points, key=lambda p: (min(dist(p, c) for c in centres), p)))
    labels: list[int] = []
    for _round in range(ROUNDS):
        nearest = [min(range(k), key=lambda n: dist(p, centres[n])) for p in points]
        if nearest == labels:
            break
        labels = nearest
        for n in range(k):
            if mine := [p for p, label in zip(points, labels, strict=True) if label == n]:
                centres[n] = _mean(mine)
    return labels


def silhouette(points: Sequence[Point], labels: Sequence[int], k: int) -> float:
    """How much nearer points are to the middle of their own group than to the next one: from -1 to 1, the mean."""
    centres = [_mean([p for p, label in zip(points, labels, strict=True) if label == n]) for n in range(k)]
    total = 0.0
    for point, label in zip(points, labels, strict=True):
        own = dist(point, centres[label])
        other = min(dist(point, centres[n]) for n in range(k) if n != label)
        total += (other - own) / max(own, other) if max(own, other) > 0 else 0.0
    return total / len(points)


def covariance(
    given: Sequence[Mapping[int, int]], statements: Sequence[int], means: Mapping[int, float]
) -> list[list[float]]:
    """How answers to each two statements go together: both distances from the mean, summed over who answered both.

    Who agreed, disagreed and answered are bits of one long number for each statement, so two are compared at once.
    """
    agree, disagree, answered = (dict.fromkeys(statements, 0) for _name in range(3))
    for place, row in enumerate(given):
        bit = 1 << place
        for statement, choice in row.items():
            answered[statement] |= bit
            if choice:
                side = agree if choice > 0 else disagree
                side[statement] |= bit
    whole = [[0.0] * len(statements) for _statement in statements]
    for i, s in enumerate(statements):
        for j, t in enumerate(statements[: i + 1]):
            both = (agree[s] & agree[t]).bit_count() + (disagree[s] & disagree[t]).bit_count()
            apart = (agree[s] & disagree[t]).bit_count() + (disagree[s] & agree[t]).bit_count()
            s_there = (agree[s] & answered[t]).bit_count() - (disagree[s] & answered[t]).bit_count()
            t_there = (agree[t] & answered[s]).bit_count() - (disagree[t] & answered[s]).bit_count()
            people = (answered[s] & answered[t]).bit_count()
            whole[i][j] = whole[j][i] = (
                both - apart - means[t] * s_there - means[s] * t_there + means[s] * means[t] * people
            )
    return whole


def _axis(together: Sequence[Sequence[float]], statements: Sequence[int], before: Row) -> dict[int, float]:
    """The direction in which people differ most, at right angles to the one `before`: power iteration."""
    axis = [1.0 / (n + 1) for n in range(len(statements))]
    earlier = [before[s] for s in statements] if before else []
    for _round in range(ROUNDS):
        turned = [sum(map(mul, line, axis)) for line in together]
        if earlier:
            along = sum(map(mul, turned, earlier))
            turned = [value - along * other for value, other in zip(turned, earlier, strict=True)]
        length = sqrt(sum(value * value for value in turned))
        if length < 1e-9:
            return dict.fromkeys(statements, 0.0)
        turned = [value / length for value in turned]
        moved = sum((new - old) ** 2 for new, old in zip(turned, axis, strict=True))
        axis = turned
        if moved < 1e-9:
            break
    return dict(zip(statements, axis, strict=True))


def _dot(row: Row, axis: Row) -> float:
    return sum(value * axis[statement] for statement, value in row.items())


def _mean(points: Sequence[Point]) -> Point:
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
