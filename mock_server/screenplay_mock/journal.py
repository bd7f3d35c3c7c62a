"""
The record of what crossed the wire, kept as it came and rendered when somebody reads it.

Bounded twice: so many exchanges a sandbox, so many bytes in all; the oldest leave first.
"""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, quote_plus

from screenplay_mock.core.wire import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_EXCHANGES = 10_000  # a sandbox
MOST_BYTES = 64 * 2**20  # in all
REDACTED = "[redacted]"
SECRET_HEADERS = {b"authorization", b"proxy-authorization", b"cookie", b"x-admin-token"}
SHORTEST_KEY = 4  # characters: to redact a shorter one would make the rest unreadable
OVERHEAD = 1_000  # bytes: roughly what an exchange weighs beside its bodies

_ESCAPE = re.compile("%[0-9A-F]{2}")


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
    `status` is None when no byte of an answer leaves; `fault` says what strikes the exchange, if anything does.
    """

    at: int
    operation: str | None
    method: str
    target: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes | None
    body_size: int
    status: int | None
    answer_headers: Sequence[tuple[str, str]]
    answer: bytes | None
    answer_size: int
    task_id: str | None
    violations: tuple[Violation, ...] = ()
    fault: str | None = None
    key: str = ""  # the sandbox's; never told
    id: int = 0
    number: int = 0  # the place among the exchanges of all sandboxes
    weight: int = 0  # bytes, roughly, set when it is written down


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
        exchange.weight = weight_of(exchange)
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


def weight_of(exchange: Exchange) -> int:
    kept = len(exchange.body or b"") + len(exchange.answer or b"") + len(exchange.target)
    headers = sum(map(len, chain.from_iterable(exchange.headers)))
    violations = sum(len(one.location) + len(one.message) for one in exchange.violations)
    return OVERHEAD + kept + headers + violations


def rendered(exchange: Exchange) -> dict[str, Any]:
    """*exchange* as plain data, with secrets redacted: whole headers, and the key wherever else it was sent."""
    keys = _keys(exchange.headers, exchange.key)
    path, _, query = _without_keys(exchange.target, keys).partition("?")
    return {
        "id": str(exchange.id),
        "at": instant(exchange.at),
        "operation": exchange.operation,
        "method": exchange.method,
        "path": path,
        "query": query,
        "headers": _request_headers(exchange.headers, keys),
        "body": None if exchange.body is None else _without_keys(_text(exchange.body), keys),
        "body_size": exchange.body_size,
        "task_id": exchange.task_id,
        "fault": exchange.fault,
        "response": {
            "status": exchange.status,
            "headers": [[name, _without_keys(value, keys)] for name, value in exchange.answer_headers],
            "body": None if exchange.answer is None else _text(exchange.answer),
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


def _request_headers(headers: Iterable[tuple[bytes, bytes]], keys: Sequence[str]) -> list[list[str]]:
    return [
        [
            name.decode("latin-1"),
            REDACTED if name.lower() in SECRET_HEADERS else _without_keys(_text(value), keys),
        ]
        for name, value in headers
    ]


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def stands_in(key: str, text: str) -> bool:
    """Whether *key* is in *text*; of a short one that would prove nothing."""
    return len(key) >= SHORTEST_KEY and key in text


def _keys(headers: Iterable[tuple[bytes, bytes]], key: str) -> list[str]:
    """*key* and what came as one, as it may stand elsewhere: raw and percent-encoded, the longest first."""
    given = [key, *(_text(value) for name, value in headers if name.lower() == b"authorization")]
    keys = {key for value in given for key in (value, value.rpartition(" ")[2]) if len(key) >= SHORTEST_KEY}
    encoded = {quote(key, safe=safe) for key in keys for safe in ("", "/")} | {quote_plus(key) for key in keys}
    lower = {_ESCAPE.sub(lambda escape: escape[0].lower(), key) for key in encoded}
    return sorted(keys | encoded | lower, key=len, reverse=True)


def _without_keys(text: str, keys: Iterable[str]) -> str:
    for key in keys:
        text = text.replace(key, REDACTED)
    return text
