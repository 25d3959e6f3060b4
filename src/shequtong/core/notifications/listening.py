"""Who is told of what. Each listener finds everybody one event concerns and tells each of them once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Session

from shequtong.core.ballots import queries as ballots
from shequtong.core.communities import events as communities
from shequtong.core.communities.models import Membership
from shequtong.core.communities.standings import holders, members
from shequtong.core.covenants import events as covenants
from shequtong.core.duties.events import DutyEnding, DutyRaised
from shequtong.core.follows.models import Follow
from shequtong.core.gatherings import events as gatherings
from shequtong.core.identity.events import AccountErased
from shequtong.core.moderation import events as moderation
from shequtong.core.notifications import queries
from shequtong.core.notifications.models import Notification
from shequtong.core.notifications.telling import News, mark_read, tell, tell_about, withdraw
from shequtong.core.polls import events as polls
from shequtong.core.posts import events as posts
from shequtong.core.posts import writing
from shequtong.core.posts.models import Comment, Link, Participation, Post
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib.db import ask
from shequtong.lib.events import at_the_end

STAFF = ("clerk", "secretary")
DIGITS = {"street": 9, "district": 6}
"""Digits of the code of an officer's division."""
DEEPEST = 6
"""How many generations of lineage are told what became of their words."""


def on_post_published(session: Session, event: posts.PostPublished) -> None:
    """The committee hears of what is held or waits for it; so does whoever has it in hand, and those it names."""
    post = event.post
    if post.moderation == "held":
        _tell_staff(session, post, "held")
    else:
        _tell_of_post(session, post)


def on_released(session: Session, event: moderation.Released) -> None:
    """Those who could not be told while it was held hear now what they would have heard then."""
    post, comment = event.post, event.comment
    if comment is None and post.deleted_at is None:
        _tell_of_post(session, post)
    elif comment is not None and comment.deleted_at is None:
        named = writing.mentioned(session, post.code, comment.body, comment.author_id)
        _tell_of_comment(session, post, comment, named.values())


def _tell_of_post(session: Session, post: Post) -> None:
    named = writing.mentioned(session, post.code, post.body, post.author_id).values()
    tell_about(session, post, named, "mention", by=post.author_id)
    if post.state in ROOMS[post.board].desk:
        _tell_staff(session, post, "waiting", by=post.author_id)
    office = holders(session, post.code, [post.handler]) if post.handler else ()
    tell_about(session, post, {post.assignee_id, *office}, "handed", by=post.author_id)


def on_post_moved(session: Session, event: posts.PostMoved) -> None:
    """Everybody with a part in a post hears where it went; so do those whose words it grew out of.

    Of those who may vote on it all are told, whether they did or not: no inbox says who took part in a secret vote.
    """
    post, moved = event.post, event.transition
    announced = _announce(session, post, moved.source, moved.by_id)
    near = {post.author_id, post.assignee_id, post.owed_by_id}
    near |= _followers(session, post) | _participants(session, post) | ballots.on_the_roll(session, post.id)
    step = ROOMS[post.board].workflow.transition(moved.name)
    named = not (step and step.discreet)
    tell_about(session, post, near - announced, "moved", by=moved.by_id, note=moved.name, named=named)
    if post.handler:
        handling = set(holders(session, post.code, [post.handler])) - near
        tell_about(session, post, handling, "handed", by=moved.by_id, note=moved.name, named=named)
    elder = _ancestors(session, post)
    became = elder - near - announced
    tell_about(session, post, became, "became", by=moved.by_id, note=moved.name, named=named)


def on_took_part(session: Session, event: posts.TookPart) -> None:
    tell_about(session, event.post, [event.post.author_id], "took_part", by=event.account_id, note=event.name)


def on_comment_written(session: Session, event: posts.CommentWritten) -> None:
    """Whom it names, whom it answers, who follows the post or looks after it: each once, by the nearest reason."""
    post, comment = event.post, event.comment
    if comment.moderation != "clear":
        _tell_staff(session, post, "held")
    else:
        _tell_of_comment(session, post, comment, event.mentioned)


def _tell_of_comment(session: Session, post: Post, comment: Comment, named: Iterable[int]) -> None:
    told: set[int | None] = {comment.author_id}
    parent = session.get(Comment, comment.parent_id) if comment.parent_id else None
    nearest: tuple[tuple[str, Iterable[int | None]], ...] = (
        ("mention", named),
        ("answer", [parent.author_id] if parent else []),
        ("comment", {post.author_id, post.owed_by_id, *_followers(session, post)}),
    )
    for kind, people in nearest:
        wanted = set(people) - told
        tell_about(session, post, wanted, kind, by=comment.author_id, comment_id=comment.id)
        told |= wanted


def on_reacted(session: Session, event: posts.Reacted) -> None:
    tell_about(session, event.post, [event.post.author_id], "reaction", by=event.account_id, note=event.kind)


def on_posts_linked(session: Session, event: posts.PostsLinked) -> None:
    """Those who wrote or followed what came before hear what it led to."""
    elder = {event.parent.author_id, *_followers(session, event.parent), *_ancestors(session, event.parent)}
    elder |= _participants(session, event.parent)
    tell_about(session, event.child, elder, "grew", by=event.by_id)
    tell_about(session, event.child, {event.child.author_id} - elder, "grew", by=event.by_id)


def on_visibility_changed(session: Session, event: posts.VisibilityChanged) -> None:
    """The committee hears of what is held; whoever cannot open a post any more has nothing unread about it."""
    item = event.comment or event.post
    if item.moderation == "held" and event.before == "clear":
        _tell_staff(session, event.post, "held")
    if event.comment is None and item.moderation != "clear":
        withdraw(session, event.post)


def on_post_deleted(session: Session, event: posts.PostDeleted) -> None:
    withdraw(session, event.post)


def on_post_opened(session: Session, event: posts.PostOpened) -> None:
    """What somebody is told of a post is read when they open it; written down once the page is out."""
    visit, post = event.visit, event.post
    unread = queries.unread_about(session, visit.actor, post.id) if visit.actor.unread else 0
    if unread:
        visit.actor = replace(visit.actor, unread=max(0, visit.actor.unread - unread))
        visit.notes.append(partial(mark_read, account_id=visit.actor.id, post_id=post.id))


def on_decided(session: Session, event: moderation.Decided) -> None:
    tell_about(session, event.post, [event.decision.author_id], "decided", note=event.decision.action)


def on_appealed(session: Session, event: moderation.Appealed) -> None:
    _tell_staff(session, event.post, "appeal", by=event.appeal.by_id, but=event.decision.by_id)


def on_appeal_decided(session: Session, event: moderation.AppealDecided) -> None:
    tell_about(session, event.post, [event.decision.author_id], "appeal_decided", note=event.appeal.state)


def on_duty_raised(session: Session, event: DutyRaised) -> None:
    """The next office hears that the committee is late; of what is private, officers only hear that it is."""
    post, duty = event.post, event.duty
    people = holders(session, post.code, [event.office])
    if post.audience == "parties" and event.office in DIGITS:
        above = post.code[: DIGITS[event.office]]
        tell(session, people, "overdue_private", f"duties:{above}", code=above, note=duty.kind)
        return
    tell_about(session, post, people, "overdue", note=duty.kind)


def on_duty_ending(session: Session, event: DutyEnding) -> None:
    """Who looks after it; where nobody does, the committee's staff."""
    post, duty = event.post, event.duty
    people = [duty.owner_id] if duty.owner_id else holders(session, post.code, STAFF)
    tell_about(session, post, people, "soon_due", note=duty.kind)


def on_article_changed(session: Session, event: covenants.ArticleChanged) -> None:
    """Every home hears of a rule that it may sign."""
    article, everybody = event.article, members(session, event.article.code)
    told = set(everybody) - {event.by_id}
    tell(session, told, "covenant", f"covenant:{article.code}", code=article.code, actor_id=event.by_id)


def on_article_review_due(session: Session, event: covenants.ReviewDue) -> None:
    article = event.article
    staff = holders(session, article.code, STAFF)
    subject, number = f"article:{article.id}", str(article.number)
    tell(session, staff, "covenant_review", subject, code=article.code, note=number)


def on_planned(session: Session, event: gatherings.Planned) -> None:
    """Who has signed up hears of another day, hour or place."""
    _tell_guests(session, event.post, event.told, "gathering_changed", event.by_id)


def on_cancelled(session: Session, event: gatherings.Cancelled) -> None:
    _tell_guests(session, event.post, event.told, "gathering_cancelled", event.by_id)


def on_places_found(session: Session, event: gatherings.PlacesFound) -> None:
    _tell_guests(session, event.post, event.accounts, "place_found")


def on_soon_due(session: Session, event: gatherings.SoonDue) -> None:
    _tell_guests(session, event.post, event.accounts, "gathering_soon")


def on_missed(session: Session, event: gatherings.Missed) -> None:
    _tell_guests(session, event.post, event.accounts, "gathering_missed", event.by_id)


def on_poll_closed(session: Session, event: polls.PollClosed) -> None:
    """Who answered, and who asked, can read the results."""
    _tell_guests(session, event.post, event.accounts, "poll_closed")


def _tell_guests(
    session: Session, post: Post, account_ids: Iterable[int], kind: str, by: int | None = None
) -> None:
    """Who has signed up or answered hears of it, whomever they have muted: they took part themselves."""
    wanted = [number for number in account_ids if number != by]
    tell(session, wanted, kind, f"post:{post.id}", code=post.code, post_id=post.id, actor_id=by)


def on_account_erased(session: Session, event: AccountErased) -> None:
    """Nobody reads their inbox any more, and what others were told of them loses its name."""
    at_the_end(session, News).write(session)
    gone = event.account_id
    session.execute(delete(Notification).where(Notification.account_id == gone))
    session.execute(update(Notification).where(Notification.actor_id == gone).values(actor_id=None))


def on_applied(session: Session, event: communities.Applied) -> None:
    """The committee hears of a request to join, and so does who speaks for that household."""
    claim = event.claim
    speakers = session.scalars(
        select(Membership.account_id).where(
            Membership.dwelling_id == claim.dwelling_id,
            Membership.state == "approved",
            Membership.representative,
        )
    ).all()
    subject = f"joins:{claim.code}"
    staff = set(holders(session, claim.code, STAFF)) - {claim.account_id}
    tell(session, staff, "applied", subject, code=claim.code, actor_id=claim.account_id)
    asked = set(speakers) - staff - {claim.account_id}
    tell(session, asked, "applied_household", subject, code=claim.code, actor_id=claim.account_id)


def on_joined(session: Session, event: communities.Joined) -> None:
    claim = event.claim
    tell(session, [claim.account_id], "joined", f"claim:{claim.id}", code=claim.code)


def on_refused(session: Session, event: communities.Refused) -> None:
    claim = event.claim
    tell(session, [claim.account_id], "refused", f"claim:{claim.id}", code=claim.code, note=claim.decision)


def on_left(session: Session, event: communities.Left) -> None:
    """Whose membership the committee ended reads why; who leaves by themselves knows."""
    claim = event.claim
    if event.by_id != claim.account_id:
        tell(session, [claim.account_id], "ended", f"claim:{claim.id}", code=claim.code, note=claim.decision)


def on_represents(session: Session, event: communities.Represents) -> None:
    claim = event.claim
    if event.by_id != claim.account_id:
        tell(session, [claim.account_id], "represents", f"claim:{claim.id}", code=claim.code)


def on_appointed(session: Session, event: communities.Appointed) -> None:
    _tell_of_office(session, event.appointment, "appointed", event.appointment.by_id)


def on_office_ended(session: Session, event: communities.OfficeEnded) -> None:
    _tell_of_office(session, event.appointment, "office_ended", event.appointment.ended_by_id)


def _tell_of_office(session: Session, office: Any, kind: str, by: int | None) -> None:
    facts = {"code": office.code, "actor_id": by, "note": office.office}
    tell(session, [office.account_id], kind, f"office:{office.id}", **facts)


def _announce(session: Session, post: Post, source: str | None, by: int | None) -> set[int]:
    """Tell everybody a post is for, when its board says so of the state it came into."""
    board = ROOMS[post.board]
    if post.state not in board.announces or source in board.announces:
        return set()
    meant = board.meant_for(session, post)
    everybody = set(members(session, post.code, post.building_id)) if meant is None else meant
    tell_about(session, post, everybody, "announced", by=by)
    return everybody


def _tell_staff(
    session: Session, post: Post, kind: str, by: int | None = None, but: int | None = None
) -> None:
    staff = set(holders(session, post.code, STAFF)) - {but}
    tell_about(session, post, staff, kind, by=by)


def _followers(session: Session, *about: Post) -> set[int]:
    return {row.account_id for row in ask(session, _FOLLOWERS, targets=[str(post.id) for post in about])}


_FOLLOWERS = select(Follow.account_id).where(
    Follow.kind == "post", Follow.target.in_(bindparam("targets", expanding=True))
)


def _participants(session: Session, post: Post) -> set[int]:
    return set(session.scalars(select(Participation.account_id).where(Participation.post_id == post.id)))


def _ancestors(session: Session, post: Post) -> set[int]:
    """Authors and followers of all posts this one grew out of."""
    seen: set[int] = set()
    youngest = {post.id} if post.link_count else set()
    for _generation in range(DEEPEST):
        parents = set(session.scalars(select(Link.parent_id).where(Link.child_id.in_(youngest)))) - seen
        if not parents:
            break
        seen |= parents
        youngest = parents
    if not seen:
        return set()
    elder = session.scalars(select(Post).where(Post.id.in_(seen))).all()
    return {one.author_id for one in elder} | _followers(session, *elder)
