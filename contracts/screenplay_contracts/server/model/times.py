"""Points in time as the API and the admin API write them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def moment(text: Any) -> int | None:
    """Milliseconds since 1970 of a time in ISO 8601 with a zone; None of anything else."""
    at = _time(text)
    return None if at is None or at.tzinfo is None else round(at.timestamp() * 1000)


def read(text: Any) -> int | None:
    """The same of a time that the API tells. Docs silent: the zone; where there is none it is UTC."""
    at = _time(text)
    return None if at is None else round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def instant(at: int) -> str:
    """ISO 8601, UTC, with milliseconds where there are any."""
    seconds, milliseconds = divmod(at, 1000)
    text = datetime.fromtimestamp(seconds, UTC).isoformat()[:19]
    return f"{text}.{milliseconds:03d}Z" if milliseconds else f"{text}Z"
