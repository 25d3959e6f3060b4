"""What in a text could tell who asked: names, numbers and addresses, pointed out to whoever writes and looks it over.

A machine finds what looks like one or is registered here. That it finds nothing does not make a text nameless: so a
second person reads it, and who asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session

from shequtong.core.communities import places
from shequtong.core.communities.models import Dwelling, Membership
from shequtong.core.identity.models import Account
from shequtong.core.registry.finding import name_indexes
from shequtong.core.registry.models import Person
from shequtong.lib.bigrams import squeeze
from shequtong.lib.db import ask
from shequtong.lib.i18n import lazy_gettext as _l

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖"
    "邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文施洪陶翁"
)
"""The hundred most common ones and some of Shanghai: most names of a Chinese text begin with one."""
MOST_NAMES = 400
"""So many possible names of a text are compared with the registry."""

WHAT = {
    "identity": _l("a number of an identity card"),
    "phone": _l("a telephone number"),
    "address": _l("an address"),
    "number": _l("a long number"),
    "called": _l("a name"),
    "building": _l("a building of this community"),
    "neighbour": _l("the name of a neighbour"),
    "registered": _l("a name of the registry"),
    "asker": _l("the name of who asked"),
    "room": _l("the room of who asked"),
}
"""What somebody is told of what was found."""

_DIGITS = r"[\d〇零一二三四五六七八九十百]"
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_NUMBER = re.compile(r"(?<!\d)\d{7,}(?!\d)")
_ADDRESS = re.compile(
    rf"{_DIGITS}+\s*(?:弄|支弄|号楼|幢|栋|单元|号(?=\s*{_DIGITS}))(?:\s*{_DIGITS}+\s*(?:号楼|号|幢|室)?)*"
    rf"|{_DIGITS}{{2,4}}\s*室|\d{{1,3}}\s*-\s*\d{{3,4}}(?!\d)"
)
_CALLED = re.compile(
    rf"[{SURNAMES}](?:先生|女士|小姐|老师|阿姨|阿婆|阿公|叔叔|伯伯|大爷|大妈|师傅|奶奶|爷爷)"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")

_NAMES = (
    select(Account.name)
    .join(Membership, Membership.account_id == Account.id)
    .where(Membership.code == bindparam("code"), Membership.state == "approved")
    .distinct()
)
_REGISTERED = select(Person.name_index).where(
    Person.code == bindparam("code"), Person.name_index.in_(bindparam("indexes", expanding=True))
)


@dataclass(frozen=True)
class Found:
    """Some words of a text, what they are (a key of `WHAT`), and whether they must go whatever anybody says."""

    words: str
    what: str
    must_go: bool = False


def find(session: Session, code: str, asker_id: int, text: str) -> list[Found]:
    """What in this text could tell who asked, each once."""
    found: dict[str, Found] = {}
    for one in _found(session, code, asker_id, text):
        found.setdefault(one.words, one)
    return list(found.values())


def _found(session: Session, code: str, asker_id: int, text: str) -> Iterator[Found]:
    yield from _of_the_asker(session, code, asker_id, text)
    for row in places.buildings(session, code):
        if row.name in text:
            yield Found(row.name, "building")
    for pattern, what, must_go in (
        (_IDENTITY, "identity", True),
        (_MOBILE, "phone", True),
        (_ADDRESS, "address", False),
        (_NUMBER, "number", False),
        (_CALLED, "called", False),
    ):
        yield from (Found(match[0].strip(), what, must_go) for match in pattern.finditer(text))
    for row in ask(session, _NAMES, code=code):
        if len(row.name) > 1 and row.name in text:
            yield Found(row.name, "neighbour")
    yield from (Found(name, "registered") for name in _registered(session, code, text))


def _of_the_asker(session: Session, code: str, asker_id: int, text: str) -> Iterator[Found]:
    """Their own names and rooms, written as they may be: these never stay."""
    asker = session.get(Account, asker_id)
    squeezed = squeeze(text)
    for name in (asker.name, asker.real_name) if asker else ():
        if name and squeeze(name) in squeezed:
            yield Found(name, "asker", must_go=True)
    homes = select(Dwelling).join(Membership, Membership.dwelling_id == Dwelling.id)
    mine = Membership.account_id == asker_id, Membership.code == code, Membership.state == "approved"
    for home in session.scalars(homes.where(*mine)):
        room = re.escape(places.normal_room(home.room))
        if match := re.search(rf"(?<![\dA-Za-z.]){room}(?![\dA-Za-z.%元])", text, re.IGNORECASE):
            yield Found(match[0], "room", must_go=True)


def _registered(session: Session, code: str, text: str) -> Iterator[str]:
    """Names of people in the committee's registry; nothing of them is read, only whether a name is there."""
    possible = list(dict.fromkeys(_possible(text)))[:MOST_NAMES]
    indexes = {index: name for name in possible for index in name_indexes(name)}
    if indexes:
        for row in ask(session, _REGISTERED, code=code, indexes=list(indexes)):
            yield indexes[row.name_index]


def _possible(text: str) -> Iterator[str]:
    for run in _CHINESE.findall(text):
        for place, character in enumerate(run):
            if character in SURNAMES:
                yield from (run[place : place + long] for long in (2, 3, 4) if place + long <= len(run))
