"""What somebody who wants to talk is asked."""

from __future__ import annotations

from shequtong.core.posts.forms import PostForm
from shequtong.lib.forms import choice, text, textarea
from shequtong.lib.i18n import lazy_gettext as _l

TOPICS = (
    ("everyday", _l("Everyday life")),
    ("newcomer", _l("New here")),
    ("photo", _l("Photos")),
    ("children", _l("Children")),
    ("elders", _l("Elders")),
    ("pets", _l("Pets")),
    ("food", _l("Food")),
    ("sport", _l("Sport and games")),
)


class TalkForm(PostForm):
    title: str = text(_l("Title"), max=80, min=2)
    kind: str = choice(
        _l("Topic"),
        TOPICS,
        required=False,
        default="everyday",
        help=_l("Just moved in? Choose “New here” and say hello."),
    )
    body: str = textarea(_l("What do you want to say?"), max=10_000, required=False)
