"""The words of a Chinese text that say what it is about, by the dictionary of rjieba."""

from __future__ import annotations

import re

from shequtong.lib.bigrams import fold

TELLING = ("n", "v", "a", "j")
"""Kinds of words, by the first letter of their tag: things, deeds, qualities, abbreviations."""
NAMES = "nr"
"""What the dictionary takes for a person's name is never one of them."""
CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,8}")
TELLS_NOTHING = re.compile(
    r"[不没有都最]|^[看说想做]\w?$|[来去着到了见起]$|^[一二三四五六七八九十几号]+楼$|^我"
)
"""Deeds that only point somewhere (回来, 看看, 不能), floors and numbers of houses."""
SAID_BY_ALL = frozenset(
    (
        "大家 谢谢 感谢 邻居 各位 可以 知道 觉得 请问 麻烦 希望 需要 应该 愿意 喜欢 开始 告诉 建议 提议 提醒 支持"
        " 影响 辛苦 时候 小时 礼拜 东西 事情 地方 问题 意见 今天 明天 昨天 正好 顺便 方便 组长 看看"
    ).split()
)
"""Politeness, and what everything can be called."""


def keywords(text: str) -> set[str]:
    """Words of two to eight Chinese characters, each once, folded as searches fold them.

    The dictionary takes some 30 MB and is opened by the first text, so only who reads texts pays for it.
    """
    import rjieba

    return {
        word
        for word, kind in rjieba.tag(fold(text))
        if kind.startswith(TELLING)
        and not kind.startswith(NAMES)
        and CHINESE.fullmatch(word)
        and not TELLS_NOTHING.search(word)
        and word not in SAID_BY_ALL
    }
