"""A body in gzip, whether the client asked for it or not (RFC 9110, 12.5.3)."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Gzip
    from screenplay_mock.web.exchange import Answer, Call

GZIP = 31  # zlib's window for a gzip stream

_REFUSED = re.compile(r"q=0(\.0{0,3})?").fullmatch


async def change(call: Call, answer: Answer, gzip: Gzip) -> Answer:
    offered = _is_offered(",".join(call.request.headers.getall("Accept-Encoding", ())))
    if not isinstance(answer.body, bytes) or not (offered or gzip.when == "always"):
        return answer
    packer = zlib.compressobj(wbits=GZIP)
    body = packer.compress(answer.body) + packer.flush()
    return replace(answer, headers={**answer.headers, "Content-Encoding": "gzip"}, body=body, size=len(body))


def _is_offered(codings: str) -> bool:
    """Whether a client takes gzip, by the codings of its Accept-Encoding: one that has the weight 0 is refused."""
    taken = {}
    for one in codings.lower().split(","):
        coding, *parameters = (part.strip() for part in one.split(";"))
        taken[coding] = not any(_REFUSED(parameter) for parameter in parameters)
    return taken.get("gzip", taken.get("*", False))
