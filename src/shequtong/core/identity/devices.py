"""What a browser calls itself, in the few words that help somebody tell their own devices apart."""

from __future__ import annotations

import re

_BROWSERS = (
    ("MicroMessenger", "微信 WeChat"),
    ("HuaweiBrowser", "Huawei"),
    ("MiuiBrowser", "MIUI"),
    ("UCBrowser", "UC"),
    ("QQBrowser", "QQ"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def name_of(user_agent: str | None) -> str:
    """Such as "Chrome · Android"; empty for what we do not know. The whole of it would be a fingerprint."""
    return " · ".join(filter(None, (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))))


def _first(known: tuple[tuple[str, str], ...], user_agent: str | None) -> str:
    said = user_agent or ""
    return next((name for mark, name in known if re.search(rf"\b{re.escape(mark)}", said)), "")
