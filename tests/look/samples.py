"""Bound forms as lib/forms.py gives them: one with every widget, one with mistakes, two short ones."""

from types import SimpleNamespace
from typing import Any

from shequtong.lib.forms import BoundField, BoundForm, Form, Widget

DEALS = [("give", "送给邻居"), ("lend", "借用"), ("swap", "交换"), ("sell", "低价转让"), ("want", "求购")]
KINDS = [("baby", "母婴用品"), ("furniture", "家具"), ("book", "图书")]
DAYS = [("sat", "周六"), ("sun", "周日"), ("eve", "工作日晚上")]
STORY = "用了一年，护栏可以放下来。\n孩子大了，放着可惜。"
MISTAKES = {
    "deal": "请选一种",
    "title": "请写一个标题，最少 4 个字",
    "kind": "请选择类别",
    "phone": "手机号码应是 11 位数字",
}


def field(name: str, label: str, widget: str = "text", **more: Any) -> BoundField:
    look = {key: more.pop(key, "") for key in ("help", "placeholder", "autocomplete")}
    given = {"required": True, "value": "", "options": ()} | more
    return BoundField(name=name, widget=widget, look=Widget(widget, label, **look), **given)


def form(*fields: BoundField) -> BoundForm[Form]:
    return BoundForm(Form, list(fields), {one.name: one.error for one in fields if one.error})


def goods(mistakes: dict[str, str]) -> BoundForm[Form]:
    example = "写清楚是什么，比如“九成新婴儿床，带床垫”。"
    fields = [
        field("deal", "打算怎么处理？", "radio", options=DEALS, value="lend"),
        field("title", "标题", help=example, maxlength=60, value="九成新婴儿床"),
        field("body", "详细说说", "textarea", required=False, value=STORY),
        field("kind", "类别", "select", options=KINDS),
        field("price", "价格", "money", required=False, help="不收钱就空着。", value="50.00"),
        field("days", "最多借几天", "integer", min=1, max=60, value=14),
        field("until", "有效到", "date", value="2026-12-20"),
        field("meet", "见面时间", "datetime", required=False, value="2026-12-01T18:30"),
        field("photos", "照片", "photos", required=False, max=6, help="最多 6 张，第一张当封面。"),
        field("days_free", "哪些天方便来拿", "checkboxes", options=DAYS, value=["sat"]),
        field(
            "phone", "联系电话", "tel", autocomplete="tel", help="只给约好来拿的邻居看。", value="138 1234"
        ),
        field("rules", "我已看过违禁物品清单", "checkbox", value=True),
    ]
    for one in fields:
        one.error = mistakes.get(one.name)
    return form(*fields)


def samples() -> SimpleNamespace:
    return SimpleNamespace(
        goods=goods({}),
        wrong=goods(MISTAKES),
        sign_in=form(
            field("login", "手机号或用户名", autocomplete="username"),
            field("password", "密码", "password", autocomplete="current-password"),
        ),
        reply=form(field("body", "写评论", "textarea", placeholder="说点什么吧，友善一点")),
    )
