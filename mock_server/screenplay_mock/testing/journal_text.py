"""What a sandbox saw, as text for the report of a failed test."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any

from screenplay_mock.testing.admin import AdminError

if TYPE_CHECKING:
    from screenplay_mock.testing.sandbox import Screenplay

MOST_EXCHANGES = 200  # lines; the last ones, since those are near the failure
MOST_DELIVERIES = 100
LONGEST_LINE = 400  # characters
REFUSED = 400  # the first HTTP status that is an error

Json = dict[str, Any]


def journal_text(sandbox: Screenplay, *, seed: int = 0) -> str:
    """One line for each exchange and each delivery of *sandbox*, its key redacted; never raises for its state."""
    from screenplay_mock.sandbox import shortened

    try:
        requests, deliveries = sandbox.requests, sandbox.deliveries
    except (AdminError, OSError, ValueError, http.client.HTTPException) as error:
        return f"the journal cannot be read: {error}"
    lines = [
        f"sandbox of {shortened(sandbox.key)}, seed {seed}; the times are those of its clock",
        *_last(MOST_EXCHANGES, [_exchange(one) for one in requests], "exchanges"),
    ]
    if not requests:
        lines.append("no request came with the key of this test: does the client use screenplay.base_url and .key?")
    lines += _last(MOST_DELIVERIES, [_delivery(one) for one in deliveries], "deliveries")
    return "\n".join(_line(line.replace(sandbox.key, "[key]")) for line in lines)


def _last(most: int, lines: list[str], what: str) -> list[str]:
    left_out = len(lines) - most
    return [f"… {left_out} earlier {what} are left out", *lines[-most:]] if left_out > 0 else lines


def _exchange(exchange: Json) -> str:
    status = exchange["response"]["status"]
    refusal = f" {_msg(exchange['response']['body'])}" if status is not None and status >= REFUSED else ""
    outcome = "without an answer" if status is None else f"{status}{refusal}"
    broken = "".join(
        f" | {one['severity']} {one['rule']} in {one['location']}: {one['message']}" for one in exchange["violations"]
    )
    return f"{exchange['id']:>4}  {exchange['at']}  {exchange['method']} {exchange['path']}  {outcome}{broken}"


def _msg(body: str | None) -> str:
    """What the vendor's envelope says, where there is one."""
    try:
        return str(json.loads(body or "")["msg"])
    except (ValueError, KeyError, TypeError):
        return ""


def _delivery(delivery: Json) -> str:
    attempts = ", ".join(f"{one['at']} {one['status'] or one['error']}" for one in delivery["attempts"])
    return f"webhook  {delivery['task_id']} to {delivery['url']}: {attempts}"


def _line(text: str) -> str:
    """*text* as one line that no terminal takes for a command."""
    shown = "".join(char if char.isprintable() else "?" for char in text)
    return shown if len(shown) <= LONGEST_LINE else f"{shown[:LONGEST_LINE]}…"
