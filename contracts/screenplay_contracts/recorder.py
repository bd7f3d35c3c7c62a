"""Where exchanges and webhook calls are written down, in the order in which they ended; for any number of threads."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from screenplay_contracts.exchange import Exchange, Received

if TYPE_CHECKING:
    from collections.abc import Callable


class Recorder:
    """`on_exchange` is called with each exchange as it is written down, for whoever shows progress."""

    def __init__(self, *, on_exchange: Callable[[Exchange], None] = lambda _: None) -> None:
        self._lock = threading.Lock()
        self._all: list[Exchange | Received] = []
        self._on_exchange = on_exchange

    def write(self, exchange: Exchange) -> Exchange:
        """*exchange* with its number."""
        with self._lock:
            numbered = replace(exchange, number=len(self._all) + 1)
            self._all.append(numbered)
        self._on_exchange(numbered)
        return numbered

    def receive(self, received: Received) -> Received:
        with self._lock:
            numbered = replace(received, number=len(self._all) + 1)
            self._all.append(numbered)
        return numbered

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        with self._lock:
            return tuple(one for one in self._all if isinstance(one, Exchange))

    @property
    def received(self) -> tuple[Received, ...]:
        with self._lock:
            return tuple(one for one in self._all if isinstance(one, Received))


def wall_now() -> str:
    """ISO 8601 in UTC, with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
