"""Names that neighbours would take for an office: only who holds the office bears one."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from shequtong.lib.bigrams import fold, squeeze
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _

STAFF = ("clerk", "secretary")
OFFICERS = ("street", "district")
SOUNDS_LIKE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("居委 村委 社工 网格员 网格长", STAFF),
    ("书记", ("secretary", "party_branch")),
    ("主任 干部", (*STAFF, *OFFICERS, "owners_committee")),
    ("党支部 党总支 党委", ("secretary", "party_branch")),
    ("业委会 业主委员会", ("owners_committee",)),
    ("物业", ("property",)),
    ("楼组长 楼长", ("lead",)),
    ("民警 警官 警察 片警 派出所 公安", ("police",)),
    ("家庭医生 社区医生", ("doctor",)),
    ("律师", ("lawyer",)),
    ("街道办 镇政府 区政府 市政府 政府 城管", OFFICERS),
    ("管理员 官方 客服 系统通知 社区通", ("admin",)),
    ("admin administrator moderator official shequtong support system", ("admin",)),
    ("secretary", ("secretary", "party_branch")),
    ("committee", (*STAFF, "owners_committee")),
    ("police", ("police",)),
)
"""Words, and the offices whose holders may bear them in the name that neighbours see."""

_OFFICES = {word: offices for words, offices in SOUNDS_LIKE for word in words.split()}


def pretends(name: str, offices: Collection[str]) -> str | None:
    """The first word of a name that sounds like an office which is not among those held.

    Written wide, in traditional characters or with dots between them it sounds the same. English words count
    when they stand alone: whoever plays badminton is no admin.
    """
    chinese, english = squeeze(name), re.findall("[a-z]+", fold(name))
    heard = (word for word in _OFFICES if word in (english if word.isascii() else chinese))
    return next((word for word in heard if not set(_OFFICES[word]) & set(offices)), None)


def check_name(form: BoundForm[Any], name: str, offices: Collection[str] = ()) -> None:
    """Refuse a name that neighbours would take for an office."""
    if word := pretends(name, offices):
        form.refuse(
            "name", _("“%(word)s” sounds like an office; neighbours could mistake you for it.", word=word)
        )
