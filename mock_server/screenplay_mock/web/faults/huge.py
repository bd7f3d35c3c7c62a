"""A JSON body padded with white space; in gzip it is a bomb. Made while it is read, and small on our side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from screenplay_mock.lies.runs import chunks, crc_of, deflated, padded, size_of
from screenplay_mock.streams import made_while_read

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Huge
    from screenplay_mock.lies.runs import Runs
    from screenplay_mock.web.exchange import Answer, Call

# RFC 1952, 2.3: deflate, no flags, no time, from any system
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


async def change(_: Call, answer: Answer, huge: Huge) -> Answer:
    if not isinstance(answer.body, bytes):
        return answer
    runs: Runs = (*padded(answer.body[:1], huge.size - answer.size + 1), (answer.body[1:], 1))
    headers = dict(answer.headers)
    if huge.gzip:
        headers["Content-Encoding"] = "gzip"
        end = crc_of(runs).to_bytes(4, "little") + (size_of(runs) % 2**32).to_bytes(4, "little")
        runs = ((GZIP_HEAD, 1), *deflated(runs), (end, 1))
    return replace(answer, headers=headers, body=made_while_read(chunks(runs)), size=size_of(runs))
