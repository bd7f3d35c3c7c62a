"""
The kinds of faults: one small frozen class each, whose docstring says what it does to an exchange.

Their members are what a scenario file may say of them. A file may give the first member alone: `short: 50%` is
`short: {after: 50%}`. Who performs them is in `web.faults`; a new kind is a class here, a row of KINDS, and a
performer there.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the scenarios read the types of the members
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Literal, NewType

Milliseconds = NewType("Milliseconds", int)  # of real time
Share = NewType("Share", float)  # of a body, 0 to 1
Bytes = NewType("Bytes", int)
Code = NewType("Code", int)  # an HTTP status, 200 to 599
Count = NewType("Count", int)  # at least 1
HeaderText = NewType("HeaderText", str)  # what a header may have as its value
Point = Literal["nothing", "head", "whole"] | float  # how much of an answer has left: a float is a share of its body


class Stage(Enum):
    """What a kind decides about an exchange. A fault has at most one kind of each, but any number of changes."""

    CONNECTION = "the listener"
    RECEIVE = "how the request is received"
    MEANWHILE = "what happens to the task first"
    ANSWER = "what is answered instead of the operation"
    CHANGE = "what is changed in the answer"
    CARRY = "how the answer crosses the wire"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault."""

    stage: ClassVar[Stage]


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """
    The header `Retry-After`: so many seconds, an HTTP date that long from now (wall time), or any text; the first of
    them that is given.
    """

    seconds: Milliseconds | None = None  # rounded up to whole seconds on the wire
    date: Milliseconds | None = None
    text: HeaderText | None = None


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
    """HTTPS with a certificate that a client must refuse, or with nothing newer than TLS 1.1; `none`: as it should be."""

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


# what happens meanwhile


@dataclass(frozen=True, slots=True)
class Meanwhile(Kind):
    """The task gets there just before the operation looks at it, if it still can."""

    stage: ClassVar = Stage.MEANWHILE
    status: Literal["running", "completed", "failed", "cancelled"]


# who answers


@dataclass(frozen=True, slots=True)
class Status(Kind):
    """
    An HTTP status in the vendor's envelope, with the documented text of that status unless `message` is another
    ({task_id} in it stands for the task's). `body`: `spring`, as the vendor's infrastructure is said to answer, or
    `xml`, as storage does.
    """

    stage: ClassVar = Stage.ANSWER
    code: Code
    message: str | None = None
    retry_after: RetryAfter | None = None
    body: Literal["envelope", "spring", "xml"] = "envelope"


@dataclass(frozen=True, slots=True)
class Html(Kind):
    """A page of somebody else: a proxy's bad gateway, or a login page with status 200."""

    stage: ClassVar = Stage.ANSWER
    page: Literal["bad_gateway", "login"] = "bad_gateway"


@dataclass(frozen=True, slots=True)
class Empty(Kind):
    """No body at all, or nothing but white space."""

    stage: ClassVar = Stage.ANSWER
    code: Code = Code(200)
    whitespace: bool = False


@dataclass(frozen=True, slots=True)
class Redirect(Kind):
    """
    To the `same` URL; to an `other` origin (another port, which records what reaches it, answers 401 and should
    never see a key); to a signed URL of a `storage` there, which has what was asked for until it expires (virtual
    time) and needs no key; or to plain `http` there.
    """

    stage: ClassVar = Stage.ANSWER
    to: Literal["same", "other", "storage", "http"] = "same"
    code: Code = Code(302)
    expires_in: Milliseconds = Milliseconds(60_000)


# what is changed in the answer


@dataclass(frozen=True, slots=True)
class Edit(Kind):
    """
    Another HTTP `status`; `headers` set (null removes one); members of a JSON body `set`, mapping by mapping, and
    others removed by their dotted paths: `data.task_id`.
    """

    stage: ClassVar = Stage.CHANGE
    set: Mapping[str, Any] | None = None
    remove: tuple[str, ...] = ()
    status: Code | None = None
    headers: Mapping[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class Spoil(Kind):
    """
    A JSON body that is `cut` in the middle of a complete message, is `garbage`, or has a `bom`, `duplicate_keys`, or
    half a character (`lone_surrogate`) in its text.
    """

    stage: ClassVar = Stage.CHANGE
    flaw: Literal["cut", "garbage", "bom", "duplicate_keys", "lone_surrogate"] = "cut"


@dataclass(frozen=True, slots=True)
class Zip(Kind):
    """A result archive that lies; `size` is for those that are large: what they unpack to, or weigh."""

    stage: ClassVar = Stage.CHANGE
    lie: Literal[
        "truncated",
        "bad_crc",
        "no_end",
        "missing_entry",
        "extra_entry",
        "slip",
        "absolute_path",
        "windows_path",
        "symlink",
        "bomb_ratio",
        "bomb_count",
        "duplicate_names",
        "case_clash",
        "no_utf8_flag",
        "odd_names",
        "empty",
        "large",
    ]
    size: Bytes | None = None


@dataclass(frozen=True, slots=True)
class Huge(Kind):
    """A JSON body padded to `size` with white space, which a parser has to read; gzipped it is a bomb."""

    stage: ClassVar = Stage.CHANGE
    size: Bytes = Bytes(200_000_000)
    gzip: bool = False


@dataclass(frozen=True, slots=True)
class Gzip(Kind):
    """A body in gzip: where the client `offered` to take it, or `always`."""

    stage: ClassVar = Stage.CHANGE
    when: Literal["offered", "always"] = "always"


@dataclass(frozen=True, slots=True)
class Range(Kind):
    """
    What a request with `Range` gets: the `whole` again with 200, the `part` with 206, or `unsatisfiable`, 416.
    Every answer has an entity tag, on which a client may insist.
    """

    stage: ClassVar = Stage.CHANGE
    answer: Literal["whole", "part", "unsatisfiable"] = "part"


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


#: Every kind, by its key in a scenario file.
KINDS: Mapping[str, type[Kind]] = {
    "refused": Refused,
    "silent": Silent,
    "tls": Tls,
    "receive": Receive,
    "meanwhile": Meanwhile,
    "status": Status,
    "html": Html,
    "empty": Empty,
    "redirect": Redirect,
    "edit": Edit,
    "spoil": Spoil,
    "zip": Zip,
    "huge": Huge,
    "gzip": Gzip,
    "range": Range,
    "reset": Reset,
    "close": Close,
    "stall": Stall,
    "drip": Drip,
    "short": Short,
    "cut_chunk": CutChunk,
    "cut_close": CutClose,
    "framing": Framing,
}
