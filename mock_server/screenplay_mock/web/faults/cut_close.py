"""A body that only the end of the connection delimits, cut: no HTTP client can tell that something is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_mock.web.exchange import pieces
from screenplay_mock.web.faults.wire import bytes_until

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import CutClose
    from screenplay_mock.web.exchange import Answer
    from screenplay_mock.web.faults.wire import Wire


async def carry(wire: Wire, answer: Answer, cut: CutClose) -> None:
    await wire.send(wire.head(answer, [*answer.headers.items(), ("Connection", "close")]))
    for piece in pieces(answer, bytes_until(answer, float(cut.after))):
        await wire.send(piece)
    wire.close()
