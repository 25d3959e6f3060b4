import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shequtong.lib.mail import NotSent
from shequtong.lib.sms import Gateway, sms


@contextmanager
def gateway(status: int = 200) -> Iterator[tuple[str, list[tuple[str | None, dict[str, str]]]]]:
    """A gateway that keeps what it gets."""
    taken: list[tuple[str | None, dict[str, str]]] = []

    class Counter(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            taken.append((self.headers["Authorization"], body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Keep the test's output clean."""

    with HTTPServer(("127.0.0.1", 0), Counter) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://:a%2Fb@127.0.0.1:{server.server_port}/send", taken
        server.shutdown()


def test_a_message_reaches_the_gateway_with_the_token(tmp_path):
    with gateway() as (url, taken):
        sms(url, tmp_path).send("+8613800138000", "验证码 123456")
    assert taken == [("Bearer a/b", {"to": "+8613800138000", "text": "验证码 123456"})]


@pytest.mark.parametrize(("status", "again"), [(400, False), (302, False), (429, True), (503, True)])
def test_r4_a_refusal_says_whether_to_try_again(status, again):
    with gateway(status) as (url, _), pytest.raises(NotSent) as error:
        Gateway(url).send("+8613800138000", "x")
    assert error.value.again is again and "138" not in str(error.value)


def test_r4_a_gateway_that_is_away_is_tried_again():
    with pytest.raises(NotSent) as error:
        Gateway("http://127.0.0.1:9/send").send("+8613800138000", "x")
    assert error.value.again


def test_r16_a_wrong_setting_is_named():
    with pytest.raises(ValueError, match="SMS_URL"):
        Gateway("sms:gateway")


def test_without_a_gateway_messages_lie_in_a_folder(tmp_path):
    sms(None, tmp_path / "outbox").send("+8613800138000", "验证码 123456")
    [file] = (tmp_path / "outbox").iterdir()
    assert json.loads(file.read_text()) == {"to": "+8613800138000", "text": "验证码 123456"}
    assert file.stat().st_mode & 0o077 == 0
