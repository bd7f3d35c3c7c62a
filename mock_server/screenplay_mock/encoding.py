"""JSON to bytes: compact, and the same bytes whether or not the extra `speed` is installed."""

from __future__ import annotations

import json
from typing import Any

try:
    import orjson
except ImportError:  # the extra `speed` is optional
    orjson = None  # type: ignore[assignment]


def plainly_encoded(value: Any) -> bytes:
    """*value* as compact UTF-8 JSON, by the standard library alone."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # a lone surrogate, which only an escape can carry
        return json.dumps(value, separators=(",", ":")).encode()


def encoded(value: Any) -> bytes:
    """*value* as compact UTF-8 JSON; its numbers have at most three decimals, which both libraries write alike."""
    if orjson is not None:
        try:
            return orjson.dumps(value)
        except TypeError:  # a lone surrogate, or a whole number beyond 64 bits
            pass
    return plainly_encoded(value)
