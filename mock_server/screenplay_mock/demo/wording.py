"""Exchanges and charges, as the admin API tells of them, in the few words that fit on an arrow."""

from __future__ import annotations

import json
import re
from typing import Any

from screenplay_mock.demo.outcome import dollars

Json = dict[str, Any]

_BASE = "/serve/api/v2/screenplay"
_TASK = re.compile(r"ros-[a-z]+-\d+-(?=[0-9a-f]{8})")
OTHER = "otherOrigin"  # what the journal calls an exchange with another server
KEY_LEAKED = "auth/key-to-other-origin"  # the rule that such an exchange breaks


def short(text: str) -> str:
    """*text* with task ids as `..f167f82e`."""
    return _TASK.sub("..", text)


def request(method: str, path: str) -> str:
    """`GET /tasks/..f167f82e`; of a path at another server the beginning."""
    if path.startswith(_BASE):
        return short(f"{method} {path.removeprefix(_BASE)}")
    return f"{method} another server: /{path.split('/')[1]}/..."


def answer(exchange: Json) -> str:
    """`200 running`, `429 Rate limit exceeded`, `200 application/zip`."""
    response = exchange["response"]
    return f"{response['status']} {_content(response)}".rstrip()


def _content(response: Json) -> str:
    headers = {name.lower(): value for name, value in response["headers"]}
    if "location" in headers:
        return "to another address"
    kind = headers.get("content-type", "")
    if not kind.endswith("/json"):
        return "zip" if kind.endswith("/zip") else kind.partition(";")[0]
    try:
        body = json.loads(response["body"])
    except (TypeError, ValueError):
        return "no JSON"
    told = body.get("data") if isinstance(body, dict) else None
    if isinstance(told, dict):
        return str(told.get("status", "success"))
    return str(body.get("msg") or body.get("error") or "JSON") if isinstance(body, dict) else "JSON"


def charge(one: Json) -> str:
    """`accepts ..f167f82e, charges $6.00`."""
    price = dollars(one["micro_dollars"])
    if one["kind"] == "submit":
        return f"accepts {short(one['task_id'])}, charges {price}"
    return f"charges {price} for the download"


def leaked(exchange: Json) -> bool:
    return any(one["rule"] == KEY_LEAKED for one in exchange["violations"])
