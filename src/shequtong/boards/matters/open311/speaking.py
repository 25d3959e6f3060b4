"""How we speak to programs: XML or the same as JSON, mistakes too, as GeoReport v2 has it.

JSON follows the specification's Spark convention: an element that only holds many of one kind is an array.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import Response

from shequtong.lib import clock
from shequtong.lib.errors import NotFound
from shequtong.lib.text import UnfitText, clean

HERE = "/open311/v2/"
"""Beginning of every address of the interface."""

TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
ONE_OF = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What an array's elements are called in XML."""

STATUS = {401: 403, 405: 405, 413: 413, 429: 429}
"""Statuses that the specification leaves as they are, beside 403, 404 and those of our own failures (5xx); all other
mistakes are 400."""


def format_of(path: str) -> str:
    """xml or json, as the address ends. Raises NotFound for any other."""
    ending = path.rpartition(".")[2]
    if ending not in TYPES:
        raise NotFound
    return ending


def say(request: Request, root: str, value: Any, status: int = 200) -> Response:
    """The answer in the format that the address asks for."""
    ending = format_of(request.url.path)
    return _written(ending, root, value, status)


def refuse(request: Request, status: int, message: str, headers: Mapping[str, str]) -> Response:
    """A mistake, in the shape of an answer. An address without a format is answered in XML, which all must read."""
    ending = "json" if request.url.path.endswith(".json") else "xml"
    code = STATUS.get(status, status if status in (403, 404) or status >= 500 else 400)
    return _written(ending, "errors", [error(code, message)], code, {"Cache-Control": "no-store", **headers})


def mistakes(request: Request, messages: Sequence[str]) -> Response:
    """Several mistakes at once: 400."""
    return say(request, "errors", [error(400, message) for message in messages], 400)


def error(code: int, message: str) -> dict[str, Any]:
    return {"code": code, "description": message}


def moment(at: datetime | None) -> str | None:
    """As the W3C writes it, with the offset of the community's own clock."""
    return clock.local(at).isoformat(timespec="seconds") if at else None


def _written(
    ending: str, root: str, value: Any, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    body = json.dumps(value, ensure_ascii=False).encode() if ending == "json" else _as_xml(root, value)
    return Response(body, status, {**(headers or {}), "Content-Type": TYPES[ending]})


def _as_xml(root: str, value: Any) -> bytes:
    text = ElementTree.tostring(_element(root, value), encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _element(name: str, value: Any) -> ElementTree.Element:
    made = ElementTree.Element(name)
    if isinstance(value, Mapping):
        made.extend(_element(each, held) for each, held in value.items())
    elif isinstance(value, list):
        made.extend(_element(ONE_OF[name], held) for held in value)
    elif isinstance(value, bool):
        made.text = "true" if value else "false"
    elif value is not None:
        made.text = _fit(str(value))
    return made


def _fit(text: str) -> str:
    """Without what XML cannot hold, should it ever have got into a row past our forms."""
    try:
        return clean(text)
    except UnfitText:
        return "".join(c for c in text if c in "\n\t" or c.isprintable())
