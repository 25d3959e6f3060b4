import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from shequtong.lib import net
from shequtong.lib.net import Answer, Forbidden, TooLarge, Unreachable, fetch, fetch_now

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


def ask(answer: Callable[[bytes, Writer], Awaitable[None]], host: str = "127.0.0.1", **options) -> Answer:
    """Run a tiny server for one call to it."""

    async def serve(reader: Reader, writer: Writer) -> None:
        await answer(await reader.readuntil(b"\r\n\r\n"), writer)
        writer.close()

    async def scene() -> Answer:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            return await fetch(f"http://{host}:{port}/path?q=1", operators_own=True, **options)

    return asyncio.run(scene())


def saying(text: str) -> Callable[[bytes, Writer], Awaitable[None]]:
    async def answer(request: bytes, writer: Writer) -> None:
        writer.write(text.encode())
        await writer.drain()

    return answer


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://224.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "https://user:secret@example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "//example.com",
        "http://",
        "",
    ],
)
def test_i8_only_public_addresses_are_called(url):
    with pytest.raises(Forbidden) as refused:
        fetch_now(url)
    assert "secret" not in str(refused.value)


def test_i8_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    def both(*args, **kwargs):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(Forbidden):
        fetch_now("http://rebinding.test/")


def test_i8_a_name_is_looked_up_once_and_asked_for_by_name(monkeypatch):
    asked = []

    def once(host, port, *args, **kwargs):
        asked.append(host)
        assert len(asked) == 1, "a second look-up could give another address"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    async def echo(request: bytes, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(request), request))

    original = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *a, **k: (once if host == "gateway.test" else original)(host, *a, **k),
    )
    request = ask(echo, "gateway.test").body
    assert asked == ["gateway.test"]
    assert request.startswith(b"GET /path?q=1 HTTP/1.1\r\n") and b"Host: gateway.test:" in request


def test_i8_redirects_are_not_followed():
    answer = ask(saying("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"))
    assert (answer.status, answer.headers["location"]) == (302, "http://127.0.0.1/")


def test_i8_an_answer_too_large_is_cut_off():
    endless = saying("HTTP/1.1 200 OK\r\n\r\n" + "x" * 300_000)
    with pytest.raises(TooLarge):
        ask(endless, largest=100_000)
    assert len(ask(endless, largest=300_000).body) == 300_000


def test_i8_the_whole_call_has_a_time_limit():
    async def drip(request: bytes, writer: Writer) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000:
            writer.write(bytes([letter]))
            await writer.drain()
            await asyncio.sleep(0.02)

    with pytest.raises(Unreachable, match="in time"):
        ask(drip, seconds=0.3)


@pytest.mark.parametrize(
    "text", ["", "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"]
)
def test_i8_a_broken_answer_is_one_kind_of_error(text):
    with pytest.raises(Unreachable):
        ask(saying(text))


def test_i8_a_host_that_is_not_there_is_one_kind_of_error():
    with pytest.raises(Unreachable):
        fetch_now("http://127.0.0.1:9/", operators_own=True)
    assert net.is_public("93.184.215.14") and net.is_public("2606:4700::1111")
