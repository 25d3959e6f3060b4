"""AGPL, section 13: whoever uses it can have the source of it."""

import io
import zipfile

from starlette.testclient import TestClient

from shequtong.lib import files
from shequtong.main import create_app


def test_a_visitor_is_led_to_the_source_of_what_runs_here(visitor):
    assert 'href="/source"' in visitor.get("/").text
    answer = visitor.get("/source")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    names = set(archive.namelist())
    for wanted in (
        "src/shequtong/main.py",
        "templates/layouts/base.html",
        "static/css/components/header.css",
        "LICENSE",
    ):
        assert f"shequtong/{wanted}" in names
    assert any(name.startswith("shequtong/migrations/versions/") for name in names)
    assert (
        archive.read("shequtong/src/shequtong/lib/source.py")
        == (files.PACKAGE / "lib/source.py").read_bytes()
    )


def test_nothing_of_an_installation_s_own_is_in_it(visitor, settings):
    archive = zipfile.ZipFile(io.BytesIO(visitor.get("/source").content))
    tops = {name.split("/")[1] for name in archive.namelist()}
    assert tops <= {
        "src", "templates", "static", "migrations", "scripts",
        "alembic.ini", "pyproject.toml", "requirements.lock", "Makefile", "LICENSE", "README.md",
    }  # fmt: skip
    assert not any("__pycache__" in name or "/." in name for name in archive.namelist())
    assert not any(key.encode() in archive.read(name) for name in archive.namelist() for key in settings.keys)


def test_an_operator_may_say_where_it_is_published(settings):
    app = create_app(settings.model_copy(update={"source_url": "https://code.example/shequtong"}))
    answer = TestClient(app, base_url=settings.base_url, follow_redirects=False).get("/source")
    assert (answer.status_code, answer.headers["location"]) == (303, "https://code.example/shequtong")
