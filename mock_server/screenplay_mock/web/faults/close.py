"""FIN in the middle of an answer, instead of one, or right behind one that did not announce it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Close
    from screenplay_mock.web.exchange import Answer
    from screenplay_mock.web.faults.wire import Wire


async def carry(wire: Wire, answer: Answer, close: Close) -> None:
    await wire.send_until(answer, close.after)
    wire.close()
