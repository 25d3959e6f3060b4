"""How somebody wants pages to look and which language they read."""

from __future__ import annotations

from collections.abc import Mapping

from shequtong.core.identity.models import TEXTS, THEMES, Account
from shequtong.lib.i18n import LOCALES

CHOICES: Mapping[str, tuple[str, ...]] = {"theme": THEMES, "text": TEXTS, "locale": tuple(LOCALES)}


def prefer(account: Account | None, wanted: Mapping[str, str], *, only_new: bool = False) -> dict[str, str]:
    """What of `wanted` is a choice; kept with the account, if there is one.

    `only_new` leaves alone what the account has chosen before: for what a visitor chose before signing in.
    """
    chosen = {name: value for name, value in wanted.items() if value in CHOICES[name]}
    for name, value in chosen.items():
        untouched = getattr(account, name, None) in (None, CHOICES[name][0])
        if account is not None and (untouched or not only_new):
            setattr(account, name, value)
    return chosen
