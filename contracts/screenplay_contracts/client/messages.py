"""
One direction of an HTTP/1.x connection, cut into messages as its bytes come (RFC 9112). It takes anything.

What does not follow the protocol is no error: from there on everything belongs to one message that never ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from screenplay_contracts.client.observation import Headers

MOST_HEAD = 1_000_000  # bytes of a start line and its headers
MOST_LINE = 10_000  # bytes of a line between chunks

#: How the end of a body is known: by so many bytes, by the last chunk, or by the end of the connection.
Framing = int | None | str
CHUNKED = "chunked"
TO_THE_END = "to the end"

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^\r\n]*) HTTP/(\d)\.(\d)")
_STATUS_LINE = re.compile(rb"HTTP/\d\.\d (\d{3})(?: [^\r\n]*)?")
_HEX = re.compile(rb"[0-9A-Fa-f]{1,15}")


@dataclass(slots=True)
class Message:
    """
    One that is crossing. `start` is its first line, `body` at most so many bytes of its body (without chunks) as are
    kept of *size*; `length` counts all of its bytes. `ended_at` None: it has not come to its end.
    """

    begun_at: float
    start: bytes = b""
    headers: Headers = ()
    body: bytearray = field(default_factory=bytearray)
    size: int = 0
    length: int = 0
    ended_at: float | None = None
    framing: Framing = 0

    def header(self, name: str) -> str:
        """All values of a header, joined by commas; empty where there is none."""
        return ", ".join(value for each, value in self.headers if each.lower() == name)

    @property
    def request_line(self) -> tuple[str, str]:
        """(method, target); empty where this is no request."""
        match = _REQUEST_LINE.fullmatch(self.start)
        return ("", "") if match is None else (match[1].decode("latin-1"), match[2].decode("latin-1"))

    @property
    def status(self) -> int | None:
        match = _STATUS_LINE.fullmatch(self.start)
        return None if match is None else int(match[1])

    def framed(self) -> Framing:
        """What its headers say of its end; None: nothing, or nothing that makes sense."""
        if self.header("transfer-encoding").lower().rpartition(",")[2].strip() == CHUNKED:
            return CHUNKED
        lengths = {each.strip() for each in self.header("content-length").split(",")}
        length = lengths.pop() if len(lengths) == 1 else ""
        return int(length) if length.isascii() and length.isdigit() and len(length) <= 15 else None  # noqa: PLR2004


def request_framing(request: Message) -> Framing:
    return request.framed() or 0


class Stream:
    """
    *framing* says of a message whose head has come how it ends; *most* bytes of each body are kept.

    `messages` are those so far, the last one perhaps still coming.
    """

    def __init__(self, framing: Callable[[Message], Framing], start_line: re.Pattern[bytes], most: int) -> None:
        self.messages: list[Message] = []
        self._framing, self._start_line, self._most = framing, start_line, most
        self._buffer = bytearray()
        self._looked = 0  # bytes of the buffer in which the end of a head was looked for in vain
        self._has_start = False  # the first line of the head has come
        self._left = 0  # bytes of the body, or of the chunk, still to come
        self._state: Callable[[float], bool] = self._between

    def feed(self, data: bytes, at: float) -> None:
        """More bytes have come."""
        self._buffer += data
        while self._buffer and self._state(at):
            pass

    def end(self, at: float, *, orderly: bool) -> None:
        """Nothing more will come; *orderly*: by FIN, which ends a message that nothing else delimits."""
        if orderly and self._state == self._rest and self.messages[-1].framing == TO_THE_END:
            self.messages[-1].ended_at = at

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self.messages[-1].length += len(taken)
        return taken

    def _keep(self, data: bytes) -> None:
        message = self.messages[-1]
        message.size += len(data)
        message.body += data[: max(0, self._most - len(message.body))]

    def _between(self, at: float) -> bool:
        while self._buffer and self._buffer[0] in b"\r\n":  # RFC 9112, 2.2: ignored in front of a request
            del self._buffer[:1]
        if not self._buffer:
            return False
        self.messages.append(Message(at))
        self._looked, self._has_start, self._state = 0, False, self._head
        return True

    def _head(self, at: float) -> bool:
        end = _HEAD_END.search(self._buffer, max(0, self._looked - 3))
        if end is not None:
            return self._read(bytes(self._buffer[: end.start()]), end.end(), at)
        self._looked = len(self._buffer)
        return self._given_up() if self._looked > MOST_HEAD or not self._may_be_a_head() else False

    def _may_be_a_head(self) -> bool:
        """Whether its first line, once it is there, is a start line: TLS to a port without TLS is none."""
        if self._has_start:
            return True
        line, end, _ = bytes(self._buffer).partition(b"\n")
        self._has_start = bool(end)
        return not end or self._start_line.fullmatch(line.rstrip(b"\r")) is not None

    def _read(self, head: bytes, length: int, at: float) -> bool:
        """Take over a head of so many bytes."""
        start, *lines = re.split(rb"\r?\n", head)
        if self._start_line.fullmatch(start) is None:
            return self._given_up()
        message = self.messages[-1]
        self._take(length)
        message.start, message.headers = start, tuple(map(_header, lines))
        message.framing = self._framing(message)
        if message.framing == CHUNKED:
            self._state = self._chunk_size
        elif isinstance(message.framing, int):
            self._left, self._state = message.framing, self._body
            return self._finished(at) if not self._left else True
        else:
            self._state = self._rest
        return True

    def _given_up(self) -> bool:
        self._state = self._rest
        return True

    def _finished(self, at: float) -> bool:
        self.messages[-1].ended_at = at
        self._state = self._between
        return True

    def _rest(self, _: float) -> bool:
        self._keep(self._take(len(self._buffer)))
        return False

    def _body(self, at: float) -> bool:
        taken = self._take(self._left)
        self._keep(taken)
        self._left -= len(taken)
        return self._finished(at) if not self._left else False

    def _line(self) -> bytes | None:
        """The next line; None: it has not come whole."""
        end = self._buffer.find(b"\n", 0, MOST_LINE)
        return None if end < 0 else self._take(end + 1).rstrip(b"\r\n")

    def _chunk_size(self, _: float) -> bool:
        line = self._line()
        if line is None:
            return self._given_up() if len(self._buffer) > MOST_LINE else False
        size = line.partition(b";")[0].strip()
        if _HEX.fullmatch(size) is None:
            return self._given_up()
        self._left = int(size, 16)
        self._state = self._chunk if self._left else self._trailer
        return True

    def _chunk(self, _: float) -> bool:
        taken = self._take(self._left)
        self._keep(taken)
        self._left -= len(taken)
        if not self._left:
            self._state = self._chunk_end
        return not self._left

    def _chunk_end(self, _: float) -> bool:
        line = self._line()
        if line is None:
            return self._given_up() if len(self._buffer) > MOST_LINE else False
        self._state = self._chunk_size
        return self._given_up() if line else True

    def _trailer(self, at: float) -> bool:
        line = self._line()
        if line is None:
            return self._given_up() if len(self._buffer) > MOST_LINE else False
        return self._finished(at) if not line else True


def requests(most: int) -> Stream:
    """What a client sends."""
    return Stream(request_framing, _REQUEST_LINE, most)


def answers(most: int, method: Callable[[int], str]) -> Stream:
    """What a server sends; *method* says of the final answer number n, from 0, which method it answers."""
    finals = 0

    def framing(answer: Message) -> Framing:
        nonlocal finals
        status = answer.status or 0
        if is_interim(answer):
            return 0
        finals += 1
        if status in (204, 304) or method(finals - 1) == "HEAD":
            return 0
        framed = answer.framed()
        return TO_THE_END if framed is None else framed

    return Stream(framing, _STATUS_LINE, most)


def is_interim(answer: Message) -> bool:
    """Whether another answer to the same request follows (RFC 9110, 15.2)."""
    return answer.status is not None and 100 <= answer.status < 200 and answer.status != 101  # noqa: PLR2004


def _header(line: bytes) -> tuple[str, str]:
    name, _, value = line.decode("latin-1").partition(":")
    return name, value.strip(" \t")
