"""A report that comes from a program: the same form, the same rules and the same care as on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session

from shequtong.boards.matters.board import board
from shequtong.core.follows import following
from shequtong.core.posts.asking import read_form
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.lib.i18n import gettext as _

TITLE = 80
"""Characters of a title, and of a place."""


@dataclass(frozen=True)
class Reported:
    """What became of a report: the post, or what is wrong with it."""

    post: Post | None
    mistakes: list[str]
    held: bool = False


def report(session: Session, case: Case, sent: Mapping[str, str]) -> Reported:
    """Publish what was sent as a matter of the key's holder. A program says who it is for only where staff may."""
    if wrong := _where_mistakes(sent):
        return Reported(None, wrong)
    typed = _typed(sent)
    form = read_form(session, case, typed)
    if form.errors:
        return Reported(None, [f"{_SENT_AS.get(name, name)}: {why}" for name, why in form.errors.items()])
    if found := board.show_first(session, case, form.value, typed).get("similar"):
        numbers = " ".join(str(one.post.id) for one in found)
        told = _(
            "Matters like this one are open already: %(numbers)s. If yours is another one, send it again with "
            "attribute[seen]=%(numbers)s",
            numbers=numbers,
        )
        return Reported(None, [told])
    post = board.publish(session, case, form.value)
    following.follow(session, post.author_id, "post", post.id)
    session.flush()
    held = session.scalar(select(Post.moderation).where(Post.id == post.id)) != "clear"
    return Reported(post, [], held)


_SENT_AS = {
    "title": "description",
    "category": "service_code",
    "building_id": "attribute[building]",
    "place": "attribute[place]",
    "body": "description",
    "on_behalf": "last_name",
}


def _typed(sent: Mapping[str, str]) -> dict[str, str]:
    """The fields of our form. What the specification asks of a person (email, phone, device) we do not keep."""
    description = sent.get("description", "").strip()
    title = sent.get("attribute[title]", "").strip() or next(iter(description.splitlines()), "")
    address = sent.get("address_string", "").strip()
    spot = [sent.get(name, "").strip() for name in ("lat", "long")]
    more = [
        description if description != title else "",
        address if len(address) > TITLE else "",
        _("Position: %(spot)s", spot=", ".join(spot)) if all(spot) else "",
        _("Picture: %(address)s", address=media) if (media := sent.get("media_url", "").strip()) else "",
    ]
    return {
        "title": title[:TITLE],
        "category": sent.get("service_code", ""),
        "building_id": sent.get("attribute[building]", "") or sent.get("address_id", ""),
        "place": sent.get("attribute[place]", "") or address[:TITLE],
        "body": "\n\n".join(filter(None, more)),
        "on_behalf": "".join(sent.get(name, "").strip() for name in ("last_name", "first_name")),
        "seen": sent.get("attribute[seen]", "").replace(",", " "),
    }


def _where_mistakes(sent: Mapping[str, str]) -> list[str]:
    """A place in one of the three ways of the specification, or as our own form asks for it."""
    wrong = []
    spot = [sent.get(name, "").strip() for name in ("lat", "long")]
    said = ("address_string", "address_id", "attribute[building]", "attribute[place]")
    if any(spot) and not (_degrees(spot[0], 90) and _degrees(spot[1], 180)):
        wrong.append(_("lat, long: both, in degrees (WGS84)."))
    elif not any(spot) and not any(sent.get(name, "").strip() for name in said):
        wrong.append(_("Say where: lat and long, address_string, or address_id (the number of a building)."))
    media = sent.get("media_url", "").strip()
    if media and (not media.startswith(("https://", "http://")) or len(media) > 500 or " " in media):
        wrong.append(_("media_url: the address of a picture, beginning with https://"))
    if len(sent.get("description", "")) > 4000:
        wrong.append(_("description: at most 4000 characters."))
    return wrong


def _degrees(typed: str, most: int) -> bool:
    try:
        return abs(float(typed)) <= most
    except ValueError:
        return False
