"""Voting on a post, entering paper, giving a mandate, and counting again. The same pages on every board."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.ballots import (
    casting,
    counting,
    entering,
    mandating,
    publishing,
    queries,
    recording,
    sealing,
    showing,
    verifying,
)
from shequtong.core.ballots.forms import (
    BallotForm,
    MandateForm,
    PaperForm,
    PaperMandateForm,
    ReceiptForm,
)
from shequtong.core.ballots.models import Round
from shequtong.core.ballots.rules import BY_KEY
from shequtong.core.communities import places
from shequtong.core.communities.models import Dwelling
from shequtong.core.posts.addressing import address, on_post
from shequtong.core.posts.policy import Case, allows
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib.errors import Conflict, Forbidden, Invalid, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()

Showing = Annotated[Case, on_post("show")]
Voting = Annotated[Case, on_post("vote")]
Counting = Annotated[Case, on_post("count")]

HERE = "/c/{code}/{board}/{post_id}/ballots"


# Voting ---------------------------------------------------------------------------------------------


@router.get(HERE)
def show_ballots(request: Request, case: Showing, db: Db) -> Response:
    """The vote: what is asked, by when, who may, and how it stands; once counted, its result."""
    return _show(request, case, db)


@router.post(HERE)
def cast_ballot(request: Request, case: Voting, sent: Submitted, db: Db) -> Response:
    """Cast a dwelling's ballot. A secret one is answered with its receipt, which is shown this once."""
    round_ = _latest(db, case)
    homes = queries.homes(db, round_.id, case.community.code, case.actor.id)
    dwelling_id = _number(sent.get("dwelling")) or (homes[0].dwelling_id if len(homes) == 1 else 0)
    form = BallotForm.read(sent, {"options": _options(round_)})
    if form.errors and dwelling_id in {home.dwelling_id for home in homes}:
        casting.refuse_late(round_)
        return _show(request, case, db, wrong={dwelling_id: form}, status=422)
    if not dwelling_id:
        raise Forbidden(_("You may not vote for this dwelling.")) if not homes else Invalid
    choice = form.value.choice if not form.errors else ""
    receipt = casting.cast(db, round_.id, case.actor, dwelling_id, choice, _number(sent.get("version")))
    if not receipt:
        return see_other(f"{_home(case)}/ballots")
    return page(request, "ballots/receipt.html", receipt=receipt, round=round_, **_around(case))


@router.post(HERE + "/receipt")
def find_ballot(request: Request, case: Showing, sent: Submitted, db: Db) -> Response:
    """Find one's own secret ballot in the published list by its receipt. Sent, so that no address keeps it."""
    round_ = _latest(db, case)
    form = ReceiptForm.read(sent)
    found = None
    if not form.errors:
        mark = sealing.mark_of(round_.id, form.value.receipt).hex()
        found = queries.choice_of(db, round_.id, mark)
        if found is None:
            form.refuse("receipt", _("No ballot of this vote has that receipt"))
    labels = {key: showing.option_words(key, label) for key, label in round_.options}
    return _show(request, case, db, receipt_form=form, found=labels.get(found), status=200 if found else 422)


# Mandates -------------------------------------------------------------------------------------------


@router.post(HERE + "/mandates")
def give_mandate(request: Request, case: Voting, sent: Submitted, db: Db) -> Response:
    """Let a neighbour vote for one's dwelling, or take that back (`undo`)."""
    round_, dwelling_id = _latest(db, case), _number(sent.get("dwelling"))
    if sent.get("undo"):
        mandating.take_back(db, round_.id, case.actor, dwelling_id)
        return see_other(f"{_home(case)}/ballots")
    form = MandateForm.read(sent)
    if _holder_given(db, case, round_, form, dwelling_id):
        return see_other(f"{_home(case)}/ballots")
    return _show(request, case, db, wrong_mandate={dwelling_id: form}, status=422)


@router.post(HERE + "/papers/mandates")
def record_mandate(request: Request, case: Counting, sent: Submitted, db: Db) -> Response:
    """Record a mandate that somebody has signed on paper."""
    round_ = _latest(db, case)
    form = PaperMandateForm.read(sent, {"buildings": queries.buildings(db, round_.id)})
    dwelling_id = _door(db, case, form)
    if dwelling_id and _holder_given(db, case, round_, form, dwelling_id, on_paper=True):
        return see_other(f"{_home(case)}/ballots/papers?done=mandate")
    return _show_papers(request, case, db, round_, mandate_form=form, status=422)


def _holder_given(
    db: Any, case: Case, round_: Round, form: BoundForm[Any], dwelling_id: int, on_paper: bool = False
) -> bool:
    """Give the mandate a form asks for; what is wrong with its holder is marked in the form."""
    if form.errors:
        return False
    holder_id = mandating.find_holder(db, case.community.code, form.value.holder)
    if holder_id is None:
        form.refuse("holder", _("Nobody here, or more than one, is called so. Write the name as it is shown"))
        return False
    try:
        mandating.give(db, round_.id, case.actor, dwelling_id, holder_id, on_paper=on_paper)
    except Invalid as wrong:
        form.refuse("holder", wrong.message)
        return False
    return True


# Paper ----------------------------------------------------------------------------------------------


@router.get(HERE + "/papers")
def show_papers(request: Request, case: Counting, db: Db, done: str = "") -> Response:
    """The paper ballots as they were read so far, and the form to enter one."""
    return _show_papers(request, case, db, _latest(db, case), done=done)


@router.post(HERE + "/papers")
def enter_paper(request: Request, case: Counting, sent: Submitted, db: Db) -> Response:
    """Enter what one reads on a paper ballot."""
    round_ = _latest(db, case)
    form = PaperForm.read(sent, {"buildings": queries.buildings(db, round_.id), "options": _options(round_)})
    if dwelling_id := _door(db, case, form):
        try:
            entering.enter(db, round_.id, case.actor, dwelling_id, form.value.choice)
            return see_other(f"{_home(case)}/ballots/papers?done=paper")
        except Invalid as wrong:
            form.refuse("room", wrong.message)
    return _show_papers(request, case, db, round_, form=form, status=422)


def _door(db: Any, case: Case, form: BoundForm[Any]) -> int:
    """The dwelling behind the door that a form names; 0, and the form says so, when there is none."""
    if form.errors:
        return 0
    found: Dwelling | None = places.find_dwelling(
        db, case.community.code, int(form.value.building_id), form.value.room
    )
    if found is None:
        form.refuse("room", _("There is no such room in that building"))
        return 0
    return found.id


# Counting -------------------------------------------------------------------------------------------


@router.post(HERE + "/count")
def count_ballots(case: Counting, _sent: Submitted, db: Db) -> Response:
    """Count before the clock does: once the vote is over and all paper was read alike."""
    counting.count(db, _latest(db, case).id, case.actor.id)
    return see_other(f"{_home(case)}/ballots")


@router.get(HERE + "/{number}/download")
def download(case: Showing, number: int, db: Db) -> Response:
    """The roll without doors, the ballots and the record, to count again at home."""
    round_ = _counted(db, case, number)
    name = f"ballots-{case.post.id}-{number}.zip"
    return Response(
        publishing.packed(publishing.files(db, round_)),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get(HERE + "/{number}/recount")
def show_recount(request: Request, case: Showing, number: int, db: Db) -> Response:
    """The same count made again from the very files that are downloaded, step by step."""
    round_ = _counted(db, case, number)
    recount = verifying.recount(publishing.files(db, round_))
    return page(
        request,
        "ballots/recount.html",
        round=round_,
        recount=recount,
        figures=showing.figures(round_),
        events=recording.chain(db, round_.id),
        names=showing.EVENTS,
        **_around(case),
    )


# What they share ------------------------------------------------------------------------------------


def _latest(db: Any, case: Case) -> Round:
    """The round that runs, or ran last. NotFound where there never was one."""
    found = queries.latest(db, case.post.id)
    if found is None:
        raise NotFound
    return found


def _counted(db: Any, case: Case, number: int) -> Round:
    found = queries.find(db, case.post.id, number)
    if found is None:
        raise NotFound
    if found.state != "counted":
        raise Conflict(_("The vote is still open. It is counted when its time is over."))
    return found


def _show(
    request: Request,
    case: Case,
    db: Any,
    *,
    wrong: dict[int, BoundForm[Any]] | None = None,
    wrong_mandate: dict[int, BoundForm[Any]] | None = None,
    receipt_form: BoundForm[Any] | None = None,
    found: Any = None,
    status: int = 200,
) -> Response:
    rounds = queries.rounds(db, case.post.id, case.community.code, case.actor.id)
    if not rounds:
        raise NotFound
    round_ = rounds[0]
    options = {"options": _options(round_)}
    homes = queries.homes(db, round_.id, case.community.code, case.actor.id) if round_.may else []
    forms = {
        home.dwelling_id: (wrong or {}).get(home.dwelling_id) or BallotForm.blank(options, choice=home.choice)
        for home in homes
    }
    mandates = {
        home.dwelling_id: (wrong_mandate or {}).get(home.dwelling_id) or MandateForm.blank() for home in homes
    }
    return page(
        request,
        "ballots/show.html",
        block="ballots",
        status=status,
        rounds=rounds,
        round=round_,
        homes=homes,
        rare=[home for home in homes if _is_rare(db, round_, home)],
        forms=forms,
        mandates=mandates,
        receipt_form=receipt_form or ReceiptForm.blank(),
        found=found,
        showing=showing,
        twice=queries.voted_twice(db, round_.id) if round_.state == "counted" and round_.papers else [],
        may_count=allows(case, "count"),
        **_around(case),
    )


def _is_rare(db: Any, round_: Any, home: Any) -> bool:
    """Could a secret ballot of this home be told by its area, which few others have?"""
    if not (round_.secret and BY_KEY[round_.rule].by_area):
        return False
    return queries.sharing_area(db, round_.id, home.area) < counting.CROWD


def _show_papers(
    request: Request,
    case: Case,
    db: Any,
    round_: Round,
    *,
    form: BoundForm[Any] | None = None,
    mandate_form: BoundForm[Any] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    if not (round_.papers or round_.proxies):
        raise NotFound
    choices = {"buildings": queries.buildings(db, round_.id), "options": _options(round_)}
    return page(
        request,
        "ballots/papers.html",
        block="papers",
        status=status,
        round=round_,
        papers=_papers(queries.readings(db, round_.id)),
        form=(form or PaperForm.blank(choices)).named("paper"),
        mandate_form=(mandate_form or PaperMandateForm.blank(choices)).named("mandate"),
        labels={key: showing.option_words(key, label) for key, label in round_.options},
        done=done,
        showing=showing,
        **_around(case),
    )


def _papers(readings: list[Any]) -> dict[str, list[Any]]:
    """Papers by how far they are: differs, once, agreed; each as the list of its readings."""
    doors: dict[int, list[Any]] = {}
    for row in readings:
        doors.setdefault(row.dwelling_id, []).append(row)
    sorted_: dict[str, list[Any]] = {"differs": [], "once": [], "agreed": []}
    for rows in doors.values():
        paper = entering.Paper(rows[0].dwelling_id, tuple((row.by_id, row.choice) for row in rows))
        sorted_[paper.state].append(rows)
    return sorted_


def _options(round_: Any) -> list[tuple[str, Any]]:
    return [(key, showing.option_words(key, label)) for key, label in round_.options]


def _number(sent: Any) -> int:
    text = str(sent or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _home(case: Case) -> str:
    return address(case.post, case.community.code)


def _around(case: Case) -> dict[str, Any]:
    return {
        "case": case,
        "post": case.post,
        "board": case.board,
        "community": case.community,
        "boards": rooms_of(case.community),
        "here": f"{_home(case)}/ballots",
    }
