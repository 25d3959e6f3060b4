"""Prints which tests what you changed may break: those of the touched rooms, and those of the whole house.

For `make check`. Changed is what is not committed, and what your branch has beyond the one it came from.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

HOUSE = (
    "tests/lib",
    "tests/core/posts",
    "tests/test_architecture.py",
    "tests/test_docs.py",
    "tests/test_house.py",
    "tests/test_query_budgets.py",
)
"""What holds everywhere: always run."""

TWINS = (
    (r"(?:src/shequtong|templates)/boards/(\w+)/.*", "tests/boards/test_{}*.py"),
    (r"src/shequtong/core/(\w+)[/.].*", "tests/core/{}"),
    (r"templates/(\w+)/.*", "tests/core/{}"),
    (r"src/shequtong/(?:cli|settings|main|__main__)\.py", "tests/test_cli.py"),
    (r"src/shequtong/(town|populate|demo)/.*", "tests/{}"),
    (r"migrations/.*", "tests/test_migrations.py"),
    (r"(?:static|templates/components|templates/layouts)/.*", "tests/look"),
    (r"(?:pyproject\.toml|scripts/.*)", "tests/test_wheel.py"),
    (r"(tests/.*test_\w+\.py)", "{}"),
)
"""Beginnings of paths and the tests that stand beside them."""


def arguments_for(changed: Iterable[str]) -> list[str]:
    """Arguments for pytest: files and folders of tests, and the boards to walk."""
    wanted = set(HOUSE)
    boards = set()
    for path in changed:
        for pattern, twin in TWINS:
            if found := re.fullmatch(pattern, path):
                wanted |= {str(t.relative_to(ROOT)) for t in ROOT.glob(twin.format(*found.groups()))}
        if board := re.match(r"(?:src/shequtong|templates)/boards/(\w+)/", path):
            boards.add(board[1])
    if boards:
        wanted.add("tests/boards/test_every_board.py")
    return [*sorted(wanted), *([f"--boards={','.join(sorted(boards))}"] if boards else [])]


def changed() -> set[str]:
    """Paths of what is not committed, and of what the branch has beyond its origin."""
    since = _git("merge-base", "HEAD", "@{upstream}") or _git("merge-base", "HEAD", "main") or ["HEAD"]
    return {*_git("diff", "--name-only", since[0]), *_git("ls-files", "--others", "--exclude-standard")}


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.split() if done.returncode == 0 else []


if __name__ == "__main__":
    print(" ".join(arguments_for(changed())))
