"""`Board.move` and `Board.publish` are the only writers of a post's state."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "shequtong"
WRITER = SOURCE / "core" / "posts" / "board.py"


def writes_of_state(tree: ast.AST) -> Iterator[int]:
    """Lines that assign `post.state`, update it in the database, or make a post in a state."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == "state":
            if ast.unparse(node.value).split(".")[-1].endswith("post"):
                yield node.lineno
        elif isinstance(node, ast.Call) and any(word.arg == "state" for word in node.keywords):
            made = ast.unparse(node.func)
            if made == "Post" or (made.endswith(".values") and "update(Post)" in made):
                yield node.lineno


def test_nobody_else_writes_the_state_of_a_post():
    found = [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in [*(SOURCE / "core").rglob("*.py"), *(SOURCE / "boards").rglob("*.py")]
        if path != WRITER
        for line in writes_of_state(ast.parse(path.read_text()))
    ]
    assert found == []


def test_the_writer_itself_is_found():
    assert len(list(writes_of_state(ast.parse(WRITER.read_text())))) == 2
