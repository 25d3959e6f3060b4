"""What changed between two texts."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequtong.lib.differences import added, between, excerpt, merge

TEXT = st.text(alphabet="甲乙丙，。；ab \n", max_size=60)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_from_the_parts(old, new):
    parts = between(old, new)
    assert "".join(part.text for part in parts if part.what != "added") == old
    assert "".join(part.text for part in parts if part.what != "removed") == new
    assert all(part.text for part in parts)
    assert all(one.what != two.what for one, two in pairwise(parts))


def test_a_changed_number_is_marked_and_nothing_else():
    old, new = "访客两小时内免费，过夜按次收费。", "访客三小时内免费，过夜按次收费。"
    assert between(old, new) == [
        ("same", "访客"),
        ("removed", "两"),
        ("added", "三"),
        ("same", "小时内免费，过夜按次收费。"),
    ]


def test_words_are_not_taken_apart():
    assert between("keep dogs on a leash", "keep dogs on a lead") == [
        ("same", "keep dogs on a "),
        ("removed", "leash"),
        ("added", "lead"),
    ]


def test_a_sentence_that_says_something_else_is_taken_out_whole():
    parts = between("一户一位。车位不得转租。", "一户一位。通道任何时候畅通。")
    assert [p.what for p in parts] == ["same", "removed", "added"]


def test_a_character_that_stayed_by_chance_is_no_island():
    assert between("每月一号由物业清扫", "每月九号请业主清扫") == [
        ("same", "每月"),
        ("removed", "一号由物业"),
        ("added", "九号请业主"),
        ("same", "清扫"),
    ]


def test_an_excerpt_leaves_out_what_is_far_from_a_change():
    parts = between("一" * 300 + "甲" + "二" * 300, "一" * 300 + "乙" + "二" * 300)
    assert excerpt(parts) == [
        ("same", "…" + "一" * 40),
        ("removed", "甲"),
        ("added", "乙"),
        ("same", "二" * 40 + "…"),
    ]
    assert added(parts) == "乙"


BASE = "第一条 甲\n第二条 乙\n第三条 丙"


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("第一条 甲甲\n第二条 乙\n第三条 丙", BASE, "第一条 甲甲\n第二条 乙\n第三条 丙"),
        (
            "第一条 甲甲\n第二条 乙\n第三条 丙",
            "第一条 甲\n第二条 乙\n第三条 丁",
            "第一条 甲甲\n第二条 乙\n第三条 丁",
        ),
        (
            "第一条 甲\n第二条 丁\n第三条 丙",
            "第一条 丁\n第二条 乙\n第三条 丙",
            "第一条 丁\n第二条 丁\n第三条 丙",
        ),
        ("第二条 乙\n第三条 丙", BASE + "\n第四条 丁", "第二条 乙\n第三条 丙\n第四条 丁"),
        ("第一条 甲\n第二条 丁\n第三条 丙", "第一条 甲\n第二条 戊\n第三条 丙", None),
        ("第一条 甲\n第三条 丙", "第一条 甲\n第二条 戊\n第三条 丙", None),
        (BASE + "\n第四条 丁", BASE + "\n第四条 戊", None),
        (BASE + "\n第四条 丁", BASE + "\n第四条 丁", BASE + "\n第四条 丁"),
    ],
)
def test_a_change_is_taken_into_a_text_that_has_moved_on_unless_the_same_lines_did(mine, theirs, both):
    assert merge(BASE, mine, theirs) == both


@given(TEXT, TEXT)
def test_a_change_of_a_text_that_stood_still_is_simply_taken(base, mine):
    assert merge(base, mine, base) == "\n".join(mine.splitlines())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("甲" * 10_000, "乙甲" * 5_000),
        ("甲\n" * 5_000, "乙\n甲\n" * 2_500),
        ("甲乙丙" * 3_000, "丙乙甲" * 3_000),
        ("ab" * 150, "ba" * 150),
    ],
)
def test_the_longest_texts_are_compared_in_a_second(before, after):
    begin = time.process_time()
    between(before, after)
    assert time.process_time() - begin < 1
