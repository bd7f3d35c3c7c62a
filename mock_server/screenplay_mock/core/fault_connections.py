"""The kinds of faults of the connection: whether there is one, how a request is received, how its answer crosses."""

# ruff: noqa: RUF009 - a NewType gives back its argument

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from screenplay_mock.core.fault_stages import Bytes, Kind, Milliseconds, Point, Share, Stage

# the listener


@dataclass(frozen=True, slots=True)
class Refused(Kind):
    """Connections are refused, for that long from the start of the server, or always."""

    stage: ClassVar = Stage.CONNECTION
    lasting: Milliseconds | Literal["always"] = "always"


@dataclass(frozen=True, slots=True)
class Silent(Kind):
    """Connections are accepted, and nothing is ever answered on them."""

    stage: ClassVar = Stage.CONNECTION
    after: Literal["accept"] = "accept"


@dataclass(frozen=True, slots=True)
class Tls(Kind):
    """HTTPS with a certificate that a client must refuse, or nothing newer than TLS 1.1; `none`: as it should be."""

    stage: ClassVar = Stage.CONNECTION
    flaw: Literal["none", "expired", "wrong_host", "self_signed", "unknown_root", "old_version"] = "expired"


# how the request is received


@dataclass(frozen=True, slots=True)
class Receive(Kind):
    """
    `no_continue`: a client that expects 100 Continue waits for it in vain. `head`: the answer comes when only the
    head of the request has been read. `part`: the connection is reset when 16 kB of the body have been read.
    """

    stage: ClassVar = Stage.RECEIVE
    how: Literal["no_continue", "head", "part"]


# how the answer crosses the wire


@dataclass(frozen=True, slots=True)
class Reset(Kind):
    """RST once that much of the answer has left: `nothing`, its `head`, or a share of its body."""

    stage: ClassVar = Stage.CARRY
    after: Point = "nothing"


@dataclass(frozen=True, slots=True)
class Close(Kind):
    """FIN once that much of the answer has left; after the `whole`, without having said that it would come."""

    stage: ClassVar = Stage.CARRY
    after: Point = "nothing"


@dataclass(frozen=True, slots=True)
class Stall(Kind):
    """Silence once that much of the answer has left, until the client hangs up or the server stops."""

    stage: ClassVar = Stage.CARRY
    after: Point = "nothing"


@dataclass(frozen=True, slots=True)
class Drip(Kind):
    """So many bytes at a time, with a pause after each; of the `body`, or of the `head` too."""

    stage: ClassVar = Stage.CARRY
    bytes: Bytes = Bytes(1)  # at least 1
    every: Milliseconds = Milliseconds(100)
    part: Literal["body", "head"] = "body"


@dataclass(frozen=True, slots=True)
class Short(Kind):
    """A share of what `Content-Length` promises, then FIN."""

    stage: ClassVar = Stage.CARRY
    after: Share = Share(0.5)


@dataclass(frozen=True, slots=True)
class CutChunk(Kind):
    """A share of the body in chunks, and FIN instead of the last chunk."""

    stage: ClassVar = Stage.CARRY
    after: Share = Share(0.5)


@dataclass(frozen=True, slots=True)
class CutClose(Kind):
    """A share of a body that only the end of the connection delimits: HTTP cannot tell that the rest is missing."""

    stage: ClassVar = Stage.CARRY
    after: Share = Share(0.5)


@dataclass(frozen=True, slots=True)
class Framing(Kind):
    """
    What HTTP allows and clients forget. `early_hints`: 102 and 103 come first. `odd`: header names in any case, one
    twice, one very long, chunks with extensions, trailers. `http10`: HTTP/1.0 without a length. `close`: the
    connection ends with the answer, as announced. `long_head`: 64 KiB of headers.
    """

    stage: ClassVar = Stage.CARRY
    form: Literal["early_hints", "odd", "http10", "close", "long_head"]
