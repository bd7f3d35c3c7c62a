"""An answer that comes a few bytes at a time: slow, but steady."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_mock.web.exchange import pieces
from screenplay_mock.web.faults.wire import with_length

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Drip
    from screenplay_mock.web.exchange import Answer
    from screenplay_mock.web.faults.wire import Wire


async def carry(wire: Wire, answer: Answer, drip: Drip) -> None:
    size = max(drip.bytes, 1)
    start = wire.head(answer, with_length(answer))
    if drip.part == "head":
        for place in range(0, len(start), size):
            await wire.send(start[place : place + size])
            await wire.wait(drip.every / 1000)
    else:
        await wire.send(start)
    for piece in pieces(answer, answer.size, each=size):
        await wire.send(piece)
        await wire.wait(drip.every / 1000)
