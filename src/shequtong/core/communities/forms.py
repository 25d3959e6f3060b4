"""What joining, deciding, appointing and surveying ask."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shequtong.lib.forms import (
    Form,
    choice,
    choices,
    day,
    decimal,
    integer,
    password,
    phone,
    text,
    textarea,
    yes,
)
from shequtong.lib.i18n import lazy_gettext as _l

RELATIONS = (
    ("owner", _l("I own it")),
    ("tenant", _l("I rent it")),
    ("family", _l("I am family of who owns or rents it")),
)
KINDS = {"owner": _l("Owner"), "tenant": _l("Tenant"), "family": _l("Family")}
CLAIM_STATES = {
    "applied": (_l("Waiting"), "info"),
    "conflict": (_l("Second owner: decide"), "warn"),
    "approved": (_l("Belongs here"), "good"),
    "refused": (_l("Not let in"), "bad"),
    "left": (_l("Moved out"), "neutral"),
    "ended": (_l("Ended by the committee"), "neutral"),
}
"""State of a claim to its words and tone, for staff."""
STEPS = {
    "apply": _l("Asked to join"),
    "find_conflict": _l("Found to be a second owner"),
    "approve": _l("Let in"),
    "approve_as_co_owner": _l("Let in as co-owner"),
    "refuse": _l("Not let in"),
    "leave": _l("Moved out"),
    "end": _l("Ended by the committee"),
    "represent": _l("Speaks for the household"),
}
OFFICES = {
    "clerk": _l("Committee clerk"),
    "secretary": _l("Committee secretary"),
    "lead": _l("Building lead"),
    "property": _l("Property firm"),
    "owners_committee": _l("Owners' committee"),
    "organisation": _l("Verified organisation"),
    "party_branch": _l("Party branch"),
    "police": _l("Community police"),
    "doctor": _l("Family doctor"),
    "lawyer": _l("Lawyer"),
    "street": _l("Street officer"),
    "district": _l("District officer"),
    "admin": _l("Administrator"),
}


class AccountForm(Form):
    login: str = text(
        _l("Login name"),
        max=32,
        min=2,
        autocomplete="username",
        help=_l(
            "You type it when you sign in. Letters, digits or Chinese characters; not your phone number."
        ),
    )
    password: str = password(
        _l("Password"),
        max=128,
        autocomplete="new-password",
        help=_l("8 characters or more. A few words that only you would join are best."),
    )
    name: str = text(
        _l("Name neighbours will see"),
        max=20,
        autocomplete="nickname",
        help=_l("For example 小陈 or 朵朵妈. Neighbours see this name and your building, nothing else."),
    )


class PersonForm(Form):
    real_name: str = text(
        _l("Real name"),
        max=40,
        autocomplete="name",
        help=_l(
            "So that the committee can see that you live here. Kept encrypted; staff see it masked, and when "
            "one of them reads it, you are told who and why."
        ),
    )
    phone: str = phone(
        _l("Phone number"),
        help=_l("So that the committee can ask back. Kept encrypted, never shown to neighbours."),
    )


class ClaimForm(Form):
    building_id: int = choice(_l("Building"), "buildings")
    room: str = text(
        _l("Room"),
        max=20,
        autocomplete="off",
        help=_l(
            "Only what stands on the door, such as 502. It tells which dwelling votes and confirms with you. "
            "Kept encrypted, never shown to neighbours."
        ),
    )
    kind: str = choice(_l("How do you belong to it?"), RELATIONS, radio=True)
    note: str = text(
        _l("A word to the committee"),
        max=120,
        required=False,
        help=_l("For example: moved in last month, the contract can be shown."),
    )


class RegisterForm(ClaimForm, PersonForm, AccountForm):
    """Everything at once, for who has no account yet."""


class FullClaimForm(ClaimForm, PersonForm):
    """For an account that was made without name and phone."""


class RefusalForm(Form):
    reason: str = textarea(
        _l("Why not?"), max=300, help=_l("They read this. Say what they can do, such as bring the contract.")
    )


class EndingForm(Form):
    reason: str = textarea(_l("Why does it end?"), max=300, help=_l("They read this."))


LOOKING = (
    ("verify", _l("To check whether they live here")),
    ("contact", _l("To call them about their request")),
    ("urgent", _l("Something urgent: water, gas, fire, health")),
    ("register", _l("To keep the register of residents right")),
)


class LookForm(Form):
    reason: str = choice(_l("Why do you need to see it?"), LOOKING, radio=True)
    note: str = text(
        _l("In a few words"),
        max=120,
        required=False,
        help=_l("The person reads both under “who looked at my data”."),
    )


class LinkForm(Form):
    reason: str = text(
        _l("How did you make sure that it is them?"),
        max=120,
        help=_l("For example: came to the office with their identity card. They read this."),
    )


class WhoseForm(Form):
    login: str = text(_l("Login name"), max=32, min=2, autocomplete="off")


class StaffLinkForm(LinkForm, WhoseForm):
    """For somebody who serves and may belong to no household."""


class AppointForm(Form):
    office: str = choice(_l("Office"), "offices")
    login: str = text(_l("Login name"), max=32, min=2, autocomplete="off")
    name: str = text(
        _l("Name, if they have no account yet"),
        max=20,
        required=False,
        help=_l("An account is made, and you get a link to hand over, which sets their password."),
    )
    building_id: int | None = choice(
        _l("Building"), "buildings", required=False, help=_l("Only for a building lead.")
    )
    title: str = text(
        _l("Title or firm"),
        max=40,
        required=False,
        help=_l("For example: 尚园物业 客服主管. Shown beside the name."),
    )
    since: date | None = day(_l("From"), required=False, help=_l("Today, if left empty."))
    until: date | None = day(_l("Until"), required=False, help=_l("Until it is ended, if left empty."))


class AppointOfficerForm(Form):
    office: str = choice(_l("Office"), "offices")
    code: str = choice(
        _l("Committee"), "divisions", required=False, help=_l("For a secretary: which committee.")
    )
    login: str = text(_l("Login name"), max=32, min=2, autocomplete="off")
    name: str = text(
        _l("Name, if they have no account yet"),
        max=20,
        required=False,
        help=_l("An account is made, and you get a link to hand over, which sets their password."),
    )
    title: str = text(_l("Title or firm"), max=40, required=False)
    since: date | None = day(_l("From"), required=False, help=_l("Today, if left empty."))
    until: date | None = day(_l("Until"), required=False, help=_l("Until it is ended, if left empty."))


class CompoundForm(Form):
    name: str = text(_l("Name of the compound"), max=40)


class BuildingForm(Form):
    name: str = text(_l("Name of the building"), max=40, help=_l("As residents say it, such as 3号楼."))


class DwellingForm(Form):
    room: str = text(_l("Room"), max=20)
    area: Decimal = decimal(
        _l("Floor area in square metres"), le=10_000, help=_l("As in the deed, such as 88.50.")
    )


class AreaForm(Form):
    area: Decimal = decimal(_l("Floor area in square metres"), le=10_000)


SECOND_LOOK = (
    ("grave", _l("Public notices, and those that must be read")),
    ("all", _l("All notices but emergencies")),
)


class SettingsForm(Form):
    boards_on: list[str] = choices(_l("Boards that you may turn on"), "optional")
    boards_off: list[str] = choices(
        _l("Boards to hide"),
        "usual",
        help=_l(
            "What was written there is kept and comes back with the board. Notices, nearby matters, the hall, "
            "the guides and the district window are for everybody and stay open."
        ),
    )
    hold_first_posts: int = integer(
        _l("How many first posts of a new member are looked at first?"), ge=0, le=3
    )
    report_threshold: int = integer(
        _l("How many reports hide a post until the committee has looked?"), ge=1, le=10
    )
    second_look: str = choice(
        _l("Which notices does a second person of the committee look at before they go out?"),
        SECOND_LOOK,
        required=False,
        placeholder=_l("None: who writes one may publish it"),
        help=_l(
            "Whoever wrote it cannot publish it then. An emergency goes out at once, and the page says so."
        ),
    )
    shares_matters: bool = yes(
        _l("Programs outside may read our matters (Open311)"),
        help=_l(
            "What needs fixing, its category, building and progress; no names, no photos, nothing private. "
            "Programs to which you give a key may also report."
        ),
    )


class KeyForm(Form):
    name: str = text(_l("For which program?"), max=40, help=_l("For example: the app of the street."))
    login: str = text(
        _l("Login name of its holder"),
        max=32,
        min=2,
        autocomplete="off",
        help=_l("A resident, or an office such as an organisation. What the program reports is theirs."),
    )
