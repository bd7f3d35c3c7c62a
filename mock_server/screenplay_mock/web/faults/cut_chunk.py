"""A chunked body without its last chunk (RFC 9112, 7.1 and 8: the message is incomplete)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_mock.web.exchange import pieces
from screenplay_mock.web.faults.wire import bytes_until

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import CutChunk
    from screenplay_mock.web.exchange import Answer
    from screenplay_mock.web.faults.wire import Wire


async def carry(wire: Wire, answer: Answer, cut: CutChunk) -> None:
    await wire.send(wire.head(answer, [*answer.headers.items(), ("Transfer-Encoding", "chunked")]))
    for piece in pieces(answer, bytes_until(answer, float(cut.after))):
        await wire.send(b"%x\r\n%b\r\n" % (len(piece), piece))
    wire.close()
