"""What an operator installs: one wheel that works in an empty folder, far from this checkout."""

import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from tests.cast import HOME

ROOT = Path(__file__).resolve().parents[1]
DRAWINGS = "src/shequtong/town/pictures/drawings"
"""What the demo's pictures were made from; nobody needs it to run."""
BESIDE_THE_CODE = ("alembic.ini", "migrations", "static", "templates")
AWAY_FROM_THE_CHECKOUT = f"""
import os, sys

def guard(event, args):
    if event in ("open", "os.listdir", "os.scandir") and args and isinstance(args[0], (str, os.PathLike)):
        path = os.path.abspath(args[0])
        if path.startswith({f"{ROOT}/"!r}) and not path.startswith({sysconfig.get_path("purelib")!r}):
            raise PermissionError(f"{{event}} of {{path}}, which no operator has")

sys.addaudithook(guard)
"""
"""What each Python of the new environment runs first: to reach into this checkout is an error."""

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
    (site / "away.py").write_text(AWAY_FROM_THE_CHECKOUT)
    (site / "away.pth").write_text("import away")
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


def test_the_guard_of_these_tests_keeps_the_checkout_shut(installed: Path, tmp_path: Path) -> None:
    reach = f"open({str(ROOT / 'pyproject.toml')!r})"
    told = subprocess.run([installed / "python", "-c", reach], cwd=tmp_path, capture_output=True, text=True)
    assert "which no operator has" in told.stderr


def test_an_installed_demo_makes_and_serves_its_town_in_an_empty_folder(
    installed: Path, tmp_path: Path
) -> None:
    with demo(installed, tmp_path) as (address, told):
        assert "The town is ready." in told
        assert "shequtong-demo" in told
        assert "登录" in read(f"{address}/login")
        community = read(f"{address}/c/{HOME}")
        for kind in ("css", "js", "svg"):
            file = re.search(rf'(?:href|src)="(/static/[^"]+\.{kind}\b[^"#]*)', community)
            assert file and read(address + file[1]), kind
        assert len(list((tmp_path / "var" / "demo" / "media").rglob("*.*"))) > 10
    assert {path.name for path in tmp_path.iterdir()} == {"var"}


@contextmanager
def demo(installed: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """`shequtong demo` running in `folder`: its address and what it said, once it is ready; it leaves when told."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [installed / "shequtong", "demo", "--port", str(port)],
        cwd=folder,
        env=clean_environment() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    try:
        told = ""
        for line in process.stdout:
            told += line
            if "stop with Ctrl-C" in line:
                break
        assert process.poll() is None and "stop with Ctrl-C" in told, told
        yield f"http://127.0.0.1:{port}", told
        process.send_signal(signal.SIGTERM)
        rest, _none = process.communicate(timeout=20)
        assert process.returncode == 0, rest
    finally:
        process.kill()
        process.wait()


def read(address: str) -> str:
    with urlopen(address, timeout=30) as answer:
        assert answer.status == 200, address
        return str(answer.read().decode())
