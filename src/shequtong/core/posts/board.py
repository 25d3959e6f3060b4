"""What a board is: a name, a form, a life cycle and rules, declared in one place; and what it does with posts.

Nobody else writes a post's state, and every write of it leaves a `PostTransition`.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlmodel import Session

from shequtong.core.communities.standing import Standing
from shequtong.core.identity.actor import VISITOR, Actor
from shequtong.core.posts import events, participating, tallying, writing
from shequtong.core.posts.forms import PostForm
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import clock
from shequtong.lib.db import Table
from shequtong.lib.errors import Conflict, Forbidden, Invalid
from shequtong.lib.events import publish as tell
from shequtong.lib.forms import BoundForm, Form, worded
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule
from shequtong.lib.workflow import Tone, Transition, Workflow

if TYPE_CHECKING:
    from shequtong.core.posts import passing

OFFICE_ORDER = (
    "secretary",
    "clerk",
    "party_branch",
    "owners_committee",
    "property",
    "organisation",
    "police",
    "doctor",
    "lawyer",
    "street",
    "district",
    "lead",
)


@dataclass(frozen=True, eq=False)
class Board:
    """One room of the community.

    `form` is what a poster fills in; fields that `detail` (the room's own table, keyed by post_id) has too are
    copied into it. `icon` is in the sprite, `colour` one of the enamels of tokens.css. `kinds` are the values of
    the form's `kind` field, each with its label, and `kind_tones` how a label that is not neutral looks. Kinds
    that ask different things have `forms` of their own, and the page asks for the kind first. `facts` are the
    detail columns a card shows, `quiet` those that are not for every reader, `searched` those in which a search
    finds words, all of them shown to whoever sees the post. `levels` are the kinds of division that have this
    board; what is posted at a higher one is read in all below. `audience` is who reads a new post. `optional`
    boards are off until a committee turns them on; `essential` ones every community has, under the same name.
    Others may have a name of a community's own, which is `name` and `own_name` in the copy that `rooms.named` makes.
    What stands in a `handbook` is found apart from what people
    say. `invite` are the words on the button that opens the form, which asks for pictures first where they say
    most. `announces` are the states of which everybody a post is for is told. `desk` are those in which a post
    waits for the committee's own move, `desk_if_handed` those in which it does when its handler is the committee.
    `owes` is what those who post here are owed by the clock. `carries` is what may hang on a post, a gathering for
    one, each with the posts it may hang on: see `hanging`.
    Several posts of the boards that it `grows_from` can become one here, in one action of the committee's.
    Posts that the rule `sheet` allows can be printed as `boards/<slug>/paper.html`.
    What `concerns_all` is shown to those too whom its author has blocked, and reports alone do not hide it.
    What a board from above addresses to some places only is listed where the SQL condition `reaches` holds for the
    parameter `code`. A committee's posts here may be taken over from the boards that it `hears`: see `passing`.
    """

    slug: str
    name: Any
    about: Any
    icon: str
    colour: str
    workflow: Workflow
    form: type[PostForm] = PostForm
    detail: type[Table] | None = None
    forms: Mapping[str, type[PostForm]] = field(default_factory=dict)
    kinds: tuple[tuple[str, Any], ...] = ()
    kind_tones: Mapping[str, Tone] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    audience: str = "community"
    photos: int = 9
    photos_first: bool = False
    levels: tuple[str, ...] = ("committee",)
    optional: bool = False
    essential: bool = False
    own_name: str = ""
    searched: tuple[str, ...] = ()
    handbook: bool = False
    invite: Any = None
    desk: tuple[str, ...] = ()
    announces: tuple[str, ...] = ()
    desk_if_handed: tuple[str, ...] = ()
    owes: Owed | None = None
    carries: Mapping[str, Rule] = field(default_factory=dict)
    concerns_all: bool = False
    grows_from: tuple[str, ...] = ()
    sheet: Rule | None = None
    reaches: Any = None
    hears: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.owes:
            self._check_owed(self.owes)

    def _check_owed(self, owes: Owed) -> None:
        """What a board owes must fit its own life cycle, or a clock would stand still in silence."""
        if unknown := owes.states - {state.name for state in self.workflow.states}:
            raise ValueError(f"{self.slug} owes something in states it has not: {sorted(unknown)}")
        if strangers := set(owes.kinds) - set(dict(self.kinds)):
            raise ValueError(f"{self.slug} owes something for kinds it has not: {sorted(strangers)}")
        columns = {owes.promise, owes.category} - {"", "kind"}
        if missing := columns - self.detail_fields:
            raise ValueError(f"{self.slug} has no column {', '.join(sorted(missing))} for what it owes")
        take = self.workflow.transition(owes.take) if owes.take else None
        if owes.take and (take is None or take.form or take.reason == "required"):
            raise ValueError(f"{self.slug} cannot be taken by {owes.take!r} at one press")

    def __eq__(self, other: object) -> bool:
        """Is it the same room, whatever it is called? So statements are kept once, not once for each name."""
        same = isinstance(other, Board) and self.slug == other.slug and self.workflow is other.workflow
        return same or NotImplemented

    def __hash__(self) -> int:
        return hash(self.slug)

    @property
    def from_above(self) -> bool:
        """Is what is posted at a street or district read in all committees below?"""
        return self.levels != ("committee",)

    @property
    def detail_fields(self) -> frozenset[str]:
        return frozenset(self.detail.model_fields) - {"post_id"} if self.detail else frozenset()

    def form_of(self, kind: str) -> type[PostForm]:
        """What somebody who posts this kind fills in."""
        return self.forms.get(kind, self.form)

    def told(self, detail: Any, kind: str = "") -> list[tuple[Any, Any]]:
        """The detail's facts for the page: (label, words), in the order of the form, empty ones left out."""
        form = self.form_of(kind)
        told = self.detail_fields - set(self.quiet)
        return worded(form, [name for name in form.model_fields if name in told], detail)

    def told_on_card(self, row: Any) -> list[Any]:
        """The facts of a card in words, without their labels; a row loaded without them has none."""
        form = self.form_of(row.kind)
        names = [name for name in self.facts if name in form.model_fields and hasattr(row, name)]
        return [words for _label, words in worded(form, names, row)]

    # For a room to override ---------------------------------------------------------------------------

    def may_post_kind(self, case: Case, kind: str) -> bool:
        """May this actor post this kind here? (All who may post may, unless the room says otherwise.)"""
        return True

    def choices(self, session: Session, case: Case) -> Mapping[str, Any]:
        """Further lists for form fields whose options depend on the community."""
        return {}

    def unasked(self, case: Case) -> Mapping[str, Any]:
        """Fields of the form that this actor is not asked, with what they hold instead."""
        return {}

    def send_words(self, case: Case, kind: str = "") -> Any:
        """What the main button of the form for a new post says."""
        return _("Publish")

    def check(self, session: Session, case: Case, form: BoundForm[Any]) -> None:
        """Refuse fields of a form for a new or edited post that are wrong for this actor or in this community."""

    def front(self, session: Session, case: Case) -> Mapping[str, Any]:
        """What else the page of the board shows, in its template's `front`."""
        return {}

    def more(self, session: Session, case: Case) -> Mapping[str, Any]:
        """What else the page of this post shows, in its template's `more`; `facts` join the other facts."""
        return {}

    def show_first(self, session: Session, case: Case, form: PostForm, sent: Any) -> Mapping[str, Any]:
        """What whoever writes shall see once before a new post goes out, for the form's `first`; nothing sends it."""
        return {}

    def story(self, session: Session, case: Case, timeline: Sequence[Any]) -> Mapping[str, Any]:
        """What the page of this post tells besides from its record, in its template's `story`."""
        return {}

    def published(self, session: Session, post: Post, detail: Any, case: Case, form: PostForm) -> None:
        """What else happens when a post is written."""

    def edited(self, session: Session, post: Post, case: Case) -> None:
        """What else happens when a post is edited."""

    def meant_for(self, session: Session, post: Post) -> set[int] | None:
        """The accounts told when a post is announced; None for all who live in its building or community."""
        return None

    def take_over(self, session: Session, case: Case, passed: passing.Passed) -> Post:
        """Write a committee's own post of one from above, on boards that hear others."""
        raise NotImplementedError

    def mend(self, session: Session, post: Post, mended: passing.Mended) -> None:
        """Let a post that was taken over read as the one from above does now."""
        raise NotImplementedError

    def recall(self, session: Session, post: Post) -> None:
        """End a post that was taken over, because the one from above has ended."""
        raise NotImplementedError

    def reached(self, session: Session, post_ids: Collection[int]) -> Mapping[int, passing.Reached]:
        """How far posts that were taken over have come, by their ids."""
        return {}

    # What may be done ---------------------------------------------------------------------------------

    def offers(self, case: Case, transition: Transition, taking_part: bool = False) -> bool:
        """May this actor take this transition now, or take it back, who is `taking_part` already?"""
        return bool(
            case.post.state in transition.sources
            and case.post.moderation == "clear"
            and transition.by(case)
            and (taking_part or transition.when(case))
        )

    def offered(self, case: Case, parts: Container[str] = ()) -> Iterator[Transition]:
        """The transitions whose buttons this actor sees, who has taken the `parts` named."""
        return (t for t in self.workflow.leaving(case.post.state) if self.offers(case, t, t.name in parts))

    # What is done -------------------------------------------------------------------------------------

    def publish(
        self,
        session: Session,
        case: Case,
        form: PostForm,
        photo_ids: list[int] | None = None,
        kind: str = "",
        *,
        as_draft: bool = False,
    ) -> Post:
        """Write a post in the first state of its kind; a draft goes on at once, unless it is kept `as_draft`.

        `kind` is given where the form itself does not ask for it.
        """
        kind = kind or str(getattr(form, "kind", "") or "")
        if not allows(case, "create") or (self.kinds and not self.may_post_kind(case, kind)):
            raise Forbidden
        if self.kinds and kind not in dict(self.kinds):
            raise Invalid
        now = clock.now()
        state = self.workflow.state(self.workflow.first_state(kind))
        post = Post(
            code=case.community.code,
            board=self.slug,
            kind=kind,
            state=state.name,
            author_id=case.actor.id,
            author_role=office_of(case),
            title=form.title,
            building_id=getattr(form, "building_id", None) or None,
            audience=self._audience(state.audience, form),
            due_at=now + state.lasts if state.lasts else None,
            created_at=now,
            activity_at=now,
        )
        writing.write_body(session, post, form.body)
        session.add(post)
        session.flush()
        detail = self._make_detail(session, post, form)
        writing.attach_photos(session, post, case.actor, photo_ids or [])
        self.published(session, post, detail, case, form)
        tallying.count(session, post, tallying.NOTHING, self._weight(post))
        written = replace(case, post=post, detail=detail)
        onward = None if as_draft else next((t for t in self.offered(written) if t.at_once), None)
        if onward:
            self.move(session, written, onward)
            return post
        session.add(
            PostTransition(post_id=post.id, name="publish", target=state.name, by_id=case.actor.id, at=now)
        )
        if not self.workflow.is_draft(state.name):
            tell(session, events.PostPublished(post))
        return post

    def edit(
        self, session: Session, post: Post, case: Case, form: PostForm, photo_ids: list[int] | None = None
    ) -> None:
        """Replace what the post says; the old words stay in its history."""
        session.refresh(post, with_for_update=True)  # who publishes it now publishes what they have read
        if not allows(case, "edit"):
            raise Forbidden
        writing.rewrite(session, post, case.actor, form.title, form.body)
        if "building_id" in type(form).model_fields:
            post.building_id = getattr(form, "building_id", None) or None
        if photo_ids is not None:
            writing.attach_photos(session, post, case.actor, photo_ids)
        if "private" in type(form).model_fields:
            weight = self._weight(post)
            before, post.audience = (
                post.audience,
                self._audience(self.workflow.state(post.state).audience, form),
            )
            if before == "parties" and post.audience != "parties":
                writing.forget_earlier(session, post)
            tallying.count(session, post, weight, self._weight(post))
        if case.detail is not None:
            for name in self.detail_fields & set(type(form).model_fields) - {"kind"}:
                setattr(case.detail, name, getattr(form, name))
        self.edited(session, post, case)
        tell(session, events.PostEdited(post))

    def delete(self, session: Session, post: Post, case: Case) -> None:
        """Take a post away from every page; the row stays for the record."""
        if not allows(case, "delete"):
            raise Forbidden
        post.deleted_at = clock.now()
        post.due_at = None
        post.version += 1
        tallying.count(session, post, self._weight(post), tallying.NOTHING)
        tell(session, events.PostDeleted(post))

    def admit(self, case: Case, transition: Transition, back: bool = False) -> None:
        """Nothing, when this actor may take the transition now (or `back`). Forbidden: not you. Conflict: not now."""
        if not transition.by(case):
            raise Forbidden
        if case.post.state not in transition.sources or case.post.moderation != "clear":
            raise Conflict(_("This cannot be done any more: things have changed since you opened the page."))
        if not (back or transition.when(case)):
            raise Conflict(_("This cannot be done for this post right now."))

    def move(
        self,
        session: Session,
        case: Case,
        transition: Transition,
        form: Form | None = None,
        reason: str = "",
        photo_ids: list[int] | None = None,
        seen: int = 0,
    ) -> PostTransition:
        """Take a transition in this actor's name, who has `seen` this version of the post (0 is any).

        Raises what `admit` raises, and Invalid.
        """
        self.admit(case, transition)
        if transition.as_seen and seen not in (0, case.post.version):
            raise Conflict(_("It was changed since you opened it. Read it again before you publish it."))
        if transition.reason == "required" and not reason:
            raise Invalid(_("Please give a reason"))
        if transition.reasons and reason not in dict(transition.reasons):
            raise Invalid(_("Choose one of the listed reasons"))
        if transition.takes_part:
            return self._take_part(session, case, transition, form, reason)
        if transition.repeats:
            return self._note(session, case, transition, form, reason, photo_ids)
        return self._write_state(session, case, transition, form, reason, case.actor, photo_ids)

    def follow_up(self, session: Session, case: Case, name: str) -> PostTransition:
        """Take the transition that what this actor just did leads to, which nobody takes by hand."""
        transition = self.workflow.transition(name)
        assert transition is not None
        return self._write_state(session, case, transition, None, "", case.actor)

    def by_clock(self, post: Post, detail: Any) -> Transition | None:
        """What the clock does with this post when its time has come."""
        case = Case(VISITOR, Standing(), self, None, post, detail)
        return next((t for t in self.workflow.leaving(post.state) if t.clock and t.when(case)), None)

    def move_by_clock(
        self, session: Session, post: Post, detail: Any, transition: Transition
    ) -> PostTransition:
        """Take a transition because its time has come."""
        case = Case(VISITOR, Standing(), self, None, post, detail)
        return self._write_state(session, case, transition, None, "", None)

    def step_out(self, session: Session, case: Case, transition: Transition) -> None:
        """Take back one's part in a post, as long as one could still take it."""
        self.admit(case, transition, back=True)
        if not transition.undoable:
            raise Conflict(_("This cannot be taken back."))
        if participating.step_out(session, case, transition) and transition.undone:
            transition.undone(session, case, None, None)

    def _write_state(
        self,
        session: Session,
        case: Case,
        transition: Transition,
        form: Form | None,
        reason: str,
        by: Actor | None,
        photo_ids: list[int] | None = None,
    ) -> PostTransition:
        post: Post = case.post
        assert transition.target is not None
        source, weight = post.state, self._weight(post)
        before, after = self.workflow.state(source), self.workflow.state(transition.target)
        now = clock.now()
        session.flush()
        unchanged = [Post.version == post.version] if transition.as_seen else []
        moved = session.execute(
            update(Post)
            .where(Post.id == post.id, Post.state == source, Post.deleted_at.is_(None), *unchanged)
            .values(state=after.name, version=Post.version + 1)
            .execution_options(synchronize_session=False)
        )
        if moved.rowcount != 1:
            raise Conflict(_("Somebody else was faster. Reload the page to see what happened."))
        session.refresh(post, ["state", "version"])
        if not after.put_away:
            post.activity_at = now
        post.due_at = now + after.lasts if after.lasts else None
        if after.audience:
            post.audience = after.audience
        record = PostTransition(
            post_id=post.id,
            name=transition.name,
            source=source,
            target=after.name,
            by_id=by.id if by else None,
            reason=reason,
            at=now,
        )
        if photo_ids and transition.photos and by:
            record.facts = {"photos": writing.hang(session, post, by, photo_ids)}
        session.add(record)
        if transition.effect:
            transition.effect(session, case, form, record)
        session.flush()
        tallying.count(session, post, weight, self._weight(post))
        tell(session, events.PostMoved(post, record))
        if before.audience == "parties" and post.audience != "parties":
            tell(session, events.PostPublished(post))
        return record

    def _take_part(
        self, session: Session, case: Case, transition: Transition, form: Form | None, reason: str
    ) -> PostTransition:
        record = PostTransition(
            post_id=case.post.id,
            name=transition.name,
            source=case.post.state,
            target=case.post.state,
            by_id=case.actor.id,
            reason=reason,
            at=clock.now(),
        )
        note = str(getattr(form, "note", "") or reason)
        if participating.take_part(session, case, transition, note):
            session.add(record)
            if transition.effect:
                transition.effect(session, case, form, record)
            tell(session, events.TookPart(case.post, transition.name, case.actor.id or 0))
        return record

    def _note(
        self,
        session: Session,
        case: Case,
        transition: Transition,
        form: Form | None,
        reason: str,
        photo_ids: list[int] | None,
    ) -> PostTransition:
        """Keep in the record that something was done, and tell those near; the state stays."""
        post: Post = case.post
        post.activity_at = clock.now()
        post.version += 1
        record = PostTransition(
            post_id=post.id,
            name=transition.name,
            source=post.state,
            target=post.state,
            by_id=case.actor.id,
            reason=reason,
            at=post.activity_at,
        )
        if photo_ids and transition.photos:
            record.facts = {"photos": writing.hang(session, post, case.actor, photo_ids)}
        session.add(record)
        if transition.effect:
            transition.effect(session, case, form, record)
        session.flush()
        if not transition.inward:
            tell(session, events.PostMoved(post, record))
        return record

    def _weight(self, post: Post) -> tuple[int, int]:
        """What a post adds to its board's number of posts and of open ones; a private one leaves no trace (A3)."""
        private = post.audience == "parties"
        return tallying.NOTHING if private else (1, int(self.workflow.state(post.state).is_open))

    def _audience(self, of_state: str | None, form: PostForm) -> str:
        return "parties" if getattr(form, "private", False) else of_state or self.audience

    def _make_detail(self, session: Session, post: Post, form: PostForm) -> Any:
        if self.detail is None:
            return None
        shared = self.detail_fields & set(type(form).model_fields)
        detail = self.detail(post_id=post.id, **{name: getattr(form, name) for name in shared})
        session.add(detail)
        session.flush()
        return detail


def office_of(case: Case) -> str:
    """The office in which somebody speaks here, shown beside their name; empty for a resident."""
    return next((name for name in OFFICE_ORDER if name in case.here.names), "")
