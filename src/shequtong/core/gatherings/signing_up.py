"""Taking a place or a number in the queue, bringing other guests, and giving the place to whoever is next.

The gathering's row is locked first and all is counted after that, so of many who want the last place one gets it
and the others stand in the order in which they came (R8). Nobody is overtaken: who brings more than there is room
for stays at the head of the queue, and may bring fewer.
"""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlmodel import Session

from shequtong.core.communities.events import Left
from shequtong.core.communities.standings import standings
from shequtong.core.gatherings import events
from shequtong.core.gatherings.models import CalendarAddress, Gathering, SignUp
from shequtong.core.identity.events import AccountErased
from shequtong.core.posts.models import Post
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.errors import Conflict, Invalid, NotFound
from shequtong.lib.events import publish as tell
from shequtong.lib.i18n import gettext as _

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What nobody takes for something else: no 0 and O, no 1, I and L."""
TICKET = 6


def lock(session: Session, post_id: int) -> Gathering:
    """The gathering as it is now; whoever else signs up, leaves or plans waits. Raises NotFound where none hangs."""
    mine = select(Gathering).where(Gathering.post_id == post_id).with_for_update()
    found = session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def sign_up(session: Session, case: Case, guests: int = 0) -> SignUp:
    """Take a place, or a number in the queue; once more brings other guests.

    Raises Conflict when it is cancelled or has begun, Invalid for more guests than are allowed or find room.
    """
    gathering = lock(session, case.post.id)
    _refuse_late(gathering)
    if guests > gathering.guests:
        raise Invalid(_("At most %(guests)s guests may come with you", guests=gathering.guests))
    if gathering.places is not None and 1 + guests > gathering.places:
        raise Invalid(_("There are only %(places)s places in all", places=gathering.places))
    mine = session.get(SignUp, (gathering.post_id, case.actor.id))
    if mine is not None and mine.state in ("in", "waiting"):
        _bring(session, case.post, gathering, mine, guests)
        return mine
    if mine is None:
        mine = SignUp(
            post_id=gathering.post_id,
            account_id=case.actor.id,
            state="waiting",
            number=0,
            ticket=new_ticket(session, gathering.post_id),
            at=clock.now(),
        )
    gathering.last_number += 1
    mine.number, mine.guests, mine.at = gathering.last_number, guests, clock.now()
    if _has_room(gathering, mine.seats) and not _queue(session, gathering):
        mine.state = "in"
        gathering.taken += mine.seats
    else:
        mine.state = "waiting"
    session.add(mine)
    session.flush()
    return mine


def step_out(session: Session, post: Post, account_id: int) -> None:
    """Give one's place or number back; who is next has it at once, and is told.

    Raises NotFound for who has none, Conflict when it has begun.
    """
    gathering = lock(session, post.id)
    mine = session.get(SignUp, (gathering.post_id, account_id))
    if mine is None or mine.state not in ("in", "waiting"):
        raise NotFound
    _refuse_late(gathering)
    _leave(session, post, gathering, mine)


def move_up(session: Session, post: Post, gathering: Gathering) -> None:
    """Give free places to those in the queue, in its order, and tell them. The gathering is locked."""
    found = []
    for next_one in _queue(session, gathering):
        if not _has_room(gathering, next_one.seats):
            break
        next_one.state = "in"
        gathering.taken += next_one.seats
        found.append(next_one.account_id)
    session.flush()
    if found:
        tell(session, events.PlacesFound(post, tuple(found)))


def on_left(session: Session, event: Left) -> None:
    """Who belongs to a community no more gives their places in it back."""
    claim = event.claim
    if claim.account_id not in standings(session, claim.code, [claim.account_id]):
        _leave_all(session, claim.account_id, claim.code)


def on_account_erased(session: Session, event: AccountErased) -> None:
    """Give every coming place back, and close the calendar. That somebody came stays, without a name."""
    _leave_all(session, event.account_id)
    address = session.get(CalendarAddress, event.account_id)
    if address is not None:
        session.delete(address)
    for gone in session.scalars(select(SignUp).where(SignUp.account_id == event.account_id)):
        if gone.state == "left":
            session.delete(gone)
    session.flush()


def _leave_all(session: Session, account_id: int, code: str | None = None) -> None:
    """Leave every gathering that is still to come, of one community or of all, in one order for everybody."""
    coming = (
        select(Gathering.post_id)
        .join(SignUp, SignUp.post_id == Gathering.post_id)
        .where(
            SignUp.account_id == account_id,
            SignUp.state.in_(("in", "waiting")),
            Gathering.starts_at > clock.now(),
        )
        .order_by(Gathering.post_id)
    )
    if code is not None:
        coming = coming.where(Gathering.code == code)
    for post_id in session.scalars(coming).all():
        gathering = lock(session, post_id)
        mine = session.get_one(SignUp, (post_id, account_id), populate_existing=True)
        if mine.state in ("in", "waiting"):
            _leave(session, session.get_one(Post, post_id), gathering, mine)


def _leave(session: Session, post: Post, gathering: Gathering, mine: SignUp) -> None:
    if mine.state == "in":
        gathering.taken -= mine.seats
    mine.state = "left"
    session.flush()
    if gathering.state == "planned":
        move_up(session, post, gathering)


def _bring(session: Session, post: Post, gathering: Gathering, mine: SignUp, guests: int) -> None:
    """Bring other guests. In the queue that costs nobody their number; with a place there must be room for more."""
    more = guests - mine.guests
    if mine.state == "in":
        if more > 0 and (not _has_room(gathering, more) or _queue(session, gathering)):
            raise Invalid(_("There is no room for more guests. Your own place stays yours."))
        gathering.taken += more
    mine.guests = guests
    session.flush()
    if gathering.places is not None:
        move_up(session, post, gathering)


def _refuse_late(gathering: Gathering) -> None:
    if gathering.state != "planned":
        raise Conflict(_("This gathering is cancelled."))
    if gathering.starts_at <= clock.now():
        raise Conflict(_("It has begun already. Nobody can sign up or step back any more."))


def _has_room(gathering: Gathering, seats: int) -> bool:
    return gathering.places is None or gathering.taken + seats <= gathering.places


def _queue(session: Session, gathering: Gathering) -> list[SignUp]:
    waiting = select(SignUp).where(SignUp.post_id == gathering.post_id, SignUp.state == "waiting")
    return list(session.scalars(waiting.order_by(SignUp.number)))


def new_ticket(session: Session, post_id: int) -> str:
    """Six characters that nobody else of this gathering has."""
    given = set(session.scalars(select(SignUp.ticket).where(SignUp.post_id == post_id)))
    while True:
        drawn = "".join(secrets.choice(LETTERS) for _place in range(TICKET))
        if drawn not in given:
            return drawn
