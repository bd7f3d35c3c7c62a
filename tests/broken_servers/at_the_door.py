"""Servers that break the envelope, or the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.broken_servers.edits import (
    asked,
    broken,
    drop,
    err,
    hang_up,
    header,
    ok,
    put,
    says,
    sent_else,
    status,
    where,
)
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory
from tests.broken_servers.row import row

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broken_servers.edits import Edit

SCHEMA, OWN_STATUS, EXACTLY = "schema/response", "schema/own-status", "method/405-allow-exactly"
STORED = "signed-url/storage-answers"


def _key_of_owner(ask: Ask, memory: Memory) -> None:
    """Every task is shown to everybody."""
    owner = memory.get(ask.subject)
    if ask.operation == "getTask" and owner is not None:
        ask.headers["Authorization"] = owner


def _remember_owner(ask: Ask, answer: Answer, memory: Memory) -> None:
    if ask.operation == "submitTask" and answer.ok:
        memory[answer.json["data"]["task_id"]] = ask.key


def _some_key(ask: Ask) -> None:
    ask.headers["Authorization"] = "sk-mai-some"


def _without_bearer(ask: Ask) -> None:
    ask.headers["Authorization"] = ask.key.removeprefix("Bearer ")


def _without_asset(ask: Ask) -> None:
    ask.target = ask.target.replace("/asset/", "/")


def _allow(change: Callable[[str], str]) -> Edit:
    def edit(_: Ask, answer: Answer, __: Memory) -> None:
        answer.headers["Allow"] = change(answer.headers["Allow"])

    return edit


ENVELOPE = (
    row(
        "an error says code 200",
        "envelope/code-equals-status",
        "door",
        broken(err(), put("code", 200)),
        SCHEMA,
        STORED,
    ),
    row(
        "a submission is answered with 201, and says code 200",
        "envelope/code-equals-status",
        "life",
        broken(ok("submitTask"), lambda _, answer, __: setattr(answer, "status", 201)),
        "schema/status",
        OWN_STATUS,
        "magic/submissions",
    ),
    row('a success says code "200"', "envelope/success-code", "life", broken(ok(), put("code", "200"))),
    row("a success has no failed", "envelope/success-members", "life", broken(ok(), drop("failed")), SCHEMA, STORED),
    row(
        "a failed task makes the call failed",
        "envelope/success-flags",
        "failure",
        broken(
            where(ok("getTask"), status="failed"),
            put("success", lambda was: not was),
            put("failed", lambda was: not was),
        ),
        SCHEMA,
    ),
    row('a success says "ok"', "envelope/success-msg", "life", broken(ok(), put("msg", "ok")), SCHEMA, STORED),
    row("an error has no data", "envelope/error-members", "door", broken(err(), drop("data")), SCHEMA, STORED),
    row("the data of an error are an object", "envelope/error-data", "door", broken(err(), put("data", {}))),
    row("an error has no flags", "envelope/error-flags", "door", broken(err(), drop("success"), drop("failed"))),
    row("an error says code as a text", "envelope/error-code-type", "door", broken(err(), put("code", str))),
    row(
        "JSON is sent as text/html",
        "envelope/content-type",
        "life",
        broken(ok("submitTask", "getTask", "cancelTask"), header("Content-Type", "text/html")),
    ),
    row(
        "metadata have no extension",
        SCHEMA,
        "uploads",
        broken(ok("getAssetMetadata"), put("data.resource", lambda rows: [_less(one, "extension") for one in rows])),
    ),
    row(
        "an asset is downloaded with 206",
        "schema/status",
        "uploads",
        broken(ok("downloadAsset"), lambda _, answer, __: setattr(answer, "status", 206)),
        OWN_STATUS,
    ),
    row(
        "an unknown task is a conflict",
        OWN_STATUS,
        "door",
        broken(err("getTask", msg="Task not found"), status(409)),
        "status/unknown-task",
    ),
    row(
        "a body that is no JSON makes it fail",
        "answer/no-server-error",
        "bodies",
        broken(asked(err(), lambda ask: ask.body == b"{"), says(500, "Internal server error")),
    ),
    row(
        "an unknown path closes the connection",
        "answer/whole",
        "door",
        broken(asked(err(), lambda ask: ask.path == "/upload/a/b"), hang_up),
    ),
)


def _less(row: dict[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in row.items() if key != name}


DOOR = (
    row(
        "a status needs no key",
        "auth/required",
        "door",
        sent_else(lambda ask: ask.operation == "getTask" and not ask.key, _some_key),
    ),
    row(
        "a wrong key is accepted",
        "auth/invalid-key",
        "door",
        sent_else(lambda ask: ask.key.endswith("invalid"), _some_key),
    ),
    row(
        "a disabled account is served",
        "auth/disabled-account",
        "door",
        sent_else(lambda ask: ask.key.endswith("disabled"), _some_key),
    ),
    row(
        "a good key is refused",
        "auth/good-key",
        "door",
        broken(asked(err("cancelTask"), lambda ask: "check-1" in ask.key), says(401, "Unauthorized")),
    ),
    row(
        "a Bearer is tolerated",
        "auth/bearer",
        "door",
        sent_else(lambda ask: ask.key.startswith("Bearer "), _without_bearer),
    ),
    row(
        "a foreign task is visible",
        "auth/other-key-sees-nothing",
        "others",
        Fault(_key_of_owner, _remember_owner),
        "status/unknown-task",
        "download/completed",
        "cancel/unfinished",
    ),
    row(
        "a wrong method is 404",
        "method/not-allowed",
        "door",
        broken(
            asked(err(msg="Request method"), lambda ask: ask.method == "PATCH"),
            says(404, "Request method not supported"),
        ),
        "method/405-text",
    ),
    row(
        "a 405 has no Allow",
        "method/405-has-allow",
        "door",
        broken(err(msg="Request method"), header("Allow", None)),
        EXACTLY,
    ),
    row(
        "Allow leaves out DELETE",
        "method/405-has-allow",
        "door",
        broken(err(msg="Request method"), _allow(lambda given: given.replace("DELETE", "OPTIONS"))),
        EXACTLY,
    ),
    row(
        "Allow has every method",
        "method/405-allow-is-true",
        "door",
        broken(err(msg="Request method"), header("Allow", "DELETE, GET, PATCH, POST, PUT")),
        EXACTLY,
    ),
    row(
        "Allow has HEAD and OPTIONS",
        EXACTLY,
        "door",
        broken(err(msg="Request method"), _allow(lambda given: f"{given},HEAD,OPTIONS")),
    ),
    row(
        "a 405 has another text",
        "method/405-text",
        "door",
        broken(err(msg="Request method"), put("msg", "No such method")),
    ),
    row(
        "HEAD is 404",
        "method/head",
        "door",
        broken(lambda ask, _: ask.method == "HEAD", lambda _, answer, __: setattr(answer, "status", 404)),
    ),
    row(
        "an unknown path has another text",
        "path/unknown",
        "door",
        broken(asked(err(msg="Not found"), lambda ask: "/asset/" not in ask.path), put("msg", "No handler")),
    ),
    row(
        "the older paths are there too",
        "path/legacy",
        "door",
        sent_else(lambda ask: "/asset/" in ask.target, _without_asset),
        "asset/deleted-is-gone",
    ),
)

ROWS = (*ENVELOPE, *DOOR)
