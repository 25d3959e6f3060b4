"""The people of the town as the product knows them: their accounts, and what they are allowed at a moment."""

from __future__ import annotations

from sqlmodel import Session

from shequtong.core.communities import visiting
from shequtong.core.identity import registering, signing_in
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.demo.telling import PASSWORD
from shequtong.lib import crypto, passwords
from shequtong.town import Person


class People:
    """Opens the accounts, all with one password that is hashed once, and signs their owners in."""

    def __init__(self) -> None:
        self.hashed = passwords.hash(PASSWORD)
        self.ids: dict[str, int] = {}
        self._actors: dict[str, Actor] = {}

    def register(self, session: Session, person: Person) -> Account:
        """An account as registration makes it."""
        phone = registering.normal_phone(person.phone) or ""
        account = registering.open_account(
            session, person.login, person.name, self.hashed, real_name=person.real_name, phone=phone
        )
        assert account is not None, f"two accounts {person.login}"
        return self.know(account, person)

    def know(self, account: Account, person: Person) -> Account:
        """Give an account its owner's words and password."""
        account.password, account.about = self.hashed, person.about
        self.ids[person.login] = account.id
        return account

    def actor(self, session: Session, login: str) -> Actor:
        """Somebody with the roles they hold now, as the browser they sign in with is recognised."""
        if login not in self._actors:
            token = signing_in.open_session(session, self.ids[login], "")
            session.flush()
            self._actors[login] = visiting.find_actor(session, token)
            signing_in.close_session(session, crypto.digest(token))
        return self._actors[login]

    def changed(self, *logins: str) -> None:
        """Their roles are others now: look again when they act next."""
        for login in logins:
            self._actors.pop(login, None)
