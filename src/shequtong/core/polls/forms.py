"""What somebody fills in who asks, and the sheet that its questions make for those who answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import create_model

from shequtong.lib.forms import BoundForm, Form, choice, choices, moment, text, textarea
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l

KINDS = (
    ("single", _l("Choose one")),
    ("several", _l("Choose several")),
    ("ranked", _l("Put in order")),
    ("text", _l("Own words")),
)
UNITS = (("person", _l("Each neighbour")), ("household", _l("Each household, once")))
SHOWS = (("closed", _l("When it is over")), ("answered", _l("As soon as one has answered")))
MOST_OPTIONS = 12
LONGEST_OPTION = 60
RANKS = 3
"""So many places are asked for where options are put in order."""


class QuestionForm(Form):
    words: str = text(_l("What do you ask?"), max=120, min=2)
    kind: str = choice(_l("How is it answered?"), KINDS, radio=True)
    options: str = textarea(
        _l("Options, one a line"),
        max=MOST_OPTIONS * (LONGEST_OPTION + 2),
        required=False,
        help=_l("From 2 to 12. Own words need none."),
    )


class OpeningForm(Form):
    unit: str = choice(_l("Who answers?"), UNITS, radio=True)
    shows: str = choice(_l("When are the results shown?"), SHOWS, radio=True)
    closes_at: datetime = moment(_l("Until when can be answered?"))


def options_of(form: BoundForm[QuestionForm]) -> list[str]:
    """The options that were typed, once each; a mistake is marked beside them."""
    asked = form.value
    found = list(dict.fromkeys(filter(None, (line.strip() for line in asked.options.splitlines()))))
    if asked.kind == "text":
        if found:
            form.refuse("options", _("Own words have no options. Choose another kind, or leave this empty."))
        return []
    if not 2 <= len(found) <= MOST_OPTIONS:
        form.refuse("options", _("Write from 2 to 12 different options, one a line"))
    elif any(len(option) > LONGEST_OPTION for option in found):
        form.refuse("options", _("An option has at most 60 characters"))
    return found


def sheet_of(questions: list[Any]) -> type[Form]:
    """The form for these questions; a ranked one is a field for each of the first places."""
    fields: dict[str, Any] = {}
    for question in questions:
        name, listed = f"q{question.number}", list(enumerate(question.options))
        named = [(str(place), words) for place, words in listed]
        if question.kind == "single":
            fields[name] = (str, choice(question.words, named, radio=True))
        elif question.kind == "several":
            fields[name] = (list[str], choices(question.words, named, required=True))
        elif question.kind == "text":
            fields[name] = (str, textarea(question.words, max=1000, required=False))
        else:
            for rank in range(1, min(RANKS, len(named)) + 1):
                label = _("%(question)s: place %(rank)s", question=question.words, rank=rank)
                fields[f"{name}_{rank}"] = (str, choice(label, named, required=rank == 1))
    return create_model("SheetForm", __base__=Form, **fields)


def answers_of(form: BoundForm[Any], questions: list[Any]) -> dict[str, Any]:
    """What a sheet says, as it is kept; the same option on two places is marked as a mistake."""
    told: dict[str, Any] = {}
    value = form.value
    wrong = []
    for question in questions:
        name = f"q{question.number}"
        if question.kind == "ranked":
            ranks = [f"{name}_{rank}" for rank in range(1, min(RANKS, len(question.options)) + 1)]
            chosen = [(field, getattr(value, field)) for field in ranks if getattr(value, field)]
            seen: set[str] = set()
            for field, option in chosen:
                if option in seen:
                    wrong.append(field)
                seen.add(option)
            told[str(question.number)] = [int(option) for _field, option in chosen]
        elif question.kind == "several":
            told[str(question.number)] = sorted({int(option) for option in getattr(value, name)})
        elif question.kind == "single":
            told[str(question.number)] = [int(getattr(value, name))]
        elif getattr(value, name):
            told[str(question.number)] = getattr(value, name)
    for field in wrong:
        form.refuse(field, _("This option has another place already"))
    return told


def filled_in(answers: dict[str, Any], questions: list[Any]) -> dict[str, Any]:
    """A sheet's answers as the fields of its form, to be changed."""
    fields: dict[str, Any] = {}
    for question in questions:
        name, told = f"q{question.number}", answers.get(str(question.number))
        if told is None:
            continue
        if question.kind == "ranked":
            fields |= {f"{name}_{rank}": str(option) for rank, option in enumerate(told, 1)}
        elif question.kind == "several":
            fields[name] = [str(option) for option in told]
        else:
            fields[name] = str(told[0]) if question.kind == "single" else told
    return fields
