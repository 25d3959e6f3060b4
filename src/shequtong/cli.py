"""The command line. Exit codes: 0 done, 1 refused with a one-line reason, 2 wrong usage, settings or database.

Everything heavy is imported by the verb that needs it, so `--help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, getaddrinfo, socket
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from shequtong.lib.db import Database
    from shequtong.settings import Settings

app = typer.Typer(
    name="shequtong",
    help="Shequtong 社区通: communities of residents' committees.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


HERE = "127.0.0.1"


class Stop(Exception):
    """Nothing more can be done: `reason` in one line, and the exit code."""

    def __init__(self, reason: str, code: int = 1) -> None:
        super().__init__(reason)
        self.code = code


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; what stops it is one line on stderr."""
    try:
        with plainly():
            app(arguments)
    except Stop as stop:
        typer.echo(f"shequtong: {stop}", err=True)
        sys.exit(stop.code)
    sys.exit(0)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what an operator can mend into one clear line (R16); anything else is our fault and shows whole."""
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise Stop(f"{error.strerror or error}{where}", 2) from error
    except Exception as error:
        reason = _mendable(error)
        if reason is None:
            raise
        raise Stop(reason, 2) from error


def _mendable(error: Exception) -> str | None:
    from pydantic import ValidationError
    from sqlalchemy.exc import ArgumentError, DBAPIError

    from shequtong.core.privacy.retaining import BadPeriods
    from shequtong.lib.holidays import BadCalendar
    from shequtong.lib.schema import WrongSchema

    if isinstance(error, BadCalendar):
        return f"setting SHEQUTONG_HOLIDAYS: {error}"
    if isinstance(error, BadPeriods):
        return f"setting SHEQUTONG_RETENTION: {error}"
    if isinstance(error, WrongSchema):
        return str(error)
    if isinstance(error, ValidationError) and error.title == "Settings":
        problem = error.errors(include_input=False, include_url=False)[0]
        name = "_".join(str(part) for part in problem["loc"]).upper()
        return f"setting SHEQUTONG_{name}: {problem['msg'].removeprefix('Value error, ')}"
    if isinstance(error, ArgumentError):
        return "setting SHEQUTONG_DATABASE_URL: this is no address of a database"
    if isinstance(error, DBAPIError):
        return f"the database refuses: {str(error.orig).splitlines()[0]}"
    return None


def _settings() -> Settings:
    from shequtong.lib import i18n
    from shequtong.settings import Settings

    i18n.set_locale("en")
    return Settings()


def _furnished(settings: Settings) -> Database:
    """Everything a command on the town's data needs: settings, keys, rooms, the right schema."""
    from shequtong.lib import logs, schema
    from shequtong.main import furnish

    logs.start(settings.log_level)
    database = furnish(settings)
    schema.require(database)
    return database


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer requests.", min=1)] = 1,
    reload: Annotated[bool, typer.Option("--reload", help="Start again when a file changes.")] = False,
    with_worker: Annotated[
        bool | None, typer.Option("--with-worker/--no-worker", help="Do what waits in the job table too.")
    ] = None,
) -> None:
    """Serve the pages. One process on SQLite does the work of `worker` too."""
    import os
    import tempfile

    import uvicorn

    from shequtong.lib import files

    settings = _settings()
    if not settings.https and not settings.loopback:
        raise Stop("setting SHEQUTONG_BASE_URL: people reach it from elsewhere, so it needs https://", 2)
    _refuse_taken(host, port)
    database = _furnished(settings)
    if with_worker is None:
        with_worker = workers == 1 and database.is_sqlite
    database.dispose()
    if settings.enable_metrics and workers > 1:  # where the processes add their figures up
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="shequtong-metrics-")
    _leave_in_good_order()
    uvicorn.run(
        "shequtong.main:served_with_worker" if with_worker else "shequtong.main:served",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        reload=reload,
        reload_dirs=[str(files.PACKAGE)] if reload else None,
        **_manners(),
    )


def _refuse_taken(host: str, port: int) -> None:
    _listen(host, port).close()


def _manners() -> dict[str, Any]:
    """How every server of ours behaves: it names nobody, logs its own way, and leaves in time."""
    from shequtong.lib import leaving

    return {
        "proxy_headers": False,
        "server_header": False,
        "access_log": False,
        "log_config": None,
        "timeout_graceful_shutdown": leaving.LONGEST,
    }


def _leave_in_good_order() -> None:
    """Exit with 0 when told to stop: what uvicorn comes back to, after its own good order."""
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    reset: Annotated[bool, typer.Option("--reset", help="Make the town anew.")] = False,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it when it is ready.")] = True,
) -> None:
    """Make a town to look at, once, in a database of its own, and serve it; say who can sign in."""
    import uvicorn

    from shequtong.demo import making, telling
    from shequtong.lib import logs
    from shequtong.main import JOBS, ROUNDS, create_app, furnish
    from shequtong.town import StoryError

    settings = _of_a_demo(_settings(), port)
    logs.start("WARNING" if settings.log_level == "INFO" else settings.log_level)
    door = _listen(HERE, port) if serve else None  # before the town is made: whoever comes early waits
    database = furnish(settings)
    try:
        with _progress() as tell:
            made = making.ready(database, JOBS, ROUNDS, tell, reset=reset)
    except (making.NotOurs, StoryError) as error:
        raise Stop(str(error)) from error
    typer.echo("The town is ready." if made else "The town is as you left it; `--reset` makes it anew.")
    for line in telling.who_can_sign_in():
        typer.echo(line)
    database.dispose()
    if door is not None:
        typer.echo(f"{settings.base_url}  (stop with Ctrl-C)")
        _leave_in_good_order()
        app = create_app(settings, with_worker=True)
        uvicorn.Server(uvicorn.Config(app, **_manners())).run(sockets=[door])


def _of_a_demo(settings: Settings, port: int) -> Settings:
    """The same settings with the demo's own database, pictures and address, where nobody has set others."""
    own = {
        "database_url": "sqlite:///var/demo/shequtong.db",
        "media_url": "file://var/demo/media",
        "base_url": f"http://{HERE}:{port}",
        "sqlite_synchronous": "NORMAL",
    }
    return settings.model_copy(
        update={"demo": True, **{k: v for k, v in own.items() if k not in settings.model_fields_set}}
    )


def _listen(host: str, port: int) -> socket:
    """The door people come in by. Raises Stop when it is taken."""
    try:
        family, kind, protocol, _name, address = getaddrinfo(host, port, type=SOCK_STREAM)[0]
        door = socket(family, kind, protocol)
        door.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(100)
    except OSError as error:
        why = (error.strerror or "").lower()
        raise Stop(f"cannot listen on {host}:{port}: {why}; choose another with --port") from error
    return door


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """A bar on a terminal, and nothing elsewhere."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (
        TextColumn("Making the town"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, transient=True, disable=not sys.stdout.isatty()) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda doing, done: bar.update(task, description=doing, completed=done)


@app.command()
def worker() -> None:
    """Do what waits in the job table, and what comes round by itself. Any number may run."""
    import signal

    from shequtong.main import create_worker

    settings = _settings()
    at_work = create_worker(settings, _furnished(settings))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: at_work.stop())
    at_work.run()


@app.command()
def migrate() -> None:
    """Bring the database to the schema of this release."""
    from shequtong.lib import schema
    from shequtong.lib.db import Database

    database = Database(_settings().database_url)
    done = schema.migrate(database)
    for step in done:
        typer.echo(f"  {step}")
    typer.echo("The schema is up to date." if not done else f"Done: {len(done)} steps.")


@app.command()
def import_divisions(
    file: Annotated[Path | None, typer.Argument(help="CSV with code, level, name, parent_code.")] = None,
) -> None:
    """Bring in the tree of divisions, or what changed in it; without a file, the whole of Shanghai."""
    from shequtong.core.communities import importing

    database = _furnished(_settings())
    try:
        table = importing.read_table(file or importing.SHANGHAI)
        with database.writing() as session:
            changes = importing.import_divisions(session, table)
    except importing.ImportRefused as refused:
        for mistake in refused.mistakes:
            typer.echo(str(mistake), err=True)
        raise Stop(
            f"nothing was changed: {len(refused.mistakes)} mistakes in {file or importing.SHANGHAI.name}"
        ) from refused
    for line in changes.in_words():
        typer.echo(line)


@app.command()
def create_admin(
    login: Annotated[str, typer.Argument(help="Login name.")] = "admin",
    name: Annotated[str, typer.Option(help="Name that others see.")] = "管理员",
) -> None:
    """Make an administrator, and print a link that sets the password once."""
    from shequtong.core.communities import founding
    from shequtong.core.identity.resetting import LIFETIME
    from shequtong.lib.errors import Refused

    settings = _settings()
    try:
        with _furnished(settings).writing() as session:
            link = founding.create_admin(session, login, name)
    except Refused as refused:
        raise Stop(str(refused.message)) from refused
    hours = round(LIFETIME.total_seconds() / 3600)
    typer.echo(f"Open this within {hours} hours and choose a password for {login}. It works once:")
    typer.echo(settings.base_url + link)


@app.command()
def populate(
    committees: Annotated[int, typer.Option(help="Communities to people.", min=1, max=6509)] = 20,
    residents: Annotated[int, typer.Option(help="Residents in all.", min=1)] = 2_000,
    posts: Annotated[int, typer.Option(help="Posts in all.", min=0)] = 20_000,
    comments: Annotated[
        int | None, typer.Option(help="Comments in all, about; else 4.5 for each post.", min=0)
    ] = None,
    seed: Annotated[int, typer.Option(help="The same number makes the same town.")] = 1,
) -> None:
    """Fill an empty database with any amount of made-up life, for load tests. Again adds more."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from shequtong import populate as making
    from shequtong.lib.errors import Refused

    database = _furnished(_settings())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns) as progress:
            writing = progress.add_task("Posts", total=posts)
            town = making.populate(
                database,
                committees=committees,
                residents=residents,
                posts=posts,
                comments=comments,
                seed=seed,
                tell=lambda written: progress.advance(writing, written),
            )
    except Refused as refused:
        raise Stop(str(refused.message)) from refused
    somebody = town.communities[0]
    typer.echo(f"Done. Somebody of {somebody.division.name} signs in as")
    for role in ("resident", "secretary"):
        person = (somebody.residents if role == "resident" else somebody.officers[role])[0]
        typer.echo(f"  {making.town.LOGIN}{person} ({role}), password {making.town.PASSWORD}")


@app.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Forget what has been kept for its time, as the worker does once a day; list the periods in force."""
    from shequtong.core.privacy import retaining

    database = _furnished(_settings())
    with database.reading() as session:
        due = list(retaining.over(session))
    for period, rows in due:
        typer.echo(
            f"{period.name:<20}{retaining.days(period):>6} days {rows:>8} {'would go' if dry_run else 'due'}"
        )
    if dry_run:
        return
    gone = 0
    while True:
        with database.writing() as session:
            some = retaining.forget_some(session)
        gone += sum(some.values())
        if retaining.BATCH not in some.values():
            break
    typer.echo(f"Forgotten: {gone} rows.")


ballots = typer.Typer(help="Look at votes of dwellings.", no_args_is_help=True)
app.add_typer(ballots, name="ballots")


@ballots.command()
def verify(
    files: Annotated[
        list[Path], typer.Argument(help="The downloaded archive, or roll.csv, ballots.csv and round.json.")
    ],
    receipt: Annotated[str, typer.Option(help="Say what the secret ballot with this receipt chose.")] = "",
) -> None:
    """Count a vote again from its published files alone, and compare. Needs no database and no settings."""
    from shequtong.core.ballots import verifying
    from shequtong.lib import i18n

    i18n.set_locale("en")
    try:
        found = verifying.read(files)
        recount = verifying.recount(found)
        chosen = verifying.choice_of(found, receipt) if receipt else None
    except verifying.NotOurs as refused:
        raise Stop(str(refused)) from refused
    typer.echo(recount.question)
    for finding in recount.findings:
        typer.echo(
            f"{'WRONG' if finding.wrong else 'ok':<6}{finding.what}{finding.wrong and ': '}{finding.wrong}"
        )
    labels = {option[0]: option[1] for option in recount.options}
    for key, (heads, area) in recount.tally.items():
        typer.echo(f"      {labels[key]}: {heads} dwellings, {verifying.metres(area)} m²")
    typer.echo(f"      {recount.result}" + (f": {labels[recount.carried]}" if recount.carried else ""))
    if receipt:
        typer.echo(f"      your ballot: {labels[chosen]}" if chosen else "      no ballot has this receipt")
    if not recount.agrees:
        raise Stop("what is published and what was recorded differ")
    if receipt and chosen is None:
        raise Stop("no ballot has this receipt")


@app.command()
def check(
    show_settings: Annotated[
        bool, typer.Option("--settings", help="List every setting, in force and where it comes from.")
    ] = False,
    counters: Annotated[
        bool, typer.Option("--counters", help="Count the figures of all divisions again, and compare.")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="With --counters: keep what was counted now.")
    ] = False,
) -> None:
    """Look at settings, database, media and clock; say what is wrong and how to mend it."""
    from shequtong.core.media import storing
    from shequtong.lib import checkup
    from shequtong.lib.db import Database

    settings = _settings()
    if repair and not counters:
        raise Stop("--repair mends counters: say --counters --repair", 2)
    if counters:
        _check_counters(settings, repair)
        return
    if show_settings:
        for name, value, source, about in checkup.settings_in_force(settings):
            typer.echo(f"{name}={value}  ({source})\n    {about}")
        return
    database = Database(settings.database_url)
    findings = [
        checkup.of_address(settings),
        checkup.of_secret_key(settings),
        *checkup.of_database(database),
        checkup.of_store(settings, storing.try_store),
        checkup.of_clock(database),
        checkup.of_holidays(settings),
    ]
    for finding in findings:
        mark = "ok" if not finding.wrong else "look" if finding.warning else "WRONG"
        typer.echo(f"{mark:<6}{finding.what}" + (f": {finding.wrong}" if finding.wrong else ""))
        if finding.mend:
            typer.echo(f"      {finding.mend}")
    wrong = [finding.what for finding in findings if finding.wrong and not finding.warning]
    if wrong:
        raise Stop(f"to be mended: {', '.join(wrong)}")


def _check_counters(settings: Settings, repair: bool) -> None:
    """Say every kept figure that is not what is counted from the posts; exit 1 if any is left so."""
    from shequtong.core.statistics import recounting

    database = _furnished(settings)
    with database.reading() as session:
        differences = recounting.compare(session)
    for difference in differences:
        typer.echo(str(difference))
    if not differences:
        typer.echo("Every kept figure is what was counted now.")
    elif repair:
        with database.writing() as session:
            recounting.repair(session)
        typer.echo(f"Mended: {len(differences)} figures.")
    else:
        raise Stop(f"{len(differences)} figures differ; mend them with `shequtong check --counters --repair`")
