"""`make check` runs the tests of what was touched."""

from scripts.touched import HOUSE, ROOT, arguments_for


def test_every_package_and_board_has_arguments_for_its_own_that_are_found():
    for package in sorted(
        path for path in (ROOT / "src/shequtong/core").iterdir() if (path / "__init__.py").exists()
    ):
        found = arguments_for([f"src/shequtong/core/{package.name}/models.py"])
        assert package.name == "desk" or f"tests/core/{package.name}" in found
    for board in (path.parent for path in (ROOT / "src/shequtong/boards").glob("*/board.py")):
        found = arguments_for([f"src/shequtong/boards/{board.name}/board.py"])
        assert {f"tests/boards/test_{board.name}.py", f"--boards={board.name}"} <= set(found)


def test_what_was_not_touched_is_left_to_the_whole_run():
    assert arguments_for([]) == sorted(HOUSE)
    assert arguments_for(["README.md"]) == sorted(HOUSE)
    assert "tests/look" in arguments_for(["static/css/components/card.css"])
    assert "tests/test_cli.py" in arguments_for(["src/shequtong/cli.py"])
    assert "tests/boards/test_goods.py" in arguments_for(["tests/boards/test_goods.py"])
