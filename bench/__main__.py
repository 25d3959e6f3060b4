"""`make bench`: every workload as a ratio to the bare server, on both databases, with ten times the posts."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench import load, stage, workloads
from bench.workloads import GROWTH, Scene
from shequtong.lib import schema
from shequtong.lib.db import Database
from shequtong.populate import populate

console = Console(width=110, highlight=False)


@dataclass(frozen=True)
class Size:
    """How much is there at first, how many times as much later, and how long each page is measured."""

    posts: int
    residents: int
    times: int
    warm_up: float
    seconds: float
    committees: int = 20


BARE = ("uvicorn", "bench.ceiling:app", "--port", "PORT")

FULL = Size(20_000, 2_000, 10, warm_up=1.5, seconds=5)
QUICK = Size(2_000, 600, 5, warm_up=0.5, seconds=1.5, committees=5)


@dataclass
class Row:
    ratio: float
    per_second: float
    p50: float
    p99: float
    growth: float | None = None


def main(arguments: list[str]) -> int:
    size = QUICK if "quick" in arguments else FULL
    kinds = [kind for kind in ("sqlite", "postgresql") if kind in arguments] or ["sqlite", "postgresql"]
    with (
        stage.folder() as room,
        stage.server(*BARE) as (ceiling, _),
        stage.server(*BARE, "--no-access-log") as (mute, _),
    ):
        bare, silent = _ceiling(ceiling, size), _ceiling(mute, size)
        console.print(f"A bare one-worker uvicorn answers {bare:,.0f} requests a second on this machine,")
        console.print(f"as its manual starts it; {silent:,.0f} when it keeps no log.")
        found = {kind: _measure(kind, room, size, ceiling) for kind in kinds}
        again = _ceiling(ceiling, size)
    console.print(f"At the end the bare server answered {again:,.0f} a second.\n")
    for kind in kinds:
        console.print(_table(kind, size, *found[kind]))
    console.print("Two workers are not measured: with this load generator they would need a third core.")
    missed = [f"{kind} {letter}" for kind in kinds for letter in _missed(kind, found[kind][0])]
    console.print(f"Below budget: {', '.join(missed)}." if missed else "Every budget is met.")
    return 1 if missed else 0


def _measure(kind: str, room: Path, size: Size, ceiling: int) -> tuple[dict[str, Row], int | None]:
    """Each workload with few posts, then with many; and the memory of the worker after it all."""
    with stage.database(kind, room) as url:
        settings = stage.environment(url, room)
        os.environ.update(settings)
        from shequtong.main import furnish
        from shequtong.settings import Settings

        schema.migrate(Database(url))
        database = furnish(Settings(_env_file=None))
        _fill(database, kind, size, size.posts, size.residents, seed=1)
        few, _ = _run(database, settings, size, ceiling)
        more = size.times - 1
        _fill(database, kind, size, size.posts * more, size.residents * more, seed=2)
        many, memory = _run(database, settings, size, ceiling)
        database.dispose()
    for letter, row in many.items():
        row.growth = few[letter].ratio / row.ratio
    return many, memory


def _fill(database: Database, kind: str, size: Size, posts: int, residents: int, seed: int) -> None:
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(f"{kind}: {posts:,} posts", total=posts)
        populate(
            database,
            committees=size.committees,
            residents=residents,
            posts=posts,
            seed=seed,
            tell=lambda written: progress.advance(task, written),
        )


def _run(
    database: Database, settings: dict[str, str], size: Size, ceiling: int
) -> tuple[dict[str, Row], int | None]:
    with database.writing() as session:
        scene = Scene(session, Random(1))
    rows: dict[str, Row] = {}
    with stage.server("shequtong", "serve", "--port", "PORT", **settings) as (port, pid):
        before = _ceiling(ceiling, size)
        for workload in scene.workloads():
            status, said = workloads.ask(port, workload.following())
            if not workload.proof(status, said):
                console.print(
                    f"[red]{workload.letter} ({workload.about}) is not what it should be: {status}[/]"
                )
                continue
            result = load.measure(port, workload.following, warm_up=size.warm_up, seconds=size.seconds)
            after = _ceiling(ceiling, size)
            ratio = result.per_second / ((before + after) / 2)
            rows[workload.letter] = Row(
                ratio, result.per_second, result.percentile(0.5) * 1000, result.percentile(0.99) * 1000
            )
            console.print(f"  {workload.letter} {ratio:.4f}", end="", style="dim")
            before = after
        console.print()
        return rows, stage.resident_megabytes(pid)


def _ceiling(port: int, size: Size) -> float:
    request = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n"
    return load.measure(port, lambda: request, warm_up=0.3, seconds=min(size.seconds, 2)).per_second


def _table(kind: str, size: Size, rows: dict[str, Row], memory: int | None) -> Table:
    held = f", {memory} MB of memory" if memory else ""
    table = Table(title=f"{kind}, {size.posts * size.times:,} posts, one worker{held}", title_justify="left")
    for head in ("workload", "ratio", "budget", "", "a second", "p50 ms", "p99 ms", f"growth ×{size.times}"):
        table.add_column(head, justify="left" if head in ("workload", "") else "right")
    wanted = workloads.budgets()[kind]
    about = {"A": "a board, 20 cards", "B": "a post, 10 comments", "C": "create a post", "D": "add a comment",
             "E": "home feed, 200 followed", "F": "search, two characters", "G": "desk of a committee",
             "H": "dashboard of 567 committees",
             "I": "mixed, 80 % A B E"}  # fmt: skip
    for letter, row in rows.items():
        least = wanted.get(letter)
        verdict = "" if least is None else "[green]met[/]" if row.ratio >= least else "[red]below[/]"
        growth = "" if row.growth is None else f"{row.growth:.2f}"
        if row.growth and row.growth > GROWTH.get(letter, 99):
            growth = f"[red]{growth}[/]"
        table.add_row(
            f"{letter} {about[letter]}", f"{row.ratio:.4f}", f"{least or '':>5}", verdict,
            f"{row.per_second:,.0f}", f"{row.p50:.1f}", f"{row.p99:.1f}", growth,
        )  # fmt: skip
    return table


def _missed(kind: str, rows: dict[str, Row]) -> list[str]:
    return [
        letter
        for letter, least in workloads.budgets()[kind].items()
        if letter not in rows or rows[letter].ratio < least
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
