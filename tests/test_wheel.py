"""What an operator installs: one wheel that works in an empty folder, far from this checkout."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[1]
DRAWINGS = "src/shequtong/town/pictures/drawings"
"""What the demo's pictures were made from; nobody needs it to run."""
BESIDE_THE_CODE = ("alembic.ini", "migrations", "static", "templates")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = [
        *pip,
        "wheel",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(build, check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment with the wheel and the locked dependencies, but not the checkout."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, symlinks=True)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", str(python)]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    site = next(home.glob("lib/python*/site-packages"))
    (site / "locked.pth").write_text(sysconfig.get_path("purelib"))
    return home / "bin"


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not re.match("SHEQUTONG_|PYTHONPATH", name)}


def in_git(*paths: str) -> set[str]:
    listed = subprocess.run(["git", "ls-files", *paths], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(listed.stdout.splitlines())


def test_the_wheel_holds_every_file_that_the_program_needs(wheel: Path) -> None:
    held = set(ZipFile(wheel).namelist())
    needed = {f"shequtong/_files/{path}" for path in in_git(*BESIDE_THE_CODE)}
    needed |= {path.removeprefix("src/") for path in in_git("src/shequtong", f":!{DRAWINGS}")}

    assert needed - held == set()
    assert any(name.endswith("/licenses/LICENSE") for name in held)


def test_the_wheel_holds_nothing_of_the_workshop(wheel: Path) -> None:
    held = ZipFile(wheel).namelist()
    assert [name for name in held if not name.startswith(("shequtong/", "shequtong-"))] == []
    assert [name for name in held if re.search(r"\.env|\.db$|__pycache__|/tests?/", name)] == []


def test_an_installed_program_finds_its_files_in_the_package(installed: Path, tmp_path: Path) -> None:
    say = "from shequtong.lib import files; print(files.__file__, files.root(), sep='\\n')"
    told = subprocess.run(
        [installed / "python", "-c", say],
        cwd=tmp_path,
        env=clean_environment(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()

    assert [line for line in told if not line.startswith(str(installed.parent))] == []
    assert {path.name for path in Path(told[1]).iterdir()} >= set(BESIDE_THE_CODE)


def test_an_installed_demo_makes_its_town_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "shequtong", "demo", "--no-serve"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "The town is ready." in done.stdout
    assert "shequtong-demo" in done.stdout
    assert (tmp_path / "var" / "demo" / "shequtong.db").stat().st_size > 1_000_000
