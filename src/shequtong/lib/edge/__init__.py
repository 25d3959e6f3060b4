"""The edge of the house: what happens to every request before, and to every answer after, the application.

Pure ASGI, about a microsecond each. They stand outside everything, FastAPI's own error page included, so
that no answer leaves without its headers (S13). Put them there with

    class House(FastAPI):
        def build_middleware_stack(self):
            return edge.around(super().build_middleware_stack(), …)
"""

from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from shequtong.lib.edge.body_limit import BodyLimit
from shequtong.lib.edge.compression import Compression
from shequtong.lib.edge.head import HeadLikeGet
from shequtong.lib.edge.headers import SecurityHeaders
from shequtong.lib.edge.hosts import AllowedHosts
from shequtong.lib.edge.refusal import Refuse, plainly
from shequtong.lib.edge.request_id import RequestId, add_request_id, request_id
from shequtong.lib.edge.same_origin import SameOrigin

__all__ = ["Refuse", "add_request_id", "around", "request_id"]


def around(
    app: ASGIApp,
    *,
    hosts: Collection[str],
    https: bool,
    largest_body: int,
    without_origin: Collection[str] = (),
    refuse: Refuse = plainly,
) -> ASGIApp:
    """`app` inside its edge.

    hosts: the names this site answers to, without port. https: whether people reach it by https, so that HSTS
    is sent. largest_body: bytes. without_origin: beginnings of paths for programs, which send no Origin.
    refuse: makes the page for a request that is turned away here.
    """
    guarded: ASGIApp = BodyLimit(app, largest_body, refuse)
    guarded = SameOrigin(guarded, without_origin, refuse)
    guarded = Compression(guarded)
    guarded = HeadLikeGet(guarded)
    guarded = AllowedHosts(guarded, hosts, refuse)
    guarded = SecurityHeaders(guarded, https)
    guarded = RequestId(guarded)

    async def edge(scope: Scope, receive: Receive, send: Send) -> None:
        await (guarded if scope["type"] == "http" else app)(scope, receive, send)

    return edge
