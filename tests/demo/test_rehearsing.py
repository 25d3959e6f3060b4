"""The story against the boards themselves: it can be played, and every state of every board is in it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from shequtong.boards import ALL
from shequtong.core.posts import rooms
from shequtong.demo.rehearsing import Walk, rehearse, unreached
from shequtong.town import StoryError, Town, load
from shequtong.town.reading import HERE

Spoil = Callable[[str, str, str], Town]


@pytest.fixture(autouse=True)
def furnished() -> None:
    rooms.furnish(ALL)


@pytest.fixture
def walks(town: Town) -> dict[str, Walk]:
    return rehearse(town)


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """The story in which one word of one file is another."""

    def changed(name: str, old: str, new: str) -> Town:
        here = tmp_path / "town"
        shutil.copytree(HERE, here, ignore=shutil.ignore_patterns("*.py", "__pycache__", "*.webp", "*.svg"))
        text = (here / name).read_text(encoding="utf-8")
        assert old in text
        (here / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return load(here)

    return changed


def test_every_state_of_every_board_is_where_some_post_rests(walks: dict[str, Walk]) -> None:
    assert unreached(walks) == set()


def test_all_boards_are_alive_and_every_kind_is_posted(town: Town) -> None:
    posted = {(post.board, post.kind) for post in town.posts}
    grown = {("services", "answer")}  # grows out of a question that is published
    declared = {(board.slug, kind) for board in ALL for kind in (dict(board.kinds) or {"": ""})}
    assert declared - posted - grown == set()


def test_a_draft_is_read_by_nobody_and_a_notice_when_it_is_published(walks: dict[str, Walk]) -> None:
    assert walks["g-lamp-draft"].shown_after is None
    assert walks["n-water"].shown_after is not None
    assert not walks["t-ginkgo"].shown_after


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("life/talk.toml", 'do = "lock"', 'do = "slam"', "talk.toml, t-noise-lock: 'slam' is no transition"),
        ("life/goods.toml", 'do = "reserve"', 'do = "hand_over"', "g-cot: 'hand_over' is not possible from"),
        ("life/goods.toml", 'by = "clock"', 'by = "resident"', "g-books: only the clock takes 'lapse'"),
        ("life/goods.toml", 'do = "renew", by = "huanhuan"', 'do = "renew", by = "clock"', "clock does not"),
        ("life/talk.toml", 'kind = "photo"', 'kind = "moon"', "talk has no kind 'moon'"),
        ("life/goods.toml", 'category = "baby"', 'colour = "red"', "does not ask for colour"),
        ("life/goods.toml", 'category = "baby", ', "", "asks for category too"),
        ("life/matters.toml", 'to = "property"', 'whom = "property"', "dispatch does not ask for whom"),
        ("life/talk.toml", 'key = "t-held"', 'key = "t-held"\nprivate = true', "nothing on talk is private"),
        ("follows.toml", '"goods"', '"stamps"', "there is no board 'stamps'"),
    ],
)
def test_a_story_that_does_not_fit_the_boards_names_file_and_post(
    spoil: Spoil, name: str, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(StoryError, match=complaint):
        rehearse(spoil(name, old, new))
