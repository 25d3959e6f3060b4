"""What the pages that everybody opens may ask the database, whatever the number of rows on them."""

from __future__ import annotations

import pytest
from tests.cast import HOME
from tests.counting import counted

FEW, MANY = 2, 20
PAGES = (
    # who, where, queries at most
    ("resident", "/home", 3),
    ("clerk", "/home", 4),
    ("resident", f"/c/{HOME}", 5),
    ("visitor", f"/c/{HOME}", 4),
    ("resident", "/search?q=路灯", 5),
    ("clerk", f"/c/{HOME}/desk", 10),
    ("resident", "/inbox", 2),
    ("resident", "/me/follows", 8),
    ("neighbor", "/u/resident", 4),
)


UNMOVED = (("visitor", f"/c/{HOME}"),)
"""Who does not see them: matters are for neighbours."""


@pytest.mark.parametrize(("who", "where", "most"), PAGES)
def test_a_page_asks_no_more_for_many_rows_than_for_few(app, cast, visitor, who, where, most):
    browser = visitor if who == "visitor" else getattr(cast, who)
    counts = []
    written = 0
    for enough in (FEW, MANY):
        while written < enough:
            _live_a_little(cast, written)
            written += 1
        address = where.replace("/u/resident", f"/u/{cast.resident.id}")
        browser.get(address)  # the first visit of an hour is noted
        with counted(app) as asked:
            answer = browser.get(address)
        assert answer.status_code == 200
        counts.append(len(asked))
    assert counts[0] >= counts[1] and counts[1] <= most, (counts, asked)
    assert answer.text.count("路灯") > 5 or (who, where) in UNMOVED, "the page shows them"


def _live_a_little(cast, number: int) -> None:
    """A matter with a comment, which several people and the desk have before them."""
    matter = cast.resident.insist(
        f"/c/{HOME}/matters/new",
        {"title": f"第{number}盏路灯不亮", "category": "light", "body": "晚上看不见路。"},
    )
    cast.neighbor.submit(f"{matter.headers['location']}/comments", {"body": f"路灯真的不亮，{number}。"})
