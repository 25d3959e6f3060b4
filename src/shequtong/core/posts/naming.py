"""What a community calls its boards, where it does not use the usual names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from shequtong.core.communities.models import Division
from shequtong.core.posts.board import Board
from shequtong.core.posts.rooms import ROOMS, named
from shequtong.lib import i18n
from shequtong.lib.i18n import gettext as _

WIDEST = 24
"""In Latin letters, of which a Chinese character weighs three: more does not fit under a door plate on a phone."""
SHORTEST = 2

SIGNS = " ·•-–&'’()（）、"
"""What may stand between letters and digits."""


def nameable() -> list[Board]:
    """The boards to which a committee may give another name."""
    return [board for board in ROOMS.values() if not board.essential]


def mistake_in(name: str, board: Board, community: Any) -> str:
    """What is wrong with this name for this board here, in words; empty when nothing is."""
    if any(sign not in SIGNS and unicodedata.category(sign)[0] not in "LMN" for sign in name):
        return _("Write letters and digits only")
    if len(name) < SHORTEST or sum(map(_width, name)) > WIDEST or not any(map(str.isalpha, name)):
        return _("Write two to eight Chinese characters, or up to 24 Latin letters")
    if _bare(name) in {_bare(other) for other in _others(board, community)}:
        return _("Another board has this name")
    return ""


def name(session: Session, code: str, board: Board, own: str) -> None:
    """Let a community call a board by a name of its own, or by its usual one when `own` is empty."""
    division = session.get_one(Division, code, with_for_update={"key_share": True}, populate_existing=True)
    names = {slug: other for slug, other in division.board_names.items() if slug != board.slug}
    if own and _bare(own) not in {_bare(usual) for usual in _usual(board)}:
        names[board.slug] = own
    division.board_names = names


def _others(board: Board, community: Any) -> Iterator[str]:
    """What all other boards are called, here and usually."""
    for other in ROOMS.values():
        if other.slug != board.slug:
            yield str(named(other, community).name)
            yield from _usual(other)


def _usual(board: Board) -> list[str]:
    """A board's usual name in each language."""
    names = []
    for locale in i18n.LOCALES:
        with i18n.speaking(locale):
            names.append(str(board.name))
    return names


def _width(sign: str) -> int:
    return 3 if unicodedata.east_asian_width(sign) in "WF" else 1


def _bare(name: str) -> str:
    """What tells names apart: neither width nor case, nor the signs between their letters."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())
