"""Which homes of the story sign the covenant once a topic is in it, and when: always the same ones.

A post tells how many, and within which time: `signatures = { homes = 112, over = "24d" }`.
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
    homes = [
        person.login
        for person in town.people.values()
        if person.code == post.code
        and person.standing
        and person.representative
        and person.login not in {*town.arrivals, *names()}
    ]
    for login in sorted(homes, key=lambda login: _lot(post, "signs", login))[: post.signatures]:
        share = _lot(post, "signs when", login) % 97 / 100
        yield awake(post.at, begun + timedelta(hours=1) + post.signing_takes * share), login


def _lot(post: Post, what: str, login: str) -> int:
    return crc32(f"{post.key}|{what}|{login}".encode())
