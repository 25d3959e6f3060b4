"""Open affairs: the money, the decisions and the reports of a village or committee, open to questions."""

from shequtong.boards.affairs.models import AffairsEntry
from shequtong.core.posts import open_books
from shequtong.core.posts.board import Board
from shequtong.core.posts.policy import staff
from shequtong.lib.i18n import lazy_gettext as _l

board = Board(
    slug="affairs",
    name=_l("Open affairs"),
    about=_l("What the committee takes in, spends and decides. Ask about any line."),
    icon="coins",
    colour="brown",
    invite=_l("Enter something"),
    forms={
        "ledger": open_books.LedgerForm,
        "decision": open_books.RecordForm,
        "report": open_books.RecordForm,
    },
    kinds=(("ledger", _l("Ledger")), ("decision", _l("Decision")), ("report", _l("Report on our work"))),
    detail=AffairsEntry,
    facts=open_books.FACTS,
    searched=("with_whom",),
    desk=("questioned",),
    optional=True,
    rules={"create": staff, **open_books.RULES},
    owes=open_books.OWES,
    workflow=open_books.questionable(staff),
)
