"""A load generator: keep-alive connections that send the next request as soon as the answer is there."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CONNECTIONS = 16


class Client(asyncio.Protocol):
    """One connection. *request* gives the bytes to send; every answer must be a 200 with a Content-Length."""

    def __init__(self, request: Callable[[], bytes | None]) -> None:
        self._request = request
        self._buffer = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        assert head.startswith(b"HTTP/1.1 200"), self._buffer
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) >= length:
            self._buffer = body[length:]
            self._next()

    def _next(self) -> None:
        request = self._request()
        if request is None:
            self._transport.close()
            self.done.set_result(None)
        else:
            self._transport.write(request)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed the connection"))


async def _run(port: int, requests: list[bytes], count: int) -> float:
    left = iter(range(count))

    def request() -> bytes | None:
        number = next(left, None)
        return None if number is None else requests[number % len(requests)]

    loop = asyncio.get_running_loop()
    start = perf_counter()
    clients = [await loop.create_connection(lambda: Client(request), "127.0.0.1", port) for _ in range(CONNECTIONS)]
    await asyncio.gather(*(client.done for _, client in clients))
    return count / (perf_counter() - start)


def rate(port: int, requests: list[bytes], count: int) -> float:
    """Answers a second to *count* requests, taken from *requests* in turn."""
    return asyncio.run(_run(port, requests, count))


def http(method: str, path: str, body: bytes = b"", key: str = "sk-mai-bench") -> bytes:
    """The bytes of a request."""
    content = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {key}\r\n{content}\r\n"
    return head.encode() + body
