"""Silence in the middle of an answer, until the client hangs up or the server stops."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Stall
    from screenplay_mock.web.exchange import Answer
    from screenplay_mock.web.faults.wire import Wire


async def carry(wire: Wire, answer: Answer, stall: Stall) -> None:
    await wire.send_until(answer, stall.after)
    await wire.wait(inf)
