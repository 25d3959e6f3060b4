"""V3: nothing that is kept, written ahead or logged leads from a secret ballot back to its voter."""

import re
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from tests.cast import HOME
from tests.databases import room
from tests.postgres import PROGRAMS

from shequtong.core.ballots import casting, sealing
from shequtong.core.ballots.models import SealedBallot, SecretBallot, Turnout
from shequtong.core.communities.models import Building, Dwelling, Membership
from shequtong.core.identity.actor import Actor
from shequtong.core.identity.models import Account
from shequtong.lib import clock

MANY = 60


@pytest.fixture
def crowded(app):
    """Sixty more dwellings with an owner each; (account, dwelling) in the order they vote."""
    made = []
    with app.state.database.writing() as session:
        building = session.scalars(select(Building).where(Building.code == HOME)).first()
        for number in range(MANY):
            account = Account(login=f"crowd{number}", name=f"众{number}", password="", created_at=clock.now())
            dwelling = Dwelling(
                building_id=building.id, code=HOME, room=str(1000 + number), room_index=f"x{number}", area=60
            )
            session.add_all([account, dwelling])
            session.flush()
            session.add(
                Membership(
                    account_id=account.id,
                    code=HOME,
                    building_id=building.id,
                    dwelling_id=dwelling.id,
                    kind="owner",
                    state="approved",
                    applied_at=clock.now(),
                )
            )
            made.append((account.id, dwelling.id))
    return made


def cast_all(app, opened, crowd):
    """Everybody votes, each in a transaction of their own; who chose what, by dwelling."""
    chose, receipts = {}, {}
    for number, (account_id, dwelling_id) in enumerate(crowd):
        chose[dwelling_id] = ("for", "against")[number % 2]
        with app.state.database.writing() as session:
            receipts[dwelling_id] = casting.cast(
                session, opened.id, Actor(account_id), dwelling_id, chose[dwelling_id]
            )
    return chose, receipts


def test_v3_a_secret_ballot_has_no_column_for_voter_dwelling_time_or_order(app):
    with app.state.database.reader.connect() as connection:
        tables = inspect(connection)
        columns = {
            table.__tablename__: {column["name"] for column in tables.get_columns(table.__tablename__)}
            for table in (SealedBallot, SecretBallot, Turnout)
        }
    assert columns == {
        "ballot_sealed": {"id", "round_id", "content"},
        "ballot_secret": {"round_id", "mark", "choice", "area"},
        "ballot_turnout": {"round_id", "dwelling_id", "way", "on_day", "twice"},
    }


def test_v3_the_urn_cannot_be_read_and_says_nothing_of_order(vote, app, db, crowded):
    opened = vote(secret=True, rule="ordinary")
    cast_all(app, opened, crowded)
    urn = db.scalars(select(SealedBallot).where(SealedBallot.round_id == opened.id)).all()
    assert len(urn) == MANY and len({len(ballot.content) for ballot in urn}) == 1
    assert len({ballot.content for ballot in urn}) == MANY
    assert all(isinstance(row.on_day, date) for row in db.scalars(select(Turnout)))


@pytest.mark.parametrize("secret", [True], ids=["secret"])
def test_v3_whoever_has_database_journal_and_log_guesses_no_better_than_chance(
    vote, app, settings, crowded, stopped, capfd, secret
):
    """The attacker orders both tables as the database keeps them, and reads every file as bytes."""
    opened = vote(secret=secret, rule="majority")
    chose, receipts = cast_all(app, opened, crowded)
    log = capfd.readouterr()
    files = b"".join(path.read_bytes() for path in _files(settings.database_url))
    marks = {door: sealing.mark_of(opened.id, receipt).hex() for door, receipt in receipts.items()}
    for door, receipt in receipts.items():
        for secret_word in (receipt, receipt.replace("-", ""), marks[door]):
            assert secret_word not in log.out + log.err
            assert secret_word.encode() not in files
        assert bytes.fromhex(marks[door]) not in files
    opened.count()
    with app.state.database.reader.connect() as connection:
        order = "ctid" if not app.state.database.is_sqlite else "round_id, dwelling_id"
        voters = [
            row[0]
            for row in connection.execute(text(f"SELECT dwelling_id FROM ballot_turnout ORDER BY {order}"))
        ]
        order = "ctid" if not app.state.database.is_sqlite else "round_id, mark"
        ballots = list(connection.execute(text(f"SELECT mark, choice FROM ballot_secret ORDER BY {order}")))
        assert connection.scalar(text("SELECT count(*) FROM ballot_sealed")) == 0
    assert sorted(mark for mark, _choice in ballots) == sorted(marks.values())
    right = sum(chose[voter] == choice for voter, (_mark, choice) in zip(voters, ballots, strict=True))
    joined = sum(marks[voter] == mark for voter, (mark, _choice) in zip(voters, ballots, strict=True))
    assert 8 <= right <= 52, "one in ten million by chance"
    assert joined <= 8


@pytest.mark.databases("postgresql")
def test_v3_transaction_numbers_lead_to_a_sealed_ballot_and_to_nothing_after_the_count(
    vote, app, crowded, stopped
):
    """PostgreSQL keeps with every row the number of the transaction that wrote it."""
    opened = vote(secret=True)
    cast_all(app, opened, crowded)
    with app.state.database.reader.connect() as connection:
        joined = connection.execute(
            text(
                "SELECT t.dwelling_id, s.content FROM ballot_turnout t "
                "JOIN ballot_sealed s ON s.xmin::text = t.xmin::text"
            )
        ).all()
    assert len(joined) == MANY
    assert all(b"for" not in content and b"against" not in content for _door, content in joined)
    opened.count()
    with app.state.database.reader.connect() as connection:
        written = connection.execute(text("SELECT DISTINCT xmin::text FROM ballot_secret")).all()
    assert len(written) == 1


@pytest.mark.databases("postgresql")
def test_v3_whoever_reads_the_write_ahead_log_of_postgresql_guesses_no_better_than_chance(
    vote, app, crowded, stopped
):
    """The attacker has every segment of the log: what was written where, in which order, by which transaction."""
    database = app.state.database
    with database.reader.connect() as connection:
        begin = connection.scalar(text("SELECT pg_switch_wal()"))
        begin = connection.scalar(text("SELECT pg_current_wal_insert_lsn()")) or begin
    opened = vote(secret=True)
    chose, receipts = cast_all(app, opened, crowded)
    while_open = _written_ahead(database, begin)
    marks = {door: sealing.mark_of(opened.id, receipt) for door, receipt in receipts.items()}
    log = (room().server.data / "log").read_bytes()
    for door, receipt in receipts.items():
        for secret_word in (receipt, receipt.replace("-", ""), marks[door].hex()):
            assert secret_word.encode() not in while_open + log
        assert marks[door] not in while_open
    opened.count()
    _written_ahead(database, begin)
    voters = _inserted(database, begin, "ballot_turnout", "dwelling_id")
    secret = _inserted(database, begin, "ballot_secret", "mark")
    assert len(voters) == len(secret) == MANY, "every row was found in the log"
    door_of = {mark.hex(): door for door, mark in marks.items()}
    joined = sum(door_of[mark] == voter for voter, mark in zip(voters, secret, strict=True))
    right = sum(chose[door_of[mark]] == chose[voter] for voter, mark in zip(voters, secret, strict=True))
    assert 8 <= right <= 52, "one in ten million by chance"
    assert joined <= 8


def _written_ahead(database, begin):
    """The bytes of all segments since, after the server has written them out."""
    with database.reader.connect() as connection:
        segment = connection.scalar(text("SELECT pg_walfile_name(CAST(:lsn AS pg_lsn))"), {"lsn": begin})
        connection.execute(text("SELECT pg_switch_wal()"))
    log = room().server.data / "pg_wal"
    return b"".join(
        path.read_bytes() for path in sorted(log.iterdir()) if path.name >= segment and path.is_file()
    )


def _inserted(database, begin, table, column):
    """The rows of a table in the order in which the log says that they were written."""
    server = room().server
    with database.reader.connect() as connection:
        # Databases made from one template have tables of the same number: the database belongs to the place.
        _base, *place = connection.scalar(text(f"SELECT pg_relation_filepath('{table}')")).split("/")
        end = connection.scalar(text("SELECT pg_current_wal_flush_lsn()"))
        rows = {
            tuple(map(int, ctid.strip("()").split(","))): value
            for ctid, value in connection.execute(text(f"SELECT ctid::text, {column} FROM {table}"))
        }
    program = server.packages / PROGRAMS / "bin" / "pg_waldump"
    command = [str(program), f"--path={server.data / 'pg_wal'}", f"--start={begin}", f"--end={end}"]
    told = subprocess.run(
        [*command, "--rmgr=Heap", "--rmgr=Heap2"], capture_output=True, text=True, check=True
    )
    written = []
    for line in told.stdout.splitlines():
        block = re.search(rf"blkref #0: rel \d+/{'/'.join(place)} blk (\d+)", line)
        if block and "INSERT" in line:
            numbers = re.search(r"offsets: \[([\d, ]*)\]", line) or re.search(r"off: (\d+)", line)
            written += [(int(block[1]), int(number)) for number in numbers[1].split(",")]
    return [rows[place] for place in written if place in rows]


def test_v3_the_key_of_the_urn_is_gone_once_it_is_counted(vote, stopped):
    opened = vote(secret=True)
    key = opened.round().seal
    assert key and "=" not in opened.round().question
    opened.cast_by("resident")
    assert opened.count().seal == ""


def test_v3_neither_inbox_nor_record_of_a_person_knows_of_the_ballot(vote, cast, app, stopped):
    opened = vote(secret=True)
    receipt = opened.cast_by("resident", "against").text
    code = re.search(r'value="([0-9A-Z-]{19})"', receipt)[1]
    opened.count()
    with app.state.database.reader.connect() as connection:
        names = inspect(connection).get_table_names()
        for name in names:
            if name.startswith(("search_", "ballot_secret")):
                continue
            dump = str(connection.execute(text(f'SELECT * FROM "{name}"')).all())
            assert code not in dump and sealing.mark_of(opened.id, code).hex() not in dump, name


def test_a_receipt_finds_the_ballot_in_the_published_list_and_no_other_does(vote, cast, stopped):
    opened = vote(secret=True)
    code = re.search(r'value="([0-9A-Z-]{19})"', opened.cast_by("resident", "against").text)[1]
    opened.cast_by("neighbor", "for")
    assert cast.resident.submit(f"{opened.page}/receipt", {"receipt": code}).status_code == 422
    opened.count()
    found = cast.resident.submit(f"{opened.page}/receipt", {"receipt": code.lower()})
    assert found.status_code == 200 and "这个回执的票选的是" in found.text and "<p>反对</p>" in found.text
    wrong = cast.resident.submit(f"{opened.page}/receipt", {"receipt": "ABCD-2345-EFGH-6789"})
    assert wrong.status_code == 422 and "没有这个回执的票" in wrong.text
    assert cast.outsider.submit(f"{opened.page}/receipt", {"receipt": code}).status_code == 404


def test_a_rare_area_is_warned_of_and_its_ballot_published_without_it(vote, app, cast, crowded, stopped):
    opened = vote(secret=True, rule="ordinary", closes_at=clock.now() + timedelta(days=2))
    cast_all(app, opened, crowded)
    assert "您的票可能被认出来" not in cast.resident.get(opened.page).text
    with app.state.database.writing() as session:
        session.get_one(Dwelling, crowded[0][1]).area = 77
    second = vote(secret=True, rule="ordinary")
    cast_all(app, second, crowded)
    round_ = second.count()
    assert round_.tally == {"for": [30, 30 * 600_000 + 170_000], "against": [30, 30 * 600_000]}
    pooled = sum(heads for heads, _area in round_.pooled.values())
    assert pooled >= 5 or pooled == 0
    with app.state.database.reading() as session:
        areas = set(session.scalars(select(SecretBallot.area).where(SecretBallot.round_id == second.id)))
    assert 770_000 not in areas


def _files(url: str) -> list[Path]:
    if not url.startswith("sqlite"):
        return []
    path = Path(url.removeprefix("sqlite:///"))
    return [found for end in ("", "-wal", "-journal") if (found := Path(f"{path}{end}")).exists()]
