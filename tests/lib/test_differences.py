"""What was changed between two texts: nothing lost, and only what changed marked."""

from hypothesis import given
from hypothesis import strategies as st

from shequtong.lib.differences import between

TEXT = st.text(st.sampled_from("公约一二三，。；\n住户停车ab"), max_size=60)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_from_the_parts(old, new):
    parts = between(old, new)
    assert "".join(p.text for p in parts if p.what != "added") == old
    assert "".join(p.text for p in parts if p.what != "removed") == new


def test_a_changed_number_is_marked_and_nothing_else():
    old, new = "访客两小时内免费，过夜按次收费。", "访客三小时内免费，过夜按次收费。"
    assert [(p.what, p.text) for p in between(old, new)] == [
        ("same", "访客"),
        ("removed", "两"),
        ("added", "三"),
        ("same", "小时内免费，过夜按次收费。"),
    ]


def test_a_sentence_that_says_something_else_is_taken_out_whole():
    parts = between("一户一位。车位不得转租。", "一户一位。通道任何时候畅通。")
    assert [p.what for p in parts] == ["same", "removed", "added"]
