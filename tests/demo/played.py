"""The whole town in a database: played once for each kind of database in a run, and copied for every test."""

from __future__ import annotations

from pathlib import Path

from tests.cast import KEY
from tests.databases import room

from shequtong.demo import making
from shequtong.main import JOBS, ROUNDS, furnish
from shequtong.settings import Settings
from shequtong.town import load


def settings_of(url: str, media: Path) -> Settings:
    return Settings(
        database_url=url,
        secret_key=KEY,
        media_url=f"file://{media}",
        base_url="http://127.0.0.1:8000",
        sqlite_synchronous="NORMAL",
        demo=True,
        _env_file=None,
    )


def pictures() -> Path:
    """Where the pictures of the played towns lie; tests only look at them."""
    return room().path / "demo-pictures"


def play_the_town(url: str) -> None:
    """Template of the played databases."""
    database = furnish(settings_of(url, pictures()))
    making.make(database, load(), JOBS, ROUNDS, lambda doing, done: None)
    database.dispose()
