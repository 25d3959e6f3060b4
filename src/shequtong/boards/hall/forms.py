"""What each stage of a proposal asks of whoever moves it on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shequtong.core.ballots.rules import RULES
from shequtong.core.posts.forms import RATINGS, PostForm
from shequtong.lib.forms import Form, choice, choices, day, integer, money, text, textarea, yes
from shequtong.lib.i18n import lazy_gettext as _l

TOPICS = (
    ("safety", _l("Safety and order")),
    ("green", _l("Greenery and waste")),
    ("parking", _l("Parking and ways")),
    ("repairs", _l("Lifts, pipes and repairs")),
    ("rules", _l("Rules of living together")),
    ("culture", _l("Culture and sport")),
    ("other", _l("Other")),
)
REFUSALS = (
    ("unlawful", _l("The law or somebody's rights forbid it")),
    ("not_ours", _l("Households here cannot decide it")),
    ("personal", _l("It is a matter between persons; mediation can help")),
    ("duplicate", _l("The same is under discussion already")),
    ("decided", _l("It was decided less than a year ago")),
    ("a_case", _l("It is a case to report, and was moved to Nearby matters")),
)
INVITED = (
    ("property", _l("Property firm")),
    ("organisation", _l("Social organisation")),
    ("police", _l("Community police")),
    ("doctor", _l("Family doctor")),
    ("lawyer", _l("Lawyer")),
    ("street", _l("Street or town office")),
)
"""Departments that have no say in the hall unless a topic invites them."""
OUTCOMES = (
    ("covenant", _l("Covenant: a rule we all keep")),
    ("project", _l("Project: something we do together")),
    ("referral", _l("Referral: we hand it to somebody else")),
)


class ProposalForm(PostForm):
    title: str = text(_l("What do you propose?"), max=80, min=4)
    topic: str = choice(_l("What is it about?"), TOPICS)
    body: str = textarea(_l("What is the matter now?"))
    change: str = textarea(_l("What should change?"), max=2_000)


class RefuseForm(Form):
    reason: str = choice(_l("Reason"), REFUSALS, radio=True)
    refusal: str = textarea(_l("Explain it to the proposer"), max=1_000)


class AppealForm(Form):
    appeal: str = textarea(_l("Why should it be discussed after all?"), max=1_000)


class AppealAnswerForm(Form):
    appeal_answer: str = textarea(_l("Explain it to the proposer"), max=1_000)


class FramingForm(Form):
    options: str = textarea(_l("Which ways are there?"), max=3_000, help=_l("One way a line."))
    cost: str = text(_l("What would it cost, and who pays?"), max=300, told=_l("Cost"))
    affected: str = text(_l("Whom does it affect?"), max=300, told=_l("Affected"))
    affected_places: list[str] = choices(
        _l("Which buildings does it affect?"),
        "voting_buildings",
        help=_l("None ticked: all of the community."),
    )
    invited_offices: list[str] = choices(
        _l("Whom do you invite to speak?"),
        INVITED,
        help=_l("They may speak on this topic only, until it is closed."),
    )
    invited: str = text(
        _l("Who else is invited to the discussion?"), max=300, required=False, told=_l("Invited too")
    )


class StatementForm(Form):
    statement: str = text(
        _l("What do you think?"), max=140, min=4, help=_l("One idea, in one sentence. Neighbours answer it.")
    )


class ArgumentForm(Form):
    argument: str = textarea(
        _l("What speaks for it, or against it?"),
        max=280,
        min=4,
        help=_l("One reason, in 280 characters at most."),
    )


class MinutesForm(Form):
    minutes: str = textarea(_l("What was said in the discussion?"), max=10_000)
    wording: str = textarea(
        _l("First draft of the text"), required=False, help=_l("Neighbours propose changes to it.")
    )


class AmendmentForm(Form):
    words: str = textarea(_l("How it should read"), required=False, help=_l("Leave it empty to strike it."))
    why: str = textarea(_l("Why should it read so?"), max=500, min=2)


class AcceptForm(Form):
    why: str = textarea(_l("The committee's reason"), max=1_000)
    words: str = textarea(_l("The whole text as it shall read now"), required=False)


class VersionForm(Form):
    words: str = textarea(_l("The whole text as it shall read now"))
    why: str = textarea(_l("What changes, and why?"), max=500)


class WordingForm(Form):
    wording: str = textarea(_l("The text that households will vote on"), max=10_000)
    objections_until: date = day(
        _l("Objections until"), future=True, help=_l("Seven days from now, or later.")
    )


class OpenVoteForm(Form):
    voting_rule: str = choice(_l("Which rule decides?"), [(r.key, r.label) for r in RULES], radio=True)
    vote_options: str = textarea(
        _l("What can be chosen?"),
        max=700,
        required=False,
        help=_l("One option a line. Leave it empty for: in favour, against, abstain."),
    )
    vote_buildings: list[str] = choices(
        _l("Which buildings vote?"), "voting_buildings", help=_l("None ticked: all of the community.")
    )
    vote_secrecy: str = choice(
        _l("Is the vote open or secret?"),
        (
            ("open", _l("Open: a ballot can be changed until the vote closes")),
            ("secret", _l("Secret: a ballot is parted from its voter at once, and final")),
        ),
        radio=True,
        help=_l("This can never be changed once the vote is open."),
    )
    vote_papers: bool = yes(_l("Paper ballots are taken too"))
    vote_place: str = text(_l("Where are paper ballots handed in?"), max=200, required=False)
    vote_proxies: int | None = integer(
        _l("For how many other dwellings may one person vote?"),
        le=10,
        required=False,
        help=_l("With a written mandate. Leave it empty for none."),
    )
    vote_until: date = day(_l("Ballots until"), future=True, help=_l("To the end of that day."))
    outcome: str = choice(_l("What comes of it, if it is adopted?"), OUTCOMES, radio=True)
    objections: str = textarea(
        _l("Objections on paper or in person, and the answer to each"), max=5_000, required=False
    )


class RepeatVoteForm(Form):
    vote_until: date = day(
        _l("Ballots until"), future=True, help=_l("To the end of that day. Everything else is as it was.")
    )


class EnactForm(Form):
    article_title: str = text(_l("What is the article called?"), max=60, min=2)
    changes: int | None = integer(
        _l("Which article does it take the place of?"),
        ge=1,
        le=9999,
        required=False,
        help=_l("Its number in the covenant. Leave it empty for a new article."),
    )
    ends: bool = yes(_l("That article ends, and nothing takes its place"))
    in_force_on: date = day(_l("It holds from"), future=True)
    review_on: date = day(_l("Look at it again on"), future=True)


class ExecuteForm(Form):
    lead: str = text(
        _l("Who leads it?"),
        max=120,
        told=_l("Lead"),
        help=_l("A neighbour's name as it is shown here lets them keep the project's books too."),
    )
    budget: Decimal | None = money(_l("Budget"), le=100_000_000, required=False)
    funder: str = text(_l("Who pays?"), max=120, required=False, told=_l("Paid by"))
    due_on: date | None = day(_l("To be done by"), required=False, future=True)


class ReferForm(Form):
    referred_to: str = text(_l("Whom do you ask?"), max=120, told=_l("Handed to"))
    due_on: date = day(_l("An answer is due by"), future=True)


class AnswerForm(Form):
    answer: str = textarea(_l("What did they answer?"), max=5_000)


class ProgressForm(Form):
    reason: str = textarea(_l("What has been done since?"), max=2_000)


class MilestoneForm(Form):
    title: str = text(_l("What comes next?"), max=120, min=2)
    due_on: date = day(_l("To be done by"))


class ExpenseForm(Form):
    purpose: str = text(_l("What was it for?"), max=120, min=2)
    amount: Decimal = money(_l("Amount"), le=100_000_000, help=_l("In yuan."))
    direction: str = choice(
        _l("Kind of entry"), (("spent", _l("Spent")), ("returned", _l("Came back"))), radio=True
    )
    paid_on: date = day(_l("Day"))


class JudgementForm(Form):
    stars: str = choice(_l("How well was it done?"), RATINGS, radio=True)


class DeliverForm(Form):
    report: str = textarea(_l("What was done?"), max=5_000)


class ReviewForm(Form):
    review: str = textarea(_l("How is it today? What have we learnt?"), max=5_000)
