"""The ballot of one's home: cast, changed, found again, or left to a neighbour."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from shequtong.core.ballots import casting, counting, mandating, queries, sealing, showing
from shequtong.core.ballots.forms import BallotForm, MandateForm, ReceiptForm
from shequtong.core.ballots.routes.case import (
    HERE,
    Showing,
    Voting,
    around,
    holder_given,
    home,
    latest,
    options,
)
from shequtong.core.ballots.rules import BY_KEY
from shequtong.core.posts.policy import Case, allows
from shequtong.lib.errors import Forbidden, Invalid, NotFound
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, page, see_other
from shequtong.lib.web import router as pages

router = pages()


@router.get(HERE)
def show_ballots(request: Request, case: Showing, db: Db) -> Response:
    """The vote: what is asked, by when, who may, and how it stands; once counted, its result."""
    return _show(request, case, db)


@router.post(HERE)
def cast_ballot(request: Request, case: Voting, sent: Submitted, db: Db) -> Response:
    """Cast a dwelling's ballot. A secret one is answered with its receipt, which is shown this once."""
    round_ = latest(db, case)
    homes = queries.homes(db, round_.id, case.community.code, case.actor.id)
    dwelling_id = number(sent.get("dwelling")) or (homes[0].dwelling_id if len(homes) == 1 else 0)
    form = BallotForm.read(sent, {"options": options(round_)})
    if form.errors and dwelling_id in {row.dwelling_id for row in homes}:
        casting.refuse_late(round_)
        return _show(request, case, db, wrong={dwelling_id: form}, status=422)
    if not dwelling_id:
        raise Forbidden(_("You may not vote for this dwelling.")) if not homes else Invalid
    choice = form.value.choice if not form.errors else ""
    receipt = casting.cast(db, round_.id, case.actor, dwelling_id, choice, number(sent.get("version")))
    if not receipt:
        return see_other(f"{home(case)}/ballots")
    return page(request, "ballots/receipt.html", receipt=receipt, round=round_, **around(case))


@router.post(HERE + "/receipt")
def find_ballot(request: Request, case: Showing, sent: Submitted, db: Db) -> Response:
    """Find one's own secret ballot in the published list by its receipt. Sent, so that no address keeps it."""
    round_ = latest(db, case)
    form = ReceiptForm.read(sent)
    found = None
    if not form.errors:
        mark = sealing.mark_of(round_.id, form.value.receipt).hex()
        found = queries.choice_of(db, round_.id, mark)
        if found is None:
            form.refuse("receipt", _("No ballot of this vote has that receipt"))
    labels = {key: showing.option_words(key, label) for key, label in round_.options}
    return _show(request, case, db, receipt_form=form, found=labels.get(found), status=200 if found else 422)


@router.post(HERE + "/mandates")
def give_mandate(request: Request, case: Voting, sent: Submitted, db: Db) -> Response:
    """Let a neighbour vote for one's dwelling, or take that back (`undo`)."""
    round_, dwelling_id = latest(db, case), number(sent.get("dwelling"))
    if sent.get("undo"):
        mandating.take_back(db, round_.id, case.actor, dwelling_id)
        return see_other(f"{home(case)}/ballots")
    form = MandateForm.read(sent)
    if holder_given(db, case, round_, form, dwelling_id):
        return see_other(f"{home(case)}/ballots")
    return _show(request, case, db, wrong_mandate={dwelling_id: form}, status=422)


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
    asked = {"options": options(round_)}
    homes = queries.homes(db, round_.id, case.community.code, case.actor.id) if round_.may else []
    forms = {
        row.dwelling_id: (wrong or {}).get(row.dwelling_id) or BallotForm.blank(asked, choice=row.choice)
        for row in homes
    }
    mandates = {
        row.dwelling_id: (wrong_mandate or {}).get(row.dwelling_id) or MandateForm.blank() for row in homes
    }
    return page(
        request,
        "ballots/show.html",
        block="ballots",
        status=status,
        rounds=rounds,
        round=round_,
        homes=homes,
        rare=[row for row in homes if _is_rare(db, round_, row)],
        forms=forms,
        mandates=mandates,
        receipt_form=receipt_form or ReceiptForm.blank(),
        found=found,
        showing=showing,
        twice=queries.voted_twice(db, round_.id) if round_.state == "counted" and round_.papers else [],
        may_count=allows(case, "count"),
        **around(case),
    )


def _is_rare(db: Any, round_: Any, row: Any) -> bool:
    """Could a secret ballot of this home be told by its area, which few others have?"""
    if not (round_.secret and BY_KEY[round_.rule].by_area):
        return False
    return queries.sharing_area(db, round_.id, row.area) < counting.CROWD
