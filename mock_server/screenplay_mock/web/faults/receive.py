"""How a struck request is received: whole, its head alone, or a part of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from screenplay_mock.web.bodies import BODY_SECONDS, CUT_OFF, MOST_JSON, MOST_UPLOAD

if TYPE_CHECKING:
    from screenplay_mock.web.exchange import Call

PART = 16_000  # bytes of a body that have arrived before a reset in the middle of it


async def swallow(call: Call, *, most: int = MOST_UPLOAD) -> None:
    """Read the body, at most so many bytes of it, to no purpose but the journal, where JSON is kept."""
    kept, size = bytearray(), 0
    try:
        while size < most:
            async with asyncio.timeout(BODY_SECONDS):
                chunk = await call.request.content.readany()
            if not chunk:
                break
            size += len(chunk)
            if size <= MOST_JSON:
                kept += chunk
    except (TimeoutError, *CUT_OFF):
        pass  # what has not come by now is of no use either
    call.body_size = size
    if call.request.content_type == "application/json" and size == len(kept):
        call.body = bytes(kept)
