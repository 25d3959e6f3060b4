"""A3: what may be seen across communities is what may be seen in each of them, for everybody and every post."""

from itertools import product

import pytest
from sqlalchemy import select
from tests.cast import AWAY, DISTRICT, HOME, LOGINS, STREET

from shequtong.core.communities.models import Building, Division
from shequtong.core.communities.standing import Standing
from shequtong.core.communities.visiting import find_actor
from shequtong.core.follows.models import Mute
from shequtong.core.identity.actor import VISITOR
from shequtong.core.identity.models import Account
from shequtong.core.identity.signing_in import open_session
from shequtong.core.posts import queries, seeing
from shequtong.core.posts.models import Post
from shequtong.lib import clock


@pytest.fixture
def town(app):
    """Posts of every audience and moderation in every division, by and for several people; some mutes."""
    with app.state.database.writing() as session:
        ids = dict(session.execute(select(Account.login, Account.id)).all())
        buildings = {b.code: b.id for b in session.scalars(select(Building).where(Building.name == "1号楼"))}
        people = ("resident", "neighbor", "clerk", "lead", "outsider")
        for number, (code, audience, moderation, author) in enumerate(
            product(
                (HOME, AWAY, STREET, DISTRICT),
                ("public", "community", "building", "parties"),
                ("clear", "held", "hidden"),
                people,
            )
        ):
            session.add(
                Post(
                    code=code,
                    board="talk",
                    state="live",
                    author_id=ids[author],
                    author_role={"clerk": "clerk", "lead": "lead"}.get(author, ""),
                    title=f"{number}",
                    building_id=buildings.get(code) if audience == "building" else None,
                    audience=audience,
                    moderation=moderation,
                    handler=("", "property", "street", "clerk")[number % 4] or None,
                    assignee_id=ids["owner"] if number % 5 == 0 else None,
                    created_at=clock.now(),
                    activity_at=clock.now(),
                    deleted_at=clock.now() if number % 11 == 0 else None,
                )
            )
        for who, whom, block in (
            ("resident", "neighbor", True),
            ("neighbor", "clerk", True),
            ("elder", "lead", False),
            ("clerk", "resident", False),
            ("lead", "property", True),
        ):
            session.add(Mute(account_id=ids[who], other_id=ids[whom], block=block, at=clock.now()))
    return ids


def test_a3_the_two_ways_to_say_what_is_visible_agree(app, town):
    with app.state.database.writing() as session:
        actors = {
            login: find_actor(session, open_session(session, town[login])) if login in town else VISITOR
            for login in LOGINS
        }
        divisions = session.scalars(select(Division.code)).all()
        for login, actor in actors.items():
            one_by_one, unmuted_one_by_one = set(), set()
            for code in divisions:
                values = queries.reader(actor, Standing.of(actor, code))
                here = select(Post.id).where(Post.code == code, queries.visible())
                one_by_one |= set(session.scalars(here, values))
                unmuted_one_by_one |= set(session.scalars(here.where(queries.unmuted()), values))
            for reach in {seeing.Reach(True, True, True), seeing.reach(actor)}:
                everywhere = select(Post.id).where(seeing.visible(reach))
                values = seeing.reader(actor)
                assert set(session.scalars(everywhere, values)) == one_by_one, (login, reach)
                heard = everywhere.where(seeing.unmuted(reach))
                assert set(session.scalars(heard, values)) == unmuted_one_by_one, (login, reach)
            assert one_by_one or login == "visitor"
