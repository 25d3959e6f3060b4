"""The covenant of a committee: read, signed, looked at again, and hung up on paper."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Request
from starlette.responses import Response

from shequtong.core.communities import places
from shequtong.core.communities.addressing import Entered, here
from shequtong.core.communities.visiting import Visit
from shequtong.core.covenants import enacting, queries, signing
from shequtong.core.covenants.forms import PaperSignatureForm, ReviewForm
from shequtong.core.posts.rooms import rooms_of
from shequtong.lib import clock, differences
from shequtong.lib.errors import NotFound, SignInNeeded
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.text import number as number_in
from shequtong.lib.web import Db, Submitted, page, permission, see_other
from shequtong.lib.web import router as pages

router = pages()


@permission("member of a committee")
async def covenant_page(visit: Entered) -> Visit:
    """Somebody who lives or serves in a committee, at its covenant."""
    if visit.community.level != "committee" or not visit.here.member:
        raise SignInNeeded if not visit.signed_in else NotFound
    return visit


Member = Annotated[Visit, Depends(covenant_page)]
Resident = Annotated[Visit, here("resident")]
Staff = Annotated[Visit, here("clerk", "secretary")]
ArticleNumber = Annotated[int, Path(ge=1, le=9999)]

HERE = "/c/{code}/covenant"


@router.get(HERE)
def show_covenant(request: Request, visit: Member, db: Db, done: str = "") -> Response:
    """Every article that holds, where it came from, and how many homes have signed it."""
    return _show(request, visit, db, done=done)


@router.post(HERE + "/signatures")
def sign_covenant(visit: Resident, sent: Submitted, db: Db) -> Response:
    """Sign it for one's home as it was read, or take that back (`undo`)."""
    code = visit.community.code
    if sent.get("undo"):
        signing.take_back(db, code, visit.here.dwellings)
        return see_other(f"/c/{code}/covenant")
    read = [number_in(one) for one in sent.getlist("read")]
    signing.sign(db, code, visit.actor, visit.here.dwellings, read)
    return see_other(f"/c/{code}/covenant?done=signed")


@router.post(HERE + "/papers")
def enter_paper(request: Request, visit: Staff, sent: Submitted, db: Db) -> Response:
    """Enter that a home has signed on paper."""
    code = visit.community.code
    form = PaperSignatureForm.read(sent, _buildings(db, visit))
    if not form.errors:
        home = places.find_dwelling(db, code, form.value.building_id, form.value.room)
        if home is None:
            form.refuse("room", _("There is no such room in that building"))
        elif not signing.sign_on_paper(db, home, visit.actor):
            form.refuse("room", _("This home has signed already"))
        else:
            return see_other(f"/c/{code}/covenant?done=paper")
    return _show(request, visit, db, paper_form=form, status=422)


@router.get(HERE + "/paper")
def print_covenant(request: Request, visit: Member, db: Db) -> Response:
    """The covenant on sheets of A4, with lines to sign on."""
    found = _in_force(queries.articles(db, visit.community.code, visit.here.dwellings))
    return page(request, "covenants/paper.html", articles=found, **_around(visit))


@router.get(HERE + "/{number}")
def show_article(request: Request, visit: Member, number: ArticleNumber, db: Db) -> Response:
    """One article: what it has said so far, and what each decision changed."""
    return _show_article(request, visit, number, db)


@router.post(HERE + "/{number}/reviews")
def review_article(
    request: Request, visit: Staff, number: ArticleNumber, sent: Submitted, db: Db
) -> Response:
    """The committee has looked at it: it stays as it is until another day."""
    form = ReviewForm.read(sent)
    if form.errors:
        return _show_article(request, visit, number, db, form=form, status=422)
    article = enacting.find(db, visit.community.code, number)
    if article is None:
        raise NotFound
    enacting.keep_as_it_is(db, article, form.value.review_on)
    return see_other(f"/c/{visit.community.code}/covenant/{number}")


def _show(
    request: Request,
    visit: Visit,
    db: Any,
    *,
    paper_form: BoundForm[Any] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    found = queries.articles(db, visit.community.code, visit.here.dwellings)
    if paper_form is None and visit.here.staff:
        paper_form = PaperSignatureForm.blank(_buildings(db, visit))
    return page(
        request,
        "covenants/show.html",
        block="covenant",
        status=status,
        articles=_in_force(found),
        ended=[article for article in found if article.ended_on],
        unsigned=[a for a in _in_force(found) if a.mine < len(visit.here.dwellings)],
        paper_form=paper_form,
        done=done,
        **_around(visit),
    )


def _show_article(
    request: Request,
    visit: Visit,
    number: int,
    db: Any,
    *,
    form: BoundForm[Any] | None = None,
    status: int = 200,
) -> Response:
    versions = queries.versions(db, visit.community.code, number)
    if not versions:
        raise NotFound
    earlier = {one.number: one.words for one in versions}
    return page(
        request,
        "covenants/article.html",
        status=status,
        number=number,
        versions=versions,
        changes={n: differences.between(earlier.get(n - 1, ""), words) for n, words in earlier.items()},
        form=form or ReviewForm.blank(),
        **_around(visit),
    )


def _in_force(articles: list[Any]) -> list[Any]:
    return [article for article in articles if not article.ended_on]


def _buildings(db: Any, visit: Visit) -> dict[str, Any]:
    return {"buildings": places.building_choices(db, visit.community.code)}


def _around(visit: Visit) -> dict[str, Any]:
    return {
        "community": visit.community,
        "boards": rooms_of(visit.community),
        "here": f"/c/{visit.community.code}/covenant",
        "today": clock.today(),
    }
