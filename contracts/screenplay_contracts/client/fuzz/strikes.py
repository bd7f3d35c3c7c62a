"""
What can strike an exchange, as faults are written in a scenario, the simplest first: every kind but those of the
listener, and nothing that costs seconds or gigabytes.

Nothing here makes a client wrong that is right: no answer says of a task what is not so, and none refuses with 4xx what
has been accepted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    Strike = dict[str, Any]
    Strikes = tuple[Strike, ...]

AFTER = {"when": {"acceptance": "after"}}

#: Those that happen every day: they are drawn as often as all others together.
USUAL: Strikes = ({"status": 500}, {"close": "nothing"}, {"status": 503}, {"reset": "nothing"}, {"status": 429})
#: What a submission or a cancel meets behind its acceptance.
USUAL_AFTER: Strikes = tuple({**AFTER, **one} for one in (*USUAL[:2], {"status": 504}, {"reset": "nothing"}))

REFUSALS: Strikes = (
    *({"status": code} for code in (502, 504, 400, 401, 403, 404, 402, 408, 409, 415, 425, 471, 501, 599)),
    {"status": {"code": 400, "message": "Request has exceeded the limit."}},
    {"status": {"code": 429, "retry_after": "1s"}},
    {"status": {"code": 503, "retry_after": {"date": "1s"}}},
    {"status": {"code": 503, "retry_after": {"text": "soon"}}},
    {"status": {"code": 500, "body": "spring"}},
    {"status": {"code": 503, "body": "xml"}},
)
PAGES: Strikes = ({"html": "bad_gateway"}, {"html": "login"}, {"empty": 200}, {"empty": 204})
SPACES: Strikes = ({"empty": {"code": 200, "whitespace": True}},)
REDIRECTS: Strikes = tuple(
    {"redirect": {"to": to, "code": code}} for to in ("same", "other", "http") for code in (302, 307, 303, 308, 301)
)
CARRIED: Strikes = (
    *({how: point} for point in ("head", 0.5, "whole") for how in ("close", "reset")),
    *({"stall": point} for point in ("nothing", "head", 0.5)),
    *({how: point} for how in ("short", "cut_chunk", "cut_close") for point in (0.5, 0, 0.9)),
    {"drip": {"bytes": 64, "every": "20ms"}},
    {"drip": {"bytes": 16, "every": "20ms", "part": "head"}},
    {"drip": {"bytes": 1, "every": "100ms"}},
    *({"framing": form} for form in ("close", "early_hints", "odd", "http10", "long_head")),
)
SLOW: Strikes = ({"latency": "100ms"}, {"latency": "700ms"})  # the latter is longer than a client waits
PACKED: Strikes = ({"gzip": "always"}, {"gzip": "offered"})
SPOILT: Strikes = (
    *({"spoil": flaw} for flaw in ("cut", "garbage", "bom", "duplicate_keys", "lone_surrogate")),
    {"huge": "1MB"},
    {"huge": {"size": "1MB", "gzip": True}},
)


def _edits(*edits: Strike) -> Strikes:
    return tuple({"edit": edit} for edit in edits)


ODD_HEADERS: Strikes = _edits(
    {"headers": {"Content-Type": "text/plain"}},
    {"headers": {"Content-Type": None}},
    {"headers": {"Date": "Thu, 01 Jan 1970 00:00:00 GMT"}},
    {"headers": {"Retry-After": "-1"}},
)
ODD_SUBMITTED: Strikes = _edits(
    {"remove": ["data.task_id"]},
    {"set": {"data": {"task_id": None}}},
    {"set": {"data": {"task_id": ""}}},
    {"set": {"data": None}},
    {"remove": ["data"]},
    {"set": {"code": "200"}},
    {"set": {"extra": {"more": 1}, "data": {"extra": None}}},
    {"status": 500},
)
ODD_STATUS: Strikes = _edits(
    {"set": {"data": {"status": "archived"}}},
    {"set": {"data": {"status": "pending"}}},
    {"remove": ["data.status"]},
    {"set": {"data": {"status": None}}},
    {"set": {"data": None}},
    {"set": {"data": []}},
    {"remove": ["data"]},
    {"set": {"success": False}},
    {"set": {"code": 500}},
    {"set": {"code": "200", "extra": 1}},
    {"set": {"data": {"progress": {"total_episodes": 0, "completed_episodes": 3}}}},
    {"set": {"data": {"progress": None}}},
    {"status": 500},
    {"status": 299},
)
ODD_DOWNLOAD: Strikes = (
    *_edits(
        {"status": 500},
        {"headers": {"Content-Type": "application/json"}},
        {"headers": {"Content-Disposition": 'attachment; filename="../../../evil.zip"'}},
    ),
    {"status": {"code": 400, "message": "Task is not completed yet. Current status: running."}},
    {"redirect": {"to": "storage"}},
    {"redirect": {"to": "storage", "expires_in": "0ms"}},
    *({"short": 0.5, "range": answer} for answer in ("part", "whole", "unsatisfiable")),
)
LIES: Strikes = tuple(
    {"zip": lie}
    for lie in (
        "bad_crc",
        "truncated",
        "no_end",
        "empty",
        "slip",
        "absolute_path",
        "windows_path",
        "symlink",
        "missing_entry",
        "extra_entry",
        "duplicate_names",
        "case_clash",
        "no_utf8_flag",
        "odd_names",
    )
)
ENDS: Strikes = tuple({"meanwhile": status} for status in ("completed", "failed", "cancelled"))
HALF_READ: Strikes = ({"receive": "head", "status": 413}, {"receive": "part"}, {"receive": "no_continue"})

ANSWERED = REFUSALS + PAGES + SPACES + REDIRECTS
BODY = CARRIED + SLOW + ODD_HEADERS
JSON = BODY + PACKED + SPOILT
#: Behind an acceptance: no 4xx but 408, which says nothing of what was done.
UNCLEAR = (
    *({**AFTER, **one} for one in ({"status": 502}, {"status": 503}, {"status": 408}, *PAGES, *REDIRECTS[:2])),
    *({**AFTER, "latency": "700ms", **one} for one in ({}, {"close": "nothing"})),
)

#: (those that are drawn often, the others), by the operation that they strike.
STRIKES: Mapping[str, tuple[Strikes, Strikes]] = {
    "submitTask": (USUAL + USUAL_AFTER, ANSWERED + UNCLEAR + JSON + ODD_SUBMITTED),
    "getTask": (USUAL, ANSWERED + JSON + ODD_STATUS + ENDS),
    "downloadTask": (
        (*USUAL, {"short": 0.5}, {"zip": "bad_crc"}, {"zip": "slip"}),
        ANSWERED + BODY + ODD_DOWNLOAD + LIES,
    ),
    "cancelTask": (USUAL + USUAL_AFTER + ENDS[:1], ANSWERED + UNCLEAR + JSON + ENDS),
    "uploadAsset": (USUAL, ANSWERED + JSON + HALF_READ),
    "getAssetMetadata": (USUAL, ANSWERED + JSON),
}
#: When: at the first call, unless it says more. Of a task only its status is asked for more than once, usually.
MOMENTS: Strikes = (*({},) * 4, {"times": 2}, {"when": {"call": 2}}, {"times": "always"})
OF_POLLS: Strikes = (*MOMENTS, {"when": {"first": 2}}, {"when": {"every": 2}}, {"when": {"call": 3}})


def moments(operation: str) -> Strikes:
    return OF_POLLS if operation == "getTask" else MOMENTS


def fault(operation: str, strike: Strike, moment: Strike) -> Strike:
    """The fault, in the shape that a scenario file has for it."""
    when = {**moment.get("when", {}), **strike.get("when", {})}
    return {"on": operation, **moment, **strike} | ({"when": when} if when else {})


def usual_faults(operation: str) -> tuple[Strike, ...]:
    """What strikes *operation* every day, the simplest first."""
    usual, _ = STRIKES.get(operation, ((), ()))
    return tuple(fault(operation, strike, {}) for strike in usual)
