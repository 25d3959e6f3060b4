"""Pages and actions of every board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from shequtong.core.communities.visiting import Visit
from shequtong.core.follows import following
from shequtong.core.identity import submitting
from shequtong.core.media import storing
from shequtong.core.posts import (
    bundling,
    commenting,
    confiding,
    hanging,
    linking,
    owing,
    pinning,
    queries,
    reacting,
    reading,
    remembering,
)
from shequtong.core.posts.addressing import address, community_page, on_board, on_post
from shequtong.core.posts.asking import (
    form_for,
    form_of_post,
    kind_of,
    kind_sent,
    kinds_of,
    read_form,
    transition_form,
)
from shequtong.core.posts.events import PostOpened
from shequtong.core.posts.forms import CommentForm
from shequtong.core.posts.policy import Case, allows
from shequtong.core.posts.rooms import rooms_in, rooms_of
from shequtong.lib.errors import Invalid, NotFound, SignInNeeded
from shequtong.lib.events import publish as tell
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.images import ImageRefused
from shequtong.lib.templates import first_template, offer
from shequtong.lib.text import number
from shequtong.lib.web import Db, Submitted, is_fragment, is_whole_page, page, see_other
from shequtong.lib.web import router as pages

_NOTHING: Mapping[str, Any] = {}

router = pages()
remembering.remember_all()
offer("clock_of", owing.due)

Listed = Annotated[Case, on_board("list")]
Creating = Annotated[Case, on_board("create")]
Showing = Annotated[Case, on_post("show")]
Remembering = Annotated[Case, on_post("history")]
Commenting = Annotated[Case, on_post("comment")]
Editing = Annotated[Case, on_post("edit")]
Deleting = Annotated[Case, on_post("delete")]
Reacting = Annotated[Case, on_post("react")]
Following = Annotated[Case, on_post("follow")]
Reading = Annotated[Case, on_post("read")]
Linking = Annotated[Case, on_post("link")]


@router.get("/c/{code}")
def show_community(
    request: Request,
    visit: Annotated[Visit, Depends(community_page)],
    db: Db,
    cursor: str | None = None,
) -> Response:
    """A community: its boards and what is new on them."""
    community = visit.community
    boards = rooms_of(community)
    posts = queries.news(db, community.code, visit.actor, visit.here, [b.slug for b in boards], cursor)
    return page(
        request,
        "communities/show.html",
        block="posts",
        community=community,
        boards=boards,
        rooms=rooms_in(community),
        posts=posts,
        tallies=queries.tallies(db, community.code),
        above=queries.divisions_above(db, community.code),
    )


@router.get("/c/{code}/new")
def choose_board(request: Request, visit: Annotated[Visit, Depends(community_page)]) -> Response:
    """The boards on which this visitor may write."""
    boards = rooms_of(visit.community)
    cases = [Case(visit.actor, visit.here, board, visit.community) for board in boards]
    return page(
        request,
        "communities/choose.html",
        community=visit.community,
        boards=boards,
        writable=[case.board for case in cases if allows(case, "create")],
    )


@router.get("/c/{code}/{board}")
def list_posts(
    request: Request,
    case: Listed,
    db: Db,
    cursor: str | None = None,
    state: str | None = None,
    kind: str | None = None,
    mine: bool = False,
    building: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> Response:
    """A board, last activity first."""
    posts = queries.board_page(
        db,
        case.board,
        case.community.code,
        case.actor,
        case.here,
        cursor=cursor,
        state=state,
        kind=kind,
        mine=mine,
        building=building,
    )
    chosen = {"state": state, "kind": kind, "mine": mine, "building": building}
    here = f"{case.community.code}/{case.board.slug}"
    return page(
        request,
        _template(case, "list"),
        block="posts",
        posts=posts,
        chosen=chosen,
        following=posts.items[0].board_followed
        if posts.items
        else following.follows(db, case.actor.id, "board", here),
        may_post=allows(case, "create"),
        may_bundle=allows(case, "bundle"),
        front=case.board.front(db, case),
        **_around(case),
    )


@router.get("/c/{code}/{board}/new")
def new_post(request: Request, case: Creating, db: Db) -> Response:
    """The form for a new post; the address may fill in fields by name."""
    given = dict(request.query_params)
    kind = kind_of(case, given.get("kind"))
    before = bundling.parents(db, case, _before(request.query_params))
    if before:
        given.setdefault("body", "\n".join(f"- {parent.post.title}" for parent in before))
    return _ask(request, case, form_for(db, case, kind, given), [], kind=kind, before=before)


@router.post("/c/{code}/{board}")
@router.post("/c/{code}/{board}/new")
def create_post(request: Request, case: Creating, sent: Submitted, db: Db) -> Response:
    """Publish a post. The same form sent twice makes one post and gives the same answer."""
    if earlier := submitting.earlier(db, case.actor, sent):
        return see_other(earlier)
    kind = kind_sent(case, sent)
    form = read_form(db, case, sent, kind)
    photo_ids = _photos(db, case, sent, form, case.board.photos)
    before = bundling.parents(db, case, _before(sent))
    first = {} if form.errors else case.board.show_first(db, case, form.value, sent)
    if form.errors or first:
        return _ask(request, case, form, photo_ids, status=422, kind=kind, first=first, before=before)
    post = case.board.publish(db, case, form.value, photo_ids, kind, as_draft=bool(sent.get("draft")))
    following.follow(db, post.author_id, "post", post.id)
    bundling.gather(db, before, post)
    submitting.remember(db, case.actor, sent, address(post))
    return see_other(address(post))


@router.get("/c/{code}/{board}/{post_id}")
def show_post(request: Request, case: Showing, db: Db) -> Response:
    """A post with its talk and its record. Who goes to its page has read what they were told of it."""
    visit = request.state.visit
    if visit.signed_in and is_whole_page(request):
        tell(db, PostOpened(case.post, visit))
    return _show(request, case, db)


@router.get("/c/{code}/{board}/{post_id}/edit")
def edit_post(request: Request, case: Editing, db: Db) -> Response:
    """The form of a post of one's own, filled with what it says."""
    return _ask(request, case, form_of_post(db, case), [p[0] for p in case.post.photos])


@router.post("/c/{code}/{board}/{post_id}/edit")
def save_post(request: Request, case: Editing, sent: Submitted, db: Db) -> Response:
    """Change what a post says; its history keeps the old words."""
    form = read_form(db, case, sent)
    photo_ids = _photos(db, case, sent, form, case.board.photos)
    if form.errors:
        return _ask(request, case, form, photo_ids, status=422)
    case.board.edit(db, case.post, case, form.value, photo_ids)
    return see_other(_home(case))


@router.get("/c/{code}/{board}/{post_id}/history")
def show_history(request: Request, case: Remembering, db: Db) -> Response:
    """What a post said before, as far as it was out then."""
    earlier = confiding.open_versions(db, case, queries.history(db, case.post.id))
    return page(request, "posts/history.html", post=case.post, earlier=earlier, **_around(case))


@router.post("/c/{code}/{board}/{post_id}/delete")
def delete_post(case: Deleting, _sent: Submitted, db: Db) -> Response:
    """Take one's own post away."""
    case.board.delete(db, case.post, case)
    return see_other(f"/c/{case.community.code}/{case.board.slug}")


@router.post("/c/{code}/{board}/{post_id}/transitions")
def move_post(request: Request, case: Showing, sent: Submitted, db: Db) -> Response:
    """Take a transition of the board's life cycle."""
    if not case.actor.signed_in:
        raise SignInNeeded
    transition = case.board.workflow.transition(str(sent.get("name", "")))
    if transition is None:
        raise Invalid
    if sent.get("undo") and transition.takes_part:
        case.board.step_out(db, case, transition)
        return see_other(_home(case))
    case.board.admit(case, transition)
    asked = transition_form(db, case, transition, sent)
    photo_ids = _photos(db, case, sent, asked, transition.photos) if asked is not None else []
    if asked is not None and asked.errors:
        return _show(request, case, db, asked={transition.name: asked}, photo_ids=photo_ids, status=422)
    form = asked.value if asked is not None else None
    seen = number(sent.get("version"))
    case.board.move(db, case, transition, form, str(getattr(form, "reason", "") or ""), photo_ids, seen)
    return see_other(_afterwards(db, case))


@router.post("/c/{code}/{board}/{post_id}/comments")
def comment_post(request: Request, case: Commenting, sent: Submitted, db: Db) -> Response:
    """Say something on a post."""
    if earlier := submitting.earlier(db, case.actor, sent):
        return see_other(earlier)
    form = CommentForm.read(sent)
    if form.errors:
        return _show(request, case, db, comment_form=form, status=422)
    written = commenting.comment(db, case, form.value.body, number(sent.get("parent_id")) or None)
    following.follow(db, written.author_id, "post", case.post.id)
    place = f"{_home(case)}#comment-{written.id}"
    submitting.remember(db, case.actor, sent, place)
    if is_fragment(request):
        return _show(request, case, db)
    return see_other(place)


@router.get("/c/{code}/{board}/{post_id}/comments/{comment_id}/edit")
def edit_comment(request: Request, case: Commenting, comment_id: int, db: Db) -> Response:
    """The form of a comment of one's own."""
    written = _own_comment(db, case, comment_id)
    form = CommentForm.blank(body=written.body)
    return page(
        request, "posts/comment_edit.html", post=case.post, comment=written, form=form, **_around(case)
    )


@router.post("/c/{code}/{board}/{post_id}/comments/{comment_id}/edit")
def save_comment(request: Request, case: Commenting, comment_id: int, sent: Submitted, db: Db) -> Response:
    """Change one's own comment."""
    written = _own_comment(db, case, comment_id)
    form = CommentForm.read(sent)
    if form.errors:
        return page(
            request,
            "posts/comment_edit.html",
            status=422,
            post=case.post,
            comment=written,
            form=form,
            **_around(case),
        )
    commenting.edit(db, case.post, written, case.actor, form.value.body)
    return see_other(f"{_home(case)}#comment-{comment_id}")


@router.post("/c/{code}/{board}/{post_id}/comments/{comment_id}/delete")
def delete_comment(case: Showing, comment_id: int, _sent: Submitted, db: Db) -> Response:
    """Take one's own comment back."""
    commenting.take_back(db, case.post, commenting.find(db, case.post, comment_id), case.actor)
    return see_other(_home(case))


@router.post("/c/{code}/{board}/{post_id}/reactions")
def react_to_post(request: Request, case: Reacting, sent: Submitted, db: Db) -> Response:
    """React to a post, or take the reaction back with `undo`."""
    kind = str(sent.get("kind", "like"))
    if sent.get("undo"):
        reacting.take_back(db, case)
    else:
        reacting.react(db, case, kind)
    if is_fragment(request):
        request.state.shown.my_reaction = None if sent.get("undo") else kind
        return page(
            request,
            _template(case, "show"),
            block="post_reactions",
            shown=request.state.shown,
            post=case.post,
            reactions=reacting.KINDS,
            may=_may(case),
            **_around(case),
        )
    return see_other(_home(case))


@router.post("/c/{code}/{board}/{post_id}/follow")
def follow_post(case: Following, sent: Submitted, db: Db) -> Response:
    """Be told what becomes of a post, or no longer (`undo`)."""
    act = following.unfollow if sent.get("undo") else following.follow
    act(db, case.actor.id or 0, "post", case.post.id)
    return see_other(_home(case))


@router.post("/c/{code}/{board}/{post_id}/read", status_code=204)
def read_post(case: Reading, _sent: Submitted, db: Db) -> Response:
    """Remember that this was read up to now."""
    reading.mark_read(db, case.actor.id or 0, case.post.id)
    return Response(status_code=204)


@router.post("/c/{code}/{board}/{post_id}/links")
def link_post(case: Linking, sent: Submitted, db: Db) -> Response:
    """Say which post grew out of this one, by its number or address."""
    child_id = number(str(sent.get("child", "")).rstrip("/").rsplit("/", 1)[-1])
    child = queries.find_anywhere(db, child_id, case.community.code, case.actor, case.here)
    if child is None:
        raise Invalid
    linking.link(db, case, child)
    return see_other(_home(case))


@router.post("/c/{code}/{board}/{post_id}/pin")
def pin_post(case: Annotated[Case, on_post("pin")], sent: Submitted, db: Db) -> Response:
    """Keep a post at the top of its board, or no longer (`undo`)."""
    if sent.get("undo"):
        pinning.unpin(case)
    else:
        pinning.pin(db, case)
    return see_other(_home(case))


@router.get("/c/{code}/{board}/{post_id}/photos/{photo_id}/{size}")
def show_photo(case: Showing, photo_id: int, size: str, db: Db) -> Response:
    """A picture of a post, for those who may see the post."""
    return storing.answer(db, photo_id, size, post_id=case.post.id)


def _before(sent: Any) -> list[int]:
    """The posts that a new one shall grow out of, as the address or the form names them."""
    return [one for one in map(number, sent.getlist("from")) if one]


def _home(case: Case) -> str:
    return address(case.post, case.community.code)


def _afterwards(db: Any, case: Case) -> str:
    """Back to the post; or to its board for somebody who handed a private post on and reads it no more."""
    post = case.post
    if post.audience == "parties" and not queries.find_anywhere(
        db, post.id, post.code, case.actor, case.here
    ):
        return f"/c/{case.community.code}/{case.board.slug}"
    return f"{_home(case)}#post-{post.id}-transitions"


def _template(case: Case, name: str) -> str:
    """The room's own template where it has one, else the look of every board."""
    return first_template(f"boards/{case.board.slug}/{name}.html", f"posts/{name}.html")


def _around(case: Case) -> dict[str, Any]:
    return {
        "case": case,
        "board": case.board,
        "community": case.community,
        "boards": rooms_of(case.community),
    }


def _may(case: Case) -> Any:
    return lambda action: allows(case, action)


def _ask(
    request: Request,
    case: Case,
    form: BoundForm[Any],
    photo_ids: list[int],
    status: int = 200,
    kind: str = "",
    first: Mapping[str, Any] = _NOTHING,
    before: Sequence[Case] = (),
) -> Response:
    return page(
        request,
        _template(case, "form"),
        block="post_form",
        status=status,
        form=form,
        photo_ids=photo_ids,
        post=case.post,
        kind=kind,
        first=first,
        before=before,
        kinds=kinds_of(case),
        **_around(case),
    )


def _show(
    request: Request,
    case: Case,
    db: Any,
    asked: dict[str, BoundForm[Any]] | None = None,
    comment_form: BoundForm[Any] | None = None,
    photo_ids: Sequence[int] = (),
    status: int = 200,
) -> Response:
    post = case.post
    lineage = queries.lineage(db, post.id, case.actor, case.here) if post.link_count else []
    parts = {name for name, (_count, mine) in request.state.shown.took_part.items() if mine}
    offered = [
        (transition, (asked or {}).get(transition.name) or transition_form(db, case, transition))
        for transition in case.board.offered(case, parts)
    ]
    timeline = confiding.open_timeline(case, queries.timeline(db, case.board, post, case.actor, case.here))
    return page(
        request,
        _template(case, "show"),
        block="post_fragment",
        status=status,
        post=post,
        shown=request.state.shown,
        detail=case.detail,
        more=case.board.more(db, case),
        timeline=timeline,
        story=case.board.story(db, case, timeline),
        hanging=hanging.on_page(db, case),
        lineage=lineage,
        rooms=rooms_in(case.community),
        offered=offered,
        asked=set(asked or ()),
        photo_ids=photo_ids,
        reactions=reacting.KINDS,
        comment_form=comment_form or CommentForm.blank(),
        may=_may(case),
        **_around(case),
    )


def _photos(db: Any, case: Case, sent: Any, form: BoundForm[Any], most: int) -> list[int]:
    """Keep the pictures that came with a form, even when the form has a mistake; their ids, in order.

    One that is refused is named, and the others stay.
    """
    kept = [photo_id for v in sent.getlist("photo_ids") if isinstance(v, str) and (photo_id := number(v))]
    new = [f for f in sent.getlist("photos") if isinstance(f, UploadFile) and f.filename]
    if not most:
        return []
    wrong: list[str] = []
    left_out = len(kept) > most
    for upload in new:
        if len(kept) >= most:
            left_out = True
            break
        try:
            kept.append(storing.keep(db, case.actor, upload.file.read(), name=upload.filename or "").id)
        except ImageRefused as refused:
            wrong.append(_("%(file)s: %(why)s", file=upload.filename, why=refused.words))
    if left_out:
        wrong.append(storing.too_many(most))
    if wrong:
        form.refuse("photos", " ".join(wrong))
    return kept[:most]


def _own_comment(db: Any, case: Case, comment_id: int) -> Any:
    written = commenting.find(db, case.post, comment_id)
    if written.author_id != case.actor.id or written.deleted_at:
        raise NotFound
    return written
