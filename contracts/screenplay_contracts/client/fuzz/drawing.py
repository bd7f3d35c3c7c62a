"""What Hypothesis draws: a list of twists, each of which makes one thing unusual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from screenplay_contracts.client.fuzz.situation import UPLOAD, combined
from screenplay_contracts.client.fuzz.strikes import STRIKES, fault, moments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from screenplay_contracts.client.fuzz.situation import Situation

    Twist = Mapping[str, Any]
    Twists = tuple[Twist, ...]

MOST_TWISTS = 5
OFTEN = 4  # times as many faults are drawn as twists of each other sort


def _tasks(*lives: Mapping[str, Any]) -> Twists:
    return tuple({"tasks": life} for life in lives)


LIVES: Twists = _tasks(
    {"outcome": "failed"},
    {"outcome": "cancelled"},
    {"outcome": "stuck"},
    {"running_for": "0ms"},
    {"running_for": "200ms"},
    {"pending_for": "100ms"},
    {"outcome": {"failed": {"error_code": "NEW_CODE", "error_message": "失敗 😀", "after": 0}}},
    {"result": "no_files"},
    {"result": "no_result"},
    {"id_suffix": "/a b?c#%2F"},
)
ACCOUNTS: Twists = (
    {"account": {"balance": 0}},
    {"account": {"rate_limit": 10}},
    {"account": {"rate_limit": 10, "retry_after": "1s"}},
    {"account": {"disabled": True}},
    {"assets": "strict"},
)
DIALECTS: Twists = tuple(
    {"dialect": {switch: value}}
    for switch, value in (
        ("error_flags", False),
        ("error_code_type", "string"),
        ("success_code", "0000"),
        ("success_code", "200"),
        ("rate_limit", 400),
        ("not_found_status", 404),
        ("missing_webhook", "reject"),
        ("callback_task_id", "task_id"),
        ("callback_text_member", "msg"),
    )
)
HOOK: Twist = {"job": {"wait": "webhook"}}


def _webhooks(*rules: Mapping[str, Any]) -> Twists:
    return HOOK, *({**HOOK, "webhook": rule} for rule in rules)


WEBHOOKS: Twists = _webhooks(
    {"calls": []},
    {"delay": "200ms"},
    {"calls": [{"copies": 3}]},
    {"answers_lost": 1},
    *(
        {"calls": [{}, call]}
        for call in (
            {"at": "started", "status": "completed"},
            {"at": "started", "status": "failed"},
            {"at": "submitted", "status": "completed"},
            {"at": "submitted", "task": "unknown"},
            {"delay": "50ms", "status": "running"},
            {"at": "started", "status": "archived"},
            {"at": "started", "set": {"data": {"result_url": "{canary_url}"}}},
            {"at": "submitted", "body": "{"},
            {"at": "submitted", "method": "GET"},
        )
    ),
    {"calls": [{"set": {"extra": 1}, "remove": ["data.status"]}]},
)
CANCELS: Twists = ({"job": {"cancel_when": "running"}}, {"job": {"cancel_when": "pending"}})
UPLOADS: Twists = ({"job": UPLOAD},)
NO_DOWNLOAD: Twists = ({"job": {"download": False}},)

#: What is struck twice as often: who gets no further than its submission tells nothing else of itself.
MORE = ("getTask", "downloadTask")
#: What can be struck only where a client declares something.
NEEDS = {"cancelTask": "cancel", "uploadAsset": "upload", "getAssetMetadata": "upload"}
EXTRA: Mapping[str, Twists] = {"webhook": WEBHOOKS, "cancel": CANCELS, "upload": UPLOADS}


def situations(declared: Iterable[str]) -> st.SearchStrategy[Situation]:
    """What a client that declares these capabilities can meet."""
    known = frozenset(declared)
    operations = tuple(name for name in (*STRIKES, *MORE) if name not in NEEDS or NEEDS[name] in known)
    others = (LIVES, ACCOUNTS + DIALECTS + NO_DOWNLOAD, *(EXTRA[name] for name in EXTRA if name in known))
    return st.lists(_twists(operations, others), max_size=MOST_TWISTS).map(combined)


@st.composite
def _twists(draw: st.DrawFn, operations: tuple[str, ...], others: tuple[Twists, ...]) -> Twist:
    sort = draw(st.sampled_from((None,) * OFTEN * len(others) + others))
    if sort is not None:
        return draw(st.sampled_from(sort))
    operation = draw(st.sampled_from(operations))
    strike = draw(st.sampled_from(draw(st.sampled_from(STRIKES[operation]))))
    return {"faults": [fault(operation, strike, draw(st.sampled_from(moments(operation))))]}
