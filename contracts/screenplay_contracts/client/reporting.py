"""The report of a client: the last line that it prints, where that is one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from screenplay_contracts.client.observation import Report

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTCOMES = frozenset({"completed", "failed", "cancelled", "rejected", "unknown", "timeout", "error"})
MEMBERS = ("outcome", "task_id", "error_code", "error_message")


def report(stdout: bytes) -> Report | None:
    """What the last line says that is not empty; None where that is no JSON object with an outcome."""
    line = stdout.rstrip().rpartition(b"\n")[2]
    try:
        told = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return Report(*(_text(told, name) for name in MEMBERS)) if isinstance(told, dict) and "outcome" in told else None


def _text(told: Mapping[str, Any], name: str) -> str | None:
    value = told.get(name)
    return None if value is None else value if isinstance(value, str) else json.dumps(value)
