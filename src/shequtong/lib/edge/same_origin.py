"""S10, one half: what changes something must come from a page of ours. The other is the form's token."""

from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from shequtong.lib.edge.refusal import Refuse

_SAFE = {"GET", "HEAD", "OPTIONS"}


class SameOrigin:
    """Answers 403 to an unsafe request that a browser does not call same-origin.

    Sec-Fetch-Site decides where it is sent; an older browser's Origin must name the host that was asked. A
    request with neither passes only below `without_origin`, and only without cookies: a program's.
    """

    def __init__(self, app: ASGIApp, without_origin: Collection[str], refuse: Refuse) -> None:
        self.app = app
        self.without_origin = tuple(without_origin)
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        passes = scope["method"] in _SAFE or self._is_ours(scope)
        answer = self.app if passes else self.refuse(scope, 403)
        await answer(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        headers = dict(scope["headers"])
        if (site := headers.get(b"sec-fetch-site")) is not None:
            return bool(site == b"same-origin")
        if (origin := headers.get(b"origin")) is not None:
            _, separator, named = origin.partition(b"://")
            return bool(separator and named.lower() == headers.get(b"host", b"").lower())
        return scope["path"].startswith(self.without_origin) and b"cookie" not in headers
