"""Servers that break the envelope, the door, or the form of bodies."""

from __future__ import annotations

from tests.broken_servers.edits import (
    asked,
    body_of,
    broken,
    drop,
    err,
    hang_up,
    header,
    ok,
    put,
    says,
    sent_else,
    succeeds,
    where,
)
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory
from tests.broken_servers.row import row

SCHEMA = "schema/response"


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


def _starts_with(body: bytes) -> Fault:
    return broken(asked(err(), lambda ask: ask.body == body), says(400, "Malformed JSON"))


ENVELOPE = (
    row("an error says code 200", "envelope/code-equals-status", "door", broken(err(), put("code", 200)), SCHEMA),
    row('a success says code "200"', "envelope/success-code", "life", broken(ok(), put("code", "200"))),
    row("a success has no failed", "envelope/success-members", "life", broken(ok(), drop("failed")), SCHEMA),
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
    row('a success says "ok"', "envelope/success-msg", "life", broken(ok(), put("msg", "ok")), SCHEMA),
    row("an error has data", "envelope/error-members", "door", broken(err(), put("data", {})), SCHEMA),
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
    row("a 405 has no Allow", "method/405-has-allow", "door", broken(err(msg="Request method"), header("Allow", None))),
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

BODIES = (
    row("what is no JSON has another text", "body/malformed-json", "bodies", _starts_with(b"{")),
    row(
        "another media type is 400",
        "body/media-type",
        "bodies",
        broken(err(msg="Unsupported media type"), says(400, "Invalid request parameters")),
    ),
    row(
        "a body that is too large is 400",
        "body/too-large",
        "bodies",
        broken(err(msg="Request body is too large"), says(400, "Invalid request parameters")),
    ),
    row(
        "an upload without a file succeeds",
        "body/needs-file",
        "bodies",
        broken(
            asked(err("uploadAsset"), lambda ask: b'name="video"' in ask.body),
            succeeds({"asset_id": "re_912345678901234567"}),
        ),
    ),
    row(
        "an unknown member is refused",
        "submit/unknown-members",
        "shapes",
        broken(
            asked(ok("submitTask"), lambda ask: "priority" in body_of(ask)), says(400, "Invalid request parameters")
        ),
        "money/refused-is-free",
        "webhook/known-task",
        "body/violations",
    ),
    row(
        "violations are not told",
        "body/violations",
        "shapes",
        broken(err("submitTask"), header("X-Screenplay-Violations", None)),
    ),
    row(
        "a signed URL needs no file name",
        "signed-url/needs-filename",
        "bodies",
        broken(asked(err("createSignedUrl"), lambda ask: ask.body == b"[]"), says(400, "original_filename is missing")),
    ),
)

ROWS = (*ENVELOPE, *DOOR, *BODIES)
