"""A case: one situation for a client under test, as data; and which behaviours are judged in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from screenplay_contracts.client.job import Job, submission

if TYPE_CHECKING:
    from collections.abc import Iterable

Capability = Literal["webhook", "cancel", "upload", "resume"]
CAPABILITIES: tuple[Capability, ...] = ("webhook", "cancel", "upload", "resume")


@dataclass(frozen=True, slots=True)
class Kill:
    """
    The first process gets *signal* once the wire has seen *after*: that many answered requests of that operation, or,
    of a download, that many bytes. With `restart` the same command is started again with everything as it was.
    """

    signal: Literal["KILL", "INT", "TERM"]
    after: str  # an operation id; `downloadTask:200` is 200 bytes of the answer
    restart: bool


@dataclass(frozen=True, slots=True)
class Case:
    """
    `name` is also that of the built-in scenario unless `scenario` is another. `checks` are ids of behaviours.

    A client that does not declare what it `needs` is not judged. `together` clients run at once with one key, each
    with a folder and a job of its own. `limit_seconds` real seconds after its start a process is ended, `quiet_seconds`
    are watched after its end. `alone`: it measures time, so no other case runs beside it. `key_suffix` stands behind
    the key that the client is given, `prefix` before the base path. `host` is that of the base URL, if not the fake's
    own. A client that has written more than `disk_bytes` is ended, too. `may_be_silent`: a right one may send nothing.
    `endless`: the task never ends, so that a client has to give up.

    Of the job's `uploads` only the names count: files of these names are made, each of `upload_bytes`.
    """

    name: str
    checks: tuple[str, ...]
    job: Job = field(default_factory=lambda: Job(submission()))
    scenario: str = ""
    needs: frozenset[Capability] = frozenset()
    webhook: bool = False
    together: int = 1
    kill: Kill | None = None
    limit_seconds: float = 20
    quiet_seconds: float = 0.5
    alone: bool = False
    key_suffix: str = ""
    prefix: str = ""
    host: str = ""
    upload_bytes: int = 100_000
    disk_bytes: int = 200_000_000
    may_be_silent: bool = False
    endless: bool = False

    @property
    def plays(self) -> str:
        """The scenario of the fake."""
        return self.scenario or self.name


def lacking(case: Case, declared: Iterable[str]) -> frozenset[str]:
    """What *case* needs and a client has not declared."""
    return case.needs - frozenset(declared)
