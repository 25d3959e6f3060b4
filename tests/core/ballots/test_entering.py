"""Paper ballots: two readers, differences listed, and one ballot for a dwelling that voted online too."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.core.ballots.conftest import home_of

from shequtong.core.ballots.models import Turnout
from shequtong.core.communities.models import Dwelling
from shequtong.lib import clock, crypto


@pytest.fixture
def papers(vote, db):
    """`papers(opened, "clerk", "resident", "for")`: somebody of staff reads the paper of somebody's home."""

    def enter(opened, reader, whose, choice):
        home = db.get_one(Dwelling, home_of(db, getattr(opened.cast, whose)))
        sent = {"building_id": str(home.building_id), "room": home.room, "choice": choice}
        return getattr(opened.cast, reader).submit(f"{opened.page}/papers", sent)

    return enter


def opened_with_paper(vote, **plan):
    return vote(papers=True, place="居委会一楼", **plan)


def test_v7_a_paper_counts_when_two_people_have_read_the_same(vote, papers, cast, stopped):
    opened = opened_with_paper(vote)
    assert papers(opened, "clerk", "resident", "for").status_code == 303
    assert papers(opened, "clerk", "resident", "for").status_code == 303
    assert opened.round().voted_heads == 0
    assert "等第二个人录" in cast.clerk2.get(f"{opened.page}/papers").text
    assert papers(opened, "clerk2", "resident", "for").status_code == 303
    assert opened.round().voted_heads == 1
    assert opened.count().tally == {"for": [1, 0]}


def test_v7_what_two_people_read_differently_is_listed_and_neither_counts(vote, papers, cast, stopped):
    opened = opened_with_paper(vote)
    papers(opened, "clerk", "resident", "for")
    papers(opened, "clerk2", "resident", "against")
    for whose in ("neighbor", "owner", "elder", "lead"):
        papers(opened, "clerk", whose, "for")
        papers(opened, "secretary", whose, "for")
    page = cast.secretary.get(f"{opened.page}/papers").text
    assert "录得不一样，请把票再拿出来看" in page and "1号楼 101" in page
    assert opened.round().voted_heads == 4
    papers(opened, "clerk2", "neighbor", "against")
    assert opened.round().voted_heads == 3
    papers(opened, "clerk2", "neighbor", "for")
    assert opened.round().voted_heads == 4
    assert opened.count().tally == {"for": [4, 0]}


def test_a_second_reader_is_not_told_what_the_first_has_read(vote, papers, cast):
    opened = opened_with_paper(vote)
    papers(opened, "clerk", "resident", "against")
    assert "您录的是“反对”" in cast.clerk.get(f"{opened.page}/papers").text
    other = cast.clerk2.get(f"{opened.page}/papers").text
    assert "社工小沈 已录" in other and "“反对”" not in other


@pytest.mark.parametrize("online_first", [True, False])
def test_a_dwelling_that_voted_online_and_on_paper_counts_once_by_its_online_ballot(
    vote, papers, cast, db, stopped, online_first
):
    opened = opened_with_paper(vote, rule="advisory")

    def on_paper():
        papers(opened, "clerk", "resident", "against")
        papers(opened, "clerk2", "resident", "against")

    acts = [lambda: opened.cast_by("resident", "for"), on_paper]
    for act in acts if online_first else reversed(acts):
        act()
    db.rollback()
    turnout = db.scalars(select(Turnout).where(Turnout.round_id == opened.id)).one()
    assert (turnout.way, turnout.twice) == ("online", True)
    round_ = opened.count()
    assert (round_.tally, round_.voted_heads) == ({"for": [1, 0]}, 1)
    page = cast.elder.get(opened.page).text
    assert "网上和纸质都投了的" in page and "1号楼 名册第" in page


def test_staff_count_early_only_when_every_paper_was_read_alike(vote, papers, cast, stopped):
    opened = opened_with_paper(vote)
    papers(opened, "clerk", "resident", "for")
    early = cast.clerk.submit(f"{opened.page}/count")
    assert early.status_code == 409 and "投票还没有截止" in early.text
    clock.advance(timedelta(days=8))
    unread = cast.clerk.submit(f"{opened.page}/count")
    assert unread.status_code == 409 and "还有 1 张纸质票没有两个人录得一样" in unread.text
    assert papers(opened, "clerk2", "resident", "for").status_code == 303
    assert cast.clerk.submit(f"{opened.page}/count").status_code == 303
    assert papers(opened, "clerk2", "elder", "for").status_code == 409
    assert cast.clerk.submit(f"{opened.page}/count").status_code == 409


def test_bad_papers_are_refused_beside_their_field(vote, papers, cast, app, db):
    elder = db.get_one(Dwelling, home_of(db, cast.elder))
    building = db.get_one(Dwelling, home_of(db, cast.resident)).building_id
    opened = opened_with_paper(vote, buildings=(building,))
    sent = {"building_id": str(building), "room": "101", "choice": "for"}
    page = f"{opened.page}/papers"
    for wrong, words in (
        ({"room": "999"}, "那幢楼没有这个房号"),
        ({"building_id": str(elder.building_id), "room": "301"}, "请从选项中选一个"),
        ({"choice": "moon"}, "请从选项中选一个"),
    ):
        answer = cast.clerk.submit(page, sent | wrong)
        assert answer.status_code == 422 and words in answer.text
    with app.state.database.writing() as session:  # a flat that was registered after the roll was frozen
        session.add(
            Dwelling(
                building_id=building,
                code=elder.code,
                room="109",
                room_index=crypto.keyring().blind_index("109", f"room:{building}"),
            )
        )
    late = cast.clerk.submit(page, sent | {"room": "109"})
    assert late.status_code == 422 and "这一户不在这次表决的名册里" in late.text


@pytest.mark.parametrize("login", ["resident", "lead", "property", "street", "outsecretary", "visitor"])
def test_only_staff_of_this_committee_enter_paper(vote, cast, login):
    opened = opened_with_paper(vote)
    person = getattr(cast, login)
    for answer in (
        person.get(f"{opened.page}/papers"),
        person.submit(f"{opened.page}/papers", {"room": "101", "choice": "for"}),
        person.submit(f"{opened.page}/count"),
        person.submit(f"{opened.page}/papers/mandates", {"room": "101"}),
    ):
        assert answer.status_code in (403, 404) or answer.headers["location"].startswith("/login")


def test_a_vote_without_paper_takes_none(vote, papers):
    opened = vote(proxies=1)
    assert papers(opened, "clerk", "resident", "for").status_code == 409


def test_p4_what_staff_read_on_paper_is_not_their_own_data(vote, papers, cast):
    opened = opened_with_paper(vote)
    papers(opened, "clerk", "resident", "against")
    opened.cast_by("neighbor", "for")
    for login, has in (("clerk", False), ("neighbor", True)):
        with zipfile.ZipFile(io.BytesIO(own_data(getattr(cast, login)))) as archive:
            told = json.loads(archive.read("data.json"))
        assert "ballot_paper" not in told and ("ballot" in told) is has


def own_data(browser) -> bytes:
    answer = browser.get("/me/export.zip")
    assert answer.status_code == 200, answer.text
    return answer.content
