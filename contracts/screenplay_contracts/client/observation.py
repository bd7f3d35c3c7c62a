"""
All that was seen of a client under test in one case: on the wire, of its process, of its files, at its receiver.

Values only; the judges look at nothing else. Times are real seconds since the first process was started.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screenplay_contracts.client.case import Case
    from screenplay_contracts.client.job import Job

Headers = tuple[tuple[str, str], ...]  # as they came, in their order; latin-1, as HTTP has them
FRESH = ("home/", "tmp/", "work/")  # of paths in the client's own folders, each made for it, and empty at first
Stage = tuple[int, int]  # of a folder: how many files, and how many bytes, were in it


@dataclass(frozen=True, slots=True)
class Request:
    """
    One request as its bytes crossed a socket. `listener` is `api`, or the other origin's `other` or `other-plain`.
    `at` is when its first byte came, `size` counts the bytes of its body, of which at most 2 MB are kept as `body`.
    What is no HTTP has no method.

    `operation` is the id in the OpenAPI document, None where there is none. `answered_at` is when the last byte of
    its answer had left (None: it never was), `status` that of the answer (None: no byte left). `sent` counts the
    bytes of its answer. `over_at` is when it was answered, or its connection ended. `in_flight` are the requests at
    the same listener that were not over when it came. `fault` is what struck it.
    """

    number: int
    at: float
    listener: str
    connection: int
    method: str
    target: str
    headers: Headers
    body: bytes
    size: int = 0
    complete: bool = True
    operation: str | None = None
    task_id: str | None = None
    status: int | None = None
    answer: bytes = b""  # its body, as far as it left, at most 64 kB of it
    answer_headers: Headers = ()
    answered_at: float | None = None
    over_at: float | None = None
    sent: int = 0
    in_flight: int = 0
    fault: str | None = None

    def header(self, name: str) -> str | None:
        values = [value for each, value in self.headers if each.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Connection:
    """`ended_by` is `client`, `server` or None while it was open; `reset`: by RST. `received` and `sent` are bytes."""

    number: int
    listener: str
    opened_at: float
    ended_at: float | None
    ended_by: str | None
    reset: bool
    received: int
    sent: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to call the client's receiver: what it was answered with, or what went wrong; how long it took."""

    at: float
    task_id: str
    payload: Any
    status: int | None
    error: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Process:
    """
    One process of the client under test. `exit_code` None: it was ended by force at a limit, that of `forced`, such as
    "20 s"; negative: by a signal.

    Output is what was kept of it (its beginning and its end, where it was too much); `said_key`: the key was in it,
    be it in what was kept or not. `peak_bytes` 0: unknown. `left_behind` names children and listening ports that
    outlived it; where they cannot be seen (without /proc), it is not `looked_behind`.
    """

    started_at: float
    ended_at: float
    exit_code: int | None
    stdout: bytes
    stderr: bytes
    peak_bytes: int
    left_behind: tuple[str, ...] = ()
    signalled_at: float | None = None
    forced: str | None = None
    said_key: bool = False
    looked_behind: bool = True


@dataclass(frozen=True, slots=True)
class Files:
    """
    What is left: `result` is the content of files below SCREENPLAY_OUT/result by their paths (None: the folder does
    not exist), at most 1 MB each; `others` are sizes of the other files in SCREENPLAY_OUT, `texts` their first 64 kB,
    `links` where symbolic links in SCREENPLAY_OUT lead. `outside` are paths that appeared or changed where nothing may
    be written: `home/…`, `tmp/…` and `work/…` (the working folder), `above/…` (folders around SCREENPLAY_OUT), or
    absolute. `with_key` are paths of files that have the key in them. `stages` are those of `result` that were seen
    while the client was at work, and behind its end; one that was quickly over has not been seen.
    """

    result: Mapping[str, bytes] | None
    others: Mapping[str, int]
    outside: tuple[str, ...] = ()
    with_key: tuple[str, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    stages: tuple[Stage, ...] = ()

    @property
    def misplaced(self) -> tuple[str, ...]:
        """Those of `outside` that are in none of its own folders, which HOME, TMPDIR and the working folder are."""
        return tuple(path for path in self.outside if not path.startswith(FRESH))


@dataclass(frozen=True, slots=True)
class Charge:
    """As `GET /__admin/account` lists it."""

    kind: str
    subject: str
    micro_dollars: int


@dataclass(frozen=True, slots=True)
class Report:
    """The last line on stdout, where the client has written one."""

    outcome: str | None
    task_id: str | None
    error_code: str | None
    error_message: str | None


@dataclass(frozen=True, slots=True)
class Observation:
    """
    `tasks` are the final statuses by task id. `ready_at` is when somebody first listened at the port of the client's
    receiver (None: nobody, or it cannot be seen here). `jobs` are as the clients got them; `files_when_killed`, where a
    process is killed, what it had left before it was started again.
    """

    case: Case
    key: str
    base_url: str
    requests: tuple[Request, ...]
    connections: tuple[Connection, ...]
    deliveries: tuple[Delivery, ...]
    processes: tuple[Process, ...]
    files: tuple[Files, ...]  # one for each client, where several run together
    charges: tuple[Charge, ...]
    tasks: Mapping[str, str]
    reports: tuple[Report | None, ...] = (None,)
    ready_at: float | None = None
    jobs: tuple[Job, ...] = ()
    files_when_killed: Files | None = None

    def of(self, *operations: str) -> tuple[Request, ...]:
        """The requests to these operations at the API."""
        return tuple(one for one in self.requests if one.operation in operations and one.listener == "api")
