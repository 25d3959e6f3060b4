"""Streets with as many committees as a test needs, and bulletins for them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select
from tests.cast import STREET, number_of

from shequtong.boards.district.models import Addressee
from shequtong.core.communities.models import Appointment, Division
from shequtong.lib import clock

BULLETIN = {
    "title": "高空抛物专项整治",
    "topic": "safety",
    "body": "请各家检查阳台花盆，六楼以上逐户确认。",
    "kind": "info",
    "whom": "all",
}


def grow(session: Any, street: str, committees: int, account_id: int | None = None) -> list[str]:
    """A street with so many committees more, and one clerk for all of them."""
    if session.get(Division, street) is None:
        session.add(Division(code=street, level="street", name=f"{street[-3:]}镇", parent_code=street[:6]))
        session.flush()
    codes = [f"{street}{number:03}" for number in range(200, 200 + committees)]
    session.execute(
        insert(Division),
        [
            {"code": code, "level": "committee", "name": f"{code[-3:]}居委会", "parent_code": street}
            for code in codes
        ],
    )
    if account_id is not None:
        since = clock.today()
        session.execute(
            insert(Appointment),
            [{"account_id": account_id, "office": "clerk", "code": code, "since": since} for code in codes],
        )
    return codes


def issue(browser: Any, code: str = STREET, **fields: Any) -> int:
    """Publish a bulletin, and its number."""
    answer = browser.submit(f"/c/{code}/district/new", BULLETIN | fields)
    assert answer.status_code == 303, answer.text
    return number_of(answer)


def states(app: Any, post_id: int) -> dict[str, str]:
    """What each committee a bulletin is meant for has done with it, by code."""
    with app.state.database.reading() as session:
        found = select(Addressee.code, Addressee.state).where(Addressee.post_id == post_id)
        return dict(session.execute(found).all())


def notice_of(app: Any, post_id: int, code: str) -> int | None:
    """The notice with which a committee passed it on."""
    with app.state.database.reading() as session:
        found = session.get(Addressee, (post_id, code))
        return found.notice_id if found else None
