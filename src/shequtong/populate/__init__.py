"""`shequtong populate`: a town of any size for load tests, the same for the same seed, made by set-based inserts.

It follows the rules the boards declare, but goes round their actions: for the demo town, whose every post was
written by them, see `demo`.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from shequtong.lib import bulk, clock
from shequtong.lib.db import Database
from shequtong.lib.errors import Conflict
from shequtong.populate import life, town

PER_POST = 4.5
"""Comments of a post, where nobody says how many."""

Tell = Callable[[int], None]
"""Called with the number of posts written since the last time."""


def populate(
    database: Database,
    *,
    committees: int,
    residents: int,
    posts: int,
    seed: int,
    comments: int | None = None,
    tell: Tell = lambda written: None,
) -> town.Town:
    """Add so many communities' people and posts. Raises Conflict on a database in which real people have accounts."""
    rng = Random(f"{seed} town")
    with database.writing() as session:
        if not town.is_ours(session):
            raise Conflict("this database holds accounts of real people: give populate one of its own")
        made = town.settle(session, rng, committees, residents)
        now = clock.now()
        life.befriend(session, made, rng, now - life.YEAR)
        said = round(posts * PER_POST) if comments is None else comments
        story = life.Life(session, made, Random(f"{seed} life"), now, posts, said)
    while story.told < posts:
        with database.writing() as session:
            written = story.tell(session)
        tell(written)
    with database.writing() as session:
        bulk.refresh_statistics(session.connection())
    return made
