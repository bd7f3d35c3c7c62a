"""Answers that HTTP allows and clients forget about."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from screenplay_mock.web.exchange import pieces
from screenplay_mock.web.faults.wire import with_length

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from screenplay_mock.core.fault_kinds import Framing
    from screenplay_mock.web.exchange import Answer
    from screenplay_mock.web.faults.wire import Headers, Wire

LONG_LINE = 8_000  # characters of one header; Node and the JDK take 16 kB and 384 kB of all together
LONG_LINES = 8  # 64 kB
#: One of each chunk: Node's fetch (undici 6) takes no second one, though RFC 9112, 7.1.1, has any number of them.
EXTENSIONS = (b";number=1", b';quoted="a;b"', b";alone")
SMALL = 100  # bytes of a chunk: so that a short answer has several


async def carry(wire: Wire, answer: Answer, framing: Framing) -> None:
    await FORMS[framing.form](wire, answer)


async def _early_hints(wire: Wire, answer: Answer) -> None:
    """RFC 9110, 15.2: any number of interim responses may come before the final one."""
    await wire.send(b"HTTP/1.1 102 Processing\r\n\r\n")
    await wire.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
    await wire.send_until(answer, "whole")


async def _odd(wire: Wire, answer: Answer) -> None:
    """RFC 9110, 5.1 (names in any case) and 5.3 (repeated); RFC 9112, 7.1.1 (chunk extensions) and 7.1.2 (trailers)."""
    headers: Headers = [(name.swapcase(), value) for name, value in answer.headers.items()]
    headers += [("X-Twice", "one"), ("x-twice", "two"), ("X-Long", "x" * LONG_LINE)]
    await wire.send(wire.head(answer, [*headers, ("tRANSFER-eNCODING", "chunked"), ("Trailer", "X-After")]))
    for piece, extension in zip(pieces(answer, answer.size, each=SMALL), cycle(EXTENSIONS), strict=False):
        await wire.send(b"%x%b\r\n%b\r\n" % (len(piece), extension, piece))
    await wire.send(b"0;last\r\nX-After: body\r\n\r\n")


async def _http10(wire: Wire, answer: Answer) -> None:
    """RFC 9112, 6.3: without a length the body ends with the connection."""
    await wire.send(wire.head(answer, [*answer.headers.items()], "HTTP/1.0"))
    for piece in pieces(answer, answer.size):
        await wire.send(piece)
    wire.close()


async def _close(wire: Wire, answer: Answer) -> None:
    """RFC 9112, 9.6: no request may follow on this connection."""
    await wire.send(wire.head(answer, [*with_length(answer), ("Connection", "close")]))
    for piece in pieces(answer, answer.size):
        await wire.send(piece)
    wire.close()


async def _long_head(wire: Wire, answer: Answer) -> None:
    """RFC 9110, 5.4: no limit is defined; recipients have their own."""
    padding = [(f"X-Long-{number}", "x" * LONG_LINE) for number in range(LONG_LINES)]
    await wire.send(wire.head(answer, [*padding, *with_length(answer)]))
    for piece in pieces(answer, answer.size):
        await wire.send(piece)


#: Every form, by its name in a scenario.
FORMS: Mapping[str, Callable[[Wire, Answer], Awaitable[None]]] = {
    "early_hints": _early_hints,
    "odd": _odd,
    "http10": _http10,
    "close": _close,
    "long_head": _long_head,
}
