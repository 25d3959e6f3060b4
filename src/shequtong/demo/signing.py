"""Which homes of the story sign the covenant, and which judge what was done, and when: always the same ones.

A post tells how many, and within which time: `signatures = { homes = 112, over = "24d" }`, and
`ratings = { 5 = 31, 4 = 8, over = "9d" }`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zlib import crc32

from shequtong.town import Post, StoryError, Town, awake, names


def signers(town: Town, post: Post) -> Iterator[tuple[timedelta, str]]:
    """Who signs for their home, and how long after the post was written; not those whose part can be tried."""
    if not post.signatures:
        return
    begun = next((step.after for step in post.steps if step.do == "enact"), None)
    if begun is None:
        raise StoryError("signatures, but nothing was written into the covenant")
    homes = _homes(town, post)
    for login in sorted(homes, key=lambda login: _lot(post, "signs", login))[: post.signatures]:
        share = _lot(post, "signs when", login) % 97 / 100
        yield awake(post.at, begun + timedelta(hours=1) + post.signing_takes * share), login


def judges(town: Town, post: Post) -> Iterator[tuple[timedelta, str, int]]:
    """Who judges for their home what was done, how long after the post was written, and with how many stars."""
    if not post.ratings:
        return
    done = [step.after for step in post.steps if step.do in ("deliver", "record_answer")]
    if not done:
        raise StoryError("ratings, but nothing was done")
    homes = sorted(_homes(town, post), key=lambda login: _lot(post, "judges", login))
    given = [int(stars) for stars, number in post.ratings.items() for _home in range(number)]
    for login, stars in zip(homes, given, strict=False):
        share = _lot(post, "judges when", login) % 97 / 100
        yield awake(post.at, done[-1] + timedelta(hours=1) + post.rating_takes * share), login, stars


def _homes(town: Town, post: Post) -> list[str]:
    """Who speaks for the homes of a community that a topic affects, without those whose part can be tried."""
    framed = next((step for step in post.steps if step.do == "frame"), None)
    affected = framed.fields.get("affected_places", ()) if framed else ()
    return [
        person.login
        for person in town.people.values()
        if person.code == post.code
        and person.standing
        and person.representative
        and person.login not in {*town.arrivals, *names()}
        and (not affected or person.building in affected)
    ]


def _lot(post: Post, what: str, login: str) -> int:
    return crc32(f"{post.key}|{what}|{login}".encode())
