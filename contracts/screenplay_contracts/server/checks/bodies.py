"""What is refused because of the form of its body, whatever it asks for."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from screenplay_contracts.exchange import NOT_JSON
from screenplay_contracts.server import answers, shapes
from screenplay_contracts.server.checks.looking import (
    MUST,
    SHOULD,
    credential,
    has_status,
    ordinary,
    refused,
    turned_down,
)
from screenplay_contracts.server.checks.saying import kept
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

MOST_JSON = 2**20  # bytes; docs silent
MOST_HEADER = 4_096
JSON_OPERATIONS = ("submitTask", "createSignedUrl")
VIOLATIONS = "X-Screenplay-Violations"
_HAS_FILE = re.compile(rb'(?i)\r\nContent-Disposition:(?=[^\r]* name="?file"?)[^\r]* filename').search


def _media_type(call: Call) -> str:
    return (call.exchange.sent_header("Content-Type") or "").partition(";")[0].strip().lower()


def _json_calls(recorded: Recording) -> Iterator[Call]:
    """Calls that say that they send JSON where that is asked for."""
    for call in ordinary(recorded, *JSON_OPERATIONS):
        if _media_type(call) == "application/json" and call.exchange.request_body is not None:
            yield call


def _malformed(recorded: Recording) -> Iterator[Call]:
    for call in _json_calls(recorded):
        if call.sent is NOT_JSON and len(call.exchange.request_body or b"") <= MOST_JSON:
            yield call


def malformed_json(recorded: Recording) -> Iterator[Outcome]:
    yield from (has_status(call, answers.INVALID) for call in _malformed(recorded))


def too_large(recorded: Recording) -> Iterator[Outcome]:
    for call in _json_calls(recorded):
        if len(call.exchange.request_body or b"") > MOST_JSON:
            yield refused(call, answers.TOO_LARGE)


def _of_another_type(recorded: Recording) -> Iterator[Call]:
    for call in ordinary(recorded, *JSON_OPERATIONS, "uploadAsset"):
        expected = "multipart/form-data" if call.operation == "uploadAsset" else "application/json"
        if _media_type(call) != expected:
            yield call


def media_type(recorded: Recording) -> Iterator[Outcome]:
    yield from (has_status(call, answers.UNSUPPORTED) for call in _of_another_type(recorded))


def media_type_text(recorded: Recording) -> Iterator[Outcome]:
    for call in _of_another_type(recorded):
        if call.status == answers.UNSUPPORTED.status:
            yield refused(call, answers.UNSUPPORTED)


def _without_file(recorded: Recording) -> Iterator[Call]:
    for call in ordinary(recorded, "uploadAsset"):
        body = call.exchange.request_body
        if _media_type(call) == "multipart/form-data" and body is not None and not _HAS_FILE(body):
            yield call


def needs_file(recorded: Recording) -> Iterator[Outcome]:
    yield from (turned_down(call, "it has no part named file") for call in _without_file(recorded))


def invalid_answer(recorded: Recording) -> Iterator[Outcome]:
    for call in (*_malformed(recorded), *_without_file(recorded)):
        if not call.succeeded:
            yield refused(call, answers.INVALID)


def violations(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.of("submitTask") if recorded.fake else ():
        if credential(recorded, call) != "good" or call.sent is NOT_JSON or call.status is None:
            continue
        broken = bool(shapes.faults(call.sent)) or shapes.unknown_members(call.sent)
        given = call.exchange.header(VIOLATIONS)
        if call.status in {answers.INVALID.status, 200} and _media_type(call) == "application/json":
            if broken:
                yield kept(_is_list(given), f"{VIOLATIONS}, a list that says what was wrong", str(given), call)
            elif call.succeeded:
                yield kept(given is None, f"no {VIOLATIONS}, since nothing was wrong", str(given), call)


def _is_list(header: str | None) -> bool:
    """Whether *header* is a list of violations as ASCII JSON, not too long."""
    try:
        entries = json.loads(header or "")
    except ValueError:
        return False
    members = {"location", "rule", "severity", "message"}
    wellformed = isinstance(entries, list) and all(isinstance(one, dict) and members <= one.keys() for one in entries)
    return wellformed and bool(entries) and header is not None and header.isascii() and len(header) <= MOST_HEADER


RULES = (
    rule(
        "body/malformed-json",
        MUST,
        "error-codes page: 400 for invalid parameters",
        "A body that is no JSON is answered with 400.",
        malformed_json,
    ),
    rule("body/media-type", MUST, "error-codes page: 415", "A body of another media type is 415.", media_type),
    rule(
        "body/media-type-text",
        SHOULD,
        "docs silent: the text; the error-codes page's meaning of 415 chosen",
        f"It says `{answers.UNSUPPORTED.text}`.",
        media_type_text,
    ),
    rule("body/too-large", SHOULD, "docs silent: a limit of 1 MiB chosen", "A larger JSON body is 413.", too_large),
    rule(
        "body/needs-file",
        MUST,
        "upload page: the part file is required",
        "An upload without a part named file is refused.",
        needs_file,
        Need.MONEY,
    ),
    rule(
        "body/invalid-answer",
        SHOULD,
        "docs silent: the answer; 400 Invalid request parameters chosen (error-codes page)",
        f"No JSON, and an upload without a file, are answered with 400 {answers.INVALID.text}.",
        invalid_answer,
    ),
    rule(
        "body/violations",
        MUST,
        "docs silent: the fake's own, beside the vendor's envelope",
        f"{VIOLATIONS} says what was wrong with a submission, and is not there when nothing was.",
        violations,
        Need.MAGIC,
    ),
)
