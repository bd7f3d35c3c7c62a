"""JSON that is none, in a message that is complete; or JSON that few parsers agree on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Spoil
    from screenplay_mock.web.exchange import Answer, Call

BOM = b"\xef\xbb\xbf"  # RFC 8259, 8.1: must not be added, may be ignored
#: RFC 8259, 4: names should be unique; most parsers take the last one, which here is the true one.
DUPLICATES = b'{"code":500,"msg":"Internal server error","data":null,"failed":true,"success":false,'


async def change(_: Call, answer: Answer, spoil: Spoil) -> Answer:
    if not isinstance(answer.body, bytes):
        return answer
    body = _spoilt(answer.body, spoil.flaw)
    return replace(answer, body=body, size=len(body))


def _spoilt(body: bytes, flaw: str) -> bytes:
    match flaw:
        case "cut":
            return body[: len(body) // 2]
        case "bom":
            return BOM + body
        case "duplicate_keys":
            return DUPLICATES + body.lstrip().removeprefix(b"{")
        case "lone_surrogate":
            return body.replace(b'"msg":"', b'"msg":"\\ud83d ', 1)
        case _:
            return b"{'code': 200, data: undefined, ..."
