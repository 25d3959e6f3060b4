"""The first administrator of a new installation."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session

from shequtong.core.communities.models import Appointment, Division
from shequtong.core.identity import registering, resetting
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, NotFound


def create_admin(session: Session, login: str, name: str) -> str:
    """An administrator over the whole tree, who has no password yet; the path of the link that sets it (S8).

    For an administrator who lost theirs, the same call makes a new link. Raises Conflict when somebody else
    has the login, NotFound while there is no division to administer.
    """
    roots = session.scalars(select(Division.code).where(Division.parent_code.is_(None))).all()
    if not roots:
        raise NotFound("there are no divisions yet: run `shequtong import-divisions` first")
    account = registering.find_account(session, login)
    if account is None:
        account = registering.open_account(session, login, name)
        assert account is not None
        today = clock.local(clock.now()).date()
        session.add_all(
            Appointment(account_id=account.id, office="admin", code=code, since=today) for code in roots
        )
    elif not session.scalar(
        select(Appointment.id).where(Appointment.account_id == account.id, Appointment.office == "admin")
    ):
        raise Conflict(f"somebody who is no administrator has the login {login}: choose another")
    return resetting.make_link(session, account.id)
