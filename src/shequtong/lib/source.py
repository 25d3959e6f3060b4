"""The source of what runs here, for everybody who uses it: section 13 of the AGPL."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from shequtong.lib import files
from shequtong.lib.web import Unasked
from shequtong.lib.web import router as pages

router = pages()

BESIDE = ("alembic.ini", "pyproject.toml", "requirements.lock", "Makefile", "LICENSE", "README.md", "scripts")
"""What is beside the package in a checkout and needed to build it; a wheel has less of it."""


@router.get("/source")
async def source(_: Unasked, request: Request) -> Response:
    """Where the operator says the source is; else the very files of this installation."""
    if address := request.app.state.settings.source_url:
        return RedirectResponse(address, 303)
    headers = {"Content-Disposition": 'attachment; filename="shequtong-source.zip"'}
    return Response(await run_in_threadpool(packed), media_type="application/zip", headers=headers)


@lru_cache(maxsize=1)
def packed() -> bytes:
    """A zip of the code, templates, static files and migrations that this process runs, and nothing else."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in sorted(_listed(), key=lambda each: each[1]):
            archive.write(path, f"shequtong/{name}")
    return whole.getvalue()


def _listed() -> Iterator[tuple[Path, str]]:
    """Every file with its name in a checkout."""
    yield from _below(files.PACKAGE, "src/shequtong")
    for folder in (files.templates(), files.static(), files.migrations()):
        yield from _below(folder, folder.name)
    for name in BESIDE:
        beside = files.root() / name
        if beside.is_file():
            yield beside, name
        else:
            yield from _below(beside, name)


def _below(folder: Path, name: str) -> Iterator[tuple[Path, str]]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        hidden = any(part.startswith((".", "__pycache__", "_files")) for part in inside.parts)
        if path.is_file() and not path.is_symlink() and not hidden:
            yield path, f"{name}/{inside.as_posix()}"
