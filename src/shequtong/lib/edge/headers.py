"""S13: the headers that every answer carries, errors and static files included."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'; worker-src 'self'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
_HSTS = {"Strict-Transport-Security": "max-age=31536000"}
# A page depends on who asks, in which language, and whether for the whole of it.
_VARY = b"Accept-Language, Cookie, HX-Request, HX-Request-Type"


class SecurityHeaders:
    """Adds what an answer does not set itself (a download may be stricter) and takes `Server` away."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        headers = _HEADERS | (_HSTS if https else {})
        self.app = app
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._completed(message.get("headers", ()))
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _completed(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        headers = [(name.lower(), value) for name, value in given if name.lower() != b"server"]
        present = dict(headers)
        headers += [header for header in self.headers if header[0] not in present]
        if present.get(b"content-type", b"").startswith(b"text/html"):
            headers.append((b"vary", _VARY))
        return headers
