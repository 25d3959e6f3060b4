"""One register says what is kept about people: it is whole, it is what everybody reads, and it says the truth."""

from __future__ import annotations

import pytest
from tests.cast import Browser

from shequtong.core.identity import exporting
from shequtong.core.privacy.register import (
    GOES,
    GROUNDS,
    NAMELESS,
    REGISTER,
    SEEN,
    STAYS,
    kind_of,
    names_somebody,
)
from shequtong.core.privacy.retaining import PERIODS
from shequtong.lib import i18n
from shequtong.lib.db import Table

TABLES = Table.metadata.tables


def of_people() -> set[str]:
    """Every table that names a person, or holds something encrypted."""
    return {name for name, table in TABLES.items() if names_somebody(table)}


def test_the_register_names_no_table_that_is_not_there_and_no_period_of_nothing():
    assert {table for kind in REGISTER for table in kind.tables} <= set(TABLES)
    assert {period.kind for period in PERIODS} <= {kind.name for kind in REGISTER}
    for period in PERIODS:
        assert period.table in TABLES and period.kind in [kind.name for kind in kind_of(period.table)]
        assert period.usual >= period.least >= 1


@pytest.mark.parametrize("kind", REGISTER, ids=lambda kind: kind.name)
def test_every_kind_says_why_by_which_article_who_sees_it_and_when_it_goes(kind):
    assert kind.ground in GROUNDS and kind.seen in SEEN and kind.erased in (GOES, NAMELESS, STAYS)
    assert str(kind.what) and str(kind.why) and kind.kept
    assert kind.erased == GOES or str(kind.because)


def test_p4_what_names_a_person_is_taken_along_or_says_why_not():
    """`exporting` finds a person's rows by itself; what it leaves out is declared, with the reason."""
    about = {
        name for name, table in TABLES.items() if exporting._owner(table) is not None or name == "account"
    }
    details = {
        name
        for name, table in TABLES.items()
        if len(table.primary_key.columns) == 1
        and exporting._refers_to(next(iter(table.primary_key.columns)), "post")
    }
    left_out = of_people() - about - details - {"dwelling"} - PACKED
    reasons = {name: [str(kind.not_taken) for kind in kind_of(name)] for name in left_out}
    assert sorted(name for name, told in reasons.items() if not any(told)) == sorted(OF_THE_COMMITTEE)


PACKED = {"registry_overlay", "registry_change", "registry_visit", "registry_visit_plan"}
"""Rows about a person of the registry, whoever wrote them: `registry.forgetting.pack` takes them along."""

OF_THE_COMMITTEE = {
    "ballot_event",
    "ballot_paper",
    "listed_word",
    "membership_transition",
    "notices_paper_confirmation",
    "reply_template",
}
"""Of these only who wrote them in an office is kept: about others, or about the committee's work."""


@pytest.mark.parametrize("locale", ["zh-Hans", "en"])
def test_everybody_reads_the_register_without_signing_in(app, locale):
    visitor = Browser(app, "visitor")
    visitor.cookies.set("locale", locale)
    page = visitor.get("/privacy")
    assert page.status_code == 200
    with i18n.speaking(locale):
        for kind in REGISTER:
            for words in (kind.why, GROUNDS[kind.ground], SEEN[kind.seen], *kind.kept):
                assert str(words).split("’")[0].split("'")[0] in page.text, kind.name


def test_a_visitor_is_led_there_before_an_account_is_made(cast):
    assert 'href="/privacy"' in cast.visitor.get("/").text
