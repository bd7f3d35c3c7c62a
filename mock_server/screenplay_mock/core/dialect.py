"""
The switches: one for each place where the vendor's documents contradict themselves, and the named sets of them.

`documented` follows the screenplay pages and the error-code page, `legacy` the oldest pages,
`live` what newer pages call verified live and what clients logged.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Dialect:
    """One reading of the documents. Beside each switch: the pages that disagree."""

    # screenplay pages: integer 200; the response table of extract-frames: string; the oldest pages: "0000"
    success_code: Literal[200, "200", "0000"] = 200
    # base download pages: errors carry success and failed; error-code page: code, msg and data only
    error_flags: bool = True
    # asset download page: string; everywhere else: integer
    error_code_type: Literal["integer", "string"] = "integer"
    # error-code page: 429; upload page: 400 with a text that other failures share
    rate_limit: Literal[429, 400] = 429
    # error-code page: "Asset not found"; transcription page, seen live: the text of the rate limit
    unknown_asset: Literal["not_found", "limit"] = "not_found"
    # the error-code page knows no 404; the download page has a not-found text without a status
    not_found_status: Literal[400, 404] = 400
    # submit page: "you will not receive the processing results"; transcription page: a hard 400
    missing_webhook: Literal["silent", "reject"] = "silent"
    # submit page: "your original request ID"; webhooks page: the id that the call returned
    callback_task_id: Literal["request_id", "task_id"] = "request_id"
    # webhooks page: message; responses and the oldest callbacks: msg
    callback_text_member: Literal["message", "msg"] = "message"
    # vendor pages: /{asset_id}; two public clients: /asset/{asset_id}
    asset_paths: Literal["root", "both"] = "root"
    # newer pages: "no Bearer prefix"; whether one is tolerated is said nowhere
    bearer: Literal["reject", "accept"] = "reject"
    # the metadata page promises a duration in prose, its table of fields has none
    metadata_duration: bool = False


#: Every value a switch may take, the documented one first.
SWITCHES: Mapping[str, tuple[Any, ...]] = {
    "success_code": (200, "200", "0000"),
    "error_flags": (True, False),
    "error_code_type": ("integer", "string"),
    "rate_limit": (429, 400),
    "unknown_asset": ("not_found", "limit"),
    "not_found_status": (400, 404),
    "missing_webhook": ("silent", "reject"),
    "callback_task_id": ("request_id", "task_id"),
    "callback_text_member": ("message", "msg"),
    "asset_paths": ("root", "both"),
    "bearer": ("reject", "accept"),
    "metadata_duration": (False, True),
}

DOCUMENTED = Dialect()

DIALECTS: Mapping[str, Dialect] = {
    "documented": DOCUMENTED,
    "legacy": Dialect(
        success_code="0000",
        error_code_type="string",
        callback_task_id="task_id",
        callback_text_member="msg",
        asset_paths="both",
    ),
    "live": Dialect(error_flags=False, rate_limit=400, unknown_asset="limit", missing_webhook="reject"),
}


def values(dialect: Dialect) -> dict[str, Any]:
    """The switches of *dialect* as plain data."""
    return {field.name: getattr(dialect, field.name) for field in fields(dialect)}


def name_of(dialect: Dialect) -> str:
    """The name of *dialect*, or `custom` when no named set is equal to it."""
    return next((name for name, known in DIALECTS.items() if known == dialect), "custom")


def with_switches(base: Dialect, switches: Mapping[str, Any]) -> Dialect:
    """*base* with some switches set; ValueError names the first switch or value that does not exist."""
    for switch, value in switches.items():
        if switch not in SWITCHES:
            raise ValueError(f"there is no switch {switch!r}; there are: {', '.join(SWITCHES)}")
        # `True == 1` in Python, so types are compared too
        if not any(type(value) is type(known) and value == known for known in SWITCHES[switch]):
            allowed = ", ".join(repr(known) for known in SWITCHES[switch])
            raise ValueError(f"{switch} cannot be {value!r}; it can be {allowed}")
    return replace(base, **switches)
