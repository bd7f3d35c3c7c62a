"""The kinds of faults that decide what is answered: what happens meanwhile, who answers, what is changed in it."""

# ruff: noqa: RUF009 - a NewType gives back its argument
# ruff: noqa: TC003 - the scenarios read the types of the members

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from screenplay_mock.core.fault_stages import Bytes, Code, Kind, Milliseconds, RetryAfter, Stage

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
