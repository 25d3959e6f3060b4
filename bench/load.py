"""A small HTTP client that keeps some connections busy and costs a tenth of the server it measures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

CONNECTIONS = 8

Next = Callable[[], bytes]
"""Makes the next request, whole, as it goes over the wire."""


@dataclass
class Result:
    """What came back in `seconds`: sorted seconds of each answer, and how often each status."""

    seconds: float
    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        return self.times[min(int(len(self.times) * share), len(self.times) - 1)]


class _Connection(asyncio.Protocol):
    """One keep-alive connection: sends the next request when the last answer is whole."""

    def __init__(self, following: Next, result: Result) -> None:
        self.following, self.result = following, result
        self.buffer = b""
        self.missing = -1
        self.closing = False
        self.counts = False
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._send()

    def _send(self) -> None:
        self.sent = time.perf_counter()
        self.transport.write(self.following())

    def data_received(self, data: bytes) -> None:
        if self.missing < 0:
            self.buffer += data
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.buffer[:end].lower()
            self.status = int(head[9:12])
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            self.missing = length - (len(self.buffer) - end - 4)
            self.buffer = b""
        else:
            self.missing -= len(data)
        if self.missing <= 0:
            self.missing = -1
            self._answered()

    def _answered(self) -> None:
        if self.counts:
            self.result.times.append(time.perf_counter() - self.sent)
            self.result.statuses[self.status] = self.result.statuses.get(self.status, 0) + 1
        if self.closing:
            self.transport.close()
        else:
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


async def _measure(port: int, following: Next, warm_up: float, seconds: float) -> Result:
    result = Result(seconds)
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: _Connection(following, result), "127.0.0.1", port)
        for _ in range(CONNECTIONS)
    ]
    connections = [protocol for _transport, protocol in made]
    await asyncio.sleep(warm_up)
    for connection in connections:
        connection.counts = True
    start = time.perf_counter()
    await asyncio.sleep(seconds)
    for connection in connections:
        connection.counts, connection.closing = False, True
    result.seconds = time.perf_counter() - start
    await asyncio.wait([connection.ended for connection in connections], timeout=10)
    result.times.sort()
    return result


def measure(port: int, following: Next, *, warm_up: float, seconds: float) -> Result:
    """Keep the connections busy for some seconds. Raises RuntimeError when an answer was an error."""
    try:
        import uvloop

        runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    except ImportError:
        runner = asyncio.Runner()
    with runner:
        result = runner.run(_measure(port, following, warm_up, seconds))
    wrong = {status: many for status, many in result.statuses.items() if status >= 400}
    if wrong or not result.times:
        raise RuntimeError(f"the server answered {wrong or 'nothing'}")
    return result
