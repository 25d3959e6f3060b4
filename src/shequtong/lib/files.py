"""Templates, static files and migrations: beside `src/` in a checkout, inside the package in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SHIPPED = PACKAGE / "_files"


def root() -> Path:
    """The folder that holds `templates/`, `static/`, `migrations/` and `alembic.ini`."""
    return SHIPPED if SHIPPED.is_dir() else PACKAGE.parents[1]


def templates() -> Path:
    return root() / "templates"


def static() -> Path:
    return root() / "static"


def migrations() -> Path:
    return root() / "migrations"


def alembic_ini() -> Path:
    return root() / "alembic.ini"
