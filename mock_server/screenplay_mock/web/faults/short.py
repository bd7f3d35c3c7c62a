"""A body shorter than its Content-Length (RFC 9112, 6.3: the message is incomplete)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Short
    from screenplay_mock.web.exchange import Answer
    from screenplay_mock.web.faults.wire import Wire


async def carry(wire: Wire, answer: Answer, short: Short) -> None:
    await wire.send_until(answer, float(short.after))
    wire.close()
