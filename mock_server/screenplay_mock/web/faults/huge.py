"""A JSON body padded with white space; in gzip it is a bomb, and small on our side."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from screenplay_mock.streams import made_while_read
from screenplay_mock.web.exchange import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_mock.core.fault_kinds import Huge
    from screenplay_mock.web.exchange import Answer, Call

GZIP = 31  # zlib's window for a gzip stream


async def change(_: Call, answer: Answer, huge: Huge) -> Answer:
    if not isinstance(answer.body, bytes):
        return answer
    size = max(huge.size, answer.size)
    chunks = _padded(answer.body, size - answer.size)
    if not huge.gzip:
        return replace(answer, body=made_while_read(chunks), size=size)
    body = await asyncio.to_thread(_packed, chunks)
    headers = {**answer.headers, "Content-Encoding": "gzip"}
    return replace(answer, headers=headers, body=body, size=len(body.getvalue()))


def _padded(body: bytes, padding: int) -> Iterator[bytes]:
    yield body[:1]
    spaces = b" " * CHUNK
    while padding > 0:
        yield spaces[:padding]
        padding -= CHUNK
    yield body[1:]


def _packed(chunks: Iterator[bytes]) -> BytesIO:
    packer, packed = zlib.compressobj(9, wbits=GZIP), BytesIO()
    for chunk in chunks:
        packed.write(packer.compress(chunk))
    packed.write(packer.flush())
    packed.seek(0)
    return packed
