"""A result archive that lies, in a transfer that is right."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Zip
    from screenplay_mock.web.exchange import Answer, Call


async def change(_: Call, answer: Answer, zip_: Zip) -> Answer:
    from screenplay_mock.lies import spoilt

    if isinstance(answer.body, bytes) or answer.headers.get("Content-Type") != "application/zip":
        return answer
    body, size = await asyncio.to_thread(spoilt, answer.body, zip_.lie, zip_.size)
    return replace(answer, body=body, size=size)
