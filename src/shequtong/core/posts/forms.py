"""What every board asks a poster for; a board adds its own fields."""

from __future__ import annotations

from shequtong.lib.forms import Form, text, textarea
from shequtong.lib.i18n import lazy_gettext as _l


class PostForm(Form):
    """Title and body. A board with photos gets its photo field from the page."""

    title: str = text(_l("Title"), max=80, min=2)
    body: str = textarea(_l("What do you want to say?"), max=10_000, required=False)


class CommentForm(Form):
    body: str = textarea(_l("Your comment"), max=4_000)
