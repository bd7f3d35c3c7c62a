"""How checks say what they saw."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from screenplay_contracts.exchange import NOT_JSON, Exchange, Received
from screenplay_contracts.server.recording import Call
from screenplay_contracts.verdict import Finding

if TYPE_CHECKING:
    from screenplay_contracts.verdict import Outcome

LONGEST = 300  # characters of a value in a finding


def kept(is_so: bool, expected: str, observed: str, *evidence: Call | Exchange | Received) -> Outcome:  # noqa: FBT001
    """None if *is_so*; else what was *expected* and *observed*, and where."""
    if is_so:
        return None
    seen = tuple(one.exchange if isinstance(one, Call) else one for one in evidence)
    return Finding(expected, observed, seen)


def shown(value: Any) -> str:
    """*value* as JSON, shortened."""
    if value is NOT_JSON:
        return "no JSON"
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def answered(call: Call) -> str:
    """What *call* was answered, in one line."""
    if call.status is None:
        return f"no answer ({call.exchange.error})"
    content_type = call.exchange.header("Content-Type")
    body = shown(call.answer) if isinstance(call.answer, dict) else f"{len(call.exchange.response_body or b'')} bytes"
    return f"HTTP {call.status}, {content_type}: {body}"
