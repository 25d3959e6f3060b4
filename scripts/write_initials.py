"""Write src/shequtong/lib/initials.txt: by which Latin letters the readings of a character begin.

Wants pypinyin, which the house itself does without: install it in an environment of its own, and run this there.
pypinyin is under the MIT licence; its readings are those of Unicode's Unihan database (Unicode License v3).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "src/shequtong/lib/initials.txt"


def characters() -> list[str]:
    """The 6,763 characters of GB 2312, with which people write to their committee."""
    found = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return [text for pair in found if (text := pair.decode("gb2312", "ignore"))]


def main() -> None:
    from pypinyin import Style, pinyin

    by_letter: dict[str, list[str]] = defaultdict(list)
    for character in characters():
        for reading in pinyin(character, style=Style.NORMAL, heteronym=True)[0]:
            letter = unicodedata.normalize("NFD", reading)[:1]
            if letter.isascii() and letter.isalpha() and character not in by_letter[letter]:
                by_letter[letter].append(character)
    lines = (f"{letter} {''.join(sorted(held))}" for letter, held in sorted(by_letter.items()))
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
