"""V6: what is shown is what the ballots say, and anybody can count the published files again."""

import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from tests.core.ballots.conftest import give_areas

from shequtong.core.ballots import counting, verifying
from shequtong.core.ballots.models import Ballot, Round
from shequtong.core.ballots.publishing import BALLOTS, ROLL, ROUND
from shequtong.core.identity import erasing
from shequtong.lib import clock


def downloaded(browser, opened):
    answer = browser.get(f"{opened.page}/1/download")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def counted(vote, app, stopped):
    """`counted(secret=True)`: a round under article 278 with five ballots on the table."""

    def count(**plan):
        give_areas(app, resident=Decimal("120.37"), neighbor=Decimal("61.02"), elder=Decimal("88.51"))
        opened = vote(**{"rule": "ordinary"} | plan)
        for login, choice in (
            ("resident", "for"),
            ("neighbor", "against"),
            ("owner", "for"),
            ("elder", "for"),
            ("lead", "abstain"),
        ):
            answer = opened.cast_by(login, choice)
            assert answer.status_code in (200, 303), answer.text
        opened.count()
        return opened

    return count


@pytest.mark.parametrize("secret", [False, True], ids=["open", "secret"])
def test_v6_the_published_files_come_to_what_is_shown(counted, cast, secret):
    opened = counted(secret=secret)
    round_ = opened.round()
    assert round_.tally == {
        "for": [3, 1_203_700 + 885_000 + 885_100],
        "against": [1, 610_200],
        "abstain": [1, 885_000],
    }
    assert (round_.result, round_.roll_heads, round_.voted_heads) == ("adopted", 7, 5)
    recount = verifying.recount(downloaded(cast.elder, opened))
    assert recount.agrees, [finding for finding in recount.findings if finding.wrong]
    assert {key: list(weight) for key, weight in recount.tally.items()} == round_.tally
    page = cast.elder.get(f"{opened.page}/1/recount")
    assert page.status_code == 200 and "对得上" in page.text
    shown = cast.elder.get(opened.page).text
    assert "选“同意”的户数：3，共 5（占 60.0%），至少要 3" in shown
    assert "297.38" in shown


def test_v6_the_download_names_neither_doors_nor_people(counted, cast, app):
    opened = counted()
    files = downloaded(cast.elder, opened)
    text = b"".join(files.values()).decode()
    for name in ("小陈", "阿芳", "王阿婆", "号楼", "101"):
        assert name not in text.replace(str(opened.post_id), "")
    assert files[BALLOTS].decode().splitlines()[0] == "roll_number,choice,area_cm2"
    numbers = [int(line.split(",")[0]) for line in files[BALLOTS].decode().splitlines()[1:]]
    assert numbers == sorted(numbers)


def test_s15_no_cache_keeps_the_download_which_is_for_members_alone(counted, cast):
    opened = counted()
    assert cast.elder.get(f"{opened.page}/1/download").headers["Cache-Control"] == "no-store"


def test_v6_secret_ballots_are_sorted_by_their_marks(counted, cast):
    lines = downloaded(cast.elder, counted(secret=True))[BALLOTS].decode().splitlines()[1:]
    marks = [line.split(",")[0] for line in lines]
    assert marks == sorted(marks) and all(len(mark) == 64 for mark in marks)


@pytest.mark.parametrize("secret", [False, True], ids=["open", "secret"])
@pytest.mark.parametrize(
    ("name", "spoil", "found"),
    [
        (BALLOTS, lambda text: text.replace("against", "for"), "选票清单"),
        (BALLOTS, lambda text: "".join(text.splitlines(True)[:-1]), "参加的每一户正好一张票"),
        (ROLL, lambda text: text.replace("1203700", "1203800"), "定下来的名册"),
        (ROUND, lambda text: text.replace('"rule": "ordinary"', '"rule": "advisory"'), "表决记录"),
        (ROUND, lambda text: text.replace('"result": "adopted"', '"result": "rejected"'), "结果"),
    ],
)
def test_v6_whatever_is_changed_in_the_files_is_found(counted, cast, secret, name, spoil, found):
    files = downloaded(cast.elder, counted(secret=secret))
    changed = spoil(files[name].decode()).encode()
    assert changed != files[name]
    recount = verifying.recount(files | {name: changed})
    assert not recount.agrees
    assert found in [finding.what for finding in recount.findings if finding.wrong]


def test_a_ballot_that_was_changed_in_the_database_does_not_agree_any_more(counted, app, cast):
    opened = counted()
    with app.state.database.writing() as session:
        session.scalars(select(Ballot).filter_by(round_id=opened.id, choice="against")).one().choice = "for"
    assert "对不上" in cast.elder.get(f"{opened.page}/1/recount").text


@pytest.mark.parametrize(
    "files",
    [
        {ROUND: b"{", ROLL: b"", BALLOTS: b""},
        {ROUND: b'{"format": "other"}', ROLL: b"", BALLOTS: b""},
        {
            ROUND: json.dumps({"format": "shequtong-ballots-1", "events": []}).encode(),
            ROLL: b"",
            BALLOTS: b"",
        },
        {ROUND: b"\xff", ROLL: b"", BALLOTS: b""},
    ],
)
def test_what_is_no_round_is_refused_with_one_line(files):
    with pytest.raises(verifying.NotOurs):
        verifying.recount(files)


def test_a_dwelling_without_area_counts_as_a_head_where_area_is_no_matter(vote, app, stopped):
    give_areas(app, resident=Decimal(0))
    opened = vote(rule="advisory")
    opened.cast_by("resident")
    assert opened.count().tally == {"for": [1, 0]}


def test_several_options_and_the_one_ahead_is_named(vote, cast, stopped):
    opened = vote(rule="advisory", options=("木椅", "石椅"))
    for login, choice in (("resident", "option2"), ("neighbor", "option2"), ("owner", "option1")):
        assert opened.cast_by(login, choice).status_code == 303
    round_ = opened.count()
    assert (round_.result, round_.carried) == ("adopted", "option2")
    shown = cast.elder.get(opened.page).text
    assert "石椅" in shown and "选“石椅”的户数：2" in shown


def test_a_round_that_cannot_be_unsealed_leaves_the_others_theirs(vote, app, stopped):
    lost, fine = vote(secret=True), vote()
    lost.cast_by("resident")
    with app.state.database.writing() as session:
        session.get_one(Round, lost.id).seal = "of another house"
    clock.advance(timedelta(days=8))
    with app.state.database.writing() as session:
        counting.count_due_rounds(session)
    assert lost.round().state == "open" and fine.round().state == "counted"


def test_the_page_of_a_vote_asks_the_same_few_questions_however_many_votes_there_are(vote, app, cast):
    from tests.boards.test_every_board import counted as queries

    opened = vote(secret=True, rule="ordinary")
    asked = []
    for logins in (("neighbor",), ("owner", "elder", "lead")):
        for login in logins:
            opened.cast_by(login)
        cast.resident.get(opened.page)
        with queries(app) as told:
            assert cast.resident.get(opened.page).status_code == 200
        asked.append(len(told))
    assert asked[0] == asked[1] <= 6


def test_p4_who_is_forgotten_leaves_their_ballot_counted(vote, app, cast, stopped):
    opened, secret = vote(rule="advisory"), vote(rule="advisory", secret=True)
    for round_ in (opened, secret):
        round_.cast_by("neighbor", "against")
    with app.state.database.writing() as session:
        erasing.erase(session, cast.neighbor.id, "过去的邻居")
    for round_ in (opened, secret):
        assert round_.count().tally == {"against": [1, 0]}
        recount = cast.elder.get(f"{round_.page}/1/recount")
        assert "对得上" in recount.text


@pytest.mark.parametrize("number", ["0", "2", "3", "-1", "first", "9" * 30])
def test_a_round_that_is_not_there_is_not_found(counted, cast, number):
    opened = counted()
    for what in ("download", "recount"):
        assert cast.elder.get(f"{opened.page}/{number}/{what}").status_code == 404
