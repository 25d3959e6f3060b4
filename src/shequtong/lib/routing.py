"""From an address to its handler: routes as a tree of segments, not one regular expression after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send


@dataclass(slots=True)
class _Branch:
    """What may follow a beginning of a path: a word, any segment, or nothing."""

    words: dict[str, _Branch] = field(default_factory=dict)
    anything: _Branch | None = None
    routes: list[int] = field(default_factory=list)


class Switchboard(BaseRoute):
    """Many routes as one. As everywhere, the first that was declared wins."""

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        self.routes = list(routes)
        self.tree = _Branch()
        self.names: list[tuple[tuple[str, int], ...]] = []
        self.patterned: list[int] = []
        self.methods = [route.methods or set() for route in self.routes]
        for number, route in enumerate(self.routes):
            self.names.append(self._plant(number, route.path))

    def _plant(self, number: int, path: str) -> tuple[tuple[str, int], ...]:
        """Put a route into the tree; the names of its parameters and the segments they are."""
        segments = path.split("/")[1:]
        if any("{" in s and (not s.startswith("{") or not s.endswith("}") or ":" in s) for s in segments):
            self.patterned.append(number)
            return ()
        branch = self.tree
        for segment in segments:
            if segment.startswith("{"):
                branch.anything = branch.anything or _Branch()
                branch = branch.anything
            else:
                branch = branch.words.setdefault(segment, _Branch())
        branch.routes.append(number)
        return tuple((s[1:-1], place) for place, s in enumerate(segments) if s.startswith("{"))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        partial: tuple[Match, Scope] = (Match.NONE, {})
        for number, parameters in sorted(self._leading(scope["path"]), key=lambda found: found[0]):
            route = self.routes[number]
            chosen = {"endpoint": route.endpoint, "path_params": parameters, "route": route}
            if scope["method"] in self.methods[number]:
                return Match.FULL, chosen
            if partial[0] is Match.NONE:
                partial = (Match.PARTIAL, chosen)
        return partial

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        route: APIRoute = scope["route"]
        if scope["method"] not in (route.methods or ()):
            allowed = {
                method for number, _ in self._leading(scope["path"]) for method in self.methods[number]
            }
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(allowed))})
        await route.app(scope, receive, send)

    def _leading(self, path: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Numbers of the routes that fit this path, with their parameters."""
        segments = path.split("/")[1:]
        for number in _walk(self.tree, segments, 0):
            yield number, {name: segments[place] for name, place in self.names[number]}
        for number in self.patterned:
            if match := self.routes[number].path_regex.match(path):
                convertors = self.routes[number].param_convertors
                yield number, {name: convertors[name].convert(v) for name, v in match.groupdict().items()}


def _walk(branch: _Branch, segments: list[str], at: int) -> Iterator[int]:
    if at == len(segments):
        yield from branch.routes
        return
    segment = segments[at]
    if (next_one := branch.words.get(segment)) is not None:
        yield from _walk(next_one, segments, at + 1)
    if branch.anything is not None and segment:
        yield from _walk(branch.anything, segments, at + 1)
