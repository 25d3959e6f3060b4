"""Property window: every line of the ledger, every contract and all minutes, open to questions."""

from shequtong.boards.property.models import PropertyEntry
from shequtong.core.books import forms, keeping
from shequtong.core.posts.policy import Case, holds
from shequtong.lib.i18n import lazy_gettext as _l

owners = holds("owners_committee")
keeper = holds("property", "owners_committee")


class Property(keeping.Books):
    def may_post_kind(self, case: Case, kind: str) -> bool:
        """Minutes are those of the owners' committee."""
        return owners(case) if kind == "minutes" else keeper(case)


board = Property(
    slug="property",
    name=_l("Property window"),
    about=_l(
        "What the property firm and the owners' committee take in, spend and agree. Ask about any line."
    ),
    icon="building-2",
    colour="slate",
    invite=_l("Enter something"),
    forms={
        "ledger": forms.LedgerForm,
        "contract": forms.ContractForm,
        "minutes": forms.RecordForm,
    },
    kinds=(("ledger", _l("Ledger")), ("contract", _l("Contract")), ("minutes", _l("Minutes"))),
    detail=PropertyEntry,
    facts=keeping.FACTS,
    searched=("with_whom",),
    optional=True,
    rules=keeping.rules(keeper),
    owes=keeping.OWES,
    workflow=keeping.questionable(keeper),
)
