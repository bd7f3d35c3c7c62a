"""The header that says when to come again (RFC 9110, 10.2.3). Wall time: clients compare it with their own clock."""

from __future__ import annotations

import math
from email.utils import formatdate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import RetryAfter


def retry_after(after: RetryAfter | None, wall: int) -> dict[str, str]:
    """The header that *after* stands for at *wall* (milliseconds); none for None."""
    if after is None:
        return {}
    if after.seconds is not None:
        return {"Retry-After": str(math.ceil(after.seconds / 1000))}
    if after.date is not None:
        return {"Retry-After": formatdate(math.ceil((wall + after.date) / 1000), usegmt=True)}
    return {} if after.text is None else {"Retry-After": after.text}
