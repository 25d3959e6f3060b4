"""The command line as an operator meets it: a process of its own, its words and its exit code."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from sqlalchemy import create_engine, text
from tests.cast import KEY, people_the_town
from tests.databases import empty_postgres_url, empty_sqlite_url, postgres_url, sqlite_url
from tests.serving import Serving, environment

from shequtong.cli import main
from shequtong.lib.db import Database

Run = Callable[..., subprocess.CompletedProcess[str]]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run("migrate", database_url=…)`: the command, in an empty folder."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "shequtong", *arguments],
            cwd=tmp_path,
            env=environment(**settings),
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param not in request.config.getoption("--databases"):
        pytest.skip("not on this database")
    return empty_sqlite_url(tmp_path) if request.param == "sqlite" else empty_postgres_url(WORKER)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What it said on stderr, which must be one line."""
    assert done.stderr.startswith("shequtong: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_help_names_every_verb_within_half_a_second(run: Run) -> None:
    best = min(_seconds(lambda: run("--help")) for _ in range(3))
    said = run("--help")
    assert said.returncode == 0
    for verb in ("serve", "worker", "migrate", "import-divisions", "create-admin", "check", "populate"):
        assert verb in said.stdout
    assert best < 0.5


def _seconds(work: Callable[[], object]) -> float:
    """What the processes that `work` starts cost, however busy the machine is with others."""
    before = os.times()
    work()
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def test_an_unknown_verb_is_wrong_usage(run: Run) -> None:
    assert run("dance").returncode == 2


def test_migrate_brings_an_empty_database_to_the_newest_schema_and_does_so_once(
    run: Run, empty_url: str
) -> None:
    first, second = run("migrate", database_url=empty_url), run("migrate", database_url=empty_url)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert "the house" in first.stdout
    assert "up to date" in second.stdout


@pytest.mark.parametrize("verb", ["serve", "worker", "create-admin"])
def test_r16_a_database_without_its_schema_is_one_clear_line(run: Run, empty_url: str, verb: str) -> None:
    done = run(verb, database_url=empty_url)
    assert done.returncode == 2
    assert "run `shequtong migrate` first" in one_line(done)


def test_r16_a_newer_schema_is_left_alone(run: Run, empty_url: str) -> None:
    run("migrate", database_url=empty_url)
    database = Database(empty_url)
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'fromthefuture'"))
    database.dispose()
    for verb in ("serve", "migrate"):
        done = run(verb, database_url=empty_url)
        assert done.returncode == 2
        assert "of a newer release" in one_line(done)


def test_r16_somebody_elses_database_is_left_alone(run: Run, tmp_path: Path) -> None:
    url = empty_sqlite_url(tmp_path)
    with create_engine(url).begin() as connection:
        connection.execute(text("CREATE TABLE cookbook (id INTEGER)"))
    done = run("migrate", database_url=url)
    assert done.returncode == 2
    assert "cookbook" in one_line(done)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("database_url", "mysql://somewhere/db"),
        ("database_url", "nonsense"),
        ("base_url", "gopher://shequ.example.org"),
        ("base_url", "http://shequ.example.org"),
        ("secret_key", "too short"),
        ("media_url", "ftp://somewhere"),
        ("locale", "fr"),
        ("trusted_proxies", "everybody"),
    ],
)
def test_r16_a_bad_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    setting: str,
    value: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHEQUTONG_SECRET_KEY", KEY)
    monkeypatch.setenv(f"SHEQUTONG_{setting.upper()}", value)
    with pytest.raises(SystemExit) as end:
        main(["serve"])
    said = capsys.readouterr().err
    assert end.value.code == 2
    assert said.startswith(f"shequtong: setting SHEQUTONG_{setting.upper()}: ")
    assert said.count("\n") == 1 and KEY not in said and "too short" not in said


@pytest.mark.parametrize("url", ["sqlite:////proc/no/such.db", "postgresql://127.0.0.1:1/shequtong"])
def test_r16_no_right_to_write_and_no_answer_are_one_clear_line(run: Run, url: str) -> None:
    done = run("migrate", database_url=url)
    assert done.returncode == 2
    one_line(done)


def test_a_port_that_somebody_else_has_is_one_clear_line(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "already in use" in one_line(done)


def test_check_says_what_is_wrong_and_how_to_mend_it(run: Run, empty_url: str) -> None:
    done = run("check", database_url=empty_url, media_url="file:///proc/nowhere")
    assert done.returncode == 1
    assert "run `shequtong migrate` first" in done.stdout
    assert "WRONG media" in done.stdout
    run("migrate", database_url=empty_url)
    done = run("check", database_url=empty_url)
    assert done.returncode == 0, done.stdout
    assert "WRONG" not in done.stdout


def test_check_lists_every_setting_and_hides_what_is_secret(run: Run) -> None:
    said = run("check", "--settings", database_url="postgresql://me:hush@db/x", locale="en").stdout
    assert "SHEQUTONG_LOCALE=en  (environment)" in said
    assert "SHEQUTONG_BASE_URL=http://127.0.0.1:8000  (default)" in said
    assert "hush" not in said and KEY not in said


def test_check_counts_the_figures_again_and_mends_them_when_asked(run: Run, tmp_path: Path) -> None:
    url = sqlite_url(tmp_path, people_the_town)
    assert "Every kept figure" in run("check", "--counters", database_url=url).stdout
    engine = create_engine(url)
    with engine.begin() as town:
        town.execute(text("INSERT INTO open_tally VALUES ('310113', '2026-11-23', '', '', 3)"))
    engine.dispose()
    done = run("check", "--counters", database_url=url)
    assert (done.returncode, done.stdout) == (1, "310113 2026-11-23 all open: kept 3, counted 0\n")
    assert "check --counters --repair" in done.stderr
    assert run("check", "--counters", "--repair", database_url=url).returncode == 0
    assert run("check", "--counters", database_url=url).returncode == 0
    assert run("check", "--repair", database_url=url).returncode == 2


@pytest.mark.parametrize("verb", ["worker", "check"])
def test_r16_a_calendar_that_is_none_stops_the_start_with_the_place(
    run: Run, tmp_path: Path, verb: str
) -> None:
    file = tmp_path / "holidays.toml"
    file.write_text('[2031]\noff = ["02-30"]\nwork = []\n')
    done = run(verb, database_url=sqlite_url(tmp_path, people_the_town), holidays=str(file))
    assert done.returncode == (2 if verb == "worker" else 1)
    assert "02-30" in (one_line(done) if verb == "worker" else done.stdout)


def test_s8_create_admin_prints_a_link_and_no_password_exists(run: Run, tmp_path: Path) -> None:
    url = sqlite_url(tmp_path, people_the_town)
    done = run("create-admin", "chief", database_url=url, base_url="https://shequ.example.org")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^https://shequ\.example\.org/password/[\w-]{40,}$", done.stdout, re.M)
    again = run("create-admin", "resident", database_url=url)
    assert again.returncode == 1
    assert "resident" in one_line(again)


def test_s8_create_admin_wants_a_town_first(run: Run, empty_url: str) -> None:
    run("migrate", database_url=empty_url)
    done = run("create-admin", database_url=empty_url)
    assert done.returncode == 1
    assert "import-divisions" in one_line(done)
    first, second = (run("import-divisions", database_url=empty_url) for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert re.match(r"6\d{3} added, 0 renamed", first.stdout), first.stdout
    assert second.stdout.startswith("0 added, 0 renamed")
    assert run("create-admin", database_url=empty_url).returncode == 0


def test_populate_fills_a_database_of_its_own_and_no_other(run: Run, empty_url: str, tmp_path: Path) -> None:
    run("migrate", database_url=empty_url)
    size = ("--committees", "2", "--residents", "40", "--posts", "60", "--seed", "7")
    done = run("populate", *size, database_url=empty_url)
    assert done.returncode == 0, done.stderr
    assert "60/60" in done.stdout and "populated-" in done.stdout
    real = run("populate", *size, database_url=sqlite_url(tmp_path, people_the_town))
    assert real.returncode == 1
    assert "real people" in real.stderr and "Traceback" not in real.stderr


def test_a_table_with_mistakes_changes_nothing_and_names_each_line(
    run: Run, empty_url: str, tmp_path: Path
) -> None:
    run("migrate", database_url=empty_url)
    table = tmp_path / "table.csv"
    table.write_text("code,level,name,parent_code\n31,city,上海市,\n310113,street,宝山区,31\n")
    done = run("import-divisions", str(table), database_url=empty_url)
    assert done.returncode == 1
    assert "Line 3:" in done.stderr and "nothing was changed" in done.stderr
    assert run("import-divisions", "no-such.csv", database_url=empty_url).returncode == 2


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Serving]]:
    started: list[Serving] = []

    def serve(*arguments: str, **settings: str) -> Serving:
        started.append(Serving(tmp_path, *arguments, **settings))
        return started[-1]

    yield serve
    for server in started:
        server.stop()


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [(), ("--workers", "2", "--with-worker")])
def test_r12_sigterm_says_at_once_that_we_leave_and_ends_in_ten_seconds(
    serve: Callable[..., Serving], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    server = serve(*arguments, database_url=sqlite_url(tmp_path, people_the_town))
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.wait_for(503, seconds=2)
    assert server.process.wait(timeout=10) == 0
    assert time.monotonic() - began < 10


def test_the_log_is_json_and_the_answers_name_no_server(
    serve: Callable[..., Serving], tmp_path: Path
) -> None:
    server = serve(database_url=sqlite_url(tmp_path, people_the_town))
    answer = httpx.get(server.address + "/healthz")
    assert answer.text == "ok\n"
    assert "server" not in answer.headers
    assert all(line.startswith('{"event": ') for line in server.log.read_text().splitlines())


def test_readyz_is_not_ready_without_its_database_and_healthz_does_not_mind(
    serve: Callable[..., Serving], tmp_path: Path
) -> None:
    url = sqlite_url(tmp_path, people_the_town)
    server = serve(database_url=url)
    database = Database(url)
    with database.writing() as session:
        session.execute(text("DELETE FROM alembic_version"))
    server.wait_for(503)
    assert httpx.get(server.address + "/healthz").status_code == 200
    with database.writing() as session:
        session.execute(text("INSERT INTO alembic_version VALUES ('fromthefuture')"))
    server.wait_for(200)
    database.dispose()


def test_postgres_is_served_too(serve: Callable[..., Serving], request: pytest.FixtureRequest) -> None:
    if "postgresql" not in request.config.getoption("--databases"):
        pytest.skip("not on this database")
    server = serve(database_url=postgres_url(WORKER, people_the_town))
    assert httpx.get(server.address + "/readyz").text == "ready\n"


def test_a_vote_is_counted_again_from_its_files_alone(run: Run, tmp_path: Path) -> None:
    whole = Path(__file__).with_name("ballots.zip")
    shutil.copy(whole, tmp_path / "ballots.zip")
    said = run("ballots", "verify", "ballots.zip")
    assert (said.returncode, said.stderr) == (0, "")
    assert "WRONG" not in said.stdout and "adopted" in said.stdout
    with zipfile.ZipFile(whole) as archive:
        archive.extractall(tmp_path)
    names = ("roll.csv", "ballots.csv", "round.json")
    assert run("ballots", "verify", *names).stdout == said.stdout
    (tmp_path / "ballots.csv").write_text((tmp_path / "ballots.csv").read_text().replace("against", "for"))
    spoilt = run("ballots", "verify", *names)
    assert spoilt.returncode == 1 and "WRONG The list of ballots" in spoilt.stdout
    assert "differ" in one_line(spoilt)
    missing = run("ballots", "verify", "roll.csv")
    assert missing.returncode == 1 and "missing: ballots.csv, round.json" in one_line(missing)
    assert run("ballots", "verify", "nothing.zip").returncode == 2
