"""RST in the middle of an answer, or instead of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Reset
    from screenplay_mock.web.exchange import Answer
    from screenplay_mock.web.faults.wire import Wire


async def carry(wire: Wire, answer: Answer, reset: Reset) -> None:
    await wire.send_until(answer, reset.after)
    await wire.reset()
