"""The demo town: its homes, its people and three weeks of their life, as data.

`load()` reads the TOML files beside this one; nothing here touches a database. `demo` plays the town through
the product's own actions. Day 0 is the last whole day before the demo is made; the three weeks are days -21
to 0, and what needs a longer past (a vote, a six months' review) begins before.
"""

from shequtong.town.homes import Community, Dwelling, Person
from shequtong.town.reading import HERE, load, names
from shequtong.town.script import Comment, StoryError, awake, dated
from shequtong.town.story import (
    Decision,
    Duties,
    Follow,
    Gathering,
    Poll,
    Post,
    Report,
    Request,
    SignUp,
    Step,
    Town,
    Visit,
)

PICTURES = HERE / "pictures"

__all__ = [
    "PICTURES",
    "Comment",
    "Community",
    "Decision",
    "Duties",
    "Dwelling",
    "Follow",
    "Gathering",
    "Person",
    "Poll",
    "Post",
    "Report",
    "Request",
    "SignUp",
    "Step",
    "StoryError",
    "Town",
    "Visit",
    "awake",
    "dated",
    "load",
    "names",
]
