"""The words of Chinese texts that say what they are about, by the dictionary of rjieba.

The dictionary takes 40 MB and is wanted for a second a day. So it is opened in a process of its own, this module run
by itself, and whoever serves pages does not carry it along.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence

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


PATIENCE = 60
"""Seconds for all texts of one asking."""


def keywords(texts: Sequence[str]) -> list[set[str]]:
    """Of each text, its words of two to eight Chinese characters, folded as searches fold them."""
    if not texts:
        return []
    found = subprocess.run(
        [sys.executable, "-m", "shequtong.lib.keywords"],
        input=json.dumps(list(texts)).encode(),
        stdout=subprocess.PIPE,
        timeout=PATIENCE,
        check=True,
    )
    return [set(words) for words in json.loads(found.stdout)]


def _words(text: str) -> set[str]:
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


if __name__ == "__main__":
    asked = json.loads(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps([sorted(_words(text)) for text in asked]))
