"""A body in gzip, whether the client asked for it or not (RFC 9110, 12.5.3)."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from screenplay_mock.web.faults.huge import GZIP

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Gzip
    from screenplay_mock.web.exchange import Answer, Call


async def change(call: Call, answer: Answer, gzip: Gzip) -> Answer:
    offered = "gzip" in call.request.headers.get("Accept-Encoding", "").lower()
    if not isinstance(answer.body, bytes) or not (offered or gzip.when == "always"):
        return answer
    packer = zlib.compressobj(wbits=GZIP)
    body = packer.compress(answer.body) + packer.flush()
    return replace(answer, headers={**answer.headers, "Content-Encoding": "gzip"}, body=body, size=len(body))
