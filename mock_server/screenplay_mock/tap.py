"""What crosses the sockets of a server, byte by byte, for whoever judges clients: every connection, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable
    from itertools import count


class Kind(StrEnum):
    OPENED = "opened"  # accepted; with TLS: the handshake is done
    RECEIVED = "received"  # bytes of the client
    SENT = "sent"  # bytes of ours, given to the system
    FINISHED = "finished"  # the client's FIN
    CLOSING = "closing"  # we end the connection
    LOST = "lost"  # it has ended; with an error if the client has reset it


@dataclass(frozen=True, slots=True)
class Crossing:
    """One thing that happens on a connection. `at` is seconds of the event loop's clock, which never goes back."""

    at: float
    listener: str
    connection: int  # counts from 1 in a server
    kind: Kind
    data: bytes = b""
    error: str | None = None


Tap = Callable[[Crossing], None]
Protocols = Callable[[], asyncio.Protocol]


def tapped(protocols: Protocols, tap: Tap, listener: str, numbers: count[int]) -> Protocols:
    """*protocols* whose connections are told to *tap*, numbered by *numbers*."""
    return lambda: _Tapped(protocols(), tap, listener, next(numbers))


class _Tapped(asyncio.Protocol):
    def __init__(self, inner: asyncio.Protocol, tap: Tap, listener: str, number: int) -> None:
        self._inner, self._tap, self._listener, self._number = inner, tap, listener, number
        self._loop = asyncio.get_running_loop()

    def tell(self, kind: Kind, data: bytes = b"", error: str | None = None) -> None:
        self._tap(Crossing(self._loop.time(), self._listener, self._number, kind, data, error))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.tell(Kind.OPENED)
        self._inner.connection_made(cast("asyncio.BaseTransport", _Transport(transport, self)))

    def data_received(self, data: bytes) -> None:
        self.tell(Kind.RECEIVED, bytes(data))
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        self.tell(Kind.FINISHED)
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self.tell(Kind.LOST, error=None if exc is None else str(exc) or type(exc).__name__)
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()


class _Transport:
    """The real transport, whose writing and ending is told."""

    def __init__(self, inner: Any, owner: _Tapped) -> None:
        self._inner, self._owner = inner, owner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def write(self, data: bytes) -> None:
        self._owner.tell(Kind.SENT, bytes(data))
        self._inner.write(data)

    def writelines(self, parts: Iterable[bytes]) -> None:
        self.write(b"".join(parts))

    def close(self) -> None:
        if not self._inner.is_closing():
            self._owner.tell(Kind.CLOSING)
        self._inner.close()

    def abort(self) -> None:
        if not self._inner.is_closing():
            self._owner.tell(Kind.CLOSING, error="reset")
        self._inner.abort()
