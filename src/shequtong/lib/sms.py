"""Short messages to phones, through any gateway that takes JSON. Without SMS_URL they are laid in a folder."""

import json
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit, urlunsplit

from shequtong.lib import net
from shequtong.lib.mail import NotSent, lay_down


class Sms(Protocol):
    def send(self, phone: str, text: str) -> None:
        """Raises NotSent."""


def sms(url: str | None, folder: Path) -> Sms:
    """The gateway of the settings, or `folder` (`var/outbox`) without one."""
    return Gateway(url) if url else Outbox(folder)


class Gateway:
    """`https://:token@host/path` gets `POST {"to": "+86…", "text": "…"}` with the token as Bearer.

    Any status 2xx means taken; 429 and 5xx mean later. A provider that wants another form is met by a small
    bridge of the operator's.
    """

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError("SMS_URL must be https://…")
        self.url = urlunsplit(address._replace(netloc=address.netloc.rpartition("@")[2]))
        self.headers = {"Content-Type": "application/json"}
        if address.password:
            self.headers["Authorization"] = f"Bearer {unquote(address.password)}"

    def send(self, phone: str, text: str) -> None:
        body = json.dumps({"to": phone, "text": text}).encode()
        try:
            answer = net.fetch_now(
                self.url, method="POST", headers=self.headers, content=body, operators_own=True
            )
        except net.NotFetched as error:
            raise NotSent(str(error), again=isinstance(error, net.Unreachable)) from None
        if not 200 <= answer.status < 300:
            raise NotSent(f"refused with {answer.status}", again=answer.status == 429 or answer.status >= 500)


class Outbox:
    """A folder of .json files, one a message; readable by the operator alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, phone: str, text: str) -> None:
        content = json.dumps({"to": phone, "text": text}, ensure_ascii=False)
        lay_down(self.folder, ".json", content.encode())
