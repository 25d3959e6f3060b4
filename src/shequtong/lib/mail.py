"""Letters to people. Sent by jobs, never in a request; without SMTP_URL they are laid in a folder to be read."""

import os
import smtplib
import ssl
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from shequtong.lib import clock

SECONDS = 20
_OWN = {"127.0.0.1", "::1", "localhost"}


class Letter(NamedTuple):
    """Plain text; `to` is one address."""

    to: str
    subject: str
    text: str


class NotSent(Exception):
    """The letter did not leave. With `again` it may another time: the server was away or busy."""

    def __init__(self, reason: str, again: bool) -> None:
        super().__init__(reason)
        self.again = again


class Mail(Protocol):
    def send(self, letter: Letter) -> None:
        """Raises NotSent."""


def mail(smtp_url: str | None, sender: str, folder: Path) -> Mail:
    """The post office of the settings, or `folder` (`var/outbox`) without one."""
    return Smtp(smtp_url, sender) if smtp_url else Outbox(folder, sender)


class Smtp:
    """`smtp://user:password@host:587` speaks TLS before anything else, unless the host is this machine;
    `smtps://…:465` from the first byte."""

    def __init__(self, url: str, sender: str) -> None:
        self.address, self.sender = urlsplit(url), sender
        if self.address.scheme not in ("smtp", "smtps") or not self.address.hostname:
            raise ValueError("SMTP_URL must be smtp://… or smtps://…")

    def send(self, letter: Letter) -> None:
        try:
            with self._connected() as server:
                server.send_message(_message(letter, self.sender))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise NotSent("address refused", again=min(codes) < 500) from None
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"refused with {error.smtp_code}", again=error.smtp_code < 500) from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(type(error).__name__, again=True) from None

    def _connected(self) -> smtplib.SMTP:
        host, trust = self.address.hostname or "", ssl.create_default_context()
        if self.address.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, self.address.port or 465, timeout=SECONDS, context=trust
            )
        else:
            server = smtplib.SMTP(host, self.address.port or 587, timeout=SECONDS)
            if host not in _OWN:
                server.starttls(context=trust)
        if self.address.username:
            server.login(unquote(self.address.username), unquote(self.address.password or ""))
        return server


class Outbox:
    """A folder of .eml files that a mail program opens; readable by the operator alone."""

    def __init__(self, folder: Path, sender: str) -> None:
        self.folder, self.sender = folder, sender

    def send(self, letter: Letter) -> None:
        message = _message(letter, self.sender)
        lay_down(self.folder, ".eml", message.as_bytes())


def lay_down(folder: Path, ending: str, content: bytes) -> Path:
    """A new file in `folder`, named so that the newest sorts last, mode 0600."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{clock.now():%Y%m%d-%H%M%S-%f}-{os.urandom(3).hex()}{ending}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return path


def _message(letter: Letter, sender: str) -> EmailMessage:
    """Raises NotSent for an address or subject that would break out of its line."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    except (ValueError, MessageError):
        raise NotSent("malformed address or subject", again=False) from None
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">"))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
