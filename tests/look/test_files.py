"""Style sheets, scripts and drawings: all listed, all there, none too heavy."""

import re
from pathlib import Path

import pytest

from shequtong.lib import files
from shequtong.lib.templates import assets

STATIC = files.static()
TEMPLATES = sorted(files.templates().rglob("*.*"))
ROOMS = sorted(Path(files.__file__).parents[1].glob("boards/*/board.py"))


@pytest.mark.parametrize(("folder", "suffix"), [("css", ".css"), ("js", ".js")])
def test_every_file_is_in_the_list_once_and_the_list_names_no_other(folder: str, suffix: str) -> None:
    home = STATIC / folder
    listed = (home / "app.txt").read_text().split()
    there = {path.relative_to(home).as_posix() for path in home.rglob(f"*{suffix}")}
    assert len(listed) == len(set(listed))
    assert {name for name in listed if not name.startswith("../vendor/")} == there


def test_every_drawing_that_is_asked_for_is_in_the_sprite() -> None:
    asked = {
        (name, str(path))
        for path in TEMPLATES
        for name in re.findall(r"""\bicon\(["']([\w-]+)["']""", path.read_text())
    }
    asked |= {
        (name, str(path)) for path in ROOMS for name in re.findall(r'\bicon="([\w-]+)"', path.read_text())
    }
    assert {pair for pair in asked if pair[0] not in assets().icons} == set()


def test_every_board_wears_an_enamel_that_exists() -> None:
    enamels = set(re.findall(r'\[data-colour="(\w+)"\]', (STATIC / "css" / "tokens.css").read_text()))
    for room in ROOMS:
        for colour in re.findall(r'\bcolour="(\w+)"', room.read_text()):
            assert colour in enamels, room


def test_style_reaches_for_no_other_site_and_never_shouts() -> None:
    for path in (STATIC / "css").rglob("*.css"):
        css = path.read_text()
        assert "@import" not in css and "url(" not in css and "!important" not in css, path.name
        assert css.lstrip().startswith(("@layer", "/*")) and "@layer" in css, (
            f"{path.name} stands in no layer"
        )


def test_colours_are_named_in_the_tokens_and_nowhere_else() -> None:
    for path in (STATIC / "css").rglob("*.css"):
        if path.name != "tokens.css":
            loose = set(re.findall(r"#[0-9a-f]{6}\b", path.read_text()))
            assert loose == set(), f"{path.name}: give it a name in tokens.css"
