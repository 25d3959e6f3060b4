"""The standing cast: one person for each part, in a small town of two committees.

Everybody is who the demo's accounts are too; `cast.resident.get("/c/…")` is that person's browser.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from fastapi.testclient import TestClient
from tests.databases import migrate

from shequtong.core.communities.models import (
    Appointment,
    Building,
    Compound,
    Division,
    Dwelling,
    Household,
    Membership,
)
from shequtong.core.identity.models import Account
from shequtong.core.identity.signing_in import open_session
from shequtong.lib import clock, crypto, passwords
from shequtong.lib.db import Database

HOME = "310113104029"
AWAY = "310113104004"
STREET = "310113104"
DISTRICT = "310113"
PASSWORD = "shequtong-demo"
KEY = "words for tests only long enough to be a key"

DIVISIONS = (
    ("31", "city", "上海市", None),
    (DISTRICT, "district", "宝山区", "31"),
    (STREET, "street", "月浦镇", DISTRICT),
    (HOME, "committee", "宝月尚园居委会", STREET),
    (AWAY, "committee", "月浦四村居委会", STREET),
)

# login, display name, where, building, room, kind; the first owner of a dwelling represents its household
RESIDENTS = (
    ("resident", "小陈", HOME, 1, "101", "owner"),
    ("neighbor", "阿芳", HOME, 1, "102", "owner"),
    ("owner", "老周", HOME, 2, "201", "owner"),
    ("tenant", "小李", HOME, 2, "202", "tenant"),
    ("elder", "王阿婆", HOME, 3, "301", "owner"),
    ("lead", "楼组长老徐", HOME, 1, "103", "owner"),
    ("outsider", "四村小赵", AWAY, 1, "101", "owner"),
)
# login, display name, office, where, building
OFFICES = (
    ("lead", "楼组长老徐", "lead", HOME, 1),
    ("clerk", "社工小沈", "clerk", HOME, None),
    ("clerk2", "社工小吴", "clerk", HOME, None),
    ("secretary", "书记林敏", "secretary", HOME, None),
    ("organisation", "暖邻社", "organisation", HOME, None),
    ("party", "第一党支部", "party_branch", HOME, None),
    ("property", "尚园物业", "property", HOME, None),
    ("owners", "业委会", "owners_committee", HOME, None),
    ("police", "民警张警官", "police", HOME, None),
    ("doctor", "家庭医生刘", "doctor", HOME, None),
    ("lawyer", "律师何", "lawyer", HOME, None),
    ("outsecretary", "四村书记", "secretary", AWAY, None),
    ("street", "月浦镇干部", "street", STREET, None),
    ("district", "宝山区干部", "district", DISTRICT, None),
    ("admin", "管理员", "admin", "31", None),
)
APPLICANT = ("applicant", "新邻居", HOME, 3, "302", "tenant")
LOGINS = ("visitor", *dict.fromkeys([r[0] for r in RESIDENTS] + [o[0] for o in OFFICES] + [APPLICANT[0]]))
"""Everybody a page is tried with; `visitor` has not signed in."""


def people_the_town(url: str) -> None:
    """Template of the tests' databases: the newest schema, the town and its cast."""
    migrate(url)
    crypto.use(crypto.Keyring(KEY))
    database = Database(url)
    with database.writing() as session:
        _settle(session)
    database.dispose()


def _settle(session: Any) -> None:
    for code, level, name, parent in DIVISIONS:
        join = {"join_code": f"J{code[-4:]}"} if level == "committee" else {}
        session.add(
            Division(code=code, level=level, name=name, parent_code=parent, hold_first_posts=0, **join)
        )
        session.flush()
    session.get(Division, HOME).boards_on = ["property", "affairs"]
    buildings: dict[tuple[str, int], Building] = {}
    for code in (HOME, AWAY):
        compound = Compound(code=code, name="宝月尚园" if code == HOME else "月浦四村")
        session.add(compound)
        session.flush()
        for number in (1, 2, 3):
            buildings[code, number] = Building(
                compound_id=compound.id, code=code, name=f"{number}号楼", sort=number
            )
            session.add(buildings[code, number])
    session.flush()
    hashed = passwords.hash(PASSWORD)
    accounts: dict[str, Account] = {}

    def account(login: str, name: str) -> Account:
        if login not in accounts:
            accounts[login] = Account(login=login, name=name, password=hashed, created_at=clock.now())
            session.add(accounts[login])
            session.flush()
        return accounts[login]

    for login, name, code, number, room, kind in (*RESIDENTS, APPLICANT):
        building = buildings[code, number]
        dwelling = Dwelling(
            building_id=building.id,
            code=code,
            room=room,
            room_index=crypto.keyring().blind_index(room, f"room:{building.id}"),
            area=Decimal("88.50"),
        )
        session.add(dwelling)
        session.flush()
        household = Household(dwelling_id=dwelling.id, since=date(2020, 1, 1))
        session.add(household)
        session.flush()
        approved = login != "applicant"
        session.add(
            Membership(
                account_id=account(login, name).id,
                code=code,
                building_id=building.id,
                dwelling_id=dwelling.id,
                household_id=household.id if approved else None,
                kind=kind,
                representative=approved,
                state="approved" if approved else "applied",
                applied_at=clock.now(),
            )
        )
    for login, name, office, code, number in OFFICES:
        session.add(
            Appointment(
                account_id=account(login, name).id,
                office=office,
                code=code,
                building_id=buildings[code, number].id if number else None,
                since=date(2020, 1, 1),
            )
        )


class Cast:
    """Browsers of the cast, signed in when first asked for."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._browsers: dict[str, Browser] = {}

    def __getattr__(self, login: str) -> Browser:
        if login.startswith("_"):
            raise AttributeError(login)
        if login not in self._browsers:
            self._browsers[login] = Browser(self._app, login)
        return self._browsers[login]

    def everyone(self) -> dict[str, Browser]:
        return {login: getattr(self, login) for login in LOGINS}


class Browser(TestClient):
    """Somebody's browser: forms go out as their pages would send them."""

    def __init__(self, app: Any, login: str) -> None:
        super().__init__(app, base_url=app.state.settings.base_url, follow_redirects=False)
        self.login = login
        self.headers.update({"Origin": app.state.settings.base_url, "Accept-Language": "zh-CN"})
        self.id, self.csrf = None, ""
        if login != "visitor":
            self._sign_in(app)

    def _sign_in(self, app: Any) -> None:
        from sqlmodel import select

        with app.state.database.writing() as session:
            self.id = session.exec(select(Account.id).where(Account.login == self.login)).one()
            token = open_session(session, self.id)
        self.cookies.set("session", token)
        self.csrf = csrf_of(token)

    def submit(self, address: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        """POST a form with the token of this person's session."""
        return self.post(address, data={"csrf": self.csrf, **(data or {})}, **options)

    def insist(self, address: str, data: dict[str, Any]) -> Any:
        """POST a form; asked whether it is one of those that are open already, say that it is another one."""
        answer = self.submit(address, data)
        if shown := re.search(r'name="seen" value="([\d ]+)"', answer.text):
            answer = self.submit(address, data | {"seen": shown[1]})
        return answer

    def take(self, address: str, name: str, **fields: Any) -> Any:
        """Take a transition of the post at `address`."""
        return self.submit(f"{address}/transitions", {"name": name, **fields})


def csrf_of(token: str) -> str:
    from shequtong.lib.web import csrf_token

    return csrf_token(KEY, crypto.digest(token))


def stands_in(number: str, page: str) -> bool:
    """Whether a room or a phone number stands in a page: not by chance within a token, an id or a file's name."""
    return re.search(rf"(?<![0-9A-Za-z_]){number}(?![0-9A-Za-z_])", page) is not None


def number_of(response: Any) -> int:
    """The id of the post that an answer leads to."""
    found = re.search(r"/(\d+)(?:#.*)?$", response.headers["location"])
    assert found, response.headers
    return int(found[1])
