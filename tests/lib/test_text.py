from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from shequtong.lib.text import Line, Text, UnfitText, clean, clean_line, number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\x00b", "nul"),
        ("a\x07b", "control"),
        ("a\x0bb", "control"),
        ("a\x1bb", "control"),
        ("a\x7fb", "control"),
        ("a\x85b", "control"),
        ("a\ud83db", "surrogate"),
        ("user\u202etxt.exe", "bidi"),
        ("a\u2066b\u2069", "bidi"),
    ],
)
def test_i4_control_characters_are_refused(text, code):
    with pytest.raises(UnfitText) as refused:
        clean(text)
    assert refused.value.code == code
    assert "请重新输入" in str(refused.value)


@pytest.mark.parametrize("text", ["𠮷野家的䶮先生", "👨‍👩‍👧 一家三口", "a\tb\nc", "عربي", "é"])
def test_i4_rare_characters_survive(text):
    assert clean(text) == text


def test_i4_text_is_kept_in_one_spelling():
    assert clean("e\u0301") == "\u00e9"
    assert clean("一\r\n二\r三\u2028四") == "一\n二\n三\n四"
    assert clean("\ufeff \u200b你好 \n") == "你好"
    assert clean_line(" 电梯\n\n 又\t坏了 ") == "电梯 又 坏了"


@given(st.text())
def test_i4_what_is_clean_stays_as_it_is(text):
    try:
        cleaned = clean(text)
    except UnfitText:
        return
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned


def test_i4_forms_count_the_cleaned_text():
    class Form(BaseModel):
        title: Annotated[Line, Field(min_length=1, max_length=5)]
        body: Text = ""

    assert Form(title="  一\n二 ", body=" 好 ").model_dump() == {"title": "一 二", "body": "好"}
    for wrong in [" \u200b ", "a\x00b", "123456"]:
        with pytest.raises(ValidationError):
            Form(title=wrong)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("17", 17), ("１７", 17), (17, 17), ("9" * 18, 10**18 - 1)]
    + [(typed, 0) for typed in ("", None, "²", "፩", "-1", "1.0", "1 ", "x", "9" * 19, "9" * 5000)],
)
def test_i3_a_number_that_no_row_can_have_is_none(typed, meant):
    assert number(typed) == meant
