"""What would go wrong when the story is played, found while it is read: names, times and days.

What the boards say to it, `demo.rehearsing` finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from shequtong.town.script import Comment, StoryError, dated

if TYPE_CHECKING:
    from shequtong.town.story import Post, Town

REACTIONS = frozenset({"like", "thanks", "support"})
MODERATION = frozenset({"approve", "hide", "remove", "warn", "suspend", "appeal", "uphold", "dismiss"})
STAFF = frozenset({"clerk", "secretary"})
OBSERVERS = frozenset({"street", "district", "admin"})
_END = timedelta(days=1)


def check(town: Town) -> None:
    """Raise StoryError at the first thing that cannot be played."""
    for post in town.posts:
        for problem in _problems(town, post):
            raise StoryError(f"{post.board}/{post.key}: {problem}")
    for visit in town.duties.visits:
        if visit.by not in town.people or town.people[visit.by].office not in STAFF:
            raise StoryError(f"duties.toml: {visit.by!r} is not of the committee's staff")
    for login, follow in town.follows.items():
        for other in (login, *follow.people, *follow.mutes, *follow.blocks):
            if other not in town.people:
                raise StoryError(f"follows.toml: nobody is called {other!r}")


def _problems(town: Town, post: Post) -> Iterator[str]:
    yield from _names(town, post)
    yield from _times(town, post)


def _names(town: Town, post: Post) -> Iterator[str]:
    spoken = list(_spoken(post.spoken))
    named = {
        "author": [post.author],
        "comment": [said.by for said in spoken],
        "step": [step.by for step in post.steps if step.by != "clock"],
        "reaction": [login for logins in post.reactions.values() for login in logins],
        "follower": list(post.followers),
        "report": [report.by for report in post.reports],
        "moderation": [decision.by for decision in post.moderation],
        "paper": [paper.by for paper in post.papers],
        "count": [post.counted[1]] if post.counted else [],
        "sign-up": [one.by for one in post.gathering.sign_ups] if post.gathering else [],
    }
    for part, logins in named.items():
        for login in logins:
            if login not in town.people:
                yield f"{part} by {login!r}, but nobody is called so"
            elif part != "moderation" and not town.belongs(login, post.code):
                yield f"{part} by {login!r}, who does not belong to {post.code}"
            elif part in {"comment", "reaction", "report"} and town.people[login].office in OBSERVERS:
                yield f"{part} by {login!r}, who may only observe"
    for said in spoken if post.private else ():
        if said.by != post.author and not town.people[said.by].office:
            yield f"{said.by} comments on a private post"
    for picture in (*post.pictures, *(name for step in post.steps for name in step.pictures)):
        if picture not in town.pictures:
            yield f"there is no picture {picture!r}"
    if unknown := set(post.reactions) - REACTIONS:
        yield f"there is no reaction {sorted(unknown)}"
    reacting = [login for logins in post.reactions.values() for login in logins]
    if len(reacting) != len(set(reacting)):
        yield "somebody reacts twice"
    if unknown := {decision.do for decision in post.moderation} - MODERATION:
        yield f"there is no moderation {sorted(unknown)}"
    keys = {other.key: other for other in town.posts}
    for parent in post.grew_from:
        if parent not in keys or keys[parent].code != post.code:
            yield f"it cannot have grown from {parent!r}"
        elif keys[parent].at > post.at:
            yield f"it grew from {parent!r}, which is younger"
    for text in (post.title, post.body, *(said.text for said in spoken)):
        dated(text, date(2024, 2, 29))
    if not 2 <= len(post.title) <= 80:
        yield "the title has 2 to 80 characters"


def _times(town: Town, post: Post) -> Iterator[str]:
    moments = [(f"comment of {said.by}", said.by, post.at + said.after) for said in _spoken(post.spoken)]
    moments += [(f"{step.do} by {step.by}", step.by, post.at + step.after) for step in post.steps]
    moments += [(f"report of {report.by}", report.by, post.at + report.after) for report in post.reports]
    moments += [(f"{made.do} by {made.by}", made.by, post.at + made.after) for made in post.moderation]
    if post.gathering:
        moments += [(f"sign-up of {one.by}", one.by, post.at + one.after) for one in post.gathering.sign_ups]
    for what, by, moment in [("the post", post.author, post.at), *moments]:
        if moment > _END:
            yield f"{what} is after the end of the story"
        if by in town.arrivals and moment < town.arrivals[by]:
            yield f"{what} is before {by} was let in"
    for said in post.comments:
        for answer in said.answers:
            if answer.after < said.after:
                yield f"{answer.by} answers {said.by} before they spoke"
    hours = [step.after for step in post.steps]
    if hours != sorted(hours):
        yield "its steps are not in the order of time"


def _spoken(comments: tuple[Comment, ...]) -> Iterator[Comment]:
    for said in comments:
        yield said
        yield from _spoken(said.answers)
