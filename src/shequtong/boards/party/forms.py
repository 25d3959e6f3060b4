"""What somebody who plans, wishes, takes part, thanks or reports is asked."""

from __future__ import annotations

from datetime import date, datetime

from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import Form, choice, day, integer, moment, phone, text, textarea, yes
from shequtong.lib.i18n import lazy_gettext as _l

KINDS = (("activity", _l("Activity")), ("pledge", _l("Pledge")), ("wish", _l("Small wish")))
WHOSE = (
    ("child", _l("A child's")),
    ("elder", _l("An elder's who lives alone")),
    ("other", _l("Another neighbour's")),
)
VERDICTS = (("confirmed", _l("Yes, it was done")), ("returned", _l("Not like this")))
STARS = (
    ("5", _l("5 stars: wonderful")),
    ("4", _l("4 stars: good")),
    ("3", _l("3 stars: fine")),
    ("2", _l("2 stars: so so")),
    ("1", _l("1 star: not good")),
)


class ActivityForm(PostForm):
    body: str = textarea(_l("What happens, and what is needed?"))
    starts_at: datetime | None = moment(_l("When?"), required=False, told=_l("When"))
    place: str = text(_l("Where?"), required=False, told=_l("Where"))
    places: int | None = integer(
        _l("How many can take part?"),
        ge=1,
        le=1000,
        required=False,
        help=_l("Left empty, everybody can."),
        told=_l("Number of places"),
    )
    contact: str = phone(_l("Telephone for questions"), required=False)


class PledgeForm(PostForm):
    body: str = textarea(_l("What is promised, to whom, and how often?"))
    starts_at: datetime | None = moment(_l("When?"), required=False, told=_l("When"))
    place: str = text(_l("Where?"), required=False, told=_l("Where"))
    places: int | None = integer(
        _l("How many can claim it?"),
        ge=1,
        le=1000,
        required=False,
        help=_l("Left empty, everybody can."),
        told=_l("Number of places"),
    )
    contact: str = phone(_l("Telephone for questions"), required=False)


class WishForm(PostForm):
    title: str = text(
        _l("The wish, in one line"),
        max=80,
        min=2,
        help=_l("Small enough for one neighbour to fulfil. Write no name and no room here."),
    )
    body: str = textarea(
        _l("Why, and what should it be like?"),
        required=False,
        help=_l("Neighbours read this once the committee has looked it over."),
    )
    whose: str = choice(
        _l("Whose wish is it?"),
        WHOSE,
        radio=True,
        help=_l("A child's, or an elder's who lives alone, is shown without a name, in the committee's own."),
    )
    for_other: bool = yes(_l("I ask for somebody who cannot do it themself"))
    person: str = text(
        _l("Name of whose wish it is"), max=40, help=_l("Kept under lock: the committee alone can open it.")
    )
    door: str = text(
        _l("Building and room, or where to bring it"),
        max=80,
        help=_l("Kept under lock: the committee alone can open it."),
    )
    shares: bool = yes(
        _l("The neighbour who adopts it may read name and door"),
        help=_l("If not, the wish is handed over at the committee."),
    )


class ClaimForm(Form):
    note: str = text(
        _l("A word to those who plan it"),
        max=120,
        required=False,
        help=_l("Only they and the committee read it."),
    )


class WorkForm(Form):
    done_on: date = day(_l("On which day?"))
    words: str = textarea(_l("What did you do?"), max=1_000, help=_l("Neighbours read it. Write no room."))
    served: str = text(
        _l("For which neighbours?"),
        max=200,
        required=False,
        help=_l("Their names as neighbours see them, with 、 between. Only those who plan it read this."),
    )


class ConfirmForm(Form):
    work: str = choice(_l("Whose work?"), "works")
    verdict: str = choice(_l("Was it done?"), VERDICTS, radio=True)
    answer: str = text(_l("A word to them"), max=200, required=False)


class RatingForm(Form):
    stars: str = choice(
        _l("How was it?"), STARS, radio=True, help=_l("Shown as an average only, from five neighbours on.")
    )
    words: str = textarea(
        _l("Your words of thanks"),
        max=500,
        required=False,
        help=_l("Neighbours read them with your name."),
    )


class FinishForm(Form):
    report: str = textarea(_l("What was done?"), max=5_000)
    came: int | None = integer(
        _l("How many took part?"),
        required=False,
        le=10_000,
        help=_l("Left empty, those who were checked in are counted, with their guests."),
    )


class LookOverForm(Form):
    whose: str = choice(
        _l("Whose wish is it?"),
        WHOSE,
        radio=True,
        help=_l("A child's, or an elder's who lives alone, is shown without a name, in the committee's own."),
    )


class FulfilForm(Form):
    reason: str = textarea(_l("How did it go?"), max=500, required=False)


class ThanksForm(Form):
    reason: str = textarea(_l("Your words of thanks"), max=500, required=False)


class LookForm(Form):
    reason: str = text(
        _l("Why do you look?"), max=120, min=2, help=_l("Whose wish it is will read who looked, and why.")
    )


class ShowMembershipForm(Form):
    agree: bool = yes(
        _l("I agree that neighbours of this community see beside this claim that I am a Party member"),
    )
