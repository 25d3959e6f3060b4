"""The handbook that comes with the house: what a committee in Shanghai is asked most, to begin with and to mend.

It says what to bring and where to go in general words, and leaves figures that change to the rule of the day. The
days of review are spread over half a year, so that not everything is due at once.
"""

from __future__ import annotations

from datetime import date, timedelta

from shequtong.boards.guides.tables import COLUMNS
from shequtong.lib import files, spreadsheets
from shequtong.lib.i18n import gettext as _
from shequtong.lib.spreadsheets import Sheet

FILE = files.PACKAGE / "data" / "shanghai-guides.csv"
MANY = 100
"""Items in it."""


def sheet(today: date) -> Sheet:
    """The table, with days of review that are still to come."""
    first, *rows = spreadsheets.read(FILE.read_bytes(), MANY + 50)
    heads = [str(COLUMNS[name]) if name in COLUMNS else name for name in first]
    place = first.index("review_on")
    for number, row in enumerate(rows):
        row[place] = (today + timedelta(days=120 + number * 2)).isoformat()
    return Sheet(_("Guides"), [heads, *rows])
