"""The moment in a case at which a client gets a signal, as the wire shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from screenplay_contracts.client.wire import Wire

HEARD = 0.1  # seconds in which a client has surely read an answer that has left


@dataclass(frozen=True, slots=True)
class Moment:
    """Once so many requests to `operation` have been answered; or, `of_bytes`, so many bytes have left in answer."""

    operation: str
    count: int
    of_bytes: bool

    @classmethod
    def read(cls, after: str) -> Self:
        """`submitTask`, `getTask:2`, `downloadTask:200`; of downloads bytes are counted."""
        operation, _, count = after.partition(":")
        return cls(operation, int(count or 1), of_bytes=bool(count) and operation.startswith("download"))

    def has_come(self, wire: Wire) -> bool:
        so_far = wire.sent(self.operation) if self.of_bytes else wire.answered(self.operation)
        return so_far >= self.count

    @property
    def delay(self) -> float:
        """How long the client has to learn what has left for it."""
        return 0.0 if self.of_bytes else HEARD
