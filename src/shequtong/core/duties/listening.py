"""Which events of posts start, stop and end their clocks, in the transaction of the cause."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from shequtong.core.communities.events import OfficeEnded
from shequtong.core.communities.standing import COMMITTEE, STAFF, Standing
from shequtong.core.duties import keeping, owning, timing
from shequtong.core.duties.models import Duty
from shequtong.core.identity.actor import VISITOR
from shequtong.core.identity.events import AccountErased
from shequtong.core.posts import events
from shequtong.core.posts.models import Comment, Post
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS
from shequtong.lib.rosters import Roster


def on_post_published(session: Session, event: events.PostPublished) -> None:
    settle(session, event.post, entered=True)


def on_post_moved(session: Session, event: events.PostMoved) -> None:
    """A state may begin a duty, let it wait or end it; whoever took the post in hand owns it from now on."""
    post, moved = event.post, event.transition
    settle(session, post, entered=moved.source != moved.target, by=moved.by_id)
    if post.owed and post.assignee_id and moved.by_id == post.assignee_id:
        owning.accept(session, post, post.assignee_id)


def on_took_part(session: Session, event: events.TookPart) -> None:
    """What had to wait for neighbours (a co-signer) may be owed now."""
    owed = _owed(event.post)
    if owed is not None and not event.post.owed:
        settle(session, event.post, entered=True)


def on_visibility_changed(session: Session, event: events.VisibilityChanged) -> None:
    """What is shown for the first time begins to be owed; what had its reply before it was held had it."""
    if event.comment is None:
        settle(session, event.post, entered=not keeping.was_replied_to(session, event.post.id))


def on_answers_owed(session: Session, event: events.AnswersOwed) -> None:
    """An answer is owed to whoever has waited longest, counted from when they asked; to nobody when nothing waits."""
    post, owed = event.post, _owed(event.post)
    if owed is None or post.state not in owed.asked:
        return
    still = keeping.open_duties(session, post.id)
    answer = still.get("resolve")
    if answer is not None and answer.started_at == event.since:
        return
    if answer is None and event.since is None:
        return
    roster = keeping.roster_of(session, post.code)
    for duty in still.values():
        keeping.finish(duty, roster)
    session.flush()
    following = []
    if event.since is not None:
        owning.ask_anew(session, post)
        category = owed.category_of(post, _detail(session, post))
        hours = timing.hours(session, post.code, post.board, owed, category)
        wanted = ("resolve", "first_reply") if post.state in owed.reply else ("resolve",)
        following = [
            keeping.start(session, post, kind, category, hours, roster, event.since) for kind in wanted
        ]
    keeping.note(session, post, following)


def on_post_deleted(session: Session, event: events.PostDeleted) -> None:
    settle(session, event.post)


def on_comment_written(session: Session, event: events.CommentWritten) -> None:
    """The first word of whoever owes it is the first reply."""
    post, comment = event.post, event.comment
    if not post.owed or not _answers(post, comment):
        return
    reply = keeping.open_duties(session, post.id).get("first_reply")
    if reply is not None:
        keeping.finish(reply, keeping.roster_of(session, post.code))
        keeping.note(session, post)


def on_office_ended(session: Session, event: OfficeEnded) -> None:
    owning.hand_on(session, event.appointment.account_id, event.appointment.code)


def on_account_erased(session: Session, event: AccountErased) -> None:
    """Whoever closes their account has given back every office by now."""
    owning.hand_on(session, event.account_id)


def _answers(post: Post, comment: Comment) -> bool:
    """Is this said by the committee, by the office that has it in hand, or by who looks after it?

    Nobody replies to themselves; in open books the author of a line is who owes the reply.
    """
    if comment.author_id == post.author_id:
        return comment.author_id == post.owed_by_id
    in_office = comment.author_role in STAFF or (comment.author_role and comment.author_role == post.handler)
    return bool(in_office) or comment.author_id in (post.assignee_id, post.owed_by_id)


def settle(session: Session, post: Post, *, entered: bool = False, by: int | None = None) -> None:
    """Make the clocks of a post fit the state it rests in. Doing it twice changes nothing.

    `entered` says that it just came into that state or before its readers, `by` who brought it there.
    """
    owed = _owed(post)
    if owed is None:
        return
    still = keeping.open_duties(session, post.id)
    detail = _detail(session, post)
    if post.state in owed.asked and post.moderation == "clear" and post.deleted_at is None:
        return  # what is owed here begins and ends with what neighbours ask
    gone = post.moderation != "clear" or post.deleted_at is not None
    runs = owed.runs(post.state) and not gone
    waits = post.state in owed.waits and not gone
    begun = (runs or waits) and owed.begins(_case(post, detail))
    if not still and not begun:
        return
    roster = keeping.roster_of(session, post.code)
    reply, answer = still.get("first_reply"), still.get("resolve")
    if reply and not (runs and post.state in owed.reply):
        answered = by is not None and (by != post.author_id or bool(post.author_role))
        keeping.finish(reply, roster, kept=answered, dropped=gone)
    if answer and not (runs or waits):
        keeping.finish(answer, roster, kept=by is not None or answer.paused_at is not None, dropped=gone)
    elif answer and waits:
        keeping.pause(answer, roster)
    elif answer:
        keeping.resume(answer, roster)
    if begun and runs:
        replying = entered and not reply and post.state in owed.reply
        if replying:
            owning.ask_anew(session, post)
        if replying or not answer:
            category = owed.category_of(post, detail)
            hours = timing.hours(session, post.code, post.board, owed, category)
            answer = answer or keeping.start(session, post, "resolve", category, hours, roster)
            if replying:
                reply = keeping.start(session, post, "first_reply", category, hours, roster)
        _keep_promise(answer, owed, detail, roster)
    keeping.note(session, post, [duty for duty in (reply, answer) if duty])


def _keep_promise(answer: Duty, owed: Owed, detail: Any, roster: Roster) -> None:
    """A day that was promised since the clock was last looked at is the day by which the answer is owed."""
    day = getattr(detail, owed.promise, None) if owed.promise else None
    if day is None:
        answer.promised_on = None
    elif day != answer.promised_on:
        keeping.promise(answer, day, roster)


def _owed(post: Post) -> Owed | None:
    board = ROOMS.get(post.board)
    owed = board.owes if board else None
    return owed if owed and owed.covers(post.kind) and len(post.code) == COMMITTEE else None


def _detail(session: Session, post: Post) -> Any:
    board = ROOMS[post.board]
    return session.get(board.detail, post.id) if board.detail else None


def _case(post: Post, detail: Any) -> Case:
    return Case(VISITOR, Standing(), ROOMS[post.board], None, post, detail)
