"""
A client that is nothing but a socket: what came, byte by byte, and how it ended.

It parses as much of an answer as tells whether more of it is to come, and does not forgive what HTTP libraries do.
"""

from __future__ import annotations

import json
import re
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    Address = tuple[str, int]

PATIENCE = 20  # real seconds after which what should have come is held not to come
A_MOMENT = 0.3  # real seconds in which what is not held back has long come
CHUNK = 1 << 16

#: How a connection ended: FIN, RST, or not yet: the answer was whole, or nothing more came.
End = Literal["fin", "rst", "open"]

_INTERIM = re.compile(rb"HTTP/1\.1 1[0-9][0-9] ")
_CHUNK_HEAD = re.compile(rb"([0-9a-fA-F]+)(;[^\r\n]*)?\r\n")


@dataclass(frozen=True)
class Seen:
    """The bytes that came on a connection, in the pieces in which they were read, and its end."""

    pieces: tuple[bytes, ...]
    end: End

    @property
    def data(self) -> bytes:
        return b"".join(self.pieces)

    @property
    def heads(self) -> list[bytes]:
        """The heads of interim answers, and at last that of the answer; without their blank lines."""
        return _split(self.data)[0]

    @property
    def head(self) -> bytes:
        return self.heads[-1] if self.heads else b""

    @property
    def body(self) -> bytes:
        """All that came behind the head, as it came: with the marks of its chunks, if it has any."""
        return _split(self.data)[1]

    @property
    def status(self) -> int | None:
        """None: no head of an answer came."""
        words = self.head.split(b" ", 2)
        return int(words[1]) if len(words) > 1 else None

    def headers(self, name: str) -> list[str]:
        """The values of every header of that name, whatever its case."""
        lines = (line.partition(b":") for line in self.head.split(b"\r\n")[1:])
        return [value.strip().decode() for given, _, value in lines if given.decode().lower() == name.lower()]

    def header(self, name: str) -> str | None:
        return next(iter(self.headers(name)), None)

    @property
    def is_whole(self) -> bool:
        """Whether all of it came that the head has promised; only an end can be the end without a length."""
        if not self.head:
            return False
        if self.header("transfer-encoding") == "chunked":
            return dechunked(self.body)[1]
        length = self.header("content-length")
        if length is not None:
            return len(self.body) >= int(length)
        return self.status in {204, 304} or self.end == "fin"

    @property
    def content(self) -> bytes:
        """The body without the marks of its chunks."""
        return dechunked(self.body)[0] if self.header("transfer-encoding") == "chunked" else self.body

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.content)
        except ValueError:
            raise AssertionError(f"not JSON: {self.data[:500]!r}, {self.end}") from None

    @property
    def task(self) -> Any:
        """The member `data` of the envelope, an object."""
        data = self.json.get("data")
        assert isinstance(data, dict), self.json
        return data

    @property
    def msg(self) -> str:
        return str(self.json.get("msg"))


def _split(data: bytes) -> tuple[list[bytes], bytes]:
    """The heads, and what comes behind them."""
    heads: list[bytes] = []
    while b"\r\n\r\n" in data and (not heads or _INTERIM.match(heads[-1])):
        head, _, data = data.partition(b"\r\n\r\n")
        heads.append(head)
    return heads, data


def dechunked(body: bytes) -> tuple[bytes, bool]:
    """The content of the chunks in *body*, and whether the last one came, trailers and all (RFC 9112, 7.1)."""
    content, at = b"", 0
    while (head := _CHUNK_HEAD.match(body, at)) is not None:
        size = int(head[1], 16)
        if size == 0:
            rest = body[head.end() :]
            return content, rest.startswith(b"\r\n") or b"\r\n\r\n" in rest
        content += body[head.end() : head.end() + size]
        at = head.end() + size + 2
    return content, False


class Connection:
    """One TCP connection, with TLS in it if there is a context."""

    def __init__(self, address: Address, context: ssl.SSLContext | None = None) -> None:
        plain = socket.create_connection(address, PATIENCE)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = plain if context is None else context.wrap_socket(plain, server_hostname=address[0])
        self._was_reset = False

    @property
    def tls_version(self) -> str | None:
        """What both sides have agreed on: `TLSv1.3`."""
        return getattr(self._socket, "version", lambda: None)()

    def send(self, data: bytes) -> None:
        """Send *data*, or as much as the other side lets us."""
        try:
            self._socket.sendall(data)
        except ConnectionError:  # what it had to say may still be there to be read
            self._was_reset = True

    def read(self, *, patience: float = PATIENCE, linger: float = 0, most: int = 1 << 30, reads: int = 1 << 30) -> Seen:
        """
        What comes until the answer is whole, the connection ends, nothing has come for *patience* seconds, or it is
        *most* bytes or so many *reads*. *linger*: for so long look what comes behind a whole answer.
        """
        pieces: list[bytes] = []
        end: End = "open"
        size, is_whole = 0, False
        while size < most and len(pieces) < reads and (linger or not is_whole):
            self._socket.settimeout(linger if is_whole else max(patience, 1e-6))
            try:
                piece = self._socket.recv(CHUNK)
            except TimeoutError:
                break
            except ConnectionResetError:
                end = "rst"
                break
            if not piece:
                end = "rst" if self._was_reset else "fin"
                break
            pieces.append(piece)
            size += len(piece)
            is_whole = is_whole or _may_be_whole(pieces, size)
        return Seen(tuple(pieces), end)

    def close(self) -> None:
        self._socket.close()


def _may_be_whole(pieces: list[bytes], size: int) -> bool:
    """Whether an answer of so many bytes is whole; of a large one its last pieces are not looked at in vain."""
    if len(pieces) > 1:
        length = Seen((pieces[0],), "open").header("content-length")
        if length is not None and size < int(length):
            return False
    return Seen(tuple(pieces), "open").is_whole


@contextmanager
def connected(address: Address, context: ssl.SSLContext | None = None) -> Iterator[Connection]:
    connection = Connection(address, context)
    try:
        yield connection
    finally:
        connection.close()


def is_refused(address: Address) -> bool:
    """Whether a connection is refused: RST in answer to the SYN."""
    try:
        socket.create_connection(address, PATIENCE).close()
    except ConnectionRefusedError:
        return True
    return False


def request(method: str, target: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The bytes of a request; with a length if it has a body."""
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def deadline(seconds: float = PATIENCE) -> Iterator[None]:
    """Turns of a loop that waits for something, until it has waited too long: then AssertionError."""
    end = monotonic() + seconds
    while monotonic() < end:
        yield
    raise AssertionError(f"it did not happen within {seconds} s")
