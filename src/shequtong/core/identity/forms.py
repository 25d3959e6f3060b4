"""What is asked at the door."""

from __future__ import annotations

from typing import Any

from shequtong.core.identity.models import Account
from shequtong.lib import forms, passwords
from shequtong.lib.forms import BoundForm, Form
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l

_GOOD = _l("At least 8 characters. A few words that only you would join are easy to keep and hard to guess.")


class SignInForm(Form):
    login: str = forms.text(_l("Login name or phone number"), max=64, autocomplete="username")
    password: str = forms.password(_l("Password"))


class NewPasswordForm(Form):
    """A password for an account that proves itself by a link."""

    password: str = forms.password(_l("New password"), autocomplete="new-password", help=_GOOD)
    again: str = forms.password(_l("The same once more"), autocomplete="new-password")


class ChangePasswordForm(Form):
    current: str = forms.password(_l("Password until now"))
    password: str = forms.password(_l("New password"), autocomplete="new-password", help=_GOOD)
    again: str = forms.password(_l("The same once more"), autocomplete="new-password")


class ProfileForm(Form):
    """How neighbours see somebody."""

    name: str = forms.text(
        _l("Your name for neighbours"),
        max=16,
        autocomplete="nickname",
        help=_l("Such as Auntie Fang or 小陈."),
    )
    about: str = forms.textarea(
        _l("About you"), max=300, required=False, help=_l("Neighbours can read it. Leave out phone and room.")
    )


class PhoneForm(Form):
    """Another phone number, for who proves with the password that the account is theirs."""

    phone: str = forms.phone(
        _l("New phone number"), help=_l("You can sign in with it. Kept encrypted, never shown to neighbours.")
    )
    current: str = forms.password(_l("Password"))


class ErasureForm(Form):
    password: str = forms.password(_l("Password"))
    sure: bool = forms.yes(_l("I know that nobody can bring my account back"))


def check_new_password(form: BoundForm[Any], account: Account) -> None:
    """Refuse a password that is mistyped or easy to guess for whoever knows this person (S2)."""
    if form.checked is None:
        return
    wanted, again = form.value.password, form.value.again
    personal = [
        account.login,
        account.name,
        account.real_name or "",
        (account.phone or "").removeprefix("+86"),
    ]
    if weakness := passwords.weakness(wanted, filter(None, personal)):
        form.refuse("password", weakness)
    elif wanted != again:
        form.refuse("again", _("The two are not the same"))
