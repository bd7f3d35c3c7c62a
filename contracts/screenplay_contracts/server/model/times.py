"""Points in time as the API and the admin API write them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def moment(text: Any) -> int | None:
    """Milliseconds since 1970 of a time with a zone in ISO 8601; None of anything else."""
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return None if at.tzinfo is None else round(at.timestamp() * 1000)


def instant(at: int) -> str:
    """ISO 8601, UTC, with milliseconds where there are any."""
    seconds, milliseconds = divmod(at, 1000)
    text = datetime.fromtimestamp(seconds, UTC).isoformat()[:19]
    return f"{text}.{milliseconds:03d}Z" if milliseconds else f"{text}Z"
