import email
import email.policy
import socketserver
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shequtong.lib.mail import Letter, NotSent, Smtp, mail

SENDER = "社区通 <hello@shequtong.test>"
LETTER = Letter("wang@example.com", "您的登录链接", "您好，\n请点这里。\n.单独一点开头")


@contextmanager
def post_office(refusals: dict[str, str] | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """A mail server that keeps what it gets, and refuses the commands it is told to."""
    taken: list[bytes] = []

    class Counter(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].split(":")[0].upper()
                if refused := (refusals or {}).get(verb):
                    self.say(refused)
                elif verb == "DATA":
                    self.say("354 go on")
                    taken.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                    self.say("250 taken")
                else:
                    self.say("221 bye" if verb == "QUIT" else "250 fine")

        def say(self, words: str) -> None:
            self.wfile.write(words.encode() + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Counter) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}", taken
        server.shutdown()


def read(raw: bytes):
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_a_letter_arrives_as_it_was_written(tmp_path):
    with post_office() as (url, taken):
        mail(url, SENDER, tmp_path).send(LETTER)
    letter = read(taken[0])
    assert (letter["To"], letter["Subject"]) == (LETTER.to, LETTER.subject)
    assert "hello@shequtong.test" in letter["From"] and letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@shequtong.test>") and letter["Date"]
    assert LETTER.text.splitlines()[1] in letter.get_content()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("refusals", "again"),
    [
        ({"RCPT": "550 nobody here"}, False),
        ({"RCPT": "451 later"}, True),
        ({"DATA": "554 spam"}, False),
        ({"MAIL": "421 busy"}, True),
    ],
)
def test_r4_a_refusal_says_whether_to_try_again(refusals, again):
    with post_office(refusals) as (url, taken), pytest.raises(NotSent) as error:
        Smtp(url, SENDER).send(LETTER)
    assert error.value.again is again and taken == []
    assert LETTER.to not in str(error.value), "P1: no address in a log"


def test_r4_a_server_that_is_away_is_tried_again():
    with pytest.raises(NotSent) as error:
        Smtp("smtp://127.0.0.1:9", SENDER).send(LETTER)
    assert error.value.again


@pytest.mark.parametrize("url", ["http://host", "smtp://", "nonsense"])
def test_r16_a_wrong_setting_is_named(url):
    with pytest.raises(ValueError, match="SMTP_URL"):
        Smtp(url, SENDER)


def test_without_a_server_letters_lie_in_a_folder(tmp_path):
    mail(None, SENDER, tmp_path / "outbox").send(LETTER)
    [file] = (tmp_path / "outbox").iterdir()
    assert read(file.read_bytes())["Subject"] == LETTER.subject
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("field", ["to", "subject"])
def test_i8_nobody_adds_a_header(tmp_path, field):
    with pytest.raises(NotSent) as error:
        mail(None, SENDER, tmp_path).send(LETTER._replace(**{field: "a@b.cn\r\nBcc: everyone@b.cn"}))
    assert not error.value.again and list(tmp_path.iterdir()) == []
