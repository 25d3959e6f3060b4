"""Committees of the district beside those of the story: a few have somebody who passes on what comes from above.

So the report of a bulletin is of a cascade that is on its way. Always the same committees, hours and words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zlib import crc32

from sqlalchemy import select
from sqlmodel import Session

from shequtong.boards.district.forms import RelayForm, SetAsideForm
from shequtong.core.communities import appointing, visiting
from shequtong.core.communities.models import Division
from shequtong.core.communities.standing import Standing
from shequtong.core.identity import registering
from shequtong.core.posts import queries
from shequtong.core.posts.policy import Case
from shequtong.core.posts.rooms import ROOMS
from shequtong.demo.people import People
from shequtong.town import Post as Told
from shequtong.town import StoryError, Town, awake

ACTING = 24
"""So many committees act, of some hundreds that were told."""
BULLETIN = "d-balcony"
PREFIX = "w"
"""With the code of the committee, the login of who serves there."""
RELAYED = (
    "请楼组长这两天提醒到户，花盆一时没地方放的，可以先寄放在居委会。",
    "本居周六上午逐楼看外墙支架，家里请留人。",
    "",
    "老人家里搬不动花盆的，打居委会电话，志愿者上门帮忙。",
)
SET_ASIDE = ("本村都是自建平房，没有高层。", "辖区内正在动迁，住户已全部搬离。")


def settle(session: Session, town: Town, people: People, admin: str) -> None:
    """Somebody serves in each of the committees that act."""
    district = next(iter(town.communities))[:6]
    found = session.execute(
        select(Division.code, Division.name)
        .where(Division.level == "committee", Division.parent_code.startswith(district))
        .order_by(Division.code)
    ).all()
    others = [row for row in found if row.code not in town.communities]
    by = people.actor(session, admin)
    for row in sorted(others, key=lambda row: crc32(row.code.encode()))[:ACTING]:
        login = f"{PREFIX}{row.code}"
        place = row.name.removesuffix("居委会").removesuffix("村委会").removesuffix("居民委员会")
        account = registering.open_account(session, login, f"{place}书记", people.hashed)
        if account is None or account.id is None:
            raise StoryError(f"two accounts {login}")
        people.ids[login] = account.id
        appointing.appoint(session, by, account, "secretary", row.code)


def acts(people: People, post: Told) -> Iterator[tuple[timedelta, str]]:
    """Who does something about a bulletin, after which time."""
    if post.key != BULLETIN:
        return
    for login in people.ids:
        if login.startswith(PREFIX) and login[1:].isdigit():
            slow = _lot(login, "how soon") % 2
            lot = _lot(login, "when") % (3000 if slow else 420)
            yield awake(post.at, timedelta(minutes=40 + lot)), login


def act(session: Session, people: People, post_id: int, login: str) -> None:
    """Pass it on, or say why it does not concern us: every fourth does."""
    board, code = ROOMS["district"], login.removeprefix(PREFIX)
    actor = people.actor(session, login)
    here = Standing.of(actor, code)
    community = visiting.find_community(session, code)
    shown = queries.show(session, board, post_id, code, actor, here)
    if shown is None:
        raise StoryError(f"{login} does not see the bulletin")
    case = Case(actor, here, board, community, shown.post, shown.detail, shown.parts)
    aside = _lot(login, "what") % 4 == 0
    words = SET_ASIDE if aside else RELAYED
    transition = board.workflow.transition("set_aside" if aside else "relay")
    assert transition is not None
    note = words[_lot(login, "words") % len(words)]
    form = SetAsideForm(note=note) if aside else RelayForm(note=note)
    board.move(session, case, transition, form)


def _lot(login: str, what: str) -> int:
    return crc32(f"{login}|{what}".encode())
