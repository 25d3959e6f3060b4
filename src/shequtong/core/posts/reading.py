"""How far somebody has read."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session

from shequtong.core.posts.models import ReadMark
from shequtong.lib import clock
from shequtong.lib.db import insert_or_nothing


def mark_read(session: Session, account_id: int, post_id: int) -> None:
    now = clock.now()
    if not insert_or_nothing(session, ReadMark, account_id=account_id, post_id=post_id, at=now):
        mine = (ReadMark.account_id == account_id, ReadMark.post_id == post_id)
        session.execute(update(ReadMark).where(*mine).values(at=now))
