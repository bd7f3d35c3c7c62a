"""Servers that judge the form of bodies wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.broken_servers.edits import asked, body_of, broken, err, header, ok, put, says, status, succeeds
from tests.broken_servers.row import row

if TYPE_CHECKING:
    from tests.broken_servers.edits import Edit
    from tests.broken_servers.proxy import Fault

OWN_STATUS = "schema/own-status"
SIGNED = {"asset_id": "re_912345678901234567", "signed_url": "http://a.example/1", "expires_in": 93_600}


def _not_json(edit: Edit) -> Fault:
    return broken(asked(err(), lambda ask: ask.body == b"{"), edit)


ROWS = (
    row(
        "what is no JSON is a conflict",
        "body/malformed-json",
        "bodies",
        _not_json(status(409)),
        "body/invalid-answer",
        OWN_STATUS,
    ),
    row("what is no JSON has another text", "body/invalid-answer", "bodies", _not_json(put("msg", "Malformed JSON"))),
    row(
        "another media type is 400",
        "body/media-type",
        "bodies",
        broken(err(msg="Unsupported media type"), says(400, "Invalid request parameters")),
    ),
    row(
        "another media type has another text",
        "body/media-type-text",
        "bodies",
        broken(err(msg="Unsupported media type"), put("msg", "JSON only")),
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
        broken(asked(err("createSignedUrl"), lambda ask: ask.body == b"[]"), succeeds(SIGNED)),
    ),
    row(
        "who names no file is told so",
        "signed-url/invalid-answer",
        "bodies",
        broken(asked(err("createSignedUrl"), lambda ask: ask.body == b"[]"), says(400, "original_filename is missing")),
    ),
)
