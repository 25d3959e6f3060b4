"""One dwelling, one ballot: cast by who may, changed while it may be, and never after the close."""

import asyncio
import os
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import func, select
from tests.cast import HOME, number_of
from tests.core.ballots.conftest import TALK, home_of

from shequtong.core.ballots.models import Ballot, RollEntry, SealedBallot, Turnout
from shequtong.core.communities.models import Membership
from shequtong.core.moderation import deciding
from shequtong.lib import clock

RACES = int(os.environ.get("RACES", "2"))
"""Rounds that fifty requests race for; RACES=200 tries a hundred times as often (figures: docs/voting.md)."""


@pytest.mark.parametrize("secret", [False, True], ids=["open", "secret"])
def test_v1_of_fifty_ballots_of_one_dwelling_exactly_one_is_there(vote, cast, app, db, secret):
    resident = cast.resident

    async def race(page):
        transport = httpx2.ASGITransport(app=app)
        headers = {
            "Origin": app.state.settings.base_url,
            "Cookie": f"session={resident.cookies['session']}",
        }
        sent = {"csrf": resident.csrf, "choice": "for"}
        async with httpx2.AsyncClient(transport=transport, base_url=app.state.settings.base_url) as client:

            async def cast_once():
                """Whoever is told that the house is busy (503) comes back, as people do; a slow machine says so."""
                while (answer := await client.post(page, data=sent, headers=headers)).status_code == 503:
                    assert int(answer.headers["Retry-After"]) > 0
                    await asyncio.sleep(0.5)
                return answer.status_code

            return sorted(await asyncio.gather(*(cast_once() for _ in range(50))))

    for _round in range(RACES):
        opened = vote(secret=secret)
        assert asyncio.run(race(opened.page)) == [200 if secret else 303] + [409] * 49
        table = SealedBallot if secret else Ballot
        assert db.scalar(select(func.count()).where(table.round_id == opened.id)) == 1
        assert db.scalar(select(func.count()).where(Turnout.round_id == opened.id)) == 1
        assert (opened.round().voted_heads, opened.round().voted_area) == (1, 885_000)
        db.rollback()


def test_an_open_ballot_can_be_changed_and_a_stale_page_changes_nothing(vote, cast, db):
    opened = vote()
    assert opened.cast_by("resident", "for").status_code == 303
    assert "您家已经投过票了" in cast.resident.get(opened.page).text
    late = opened.cast_by("resident", "against")
    assert late.status_code == 409 and "要改，请重新打开页面" in late.text
    assert opened.cast_by("resident", "against", version="1").status_code == 303
    assert opened.cast_by("resident", "abstain", version="1").status_code == 409
    ballot = db.scalars(select(Ballot).where(Ballot.round_id == opened.id)).one()
    assert (ballot.choice, ballot.version) == ("against", 2)
    assert opened.round().voted_heads == 1


def test_a_secret_ballot_is_final_and_its_receipt_is_shown_once(vote, cast):
    opened = vote(secret=True)
    answer = opened.cast_by("resident", "against")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert "您的票投好了" in answer.text
    again = opened.cast_by("resident", "for", version="1")
    assert again.status_code == 409 and "无记名的票不能改" in again.text
    page = cast.resident.get(opened.page).text
    assert "您家已经投过票了" in page and 'name="choice"' not in page


def test_a_home_has_one_ballot_whoever_of_it_casts_it(vote, app, cast, db):
    home = home_of(db, cast.resident)
    with app.state.database.writing() as session:
        member = session.scalars(select(Membership).filter_by(account_id=cast.neighbor.id)).one()
        member.dwelling_id, member.kind, member.representative = home, "family", False
    opened = vote()
    assert opened.cast_by("neighbor").status_code == 303
    assert opened.cast_by("resident").status_code == 409
    assert opened.round().voted_heads == 1


def test_several_owners_of_a_home_have_one_ballot_and_each_may_change_it(vote, app, cast, db):
    home = home_of(db, cast.resident)
    with app.state.database.writing() as session:
        member = session.scalars(select(Membership).filter_by(account_id=cast.neighbor.id)).one()
        member.dwelling_id, member.co_owner, member.representative = home, True, False
    opened = vote(rule="major")
    assert opened.cast_by("resident").status_code == 303
    assert opened.cast_by("neighbor", "against").status_code == 409
    assert opened.cast_by("neighbor", "against", version="1").status_code == 303
    assert (opened.round().voted_heads, opened.round().voted_area) == (1, 885_000)


def test_after_the_close_everybody_finds_their_own_open_ballot_in_the_list(vote, cast, db, stopped):
    opened = vote(rule="advisory")
    opened.cast_by("resident", "against")
    opened.count()
    number = db.get_one(RollEntry, (opened.id, home_of(db, cast.resident))).number
    page = cast.resident.get(opened.page).text
    assert f"名册第 {number} 号：<strong>反对</strong>" in page
    assert "没有投票" in cast.neighbor.get(opened.page).text
    assert "您家的票在清单里" not in cast.clerk.get(opened.page).text


@pytest.mark.parametrize("login", ["clerk", "property", "police", "street", "applicant", "admin"])
def test_who_is_not_on_the_roll_casts_no_ballot(vote, cast, login):
    opened = vote()
    assert opened.cast_by(login).status_code in (403, 404)
    assert opened.round().voted_heads == 0


def test_nobody_votes_for_the_home_of_another(vote, cast, db):
    opened = vote()
    answer = opened.cast_by("resident", dwelling=str(home_of(db, cast.neighbor)))
    assert answer.status_code == 403
    assert opened.cast_by("outsider").status_code == 404
    assert cast.outsider.get(opened.page).status_code == 404
    assert cast.visitor.submit(opened.page, {"choice": "for"}).headers["location"].startswith("/login")
    assert opened.round().voted_heads == 0


def test_a6_who_has_moved_out_votes_no_more(vote, app, cast):
    opened = vote()
    with app.state.database.writing() as session:
        session.scalars(select(Membership).filter_by(account_id=cast.owner.id)).one().state = "ended"
    assert opened.cast_by("owner").status_code in (403, 404)


def test_v5_the_servers_clock_decides_the_deadline(vote, cast, stopped):
    opened = vote(closes_at=clock.now() + timedelta(hours=1))
    clock.advance(timedelta(minutes=59, seconds=59))
    assert opened.cast_by("resident").status_code == 303
    clock.advance(timedelta(seconds=1))
    late = opened.cast_by("neighbor")
    assert late.status_code == 409 and "投票已经截止" in late.text
    assert opened.cast_by("resident", "against", version="1").status_code == 409
    assert 'name="choice"' not in cast.neighbor.get(opened.page).text


def test_a_ballot_without_a_choice_is_asked_again(vote, cast):
    opened = vote()
    answer = cast.resident.submit(opened.page, {})
    assert answer.status_code == 422 and "error-summary" in answer.text
    assert opened.cast_by("resident", "moon").status_code == 422
    assert opened.round().voted_heads == 0


@pytest.mark.parametrize("choice", ["option3", "for", "against", "木椅"])
def test_an_option_that_is_not_on_the_ballot_is_refused_where_one_chooses(vote, cast, choice):
    opened = vote(rule="advisory", options=("木椅", "石椅"))
    answer = opened.cast_by("resident", choice)
    assert answer.status_code == 422 and "error-summary" in answer.text and "请从选项中选一个" in answer.text
    assert opened.round().voted_heads == 0


def test_a_post_without_a_vote_has_no_page_of_one(cast):
    made = cast.resident.submit(f"{TALK}/new", {"title": "今天的晚霞", "kind": "everyday", "body": "很好看"})
    page = f"{TALK}/{number_of(made)}/ballots"
    assert cast.resident.get(page).status_code == 404
    assert cast.resident.submit(page, {"choice": "for"}).status_code == 404
    assert cast.clerk.get(f"{page}/papers").status_code == 404


def test_results_stay_closed_to_everybody_until_the_count(vote, cast, stopped):
    opened = vote()
    for login, choice in (("resident", "for"), ("neighbor", "for"), ("owner", "against")):
        opened.cast_by(login, choice)
    for login in ("elder", "clerk", "secretary"):
        page = getattr(cast, login).get(opened.page).text
        assert "3，共 7（占 42.8%），至少要 4" in page
        assert "大家的选择" not in page
    assert cast.elder.get(f"{opened.page}/1/download").status_code == 409
    opened.cast_by("elder", "for")
    opened.count()
    page = cast.elder.get(opened.page).text
    assert "通过" in page and "选“同意”的户数：3，共 4（占 75.0%），至少要 3" in page


def test_who_may_not_write_for_a_while_may_vote(app, vote, cast):
    """The ballot is the dwelling's; moderation is about words."""
    opened = vote(rule="ordinary")
    with app.state.database.writing() as session:
        deciding.suspend(session, HOME, cast.resident.id, 7)
    assert (
        cast.resident.submit(f"{opened.page.removesuffix('/ballots')}/comments", {"body": "好"}).status_code
        == 403
    )
    assert opened.cast_by("resident").status_code == 303
