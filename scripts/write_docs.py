"""Writes the pages of docs/ that come from the code: `make docs`. A test says when a page lags behind."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from shequtong.boards import ALL
from shequtong.core.duties import timing
from shequtong.core.posts.board import Board
from shequtong.core.posts.owing import Owed
from shequtong.core.posts.policy import TABLE
from shequtong.lib.forms import Form
from shequtong.lib.i18n import speaking
from shequtong.lib.policy import Rule, anyone, nobody
from shequtong.lib.workflow import Transition
from shequtong.settings import Settings

DOCS = Path(__file__).resolve().parents[1] / "docs"

SETTINGS_HEAD = """\
# Settings
<!-- Written by `make docs`; change the code instead. -->

Environment variables, or lines of a file `.env` in the working folder. Each has a default that is right for one
committee on one small machine. `shequtong check --settings` shows those in force.

"""

BOARDS_HEAD = """\
# The boards
<!-- Written by `make docs`; change the code instead. -->

{contents}

## Rules of every board
A board's own lines, below, replace these. What is not in the table is nobody's.

{everywhere}
"""


def settings_page() -> str:
    """Every setting, from `settings.py`."""
    rows = [
        (
            f"`SHEQUTONG_{name.upper()}`",
            f"`{field.default}`" if field.default not in (None, "") else "",
            field.description,
        )
        for name, field in Settings.model_fields.items()
    ]
    return SETTINGS_HEAD + table(("variable", "default", "what"), rows)


def boards_page() -> str:
    """Every board's states, transitions and rules, from `boards/*/board.py`."""
    contents = "\n".join(f"- [{two_names(board)}](#{board.slug})" for board in ALL)
    everywhere = table(("action", "who"), [(f"`{action}`", rule.words) for action, rule in TABLE.items()])
    return BOARDS_HEAD.format(contents=contents, everywhere=everywhere) + "\n".join(map(board_section, ALL))


def board_section(board: Board) -> str:
    parts = [f"## {board.slug}", f"**{two_names(board)}.** {board.about}"]
    if board.optional:
        parts.append("Off until a committee turns it on.")
    if board.essential:
        parts.append("Every community has it, under this name.")
    if board.kinds:
        parts.append("Kinds: " + ", ".join(f"`{kind}` {label}" for kind, label in board.kinds) + ".")
    parts += [f"The form asks for {asked(form)}{of}." for of, form in forms_of(board)]
    parts.append(diagram(board))
    if board.carries:
        parts.append("Posts may carry " + ", ".join(map(carried, board.carries.items())) + ".")
    if board.owes:
        parts += owed(board, board.owes)
    if board.rules:
        rows = [(f"`{action}`", rule.words) for action, rule in board.rules.items()]
        parts.append(table(("action", "who"), rows))
    rows = [transition_row(board, transition) for transition in board.workflow.transitions]
    parts.append(table(("transition", "from", "to", "who", "also"), rows))
    return "\n\n".join(parts) + "\n"


def carried(hanging: tuple[str, Rule]) -> str:
    """What may hang on a post, and on which posts when not on all."""
    name, fits = hanging
    return f"`{name}`" + ("" if fits is anyone else f" ({fits.words})")


def diagram(board: Board) -> str:
    """The life cycle as GitHub draws it. Taking part leaves the state alone, so it is left to the table."""
    workflow = board.workflow
    starts = dict.fromkeys(workflow.first_state(kind) for kind, _ in (board.kinds or ((None, None),)))
    lines = [f"    [*] --> {state}" for state in starts]
    lines += [
        f"    {source} --> {transition.target}: {transition.name}"
        for transition in workflow.transitions
        if transition.target
        for source in transition.sources
    ]
    return "```mermaid\nstateDiagram-v2\n" + "\n".join(lines) + "\n```"


def owed(board: Board, owes: Owed) -> list[str]:
    """What is owed to those who post, in hours of duty."""
    of = "" if not owes.kinds else " for " + " and ".join(f"`{kind}`" for kind in owes.kinds)
    told = [
        f"A first reply is owed{of} in {listed(owes.reply)}, an answer in {listed(owes.reply + owes.work)}"
        + (f"; the clock stands still in {listed(owes.waits)}" if owes.waits else "")
        + (f". It begins when {owes.begins.words}" if owes.begins.words != "anyone" else "")
        + (f". A day in `{owes.promise}` takes the place of the time for the answer" if owes.promise else "")
        + "."
    ]
    words = dict(timing.categories_of(board))
    hours = {f"`{key}` {words[key]}": owes.hours_of(key) for key in owes.hours}
    rows = [
        ("all" if not hours else "all others", *owes.usual),
        *((name, *both) for name, both in hours.items()),
    ]
    return [*told, table(("what", "first reply, duty hours", "answer, duty hours"), rows)]


def listed(states: Iterable[str]) -> str:
    return ", ".join(f"`{state}`" for state in states)


_EACH = {
    "account": "account",
    "dwelling": "dwelling",
    "dwellings": "dwelling of theirs",
    "community": "community",
}


def transition_row(board: Board, transition: Transition) -> tuple[str, ...]:
    also = []
    if transition.takes_part:
        also.append(f"once for each {_EACH[transition.per]}" + ("" if transition.undoable else ", for good"))
    if transition.at_once:
        also.append("by the form's main button")
    if transition.form:
        also.append(f"asks for {asked(transition.form)}")
    elif transition.reason != "none":
        also.append(f"reason {transition.reason}")
    if transition.reasons:
        also.append("reasons " + ", ".join(f"`{key}`" for key, _ in transition.reasons))
    if transition.clock:
        also.append(f"the clock, {after(board, transition)}")
    if transition.repeats:
        also.append("as often as need be, each time kept in the record")
    if transition.photos:
        also.append(f"up to {transition.photos} photos")
    if transition.by is nobody and not transition.clock:
        also.append("by itself, when what it waits for has happened")
    who = "nobody by hand" if transition.by is nobody else transition.by.words
    if transition.when.words != "anyone":
        who += f", when {transition.when.words}"
    sources = ", ".join(transition.sources)
    return (
        f"`{transition.name}` {transition.label}",
        sources,
        transition.target or "stays",
        who,
        "; ".join(also),
    )


def forms_of(board: Board) -> list[tuple[str, type[Form]]]:
    """The board's form, or those of its kinds, each with the words that say of which."""
    if not board.forms:
        return [("", board.form)]
    return [(f" (`{kind}`)", board.form_of(kind)) for kind, _ in board.kinds]


def asked(form: type[Form]) -> str:
    """The fields of a form by name; those that may stay empty in brackets."""
    return ", ".join(
        f"`{name}`" if field.is_required() else f"[`{name}`]" for name, field in form.model_fields.items()
    )


def after(board: Board, transition: Transition) -> str:
    """How long a state lasts before the clock takes over; without a time of its own, the post says."""
    lasting = [board.workflow.state(source).lasts for source in transition.sources]
    return " or ".join(dict.fromkeys(f"after {in_words(time)}" for time in lasting if time)) or "when due"


def in_words(time: timedelta) -> str:
    count, unit = (time.days, "day") if time.days else (round(time.total_seconds() / 3600), "hour")
    return f"{count} {unit}{'s' if count != 1 else ''}"


def two_names(board: Board) -> str:
    with speaking("zh-Hans"):
        chinese = str(board.name)
    return f"{chinese} {board.name}"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines
    )


PAGES: dict[str, Callable[[], str]] = {
    "boards.md": boards_page,
    "operating/settings.md": settings_page,
}


def written(name: str) -> str:
    """What the page should say, in English."""
    with speaking("en"):
        return PAGES[name]()


if __name__ == "__main__":
    for name in PAGES:
        (DOCS / name).write_text(written(name))
        print(f"docs/{name}")
