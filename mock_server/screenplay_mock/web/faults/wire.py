"""The bare connection of one request, for answers that HTTP libraries would not send."""

from __future__ import annotations

import asyncio
import socket
import struct
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http import SERVER_SOFTWARE

from screenplay_mock.web.exchange import has_left, pieces

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Point
    from screenplay_mock.web.exchange import Answer
    from screenplay_mock.web.services import Services

LOOK_EVERY = 0.25  # real seconds between two looks at whether a client that is kept waiting has left
BODILESS = (204, 304)  # RFC 9110, 15.3.5 and 15.4.5
Headers = list[tuple[str, str]]


class ClientLeft(ConnectionError):
    """The client has hung up, or the server stops: there is nobody to go on for."""


class Sent(web.StreamResponse):
    """What aiohttp gets when everything has been sent already."""

    def __init__(self, *, keep_alive: bool) -> None:
        super().__init__()
        if not keep_alive:
            self.force_close()

    async def prepare(self, request: web.BaseRequest) -> None:
        """Nothing: the head has been sent."""

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing: the body has been sent."""


class Wire:
    """The connection that *request* came on."""

    def __init__(self, services: Services, request: web.Request) -> None:
        self._stopping = services.stopping
        self._wall = services.sandboxes.wall
        self._request = request
        self.is_open = True

    async def wait(self, seconds: float) -> None:
        """Let real time pass, and others run. Raises ClientLeft as soon as there is nobody to wait for."""
        await asyncio.sleep(0)
        while seconds > 0:
            self._check()
            pause = min(seconds, LOOK_EVERY)
            await self._wall.wait(self._stopping, pause * 1000)
            seconds -= pause
        self._check()

    def _check(self) -> None:
        if self._stopping.is_set() or has_left(self._request):
            raise ClientLeft("the client has left, or the server stops")

    async def send(self, data: bytes) -> None:
        """Send *data* as it is, no faster than the client takes it, and let others run. Raises ConnectionError."""
        await self._request.writer.write(data)
        await asyncio.sleep(0)

    def head(self, answer: Answer, headers: Headers, version: str = "HTTP/1.1") -> bytes:
        """Status line and *headers*, as aiohttp would write them."""
        try:
            reason = HTTPStatus(answer.status).phrase
        except ValueError:
            reason = ""
        omitted = {name.lower() for name in answer.omitted}
        extra = [("Date", rfc822_formatted_time()), ("Server", SERVER_SOFTWARE)]
        if not self._request.keep_alive:  # RFC 9112, 9.6: who was asked to close says so
            extra.append(("Connection", "close"))
        names = {*omitted, *(name.lower() for name, _ in headers)}
        headers = headers + [one for one in extra if one[0].lower() not in names]
        lines = [f"{version} {answer.status} {reason}", *(f"{name}: {value}" for name, value in headers)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")

    async def send_until(self, answer: Answer, point: Point) -> None:
        """Send an ordinary answer until *point*."""
        if point == "nothing":
            return
        await self.send(self.head(answer, with_length(answer)))
        for piece in pieces(answer, bytes_until(answer, point)):
            await self.send(piece)

    def close(self) -> None:
        """FIN, when all that was sent has left."""
        self.is_open = False
        if self._request.transport is not None:
            self._request.transport.close()

    async def reset(self) -> None:
        """RST, when all that was sent has left."""
        self.is_open = False
        while (transport := self._request.transport) is not None and transport.get_write_buffer_size():
            await self.wait(LOOK_EVERY / 10)
        if transport is not None:
            with socket.fromfd(transport.get_extra_info("socket").fileno(), socket.AF_INET, socket.SOCK_STREAM) as own:
                own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()


def with_length(answer: Answer) -> Headers:
    """The headers of *answer*, its length among them where it may have one, and has none of its own."""
    headers = [*answer.headers.items()]
    if answer.status not in BODILESS and not any(name.lower() == "content-length" for name in answer.headers):
        headers.append(("Content-Length", str(answer.size)))
    return headers


def bytes_until(answer: Answer, point: Point) -> int:
    """How many bytes of the body have left at *point*."""
    if isinstance(point, str):
        return answer.size if point == "whole" else 0
    return int(answer.size * point)
