"""What a request for a part of a download gets (RFC 9110, 14): the whole again, the part, or 416."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import IO, TYPE_CHECKING

from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.web.exchange import failure, pieces

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Range
    from screenplay_mock.web.exchange import Answer, Call

_FROM_TO = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})").fullmatch


async def change(call: Call, answer: Answer, range_: Range) -> Answer:
    file = answer.body
    if isinstance(file, bytes):  # an error has no parts
        return answer
    named = f"{call.request.path} {answer.size}"
    tag = f'"{sha256(named.encode()).hexdigest()[:16]}"'
    answer = replace(answer, headers={**answer.headers, "ETag": tag, "Accept-Ranges": "bytes"})
    wanted = _FROM_TO(call.request.headers.get("Range", ""))
    condition = call.request.headers.get("If-Range", tag)
    if wanted is None or range_.answer == "whole" or condition != tag:
        return answer
    first, last = int(wanted[1]), min(int(wanted[2] or answer.size), answer.size - 1)
    if range_.answer == "unsatisfiable" or first > last:
        file.close()
        refusal = failure(call, ApiError(ErrorKind.INVALID))
        headers = {**refusal.headers, "Content-Range": f"bytes */{answer.size}"}
        return replace(refusal, status=416, headers=headers)
    return _part(answer, file, first, last)


def _part(answer: Answer, file: IO[bytes], first: int, last: int) -> Answer:
    if file.seekable():
        file.seek(first)
    else:
        for _ in pieces(answer, first):
            pass  # it is made while it is read
    headers = {**answer.headers, "Content-Range": f"bytes {first}-{last}/{answer.size}"}
    return replace(answer, status=206, headers=headers, size=last - first + 1)
