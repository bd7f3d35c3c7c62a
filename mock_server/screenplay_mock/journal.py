"""
The record of what crossed the wire, kept as it came and rendered when somebody reads it.

Bounded twice: so many exchanges a sandbox, so many bytes in all; the oldest leave first.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from screenplay_mock.core.wire import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_EXCHANGES = 10_000  # a sandbox
MOST_BYTES = 64 * 2**20  # in all
REDACTED = "[redacted]"
OVERHEAD = 1_000  # bytes: roughly what an exchange weighs beside its bodies


@dataclass(frozen=True, slots=True)
class Violation:
    """Where and how a request broke the contract. Severity `error`, or `note` for what the vendor may tolerate."""

    location: str
    rule: str
    message: str
    severity: str = "error"


@dataclass(slots=True)
class Exchange:
    """
    A request and its answer. `at` is milliseconds on the sandbox's clock.

    `body` and `answer` are bytes, or None where they are not kept (uploads and downloads), whose sizes are.
    """

    at: int
    operation: str | None
    method: str
    target: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes | None
    body_size: int
    status: int
    answer_headers: Sequence[tuple[str, str]]
    answer: bytes | None
    answer_size: int
    task_id: str | None
    violations: tuple[Violation, ...] = ()
    id: int = 0
    number: int = 0  # the place among the exchanges of all sandboxes

    @property
    def weight(self) -> int:
        return OVERHEAD + len(self.body or b"") + len(self.answer or b"")


class Journal(Protocol):
    async def append(self, key: str, exchange: Exchange) -> None:
        """Write *exchange* down; its id counts from 1 in each sandbox."""
        ...

    async def exchanges(self, key: str) -> Sequence[Exchange]:
        """What is kept of a sandbox, the oldest first."""
        ...

    async def clear(self, key: str) -> None: ...

    async def drop(self, key: str) -> None:
        """Forget the sandbox: ids count from 1 again."""
        ...


class MemoryJournal:
    def __init__(self, *, most: int = MOST_EXCHANGES, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._count = 0
        self._by_key: dict[str, deque[Exchange]] = {}
        self._ids: dict[str, int] = {}
        self._all: OrderedDict[int, deque[Exchange]] = OrderedDict()

    async def append(self, key: str, exchange: Exchange) -> None:
        kept = self._by_key.get(key)
        if kept is None:
            kept = self._by_key[key] = deque()
        exchange.id = self._ids[key] = self._ids.get(key, 0) + 1
        self._count = exchange.number = self._count + 1
        kept.append(exchange)
        self._all[exchange.number] = kept
        self._bytes += exchange.weight
        if len(kept) > self._most:
            self._forget(kept)
        while self._bytes > self._most_bytes:
            self._forget(next(iter(self._all.values())))

    def _forget(self, kept: deque[Exchange]) -> None:
        oldest = kept.popleft()
        del self._all[oldest.number]
        self._bytes -= oldest.weight

    async def exchanges(self, key: str) -> Sequence[Exchange]:
        return list(self._by_key.get(key, ()))

    async def clear(self, key: str) -> None:
        kept = self._by_key.pop(key, None)
        while kept:
            self._forget(kept)

    async def drop(self, key: str) -> None:
        await self.clear(key)
        self._ids.pop(key, None)


def rendered(exchange: Exchange) -> dict[str, Any]:
    """*exchange* as plain data, with the key redacted, also where it was sent in the URL."""
    path, _, query = exchange.target.partition("?")
    return {
        "id": str(exchange.id),
        "at": instant(exchange.at),
        "operation": exchange.operation,
        "method": exchange.method,
        "path": path,
        "query": _without_keys(query, exchange.headers),
        "headers": _request_headers(exchange.headers),
        "body": _text(exchange.body),
        "body_size": exchange.body_size,
        "task_id": exchange.task_id,
        "response": {
            "status": exchange.status,
            "headers": [list(header) for header in exchange.answer_headers],
            "body": _text(exchange.answer),
            "body_size": exchange.answer_size,
        },
        "violations": [violation_data(violation) for violation in exchange.violations],
    }


def violation_data(violation: Violation) -> dict[str, str]:
    return {
        "location": violation.location,
        "rule": violation.rule,
        "severity": violation.severity,
        "message": violation.message,
    }


def _request_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[list[str]]:
    return [
        [
            name.decode("latin-1"),
            REDACTED if name.lower() == b"authorization" else value.decode("utf-8", "replace"),
        ]
        for name, value in headers
    ]


def _text(body: bytes | None) -> str | None:
    return None if body is None else body.decode("utf-8", "replace")


def _without_keys(query: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
    for name, value in headers:
        if name.lower() == b"authorization":
            key = value.decode("utf-8", "replace").rpartition(" ")[2]
            query = query.replace(key, REDACTED) if key else query
    return query
