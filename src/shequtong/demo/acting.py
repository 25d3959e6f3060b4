"""What the people of the story do, one act each, by the same functions as the pages of the product.

Whatever the product refuses is a StoryError that names the file and the post.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from shequtong.boards.hall import amending, arguing, judging, projects
from shequtong.boards.hall import discussing as hall_discussing
from shequtong.boards.hall.forms import (
    AmendmentForm,
    ArgumentForm,
    ExpenseForm,
    MilestoneForm,
    StatementForm,
)
from shequtong.boards.notices import knocking, reaching
from shequtong.core.ballots import casting, counting, entering
from shequtong.core.ballots import queries as ballots
from shequtong.core.communities import visiting
from shequtong.core.communities.standing import Standing
from shequtong.core.covenants import queries as covenants
from shequtong.core.covenants import signing
from shequtong.core.follows import following
from shequtong.core.gatherings import planning, signing_up
from shequtong.core.gatherings.forms import PlanForm
from shequtong.core.media import storing
from shequtong.core.moderation import appealing, deciding, reporting
from shequtong.core.moderation.forms import AnswerForm, AppealForm, DecisionForm, ReportForm
from shequtong.core.moderation.models import Decision
from shequtong.core.polls import answering
from shequtong.core.polls import opening as polls_opening
from shequtong.core.polls.forms import OpeningForm, QuestionForm, options_of
from shequtong.core.posts import asking, commenting, linking, objecting, pinning, queries, reacting
from shequtong.core.posts.addressing import judge
from shequtong.core.posts.forms import CommentForm, ObjectionForm, ReplyForm
from shequtong.core.posts.models import Comment
from shequtong.core.posts.policy import Case, allows
from shequtong.core.posts.rooms import is_open
from shequtong.demo import cascading, discussing
from shequtong.demo.people import People
from shequtong.demo.polling import Answered
from shequtong.demo.rehearsing import Walk, asked_of, opening, where
from shequtong.demo.sending import sent
from shequtong.demo.voting import Cast
from shequtong.lib import clock
from shequtong.lib.errors import NotFound, Refused
from shequtong.lib.forms import BoundForm, Form
from shequtong.town import PICTURES, Post, Step, StoryError, Town, dated, story
from shequtong.town import Comment as Said
from shequtong.town.story import Entry

COMMITTEE = 12
"""Digits of a committee's code."""


@dataclass
class Company:
    """The people of the town at work in the transaction of the present hour."""

    town: Town
    walks: Mapping[str, Walk]
    people: People
    last_day: date
    numbers: dict[str, int] = field(default_factory=dict)
    comments: dict[tuple[str, str], int] = field(default_factory=dict)
    _session: Session | None = None

    @property
    def session(self) -> Session:
        assert self._session is not None, "no transaction is open"
        return self._session

    @contextmanager
    def at_work(self, session: Session) -> Iterator[None]:
        """Act in this transaction."""
        self._session = session
        try:
            yield
        finally:
            self._session = None

    # Who stands where -------------------------------------------------------------------------------

    def case(self, login: str, post: Post) -> Case:
        """Somebody at a post, as the address of its page makes it. Raises NotFound when they do not see it."""
        board, code = self.walks[post.key].board, self._page(login, post)
        actor = self.people.actor(self.session, login)
        here = Standing.of(actor, code)
        community = visiting.find_community(self.session, code)
        if not is_open(board, community):
            raise NotFound(f"{board.slug} is not open in {code}")
        shown = queries.show(self.session, board, self.numbers[post.key], code, actor, here)
        if shown is None:
            raise NotFound(f"{login} does not see it")
        return Case(actor, here, board, community, shown.post, shown.detail, shown.parts)

    def _page(self, login: str, post: Post) -> str:
        """The community on whose page somebody meets a post: their own, for what comes from above."""
        code = self.town.people[login].code
        return code if len(post.code) < COMMITTEE == len(code) else post.code

    def number(self, kind: str, name: str) -> int:
        known = self.numbers if kind == "post" else self.people.ids
        if name not in known:
            raise StoryError(f"there is no {kind} {name!r} yet")
        return known[name]

    # What they do -----------------------------------------------------------------------------------

    def write(self, post: Post) -> None:
        """Write a post, with its pictures, and follow it."""
        board = self.walks[post.key].board
        actor = self.people.actor(self.session, post.author)
        community = visiting.find_community(self.session, post.code)
        case = judge(Case(actor, Standing.of(actor, post.code), board, community), "create")
        kind = post.kind if board.forms else ""
        told = {**post.fields, "title": post.title, **({"body": post.body} if post.body else {})}
        if not board.forms and board.kinds:
            told["kind"] = post.kind
        if post.private:
            told["private"] = True
        blank = asking.form_for(self.session, case, kind, {})
        form = _right(asking.read_form(self.session, case, self._sent(blank, told), kind))
        first = opening(board, post)
        written = board.publish(
            self.session, case, form, self._photos(case, post.pictures), kind, as_draft=first is None
        )
        self.numbers[post.key] = written.id
        following.follow(self.session, written.author_id, "post", written.id)
        self._check_hold(post, written)
        if first is not None and written.state != first.target:
            raise StoryError(f"it went to {written.state!r} at once, not by {first.name!r}")

    def _check_hold(self, post: Post, written: Any) -> None:
        if (written.moderation == "held") != bool(post.held):
            raise StoryError(f"it is {written.moderation} and the story says {post.held or 'clear'!r}")

    def step(self, post: Post, step: Step) -> None:
        """Take a transition; the clock's have been taken by now, and are only looked for."""
        board = self.walks[post.key].board
        transition = board.workflow.transition(step.do)
        assert transition is not None
        if step.by == "clock":
            self._look(post, transition.target)
            return
        case = self.case(step.by, post)
        board.admit(case, transition)
        form: Form | None = None
        blank = asking.transition_form(self.session, case, transition)
        if blank is not None:
            asked = asking.transition_form(self.session, case, transition, self._sent(blank, asked_of(step)))
            form = _right(asked)
        pictures = self._photos(case, step.pictures)
        board.move(self.session, case, transition, form, str(getattr(form, "reason", "") or ""), pictures)

    def pass_on(self, post: Post, login: str) -> None:
        """A committee that is not of the story does something about a bulletin."""
        cascading.act(self.session, self.people, self.numbers[post.key], login)

    def vote(self, post: Post, ballot: Cast, dwelling_id: int) -> None:
        """Cast a ballot, or read one from paper."""
        case = judge(self.case(ballot.by, post), "count" if ballot.on_paper else "vote")
        round_ = ballots.latest(self.session, case.post.id)
        assert round_ is not None
        act = entering.enter if ballot.on_paper else casting.cast
        act(self.session, round_.id, case.actor, dwelling_id, ballot.choice)

    def count(self, post: Post, login: str) -> None:
        """Count the ballots, now that all paper is read."""
        case = judge(self.case(login, post), "count")
        round_ = ballots.latest(self.session, case.post.id)
        assert round_ is not None
        counting.count(self.session, round_.id, case.actor.id)

    def sign(self, post: Post, login: str) -> None:
        """Read the covenant and sign it for one's home."""
        case = self.case(login, post)
        homes = case.here.dwellings
        read = [a.version_id for a in covenants.articles(self.session, post.code, homes) if not a.ended_on]
        signing.sign(self.session, post.code, case.actor, homes, read)

    def note_paper(self, post: Post, paper: story.Paper) -> None:
        """Note the first doors of a building that have not confirmed as having done so on paper."""
        case = judge(self.case(paper.by, post), "knock")
        (building,) = [row for row in knocking.rounds(self.session, case) if row.name == paper.building]
        left, _on_paper = reaching.doors(self.session, case, building.id)
        knocking.note_paper(self.session, case, [door.id for door in left[: paper.doors]])

    def judge(self, post: Post, login: str, stars: int) -> None:
        """Judge for one's home what was done."""
        judging.judge(self.session, judge(self.case(login, post), "rate"), stars)

    def keep_books(self, post: Post, entry: Entry) -> None:
        """Enter money or a milestone of a project."""
        case = judge(self.case(entry.by, post), "run")
        if not entry.amount:
            due = self.last_day + timedelta(days=entry.due)
            asked = {"title": entry.what, "due_on": due.isoformat()}
            milestone = projects.plan(self.session, case, _right(MilestoneForm.read(asked)))
            self.numbers[f"{post.key} {entry.what}"] = milestone.id
            return
        came_back = entry.amount.startswith("-")
        money = {"purpose": entry.what, "amount": entry.amount.removeprefix("-")}
        money |= {"direction": "returned" if came_back else "spent", "paid_on": clock.today().isoformat()}
        projects.spend(self.session, case, _right(ExpenseForm.read(money)))

    def reach(self, post: Post, entry: Entry) -> None:
        """A milestone is reached."""
        case = judge(self.case(entry.by, post), "run")
        projects.reach(self.session, case, self.numbers[f"{post.key} {entry.what}"])

    def state_idea(self, post: Post, said: Said) -> None:
        """Add a statement to a discussion."""
        form = _right(StatementForm.read({"statement": discussing.words(said)}))
        case = judge(self.case(said.by, post), "state")
        self._keep(post, said, hall_discussing.state(self.session, case, form.statement))

    def sit(self, post: Post, sitting: discussing.Sitting) -> None:
        """Answer one statement after the other."""
        case = judge(self.case(sitting.by, post), "answer")
        for said, choice in sitting.answers:
            hall_discussing.answer(self.session, case, self.comments[post.key, _mark(said)], choice)

    def argue(self, post: Post, said: Said) -> None:
        """Give a reason for or against an option."""
        number, side, words = discussing.reason(said)
        form = _right(ArgumentForm.read({"argument": words}))
        case = judge(self.case(said.by, post), "argue")
        self._keep(post, said, arguing.argue(self.session, case, number, side, form.argument))

    def be_convinced(self, post: Post, login: str, said: Said) -> None:
        """Find a reason convincing."""
        case = judge(self.case(login, post), "answer")
        arguing.be_convinced(self.session, case, self.comments[post.key, _mark(said)])

    def amend(self, post: Post, said: Said) -> None:
        """Propose how a paragraph should read."""
        number, words, why = discussing.amendment(said)
        form = _right(AmendmentForm.read({"words": words, "why": why}))
        case = judge(self.case(said.by, post), "amend")
        text = amending.change_paragraph(amending.text_of(case), number, form.words)
        self._keep(post, said, amending.propose(self.session, case, text, form.why))

    def answer_amendment(self, post: Post, proposed: Said, said: Said) -> None:
        """Take a proposed change into the text, or decline it."""
        sign, _space, why = said.text.partition(" ")
        case = judge(self.case(said.by, post), "write_text")
        act = amending.accept if sign == "+" else amending.decline
        act(self.session, case, self.comments[post.key, _mark(proposed)], why)

    def object_to(self, post: Post, said: Said) -> None:
        """Object to a text that is public."""
        form = _right(ObjectionForm.read({"objection": said.text}))
        case = judge(self.case(said.by, post), "object")
        self._keep(post, said, objecting.object_to(self.session, case, form.objection))

    def reply(self, post: Post, objection: Said, reply: Said) -> None:
        """Answer an objection for the committee."""
        case = judge(self.case(reply.by, post), "reply")
        number = self.comments[post.key, _mark(objection)]
        objecting.answer(self.session, case, number, _right(ReplyForm.read({"words": reply.text})).words)

    def plan(self, post: Post, gathering: story.Gathering) -> None:
        """Set the day and the place of a gathering."""
        case = judge(self.case(gathering.by, post), "plan")
        form = _right(PlanForm.read(self._sent(PlanForm.blank(), gathering.fields)))
        wanted = planning.Plan(form.starts_at, form.ends_at, form.place, form.places, form.guests or 0)
        if wrong := list(planning.mistakes(wanted)):
            raise StoryError("; ".join(f"{field}: {words}" for field, words in wrong))
        planning.plan(self.session, case, wanted)

    def sign_up(self, post: Post, one: story.SignUp) -> None:
        """Take a place at a gathering, or a number in its queue."""
        signing_up.sign_up(self.session, judge(self.case(one.by, post), "sign_up"), one.guests)

    def ask(self, post: Post, poll: story.Poll) -> None:
        """Write the questions of a poll, and open it."""
        for question in poll.questions:
            case = judge(self.case(poll.by, post), "plan")
            told = {name: value for name, value in question.items() if name != "said"}
            asked = QuestionForm.read(self._sent(QuestionForm.blank(), told))
            options = options_of(asked) if not asked.errors else []
            form = _right(asked)
            polls_opening.ask(self.session, case, form.kind, form.words, options)
        form = _right(OpeningForm.read(self._sent(OpeningForm.blank(), poll.fields)))
        polls_opening.open_poll(self.session, case, form.unit, form.shows, form.closes_at)

    def answer_poll(self, post: Post, one: Answered) -> None:
        """Fill in a sheet."""
        case = judge(self.case(one.by, post), "answer_poll")
        answering.answer(self.session, case, one.answers)

    def _keep(self, post: Post, said: Said, written: Comment) -> None:
        self.comments[post.key, _mark(said)] = written.id
        if written.moderation != "clear":
            raise StoryError(f"what {said.by} says is {written.moderation}")

    def _look(self, post: Post, state: str | None) -> None:
        found = self.state(post)
        if found != state:
            raise StoryError(f"the clock should have brought it to {state!r}, but it is {found!r}")

    def state(self, post: Post) -> str:
        """Where a post is now."""
        found = queries.Post
        return str(self.session.scalar(select(found.state).where(found.id == self.numbers[post.key])))

    def say(self, post: Post, said: Said, above: Said | None) -> None:
        """Comment on a post, or answer a comment."""
        case = judge(self.case(said.by, post), "comment")
        form = _right(CommentForm.read({"body": dated(said.text, self.last_day)}))
        parent = self.comments[post.key, _mark(above)] if above else None
        written = commenting.comment(self.session, case, form.body, parent)
        following.follow(self.session, written.author_id, "post", case.post.id)
        self.comments[post.key, _mark(said)] = self.comments[post.key, said.by] = written.id
        if written.moderation != "clear":
            raise StoryError(f"the comment of {said.by} is {written.moderation}")

    def react(self, post: Post, login: str, kind: str) -> None:
        reacting.react(self.session, judge(self.case(login, post), "react"), kind)

    def follow(self, post: Post, login: str) -> None:
        """Be told what becomes of a post."""
        case = judge(self.case(login, post), "follow")
        following.follow(self.session, case.actor.id or 0, "post", case.post.id)

    def pin(self, post: Post) -> None:
        """Keep a post at the top of its board; its author does it."""
        pinning.pin(self.session, self.case(post.author, post))

    def link(self, post: Post, parent: Post, logins: tuple[str, ...]) -> None:
        """Say that a post grew from another, by the first of these people who may."""
        for login in logins:
            case = self.case(login, parent)
            if allows(case, "link"):
                linking.link(self.session, case, self.case(login, post).post)
                return
        raise StoryError(f"none of {', '.join(logins)} may say that it grew from {parent.key}")

    def report(self, post: Post, report: story.Report) -> None:
        """Tell the committee that a post or a comment is wrong."""
        case = judge(self.case(report.by, post), "report")
        form = _right(ReportForm.read({"reason": report.reason, "note": report.note}))
        comment = self._comment(post, report.comment_by)
        reporting.report(self.session, case.post, comment, case.actor, form.reason, form.note)

    def decide(self, post: Post, made: story.Decision) -> None:
        """Decide at the desk, appeal against it, or decide the appeal."""
        case = self.case(made.by, post)
        comment = self._comment(post, made.comment_by)
        if made.do == "appeal":
            words = _right(AppealForm.read({"words": made.note})).words
            appealing.appeal(self.session, case.post, self._decision(case), case.actor, words)
        elif made.do in ("uphold", "dismiss"):
            answer = _right(AnswerForm.read({"verdict": made.do, "words": made.note}))
            appealing.answer(
                self.session,
                case.post,
                comment,
                self._decision(case),
                case.actor,
                uphold=made.do == "uphold",
                words=answer.words,
            )
        else:
            chosen = _right(DecisionForm.read({"action": made.do, "reason": made.reason, "note": made.note}))
            deciding.decide(
                self.session,
                case.post,
                comment,
                case.actor,
                action=chosen.action,
                reason=chosen.reason,
                note=chosen.note,
                seen=(comment or case.post).moderation,
            )
            self.people.changed(post.author)

    # How they do it ---------------------------------------------------------------------------------

    def _sent(self, asked: BoundForm[Any], fields: Mapping[str, Any]) -> Any:
        return sent(asked, fields, self.last_day, self.number)

    def _photos(self, case: Case, names: tuple[str, ...]) -> list[int]:
        kept = []
        for name in names:
            content = (PICTURES / f"{name}.webp").read_bytes()
            kept.append(storing.keep(self.session, case.actor, content, alt=self.town.pictures[name]).id)
        return kept

    def _comment(self, post: Post, login: str) -> Comment | None:
        return self.session.get_one(Comment, self.comments[post.key, login]) if login else None

    def _decision(self, case: Case) -> Decision:
        """The last decision on a post."""
        last = select(Decision).where(Decision.post_id == case.post.id).order_by(Decision.id.desc()).limit(1)
        return self.session.scalars(last).one()


@contextmanager
def told(post: Post, what: str) -> Iterator[None]:
    """Let every refusal say at which post of which file it happened."""
    try:
        yield
    except StoryError as wrong:
        raise StoryError(f"{where(post)}, {what}: {wrong}") from None
    except Refused as refused:
        words = str(refused) or type(refused).__name__
        raise StoryError(f"{where(post)}, {what}: {words}") from refused


def _right(form: BoundForm[Any] | None) -> Any:
    """What was filled in, when the form takes it."""
    assert form is not None
    if form.errors:
        raise StoryError("; ".join(f"{name or 'the form'}: {wrong}" for name, wrong in form.errors.items()))
    return form.value


def _mark(said: Said) -> str:
    return f"{said.by}+{said.after}"
