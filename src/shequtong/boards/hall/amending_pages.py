"""The page of the text while it is written: how it reads now, what neighbours would change, and its versions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from shequtong.boards.hall import amending
from shequtong.boards.hall.forms import AcceptForm, AmendmentForm, VersionForm
from shequtong.boards.hall.routes import around, home, only_members, written
from shequtong.core.identity import submitting
from shequtong.core.posts.addressing import on_post
from shequtong.core.posts.forms import ReplyForm
from shequtong.core.posts.policy import Case, allows
from shequtong.lib import differences
from shequtong.lib.errors import NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Amending = Annotated[Case, on_post("amend")]
Writing = Annotated[Case, on_post("write_text")]

TEXT = "/c/{code}/{board}/{post_id}/text"


@router.get(TEXT)
def show_text(request: Request, case: Annotated[Case, on_post("show")], db: Db) -> Response:
    """The text as it stands, proposed changes with their answers, and earlier versions."""
    only_members(case)
    return _show(request, case, db)


@router.get(TEXT + "/amendments/new")
def begin_amendment(
    request: Request, case: Amending, paragraph: Annotated[int, Query(ge=0, le=10_000)] = 0
) -> Response:
    """How should this paragraph read, or (0) all of the text?"""
    form = AmendmentForm.blank(words=_part(case, paragraph))
    return _ask(request, case, form, paragraph)


@router.post(TEXT + "/amendments")
def propose_amendment(request: Request, case: Amending, sent: Submitted, db: Db) -> Response:
    """Propose that the text reads otherwise."""
    if earlier := submitting.earlier(db, case.actor, sent):
        return see_other(earlier)
    form = AmendmentForm.read(sent)
    paragraph = _number(sent.get("paragraph"))
    words = "" if form.errors else _amended(case, paragraph, form.value.words)
    if sent.get("seen") != amending.mark_of(case):
        form.refuse("", _("The text has changed since you opened this page. Look at it again."))
    elif not form.errors and (wrong := amending.mistake(case, words)):
        form.refuse("words", wrong)
    if form.errors:
        return _ask(request, case, form, paragraph, status=422)
    return written(case, sent, db, amending.propose(db, case, words, form.value.why), "text")


@router.post(TEXT + "/amendments/{comment_id}/accept")
def accept_amendment(request: Request, case: Writing, comment_id: int, sent: Submitted, db: Db) -> Response:
    """Take a proposed change into the text."""
    form = AcceptForm.read(sent, settled={} if "words" in sent else {"words": ""})
    if form.errors:
        return _show(request, case, db, wrong={(comment_id, "accept"): form}, status=422)
    amending.accept(db, case, comment_id, form.value.why, form.value.words)
    return see_other(f"{home(case)}/text#comment-{comment_id}")


@router.post(TEXT + "/amendments/{comment_id}/decline")
def decline_amendment(request: Request, case: Writing, comment_id: int, sent: Submitted, db: Db) -> Response:
    """Leave the text as it is."""
    form = ReplyForm.read(sent)
    if form.errors:
        return _show(request, case, db, wrong={(comment_id, "decline"): form}, status=422)
    amending.decline(db, case, comment_id, form.value.words)
    return see_other(f"{home(case)}/text#comment-{comment_id}")


@router.post(TEXT + "/versions")
def write_version(request: Request, case: Writing, sent: Submitted, db: Db) -> Response:
    """The committee writes the next version itself."""
    if earlier := submitting.earlier(db, case.actor, sent):
        return see_other(earlier)
    form = VersionForm.read(sent)
    if not form.errors and (wrong := amending.mistake(case, form.value.words)):
        form.refuse("words", wrong)
    if form.errors:
        return _show(request, case, db, version=form, status=422)
    amending.rewrite(db, case, form.value.words, form.value.why)
    submitting.remember(db, case.actor, sent, f"{home(case)}/text")
    return see_other(f"{home(case)}/text")


def _number(typed: Any) -> int:
    """Which paragraph is meant; 0 for all of the text, and for what is no number."""
    return (
        int(typed) if isinstance(typed, str) and typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    )


def _part(case: Case, paragraph: int) -> str:
    """A paragraph of the text as it stands, or (0) all of it; NotFound for no such one."""
    text = amending.text_of(case)
    parts = amending.paragraphs(text)
    if paragraph > len(parts):
        raise NotFound
    return parts[paragraph - 1] if paragraph else text


def _amended(case: Case, paragraph: int, words: str) -> str:
    text = amending.text_of(case)
    return amending.change_paragraph(text, paragraph, words) if paragraph else words


def _ask(request: Request, case: Case, form: BoundForm[Any], paragraph: int, status: int = 200) -> Response:
    context = {
        "form": form,
        "paragraph": paragraph,
        "part": _part(case, paragraph),
        "seen": amending.mark_of(case),
    }
    return page(request, "boards/hall/amend.html", status=status, **context, **around(case))


def _show(
    request: Request,
    case: Case,
    db: Any,
    wrong: dict[tuple[int, str], BoundForm[Any]] | None = None,
    version: BoundForm[Any] | None = None,
    status: int = 200,
) -> Response:
    changes = amending.proposed(db, case)
    return page(
        request,
        "boards/hall/text.html",
        status=status,
        paragraphs=amending.paragraphs(amending.text_of(case)),
        changes=changes,
        versions=amending.versions(db, case),
        excerpt=_excerpt,
        answers=_answers(case, changes, wrong or {}),
        wrong=wrong or {},
        version=version or VersionForm.blank(words=amending.text_of(case)),
        text=amending.text_of(case),
        may=lambda action: allows(case, action),
        **around(case),
    )


def _answers(
    case: Case, changes: list[amending.Change], wrong: dict[tuple[int, str], BoundForm[Any]]
) -> dict[int, tuple[BoundForm[Any], BoundForm[Any]]]:
    """The forms to accept and to decline each change that waits. The text is asked where it cannot be worked out."""
    forms: dict[int, tuple[BoundForm[Any], BoundForm[Any]]] = {}
    for change in (one for one in changes if one.state == "waiting"):
        number, settled = change.said.id, {} if change.merged is None else {"words": ""}
        accept = AcceptForm.blank(settled=settled, words=amending.text_of(case))
        decline = ReplyForm.blank()
        forms[number] = (
            wrong.get((number, "accept"), accept).named(f"a{number}"),
            wrong.get((number, "decline"), decline).named(f"d{number}"),
        )
    return forms


def _excerpt(changes: list[list[Any]]) -> list[differences.Part]:
    return differences.excerpt([differences.Part(*part) for part in changes])
