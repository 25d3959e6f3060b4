"""Style sheets, scripts, icons and pictures: read once at start, joined, hashed, compressed, kept in memory.

`css/app.txt` and `js/app.txt` list, in order, the files that make up `/static/css/app.css` and
`/static/js/app.js`, so every component keeps a file of its own and a reader's telephone asks for one.
There is no build step.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qs

import zstandard
from markupsafe import Markup
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
TEXTUAL = ("text/", "image/svg+xml", "application/manifest+json", "application/json")
BUNDLES = {"css/app.css": "css/app.txt", "js/app.js": "js/app.txt"}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")


@dataclass(frozen=True)
class Asset:
    """One file as it goes over the wire."""

    body: bytes
    content_type: str
    encodings: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:12]

    def encoded_for(self, accepted: str) -> tuple[str, bytes]:
        """The smallest encoding that `Accept-Encoding` takes: its name, "" when plain, and the body."""
        taken = {part.strip() for part in accepted.lower().split(",") if not REFUSED.search(part)}
        names = {part.partition(";")[0].strip() for part in taken}
        return next(((name, body) for name, body in self.encodings.items() if name in names), ("", self.body))


class Assets:
    """Everything under the static folder, and the ASGI application that serves it."""

    def __init__(self, root: Path, prefix: str = "/static", watch: bool = False) -> None:
        self.root, self.prefix, self.watch = root.resolve(), prefix, watch
        self._read()

    def url(self, path: str) -> str:
        """The address of a file, with its hash, so that a browser may keep it for ever."""
        if self.watch:
            self._look_again()
        return f"{self.prefix}/{path}?v={self.files[path].hash}"

    def icon(self, name: str, label: str = "") -> Markup:
        """A drawing of the sprite; silent to screen readers unless it has a label."""
        if self.watch:
            self._look_again()
        if (drawn := self.drawn.get(name)) is None or label:
            if name not in self.icons:
                raise KeyError(f"no icon {name!r} in icons/sprite.svg")
            voice = (
                Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
            )
            use = Markup('<use href="{}#{}"/>').format(self.url("icons/sprite.svg"), name)
            drawn = Markup('<svg class="icon" {}>{}</svg>').format(voice, use)
            if not label:
                self.drawn[name] = drawn
        return drawn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            return await _answer(send, 405, {"allow": "GET, HEAD"})
        asset = self.files.get(scope["path"].removeprefix(self.prefix).lstrip("/"))
        if asset is None:
            return await _answer(send, 404, {"cache-control": ASK_AGAIN})
        request = Headers(scope=scope)
        coding, body = asset.encoded_for(request.get("accept-encoding", ""))
        tag = f'"{asset.hash}{coding and "-" + coding}"'
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
        headers = {
            "content-type": asset.content_type,
            "cache-control": FOR_EVER if asked == asset.hash else ASK_AGAIN,
            "etag": tag,
            "x-content-type-options": "nosniff",
            **({"vary": "Accept-Encoding"} if asset.encodings else {}),
            **({"content-encoding": coding} if coding else {}),
        }
        if tag in (known.strip().removeprefix("W/") for known in request.get("if-none-match", "").split(",")):
            return await _answer(send, 304, headers)
        return await _answer(send, 200, headers, body, head=scope["method"] == "HEAD")

    def _look_again(self) -> None:
        if self._newest() != self._stamp:
            self._read()

    def _read(self) -> None:
        self.drawn: dict[str, Markup] = {}
        self._stamp = self._newest()
        paths = sorted(path for path in self.root.rglob("*") if path.is_file())
        self.files = {self._name(path): _asset(path.read_bytes(), path.suffix) for path in paths}
        for bundle, listing in BUNDLES.items():
            if listing in self.files:
                self.files[bundle] = _asset(self._join(listing), Path(bundle).suffix)
        sprite = self.files.get("icons/sprite.svg")
        self.icons = set(re.findall(r'<symbol id="([^"]+)"', sprite.body.decode())) if sprite else set()

    def _join(self, listing: str) -> bytes:
        folder = (self.root / listing).parent
        names = self.files[listing].body.decode().split()
        return b"\n".join(self.files[self._name((folder / name).resolve())].body for name in names)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _newest(self) -> float:
        return max(path.stat().st_mtime for path in [self.root, *self.root.rglob("*")])


def _asset(body: bytes, suffix: str) -> Asset:
    kind = TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    if not kind.startswith(TEXTUAL):
        return Asset(body, kind)
    packed = {"zstd": zstandard.compress(body, 19), "gzip": gzip.compress(body, 9, mtime=0)}
    smaller = {name: data for name, data in packed.items() if len(data) < len(body)}
    return Asset(body, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, smaller)


async def _answer(
    send: Send, status: int, headers: dict[str, str], body: bytes = b"", head: bool = False
) -> None:
    if status != 304:
        headers["content-length"] = str(len(body))
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if head else body})
