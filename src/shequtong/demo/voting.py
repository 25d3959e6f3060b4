"""Who votes how on a topic of the story, always the same homes: online with an account, else on paper.

A post tells how many homes chose each option, within which time, and when and by whom it was counted:
`ballots = { for = 168, against = 58, over = "9d", counted = "60d", by = "secretary" }`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

from shequtong.core.ballots.rules import BY_KEY
from shequtong.town import Dwelling, Post, Step, StoryError, Town, awake, names

BY_PAPER = 8
"""Of a hundred homes that could vote online, so many take the paper all the same."""
READERS = 2
SECOND_LOOK = timedelta(hours=3)


@dataclass(frozen=True)
class Cast:
    """The ballot of a home: cast online by `login`, or read from paper by two of the staff."""

    after: timedelta
    home: Dwelling
    choice: str
    by: str
    on_paper: bool = False


def cast(town: Town, post: Post) -> Iterator[Cast]:
    """Every ballot of a post, at an hour when people are up."""
    if not post.ballots:
        return
    opened = next((step for step in post.steps if step.do == "open_vote"), None)
    if opened is None:
        raise StoryError("ballots, but no vote was opened")
    homes = _homes(town, post, opened)
    choices = [choice for choice, number in post.ballots.items() for _home in range(number)]
    if len(choices) > len(homes):
        raise StoryError(f"{len(choices)} ballots of {len(homes)} homes")
    voters, readers = _voters(town, post, opened), _readers(town, post)
    chosen = homes[: len(choices)]
    for home, choice in zip(
        sorted(chosen, key=lambda home: _lot(post, "choice", home)), choices, strict=True
    ):
        after = _awake(post, opened.after + post.voting_takes * (_lot(post, "when", home) % 97 / 100))
        login = voters.get((home.building, home.room))
        if login and (
            opened.fields["vote_secrecy"] == "secret" or _lot(post, "paper", home) % 100 >= BY_PAPER
        ):
            yield Cast(after, home, choice, login)
            continue
        for number, reader in enumerate(readers):
            yield Cast(_awake(post, after + SECOND_LOOK * number), home, choice, reader, on_paper=True)


def _homes(town: Town, post: Post, opened: Step) -> list[Dwelling]:
    """The homes of the roll, in the order in which they make up their minds.

    While a vote is open, those who can be tried have not cast theirs.
    """
    buildings = opened.fields.get("vote_buildings", ())
    homes = [
        home for home in town.communities[post.code].dwellings if not buildings or home.building in buildings
    ]
    if opened.fields["vote_secrecy"] == "secret":  # there is no paper, so only who has an account votes
        voters = _voters(town, post, opened)
        homes = [home for home in homes if (home.building, home.room) in voters]
    if post.steps[-1] is opened:
        tried = {(person.building, person.room) for person in map(town.people.__getitem__, names())}
        homes = [home for home in homes if (home.building, home.room) not in tried]
    return sorted(homes, key=lambda home: _lot(post, "takes part", home))


def _voters(town: Town, post: Post, opened: Step) -> dict[tuple[str, str], str]:
    """Who casts the ballot of each home: its owner where the law asks owners, else who speaks for it."""
    owners = BY_KEY[opened.fields["voting_rule"]].by_area
    return {
        (person.building, person.room): person.login
        for person in town.people.values()
        if person.code == post.code
        and person.standing
        and person.room
        and person.login not in town.arrivals
        and (person.relation == "owner" if owners else person.representative)
    }


def _readers(town: Town, post: Post) -> list[str]:
    staff = [
        p.login for p in town.people.values() if p.code == post.code and p.office in ("clerk", "secretary")
    ]
    return staff[:READERS]


def _awake(post: Post, after: timedelta) -> timedelta:
    return awake(post.at, after)


def _lot(post: Post, what: str, home: Dwelling) -> int:
    return crc32(f"{post.key}|{what}|{home.building}|{home.room}".encode())
