"""What the pages of the registry ask, and its words."""

from __future__ import annotations

from datetime import date
from typing import Any

from shequtong.core.registry.overlays import OVERLAYS
from shequtong.lib.forms import Form, choice, choices, day, integer, phone, text, textarea, yes
from shequtong.lib.i18n import lazy_gettext as _l

RELATIONS = {
    "head": _l("Head of the household"),
    "spouse": _l("Husband or wife"),
    "child": _l("Son or daughter"),
    "parent": _l("Father or mother"),
    "grandchild": _l("Grandchild"),
    "kin": _l("Other relative"),
    "lodger": _l("Rents it, or lodges there"),
    "other": _l("Other"),
}
STATES = {
    "lives": (_l("Lives here"), "good"),
    "owner": (_l("Owns it, lives elsewhere"), "info"),
    "moved_out": (_l("Has moved out"), "neutral"),
    "died": (_l("Has died"), "neutral"),
}
"""State of a person to its words and tone."""
SOURCES = (
    ("form", _l("They told us")),
    ("visit", _l("Seen on a visit")),
    ("papers", _l("From papers that were shown")),
)
STEPS = {
    "add": _l("Entered in the registry"),
    "correct": _l("Corrected"),
    "change_state": _l("Moved out, came back or died"),
    "move": _l("Moved to another dwelling"),
    "move_household": _l("The household moved"),
    "merge_households": _l("Joined with another household"),
    "merge_people": _l("Two entries put together"),
    "mark": _l("Put on a list"),
    "review": _l("List asked about again"),
    "end_overlay": _l("Taken off a list"),
    "tie": _l("Tied to an account"),
    "untie": _l("Untied from an account"),
    "plan_visits": _l("Visits planned"),
    "end_visits": _l("Visits not planned any more"),
    "visit": _l("Visited"),
    "look_up": _l("Looked somebody up"),
    "refuse_list": _l("Asked for a list without the duty; refused"),
    "import": _l("A table was read in"),
    "export": _l("A table was taken along"),
}
FIELDS = {
    "name": _l("Real name"),
    "also_written": _l("Also written as"),
    "phone": _l("Phone number"),
    "birth_year": _l("Year of birth"),
    "relation": _l("To the head of the household"),
    "state": _l("Lives here"),
    "since": _l("Since"),
    "until": _l("Until"),
    "left_on": _l("Gone on"),
    "dwelling": _l("Dwelling"),
    "account": _l("Account"),
    "source": _l("Known from"),
    "review_on": _l("To be asked about on"),
    "every_days": _l("How many days apart"),
    "who": _l("Who goes"),
    "next_on": _l("Next visit"),
    "outcome": _l("How it was"),
    "typed": _l("Looked for"),
}
REASONS = (
    ("contact", _l("To call them")),
    ("visit", _l("To visit them")),
    ("urgent", _l("Something urgent: water, gas, fire, health")),
    ("register", _l("To keep the registry right")),
)
OPENED = (
    ("real_name", _l("Real name")),
    ("phone", _l("Phone number")),
    ("room", _l("Room")),
    ("birth_year", _l("Year of birth")),
)
EVERY = ((7, _l("Every week")), (14, _l("Every two weeks")), (30, _l("Every month")))
OUTCOMES = {
    "well": (_l("Found well"), "good"),
    "needs": (_l("Needs something"), "warn"),
    "absent": (_l("Nobody opened"), "neutral"),
}
"""How a visit went, to its words and tone."""
OLDEST = 1900


def _why() -> Any:
    return text(
        _l("Why?"),
        max=120,
        help=_l("For example: told us at the desk on Monday. It stands in the history."),
    )


class WhyForm(Form):
    """Why somebody looks; whoever is looked at reads it."""

    reason: str = choice(_l("Why do you need to see it?"), REASONS, radio=True)
    note: str = text(
        _l("In a few words"),
        max=120,
        required=False,
        help=_l("The person reads both under “who looked at my data”."),
    )

    @property
    def in_words(self) -> str:
        """As it is written down."""
        why = str(dict(REASONS)[self.reason])
        return f"{why}：{self.note}" if self.note else why


class LookUpForm(WhyForm):
    typed: str = text(
        _l("Whole name, phone number or room"),
        max=40,
        autocomplete="off",
        help=_l("A piece of a name finds nobody: names are kept encrypted."),
    )
    reason: str = choice(_l("Why do you look for them?"), REASONS)
    note: str = text(_l("In a few words"), max=120, required=False)


class OpenForm(WhyForm):
    what: list[str] = choices(_l("What do you need?"), OPENED, required=True)
    reason: str = choice(_l("Why do you need to see it?"), REASONS, radio=True)
    note: str = text(
        _l("In a few words"),
        max=120,
        required=False,
        help=_l("The person reads both under “who looked at my data”."),
    )


class ReasonForm(Form):
    reason: str = _why()


class PersonForm(Form):
    name: str = text(_l("Real name"), max=40, autocomplete="off")
    phone: str = phone(_l("Phone number"), required=False)
    birth_year: int | None = integer(_l("Year of birth"), ge=OLDEST, le=2100, required=False)
    relation: str = choice(_l("What are they to the head of the household?"), RELATIONS.items())
    state: str = choice(
        _l("Do they live here?"),
        [(name, words) for name, (words, _tone) in STATES.items() if name in ("lives", "owner")],
        radio=True,
    )
    since: date | None = day(_l("Since"), required=False, help=_l("As far as you know."))
    source: str = choice(_l("How do we know?"), SOURCES)
    reason: str = text(
        _l("Why is it written down?"),
        max=120,
        help=_l("For example: moved in, came to the desk. It stands in the history."),
    )


class CorrectForm(Form):
    """Only what changes is written: the page shows nothing that is masked."""

    name: str = text(_l("Real name"), max=40, required=False, autocomplete="off")
    phone: str = phone(_l("Phone number"), required=False)
    no_phone: bool = yes(_l("They have no phone any more"))
    birth_year: int | None = integer(_l("Year of birth"), ge=OLDEST, le=2100, required=False)
    relation: str = choice(
        _l("What are they to the head of the household?"), RELATIONS.items(), required=False
    )
    since: date | None = day(_l("Since"), required=False)
    reason: str = _why()


class StateForm(Form):
    state: str = choice(
        _l("What has changed?"), [(name, words) for name, (words, _tone) in STATES.items()], radio=True
    )
    left_on: date | None = day(
        _l("Day they left"), required=False, help=_l("Of who moved out or died; today, if left empty.")
    )
    reason: str = _why()


class MoveForm(Form):
    building_id: int = choice(_l("To which building?"), "buildings")
    room: str = text(_l("Room"), max=20, autocomplete="off")
    reason: str = _why()


HOW = (
    ("move_household", _l("All move there; nobody lives there now")),
    ("merge_households", _l("They join the household that lives there")),
)


class HouseholdForm(Form):
    how: str = choice(_l("What happens?"), HOW, radio=True)
    building_id: int = choice(_l("To which building?"), "buildings")
    room: str = text(_l("Room"), max=20, autocomplete="off")
    reason: str = _why()


class TieForm(Form):
    account_id: int = choice(
        _l("Whose account?"),
        "accounts",
        help=_l("From then on they read who looked at this entry, also before."),
    )
    reason: str = _why()


class MergeForm(Form):
    kept: int = choice(_l("Which entry stays?"), "both", radio=True)
    reason: str = _why()


class MarkForm(Form):
    kind: str = choice(_l("Which list?"), "lists")
    source: str = choice(_l("How do we know?"), SOURCES)
    since: date = day(_l("Since"))
    until: date | None = day(_l("Until"), required=False, help=_l("Until it is ended, if left empty."))
    reason: str = _why()


class ReviewForm(Form):
    review_on: date = day(_l("When shall we ask again?"), future=True)
    reason: str = _why()


class PlanForm(Form):
    every_days: int = choice(_l("How often?"), EVERY)
    who_id: int = choice(_l("Who goes?"), "who")
    next_on: date = day(_l("When is the first visit?"), future=True)
    reason: str = _why()


class VisitForm(Form):
    visited_on: date = day(_l("Day of the visit"))
    outcome: str = choice(
        _l("How were they?"), [(name, words) for name, (words, _tone) in OUTCOMES.items()], radio=True
    )
    note: str = textarea(
        _l("What did you hear?"),
        max=500,
        required=False,
        help=_l("Only what helps. Kept encrypted; they can take it along with their data."),
    )


def lists(kinds: tuple[str, ...]) -> list[tuple[str, object]]:
    """Lists as options of a form."""
    return [(kind, OVERLAYS[kind].label) for kind in kinds]
