"""Open affairs: the money, the decisions and the reports of a village or committee, open to questions."""

from shequtong.boards.affairs.models import AffairsEntry
from shequtong.core.books import forms, keeping
from shequtong.core.posts.policy import staff
from shequtong.lib.i18n import lazy_gettext as _l

board = keeping.Books(
    slug="affairs",
    name=_l("Open affairs"),
    about=_l("What the committee takes in, spends and decides. Ask about any line."),
    icon="coins",
    colour="brown",
    invite=_l("Enter something"),
    forms={
        "ledger": forms.LedgerForm,
        "decision": forms.RecordForm,
        "report": forms.RecordForm,
    },
    kinds=(("ledger", _l("Ledger")), ("decision", _l("Decision")), ("report", _l("Report on our work"))),
    detail=AffairsEntry,
    facts=keeping.FACTS,
    searched=("with_whom",),
    desk=("questioned",),
    optional=True,
    rules=keeping.rules(staff),
    owes=keeping.OWES,
    workflow=keeping.questionable(staff),
)
