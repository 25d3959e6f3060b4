"""The text that will be voted on, while it is written: its versions, and the changes that neighbours propose.

A proposed change is a comment, so it is held, reported and told like every word on a post; the committee takes it in
or declines it, with a reason that everybody reads. Every version is kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from shequtong.boards.hall import discussing, queries, staging
from shequtong.boards.hall.models import Amendment, Proposal, Wording
from shequtong.core.posts.models import Comment, PostTransition
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import clock, differences
from shequtong.lib.errors import Conflict, Forbidden, Invalid, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import ngettext

LONGEST = 10_000
"""Characters of a text."""

_VERSIONS = select(Wording).where(Wording.post_id == bindparam("post_id")).order_by(Wording.number.desc())
_AMENDMENTS = select(Amendment).where(Amendment.post_id == bindparam("post_id"))


@dataclass
class Change:
    """A proposed change as the page shows it; `merged` is the text with it, None where the same lines changed."""

    said: Any
    amendment: Amendment
    merged: str | None

    @property
    def state(self) -> str:
        if self.amendment.accepted:
            return "accepted"
        return "declined" if self.said.reply else "waiting"


def versions(session: Session, case: Case) -> list[Wording]:
    """All versions, the newest first. A text of an earlier release has one that nobody has kept."""
    return list(session.scalars(_VERSIONS, {"post_id": case.post.id}))


def text_of(case: Case) -> str:
    """The text as it stands."""
    return case.detail.wording or case.detail.change


def mark_of(case: Case) -> str:
    """A mark of the text as it stands, by which a form knows that it has changed since."""
    return hashlib.sha256(text_of(case).encode()).hexdigest()[:16]


def paragraphs(words: str) -> list[str]:
    """The lines of a text that say something, as they are counted for a change of one of them."""
    return [line for line in words.splitlines() if line.strip()]


def proposed(session: Session, case: Case) -> list[Change]:
    """The changes that were proposed, in their order, as far as this reader may read them."""
    kept = {one.comment_id: one for one in session.scalars(_AMENDMENTS, {"post_id": case.post.id})}
    said = queries.remarks(session, case, "amendment") if kept else []
    based_on = {one.number: one.words for one in versions(session, case)} if said else {}
    return [
        Change(one, kept[one.id], _merged(kept[one.id], based_on, text_of(case)))
        for one in sorted(said, key=lambda one: one.id)
        if one.id in kept
    ]


def _merged(amendment: Amendment, versions: dict[int, str], now: str) -> str | None:
    base = versions.get(amendment.based_on)
    return None if base is None else differences.merge(base, amendment.words, now)


def begin(session: Session, case: Case, form: Any, record: PostTransition) -> None:
    """Keep what was said, and the first version: what the committee wrote, or what was proposed."""
    staging.keep(session, case, form, record)
    _write(session, case, text_of(case), "")


def change_paragraph(words: str, number: int, paragraph: str) -> str:
    """The text with another paragraph of this number, counted from 1, or without it. NotFound for no such one."""
    lines = words.splitlines()
    places = [place for place, line in enumerate(lines) if line.strip()]
    if not 1 <= number <= len(places):
        raise NotFound
    lines[places[number - 1] : places[number - 1] + 1] = paragraph.splitlines()
    return "\n".join(lines)


def mistake(case: Case, words: str) -> Any:
    """What is wrong with a text that shall take the place of the present one; None when nothing is."""
    if not words.strip():
        return _("Something must be left to vote on")
    if len(words) > LONGEST:
        return _("The text has at most %(longest)s characters", longest=LONGEST)
    if words.splitlines() == text_of(case).splitlines():
        return _("This is what the text says already")
    return None


def propose(session: Session, case: Case, words: str, why: str) -> Comment:
    """Propose that the whole text reads so. Raises Invalid for what `mistake` names."""
    if not allows(case, "amend"):
        raise Forbidden
    if wrong := mistake(case, words):
        raise Invalid(wrong)
    changes = differences.between(text_of(case), words)
    said = discussing.remark(session, case, "amendment", f"{why}\n\n{differences.added(changes)}".strip())
    session.add(
        Amendment(
            comment_id=said.id,
            post_id=case.post.id,
            based_on=_newest(session, case).number,
            words=words,
            why=why,
            changes=[list(part) for part in changes],
        )
    )
    session.flush()
    return said


def accept(session: Session, case: Case, number: int, why: str, words: str = "") -> None:
    """Take a change into the text: the next version. `words` are that text where the same lines have changed since.

    Raises Conflict where they have and nobody wrote it, or when it was answered already; Forbidden for one's own.
    """
    _lock(session, case)
    amendment, said = _waiting(session, case, number)
    if said.author_id == case.actor.id:
        raise Forbidden(_("Somebody else decides about what you proposed."))
    kept = {one.number: one.words for one in versions(session, case)}
    new = words or _merged(amendment, kept, text_of(case))
    if not new:
        raise Conflict(_("The text has changed there since. Write how it shall read now."))
    discussing.reply(session, case, "amendment", number, why)
    amendment.accepted = True
    _write(session, case, new, amendment.why, number)


def decline(session: Session, case: Case, number: int, why: str) -> None:
    """Leave the text as it is, with a reason for whoever proposed the change."""
    _lock(session, case)
    _waiting(session, case, number)
    discussing.reply(session, case, "amendment", number, why)


def rewrite(session: Session, case: Case, words: str, why: str) -> None:
    """The committee's own next version."""
    if not allows(case, "write_text"):
        raise Forbidden
    _lock(session, case)
    if wrong := mistake(case, words):
        raise Invalid(wrong)
    _write(session, case, words, why)


def check(session: Session, case: Case, form: BoundForm[Any]) -> None:
    """No text is made public for too short a time, or while somebody who proposed a change waits for an answer."""
    staging.seven_days(session, case, form)
    if waiting := queries.counts(session, case).amendments:
        words = ngettext(
            "%(num)s proposed change has no answer yet. Accept or decline each first.",
            "%(num)s proposed changes have no answer yet. Accept or decline each first.",
            waiting,
        )
        form.refuse("", words)


def make_public(session: Session, case: Case, form: Any, record: PostTransition) -> None:
    """Keep the text that is made public; where it reads otherwise than the last version, it is one more."""
    before = text_of(case)
    staging.keep(session, case, form, record)
    if form.wording.splitlines() != before.splitlines() or not versions(session, case):
        case.detail.wording = before
        _write(session, case, form.wording, "")


def _waiting(session: Session, case: Case, number: int) -> tuple[Amendment, Comment]:
    if not allows(case, "write_text"):
        raise Forbidden
    _remark, said = discussing.find(session, case, number, "amendment")
    amendment = session.get_one(Amendment, number)
    if amendment.accepted:
        raise Conflict(_("Somebody else was faster. Reload the page to see what happened."))
    return amendment, said


def _lock(session: Session, case: Case) -> None:
    """One version after the other: whoever else writes one waits, and sees this one."""
    mine = select(Proposal).where(Proposal.post_id == case.post.id).with_for_update()
    case.detail = session.scalars(mine.execution_options(populate_existing=True)).one()


def _newest(session: Session, case: Case) -> Wording:
    """The newest version; of a text that has none, the first is written down."""
    kept = versions(session, case)
    return kept[0] if kept else _write(session, case, text_of(case), "")


def _write(session: Session, case: Case, words: str, why: str, amendment_id: int | None = None) -> Wording:
    kept = versions(session, case)
    if not kept and words != text_of(case):
        kept = [_keep_version(session, case, 1, text_of(case), "", [])]
    changes = differences.between(kept[0].words, words) if kept else []
    written = _keep_version(
        session, case, kept[0].number + 1 if kept else 1, words, why, changes, amendment_id
    )
    case.detail.wording = words
    case.post.activity_at = written.at
    session.flush()
    return written


def _keep_version(
    session: Session,
    case: Case,
    number: int,
    words: str,
    why: str,
    changes: list[differences.Part],
    amendment_id: int | None = None,
) -> Wording:
    version = Wording(
        post_id=case.post.id,
        number=number,
        words=words,
        why=why,
        changes=[list(part) for part in changes],
        amendment_id=amendment_id,
        by_id=case.actor.id,
        at=clock.now(),
    )
    session.add(version)
    session.flush()
    return version
