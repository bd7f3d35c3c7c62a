"""Servers that accept the wrong submissions, refuse the right ones, or answer what is not so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.broken_servers.edits import asked, assets_of, body_of, broken, err, ok, put, says, sent_else
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory
from tests.broken_servers.row import row

from screenplay_contracts.server import magic, shapes
from screenplay_contracts.server.script.submissions import VIDEO

if TYPE_CHECKING:
    from tests.broken_servers.row import Broken

INVALID = "Invalid request parameters"
LARGE = 2**20  # bytes; what is more is refused for that
SCHEMA = "schema/response"
LIVES = ("magic/tasks", "webhook/known-task")
CHARGES = (
    "submit/charged-once",
    "money/price",
    "money/whole-minutes",
    "money/refused-is-free",
    "money/lost-is-charged",
)


GOOD: dict[str, Any] = {"mode": "short_drama", "episodes": {"1": VIDEO}, "config": {}}


def _accepted(fault: str, check: str, *neighbours: str) -> Broken:
    """A body that has this fault alone is accepted."""
    wrong = _repaired(fault, lambda body: body.update(GOOD))
    return row(f"{fault}: accepted", check, "shapes", wrong, "body/violations", "submit/echoes-mode", *neighbours)


def _repaired(fault: str, change: Any) -> Fault:
    """The fake gets a body without the fault, so that it accepts it."""

    def repair(ask: Ask) -> None:
        body = ask.json if isinstance(ask.json, dict) else {}
        change(body)
        ask.json = body

    def is_faulty(ask: Ask) -> bool:
        is_json = ask.operation == "submitTask" and ask.json is not None and len(ask.body) < LARGE
        return is_json and shapes.faults(ask.json) == {fault}

    return sent_else(is_faulty, repair)


def _renamed(body: dict[str, Any]) -> None:
    body["episodes"] = dict.fromkeys(("7",), VIDEO)


def _are_three(assets: list[Any]) -> bool:
    return len(assets) == 3 and all(str(one).startswith(magic.GIVEN) for one in assets)


def _video_instead_of(*asset_ids: str) -> Fault:
    def change(ask: Ask) -> None:
        for asset_id in asset_ids:
            ask.body = ask.body.replace(asset_id.encode(), VIDEO.encode())

    return sent_else(
        lambda ask: ask.operation == "submitTask" and assets_of(ask) in [[one] for one in asset_ids], change
    )


def _same_id(ask: Ask, answer: Answer, memory: Memory) -> None:
    """The second task of an account has the id of the first."""
    if ask.operation == "submitTask" and answer.ok:
        body = answer.json
        body["data"]["task_id"] = memory.setdefault(ask.key, body["data"]["task_id"])
        answer.json = body


def _needs_webhook(ask: Ask, answer: Answer, memory: Memory) -> None:
    if ask.path == "/__admin/account" and isinstance(answer.json, dict):
        memory[ask.key] = answer.json["webhook_url"]
    if ask.operation == "submitTask" and answer.ok and memory.get(ask.key, "") is None:
        says(400, "An async request requires at least one webhook.")(ask, answer, memory)


ROWS = (
    _accepted("object", "submit/object"),
    _accepted("members", "submit/required-members"),
    _accepted("mode", "submit/known-modes"),
    row(
        "a mode that is coming soon is accepted",
        "submit/coming-soon",
        "shapes",
        _repaired("coming soon", lambda body: body.update(mode="short_drama")),
        "submit/echoes-mode",
        "body/violations",
    ),
    _accepted("episodes", "submit/episodes"),
    row(
        "any name of an episode is accepted",
        "submit/episode-names",
        "shapes",
        _repaired("names", _renamed),
        "body/violations",
    ),
    _accepted("count", "submit/episode-count"),
    _accepted("config", "submit/config"),
    _accepted("options", "submit/option-types"),
    _accepted("values", "submit/option-values"),
    row(
        "what is refused for its form has another text",
        "submit/invalid-answer",
        "shapes",
        broken(asked(err("submitTask", msg=INVALID), lambda ask: isinstance(ask.json, dict)), put("msg", "No")),
    ),
    row(
        "a submission without any output is accepted",
        "submit/some-output",
        "shapes",
        _repaired("output", lambda body: body.update(config={})),
        "body/violations",
    ),
    row(
        "three episodes are refused",
        "submit/accepts",
        "prices",
        broken(asked(ok("submitTask"), lambda ask: _are_three(assets_of(ask))), says(400, INVALID)),
        "money/refused-is-free",
        "money/lost-is-charged",
        "webhook/known-task",
    ),
    row(
        "French is refused",
        "submit/accepts-unusual",
        "shapes",
        broken(asked(ok("submitTask"), lambda ask: body_of(ask)["config"].get("language") == "fr"), says(400, INVALID)),
        "money/refused-is-free",
        "webhook/known-task",
        "body/violations",
    ),
    row(
        "an asset that does not exist is accepted",
        "submit/only-existing-assets",
        "assets of submissions",
        _video_instead_of(magic.UNKNOWN),
        "submit/reason-texts",
    ),
    row(
        "an asset that does not exist has another text",
        "submit/reason-texts",
        "assets of submissions",
        broken(err("submitTask", msg="Asset not found"), put("msg", "No such asset")),
    ),
    row(
        "an asset that is uploading is accepted",
        "submit/only-ready-assets",
        "assets of submissions",
        _video_instead_of(magic.UPLOADING),
        "submit/reason-texts",
    ),
    row(
        "a sound is accepted",
        "submit/only-videos",
        "assets of submissions",
        _video_instead_of(magic.AUDIO),
        "submit/reason-texts",
    ),
    row(
        "five minutes are accepted",
        "submit/under-five-minutes",
        "assets of submissions",
        _video_instead_of(magic.TOO_LONG),
        "submit/reason-texts",
        "submit/total-duration",
        "submit/exact-duration",
        "money/price",
        "money/whole-minutes",
    ),
    row(
        "several reasons stand in commas",
        "submit/reason-texts",
        "assets of submissions",
        broken(err("submitTask", msg="Episode"), put("msg", lambda text: text.replace("; ", ", "))),
    ),
    row("two tasks have one id", "submit/own-id", "prices", Fault(answer=_same_id), *CHARGES, *LIVES),
    row(
        "a new task is queued",
        "submit/starts-pending",
        "prices",
        broken(ok("submitTask"), put("data.status", "queued")),
        SCHEMA,
    ),
    row(
        "the answer has another mode",
        "submit/echoes-mode",
        "prices",
        broken(ok("submitTask"), put("data.mode", "korean_drama")),
    ),
    row(
        "total_duration_seconds is a text",
        "submit/total-duration",
        "prices",
        broken(ok("submitTask"), put("data.total_duration_seconds", str)),
        SCHEMA,
        "submit/exact-duration",
    ),
    row(
        "total_duration_seconds is rounded",
        "submit/exact-duration",
        "prices",
        broken(ok("submitTask"), put("data.total_duration_seconds", round)),
    ),
    row(
        "a webhook is required",
        "submit/missing-webhook",
        "no webhook",
        Fault(answer=_needs_webhook),
        "money/refused-is-free",
    ),
    row(
        "created_at is a date in words",
        "time/created-at",
        "prices",
        broken(ok("submitTask"), put("data.created_at", "13 March 2026")),
        SCHEMA,
    ),
    row(
        "created_at has no zone",
        "time/created-at-zone",
        "prices",
        broken(ok("submitTask"), put("data.created_at", lambda text: text.rstrip("Z"))),
    ),
    row(
        "created_at is long ago",
        "time/created-now",
        "prices",
        broken(ok("submitTask"), put("data.created_at", "2020-01-01T00:00:00Z")),
    ),
)
