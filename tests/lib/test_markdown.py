import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequtong.lib.markdown import TAGS, excerpt, possible_names, render

REL = 'rel="nofollow ugc noopener"'


def test_i1_plain_words_need_no_markdown():
    assert render("电梯坏了。\n请修一下。\n\n谢谢") == "<p>电梯坏了。<br>\n请修一下。</p>\n<p>谢谢</p>"
    assert render("    四个空格不是代码") == "<p>四个空格不是代码</p>"
    assert render("一行字\n---") == "<p>一行字</p>\n<hr>"


def test_i1_common_markdown_works():
    assert render("# 标题\n\n- **一**\n- ~~二~~") == (
        "<h3>标题</h3>\n<ul>\n<li><strong>一</strong></li>\n<li><s>二</s></li>\n</ul>"
    )
    assert "<td>2</td>" in render("|a|b|\n|--|:-:|\n|1|2|")


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<javascript:alert(1)>",
        '[x](https://a.cn "onclick=alert(1)")',
        "<a hx-get='/logout'>x</a>",
        "```<style>*{}</style>\nx\n```",
        "<svg onload=alert(1)>",
        '<p style="position:fixed">',
    ],
)
def test_i1_no_script_no_style_no_attribute_survives(attack):
    html = render(attack)
    for tag in re.findall(r"<[^>]*>", html):
        assert re.fullmatch(rf'</?(p|br|pre|code)>|</?a>|<a href="https://a.cn" {REL}>', tag), html


@pytest.mark.parametrize("picture", ["![x](https://a.cn/1.png)", "<img src='https://a.cn/1.png'>"])
def test_i1_no_picture_is_fetched_from_elsewhere(picture):
    assert "<img" not in render(picture)


def test_i1_every_link_is_marked_as_written_by_a_user():
    assert render("[网站](https://a.cn)") == f'<p><a href="https://a.cn" {REL}>网站</a></p>'


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("看https://t.cn/RcPQ214这里", "https://t.cn/RcPQ214", "这里"),
        ("https://a.cn/b。好", "https://a.cn/b", "。好"),
        ("(https://a.cn/b)", "https://a.cn/b", ")"),
        ("https://a.cn/b_(c)。", "https://a.cn/b_(c)", "。"),
        ("https://a.cn/?a=1&b=2.", "https://a.cn/?a=1&amp;b=2", "."),
        ("https://a.cn/x_y_z", "https://a.cn/x_y_z", ""),
    ],
)
def test_i1_bare_addresses_end_where_the_sentence_goes_on(text, address, rest):
    assert f'<a href="{address}" {REL}>{address}</a>{rest}</p>' in render(text)


def test_i1_addresses_in_code_and_in_links_stay_as_they_are():
    assert "<a" not in render("`https://a.cn`")
    assert render("[https://a.cn](https://b.cn)").count("<a") == 1
    assert "<a" not in render("https:// http://...")


def test_i1_names_are_links_when_somebody_is_called_so():
    people = {"王阿姨": "/u/1", "王": "/u/2"}.get
    link = f'<a href="/u/1" class="mention" {REL}>@王阿姨</a>'
    assert render("谢谢@王阿姨你好", people) == f"<p>谢谢{link}你好</p>"
    assert link in render("（@王阿姨）", people)
    assert "<a" not in render("@李四 wang@王.cn `@王`", people)
    assert "&lt;b&gt;" in render("@王<b>", people)


def test_i1_possible_names_are_all_beginnings():
    assert possible_names("@王阿姨 和 @Li。邮箱 a@b.cn") == {"王", "王阿", "王阿姨", "L", "Li"}
    assert len(possible_names(" ".join(f"@{n:04}" for n in range(100)))) <= 20 * 4


def test_an_excerpt_is_the_words_alone():
    assert excerpt("# 标题\n\n**电梯** `坏`了\n- 一\n- [二](https://a.cn)", 50) == "标题 电梯 坏了 一 二"
    assert excerpt("一二三四五", 5) == "一二三四五"
    assert excerpt("一二三四五六", 5) == "一二三四…"
    assert excerpt("<b>字</b>", 50) == "<b>字</b>"


@given(st.text("[]()*_`<>!#@\\&;:/.h \n|-~王1", max_size=80))
def test_i1_nothing_anybody_types_leaves_the_allow_list(text):
    tags = set(re.findall(r"<(/?\w+)", render(text, {"王": "/u/1"}.get)))
    assert {tag.lstrip("/") for tag in tags} <= set(TAGS.split())


@pytest.mark.parametrize(
    "piece", ["[", "](", "*a ", "**", "> ", "<a", "@王", "https://", "((", "- ", "~~", "|a"]
)
def test_i9_no_text_takes_long(piece):
    text = piece * (20_000 // len(piece))
    took = []
    for _again in range(3):
        start = time.thread_time()  # not what other threads of a long run do meanwhile
        render(text, {"王": "/u/1"}.get)
        excerpt(text, 100)
        took.append(time.thread_time() - start)
    assert min(took) < 2
