"""A link that sets a password once, for a first password or a forgotten one."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlmodel import Session

from shequtong.core.identity import signing_in
from shequtong.core.identity.models import Account, OneTimeLink
from shequtong.lib import clock, crypto

LIFETIME = timedelta(hours=24)


def make_link(session: Session, account_id: int) -> str:
    """The path of a new link, shown once and kept only as a digest. Earlier links of the account end."""
    token = crypto.new_token()
    session.execute(delete(OneTimeLink).where(OneTimeLink.account_id == account_id))
    session.add(
        OneTimeLink(digest=crypto.digest(token), account_id=account_id, expires_at=clock.now() + LIFETIME)
    )
    return f"/password/{token}"


def account_of(session: Session, token: str) -> Account | None:
    """Whose password this link sets; None when it was used, is over, or was never ours."""
    return session.scalar(
        select(Account)
        .join(OneTimeLink, OneTimeLink.account_id == Account.id)
        .where(
            OneTimeLink.digest == crypto.digest(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
            Account.disabled_at.is_(None),
        )
    )


def use_link(session: Session, token: str, hashed: str) -> Account | None:
    """Set the password the link is for and end all sessions (S6). None when somebody was faster."""
    account = account_of(session, token)
    taken = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.digest == crypto.digest(token), OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
    )
    if account is None or taken.rowcount != 1:
        return None
    change_password(session, account, hashed)
    return account


def change_password(session: Session, account: Account, hashed: str, *, but: str = "") -> None:
    """Keep the new hash; every browser is signed out, except the one whose session has the digest `but`."""
    account.password = hashed
    signing_in.close_all(session, account.id, but=but)
