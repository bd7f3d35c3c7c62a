"""Nothing where a body should be, or nothing but white space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_mock.web.exchange import JSON, Answer

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Empty
    from screenplay_mock.web.exchange import Call


async def answer(_: Call, empty: Empty) -> Answer:
    body = b" \r\n\t\n" if empty.whitespace else b""
    return Answer(empty.code, {"Content-Type": JSON} if body else {}, body, len(body))
