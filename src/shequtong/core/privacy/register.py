"""The register of personal data: what is kept about people, why, on which ground, who sees it, and when it goes.

The public page and the tests read this one list. What `erased` says is declared here, and not yet shown or tested.
A table that names a person and stands nowhere here fails a test, so nobody adds one in silence. Law: Personal
Information Protection Law of 2021 (个人信息保护法, PIPL), whose articles are named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from shequtong.core.privacy.retaining import PERIODS, Period, days
from shequtong.lib.crypto import EncryptedText
from shequtong.lib.i18n import lazy_gettext as _l

VERSION = "2026-11-24"
"""Of this register as people agree to it: a new day when something is added or kept for another reason."""

GROUNDS = {
    "agreed": _l("You agreed, and can take it back (Art. 13 item 1, Art. 15)"),
    "apart": _l("You agreed to this alone; it is sensitive (Art. 28 and 29). You can take it back"),
    "asked": _l("Without it what you asked for cannot be done (Art. 13 item 2)"),
    "law": _l("A law asks for it (Art. 13 item 3)"),
    "task": _l("The committee's task by law: self-government of residents (Art. 13 item 3, Art. 37)"),
    "safety": _l("The house must be kept safe, and show who did what (Art. 9 and 51)"),
}
SEEN = {
    "self": _l("You alone"),
    "nobody": _l("Nobody; the machine compares it"),
    "masked": _l(
        "You. Staff of your committee see it masked; to read it they give a reason, and you are told"
    ),
    "neighbours": _l("Neighbours of your community; public boards also the street"),
    "counted": _l("Others see figures only, none of them under five people"),
    "parties": _l("You and those who have it in hand"),
    "staff": _l("You and the staff of your committee"),
    "office": _l("Staff of the committee"),
    "everybody": _l("Everybody of the community: an office is public"),
}
GOES, NAMELESS, STAYS = "goes", "nameless", "stays"
"""What becomes of it when its person closes the account."""


@dataclass(frozen=True)
class Kind:
    """One kind of personal data. `tables` hold it; `erased` is GOES, NAMELESS or STAYS, and `because` says why.

    `until` says how long it is kept where no period of `retaining` does; `not_taken` why it is not in the file that
    somebody takes along.
    """

    name: str
    what: Any
    why: Any
    ground: str
    seen: str
    tables: tuple[str, ...]
    erased: str
    until: Any = ""
    because: Any = ""
    not_taken: Any = ""

    @property
    def periods(self) -> list[Period]:
        """What jobs forget of it, in time."""
        return [period for period in PERIODS if period.kind == self.name]

    @property
    def kept(self) -> list[Any]:
        """How long, in words."""
        told = [period.words(days(period)) for period in self.periods]
        return [*told, self.until] if self.until else told


_ACCOUNT = _l("Until you close your account")
_RECORD = _l("As long as the record that it belongs to")
_ANSWERED = _l("because others have answered or counted on it")
_OFFICE = _l("because it says what an office did, and to whom somebody may complain")
_WORK = _l("It is about somebody else, or about the committee's work.")
_MACHINE = _l("It tells nothing but that a machine saw the same thing before.")

REGISTER = (
    Kind(
        "account",
        _l("Login name, password (only its hash), name and words about yourself, how pages look"),
        _l("So that you can sign in, and neighbours know what to call you"),
        "asked",
        "neighbours",
        ("account",),
        GOES,
        _ACCOUNT,
    ),
    Kind(
        "person",
        _l("Real name and phone number, encrypted"),
        _l(
            "So that the committee knows that you live here and can ask back; who writes on line must be known"
        ),
        "law",
        "masked",
        ("account",),
        GOES,
        _ACCOUNT,
    ),
    Kind(
        "home",
        _l("Which dwelling you belong to, as what, since when, and who let you in; the room is encrypted"),
        _l("Dwellings vote, confirm notices and sign: one has to know who speaks for which"),
        "task",
        "masked",
        ("membership", "membership_transition", "dwelling"),
        NAMELESS,
        _l("That somebody lived there: as long as votes of that home are kept"),
        _l("because votes and confirmations of that home were counted"),
    ),
    Kind(
        "offices",
        _l("Offices you hold or held, your key for a program, words you put on the committee's lists"),
        _l("So that everybody knows who speaks for the committee"),
        "task",
        "everybody",
        ("appointment", "api_key", "listed_word", "reply_template", "service_desk_person"),
        NAMELESS,
        _RECORD,
        _OFFICE,
    ),
    Kind(
        "sign_ins",
        _l("Where you are signed in: name of the device, first and last use"),
        _l("So that you stay signed in, and can end it elsewhere"),
        "asked",
        "self",
        ("sign_in",),
        GOES,
    ),
    Kind(
        "links",
        _l("One-time links for a new password, and forms that took effect (numbers only)"),
        _l("So that nothing is done twice and a link works once"),
        "safety",
        "nobody",
        ("one_time_link", "submission"),
        GOES,
        not_taken=_MACHINE,
    ),
    Kind(
        "looks",
        _l("Who of the staff looked at your data, when and why"),
        _l("So that you can see it; nobody can take a line out"),
        "law",
        "self",
        ("look",),
        STAYS,
        because=_l("because a look must not be hidden by closing an account"),
    ),
    Kind(
        "words",
        _l("What you wrote and commented, with photos (place and camera taken out), and earlier wordings"),
        _l("So that neighbours and the committee can read and answer it"),
        "asked",
        "neighbours",
        ("post", "comment", "photo", "revision", "post_transition", "link"),
        NAMELESS,
        _l("As long as it stands there; you can delete it"),
        _ANSWERED,
    ),
    Kind(
        "private",
        _l("Private questions and matters, and for whom a matter was reported (encrypted)"),
        _l("So that the desk you asked can help"),
        "asked",
        "parties",
        ("matter", "service"),
        NAMELESS,
        _RECORD,
        _l("because the desk must be able to show how it answered"),
    ),
    Kind(
        "part",
        _l("Where you took part: confirmed, co-signed, liked, signed up, were a partner or taker"),
        _l("So that it counts, and whoever plans knows who comes"),
        "asked",
        "neighbours",
        (
            "participation",
            "reaction",
            "gathering_sign_up",
            "aid",
            "goods_listing",
            "notices_paper_confirmation",
        ),
        NAMELESS,
        _RECORD,
        _ANSWERED,
    ),
    Kind(
        "answers",
        _l("What you answered in polls and to statements, and how your home judged what was done"),
        _l("So that it can be counted"),
        "asked",
        "counted",
        ("poll_sheet", "hall_answer", "hall_rating"),
        NAMELESS,
        _RECORD,
        _ANSWERED,
    ),
    Kind(
        "votes",
        _l(
            "Open ballots, that your home voted, mandates, signatures of the covenant. A secret ballot holds no name"
        ),
        _l("The Civil Code (Art. 278) counts dwellings, and anybody may count again"),
        "law",
        "counted",
        ("ballot", "ballot_event", "ballot_mandate", "ballot_paper", "ballot_voter", "covenant_signature"),
        NAMELESS,
        _RECORD,
        _l("because the vote was counted and anybody may count it again"),
    ),
    Kind(
        "deeds",
        _l(
            "What you claimed and did for neighbours, thanks, and small wishes with name and door (encrypted)"
        ),
        _l("So that wishes are met and thanks arrive"),
        "agreed",
        "neighbours",
        ("party_deed", "party_served", "party_thanks", "party_work", "party_wisher"),
        NAMELESS,
        _RECORD,
        _ANSWERED,
    ),
    Kind(
        "membership",
        _l("Whether you show that you are a Party member beside what you claimed, encrypted"),
        _l("Only because you wished it, at that place and nowhere else"),
        "apart",
        "neighbours",
        ("party_claim",),
        GOES,
        _l("Until you take it back, give the claim up or close your account"),
    ),
    Kind(
        "lists",
        _l("What you follow, whom you muted, how far you have read, the address of your calendar"),
        _l("So that you find what you look for, and nothing you do not want"),
        "asked",
        "self",
        ("follow", "mute", "read_mark", "calendar_address"),
        GOES,
        _ACCOUNT,
    ),
    Kind(
        "inbox",
        _l("Your inbox"),
        _l("So that you hear what became of your words"),
        "asked",
        "self",
        ("notification",),
        GOES,
    ),
    Kind(
        "order",
        _l("Reports, decisions of moderators and appeals"),
        _l("So that there is order, and everybody can object"),
        "task",
        "staff",
        ("report", "decision", "appeal"),
        NAMELESS,
        _RECORD,
        _OFFICE,
    ),
    Kind(
        "duties",
        _l("Who of an office looked after something, in time or late"),
        _l("Answering is a duty, and it must be seen who has it"),
        "task",
        "everybody",
        ("duty", "hall_proposal"),
        NAMELESS,
        because=_OFFICE,
        not_taken=_WORK,
    ),
    Kind(
        "visits",
        _l("Visits at doors: what was heard, encrypted, and the day to come back"),
        _l("So that nobody who needs help is forgotten"),
        "task",
        "office",
        ("home_visit",),
        STAYS,
        because=_l("because it is about the home, and goes after its time"),
        not_taken=_WORK,
    ),
    Kind(
        "residents",
        _l(
            "The committee's registry: who lives behind which door, with name, phone number and year of birth, and "
            "the lists of those who need help; what was changed, by whom and why. Names, numbers and changes are "
            "encrypted"
        ),
        _l("So that the committee knows who lives here, and finds who needs it in an emergency"),
        "task",
        "masked",
        ("registry_person", "registry_overlay", "registry_change", "registry_visit", "registry_visit_plan"),
        STAYS,
        because=_l("because you still live here; it goes after its time"),
    ),
    Kind(
        "ledgers",
        _l("Who entered a line of the books, a guide, a notice or an answer of the committee"),
        _l("So that public money and public words have somebody who answers for them"),
        "task",
        "everybody",
        (
            "book_change",
            "district_addressee",
            "guides_guide",
            "guides_version",
            "hall_expense",
            "hall_wording",
            "notices_notice",
        ),
        NAMELESS,
        _RECORD,
        _OFFICE,
        _WORK,
    ),
    Kind(
        "tables",
        _l("Tables that somebody sent and nobody has confirmed yet"),
        _l("So that mistakes are seen before anything is written"),
        "task",
        "office",
        ("book_delivery", "guides_delivery", "registry_delivery"),
        NAMELESS,
        because=_l("because they are the committee's, and go within days"),
        not_taken=_WORK,
    ),
    Kind(
        "jobs",
        _l("What the machine still has to do: numbers only, no names"),
        _l("So that nothing is lost when a machine stops"),
        "safety",
        "nobody",
        ("job",),
        STAYS,
        because=_l("because it holds no person's data"),
        not_taken=_MACHINE,
    ),
)


def kind_of(table: str) -> list[Kind]:
    """The kinds that a table belongs to; none means that nobody has said why it is there."""
    return [kind for kind in REGISTER if table in kind.tables]


def names_somebody(table: Table) -> bool:
    """Does it refer to an account, or hold something encrypted? Then it must stand in the register."""
    people = (key.target_fullname == "account.id" for key in table.foreign_keys)
    return any(people) or any(isinstance(column.type, EncryptedText) for column in table.columns)
