"""Small files that programs look for at fixed addresses: robots, security contact, the app's manifest."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request
from starlette.responses import PlainTextResponse, Response

from shequtong.lib import clock, i18n
from shequtong.lib.templates import environment
from shequtong.lib.web import Unasked
from shequtong.lib.web import router as pages

router = pages()

ROBOTS = "User-agent: *\nDisallow: /\n"
"""Neighbours write for neighbours: nothing here is for search engines."""


@router.get("/robots.txt")
async def robots(_: Unasked) -> Response:
    return PlainTextResponse(ROBOTS)


@router.get("/.well-known/security.txt")
async def security_contact(_: Unasked, request: Request) -> Response:
    """RFC 9116: where somebody who found a hole can say so."""
    settings = request.app.state.settings
    expires = (clock.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {settings.security_contact or settings.base_url}",
        f"Expires: {expires}",
        "Preferred-Languages: zh, en",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
    ]
    return PlainTextResponse("\n".join(lines) + "\n")


@router.get("/manifest.webmanifest")
async def manifest(_: Unasked, request: Request) -> Response:
    """What a telephone asks before it puts us on its home screen."""
    locale = i18n.negotiate(None, request.headers.get("Accept-Language"), request.app.state.settings.locale)
    with i18n.speaking(locale):
        body = environment().get_template("layouts/manifest.webmanifest").render()
    return Response(body, media_type="application/manifest+json", headers={"Vary": "Accept-Language"})
