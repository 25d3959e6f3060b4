"""What whoever starts a demo is told: how far it is, and who can sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shequtong.town import names

Tell = Callable[[str, float], None]
"""Is told what is being done, and how much of the whole is done (0 to 1)."""

PASSWORD = "shequtong-demo"

LOGINS = {
    "resident": "lives in 3号楼, owns the flat",
    "owner": "lives in 9号楼, asks about every bill",
    "tenant": "rents in 5号楼",
    "elder": "73 years old, lives in 2号楼",
    "neighbor": "lives next door to resident",
    "applicant": "asked to join yesterday and waits",
    "lead": "leads 3号楼",
    "clerk": "clerk of the residents' committee",
    "secretary": "secretary of the committee: desk, offices, settings",
    "organisation": "a social organisation that helps",
    "property": "the property firm",
    "police": "community police",
    "doctor": "family doctor",
    "lawyer": "community lawyer",
    "outsider": "lives in another community, 月浦四村",
    "outsecretary": "secretary of 月浦四村",
    "street": "officer of 月浦镇, sees all its committees",
    "district": "officer of 宝山区",
    "admin": "administrator of the whole tree",
}
"""The accounts that are meant to be tried, each with its job."""


def who_can_sign_in() -> Iterator[str]:
    """A line for each of them, and one for the password they share."""
    called = names()
    for login, job in LOGINS.items():
        yield f"  {login:<13} {called[login]}: {job}"
    yield f"  All of them have the password {PASSWORD}"
