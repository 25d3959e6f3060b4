"""To find one's committee: by its code, by a word of its name, or from district to street to committee."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from shequtong.core.communities.join_codes import folded
from shequtong.core.communities.models import Building, Division
from shequtong.lib.db import rows

MOST = 50

Street, District = aliased(Division), aliased(Division)
_has_buildings = select(Building.id).where(Building.code == Division.code).exists().label("is_open")
_COMMITTEES = (
    select(
        Division.code,
        Division.name,
        Division.level,
        _has_buildings,
        Street.name.label("street"),
        District.name.label("district"),
    )
    .join(Street, Street.code == Division.parent_code)
    .join(District, District.code == Street.parent_code)
    .where(Division.level == "committee", Division.ended_at.is_(None))
)
_CHILDREN = (
    select(Division.code, Division.name, Division.level, _has_buildings)
    .where(Division.parent_code == bindparam("code"), Division.ended_at.is_(None))
    .order_by(Division.code)
)
_ROOTS = select(Division.code, Division.name, Division.level).where(
    Division.parent_code.is_(None), Division.ended_at.is_(None)
)


def by_code(session: Session, typed: str) -> Any | None:
    """The committee with this 12-digit code or join code, however it is typed; None when there is none."""
    code = folded(typed[:40])
    found = select(Division.code, Division.name, Division.join_code, Division.residents).where(
        Division.level == "committee",
        Division.ended_at.is_(None),
        or_(Division.code == code, Division.join_code == code),
    )
    return session.execute(found).first() if code else None


def by_words(session: Session, typed: str) -> list[Any]:
    """Committees whose name, street and district hold every word; those that are open come first."""
    statement = _COMMITTEES
    for word in typed.split()[:5]:
        where = District.name + Street.name + Division.name
        statement = statement.where(where.contains(word, autoescape=True))
    return list(session.execute(statement.order_by(_has_buildings.desc(), Division.code).limit(MOST)).all())


def children(session: Session, code: str) -> list[Any]:
    """The divisions right below one, in the order of their codes."""
    return list(rows(session, _CHILDREN, code=code).all())


def above(session: Session, code: str) -> list[Any]:
    """The divisions above one, highest first."""
    codes = [code[:length] for length in (2, 6, 9) if length < len(code)]
    held = select(Division.code, Division.name, Division.level).where(Division.code.in_(codes))
    return list(session.execute(held.order_by(Division.code)).all())


def path(session: Session, code: str, start: str | None) -> list[Any]:
    """The divisions from `start` down to this one."""
    wanted = [code[:length] for length in (2, 6, 9) if len(start or "") <= length <= len(code)]
    held = select(Division.code, Division.name).where(Division.code.in_(wanted), Division.ended_at.is_(None))
    return list(session.execute(held.order_by(Division.code)).all())


def first_choice(session: Session) -> str | None:
    """Where a search by street begins: the highest division that leaves a choice. None in an empty house."""
    below = rows(session, _ROOTS).all()
    code = None
    while len(below) == 1 and below[0].level != "committee":
        code = below[0].code
        below = children(session, code)
    return code
