"""A prepared statement answers what SQLAlchemy answers, row by row."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, func, literal, or_, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlmodel import Session

from shequtong.core.communities.models import Building, Division, Dwelling
from shequtong.core.identity.models import Account
from shequtong.lib import clock
from shequtong.lib.db import ask, at_most, rows

CODES: Any = bindparam("codes", expanding=True)


def same(db: Session, statement: Any, **values: Any) -> list[Any]:
    ours, usual = ask(db, statement, **values), rows(db, statement, **values).all()
    assert [tuple(row) for row in ours] == [tuple(row) for row in usual]
    assert [[type(value) for value in row] for row in ours] == [
        [type(value) for value in row] for row in usual
    ]
    if usual:
        assert list(ours[0]._fields) == list(usual[0]._mapping)
    return ours


def test_lists_of_any_length_one_after_another(db):
    statement = select(Division.__table__).where(Division.code.in_(CODES)).order_by(Division.code)
    lengths = [len(same(db, statement, codes=codes)) for codes in (["31"], ["31", "310113"], [], ["no"])]
    assert lengths == [1, 2, 0, 0]


def test_moments_numbers_and_truths_come_as_they_are(db):
    statement = select(Account.id, Account.created_at, Account.disabled_at, Account.name).where(
        Account.created_at < bindparam("before", type_=Account.__table__.c.created_at.type),
        Account.locale.is_(None),
    )
    found = same(db, statement.order_by(Account.id), before=clock.now() + timedelta(days=1))
    assert found[0].created_at.tzinfo is not None
    area = select(Dwelling.area, Dwelling.id).order_by(Dwelling.id).limit(at_most(3))
    same(db, area)


def test_constants_lists_of_constants_and_a_name_used_twice(db):
    wanted = or_(Building.name == bindparam("name"), Building.name.not_in(("1号楼", bindparam("name"))))
    statement = select(Building.name, literal("一").label("one"), func.length(Building.name).label("long"))
    assert same(db, statement.where(wanted).order_by(Building.id), name="2号楼")


def test_a_statement_within_a_statement(db):
    inner = (
        select(Division.code).where(Division.code.in_(CODES)).cte("inner_codes").prefix_with("MATERIALIZED")
    )
    outer = select(Division.name, inner.c.code).join(inner, inner.c.code == Division.code)
    assert same(db, outer.order_by(Division.code), codes=["31", "310113"])


def test_what_is_missing_is_told(db):
    statement = select(Division.code).where(Division.code == bindparam("code"), text("1 = 1"))
    same(db, statement, code="31")
    with pytest.raises(KeyError):
        ask(db, statement)


def test_what_the_database_refuses_is_told_as_elsewhere_and_without_what_was_asked(db):
    statement = select(text("1 FROM nowhere")).where(literal("a") == bindparam("secret"))
    with pytest.raises(DBAPIError) as refused:
        ask(db, statement, secret="13812341234")
    assert isinstance(refused.value, OperationalError | ProgrammingError)
    assert "nowhere" in str(refused.value) and "13812341234" not in str(refused.value)
    db.rollback()
