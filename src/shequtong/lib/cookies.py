"""Cookies as all of ours are (S12): for this host alone, out of reach of scripts, never sent from other sites."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response


def read(request: Request, name: str) -> str:
    """What the browser sent, or the empty string."""
    return request.cookies.get(full_name(request.app.state.settings, name), "")


def give(request: Request, answer: Response, name: str, value: str, lifetime: timedelta) -> None:
    """Have the browser keep a cookie."""
    settings = request.app.state.settings
    answer.set_cookie(
        full_name(settings, name),
        value,
        max_age=round(lifetime.total_seconds()),
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def take_back(request: Request, answer: Response, name: str) -> None:
    """Have the browser forget a cookie."""
    give(request, answer, name, "", timedelta())


def full_name(settings: Any, name: str) -> str:
    """With the prefix that makes browsers insist on the above."""
    return f"__Host-{name}" if settings.secure_cookies else name
