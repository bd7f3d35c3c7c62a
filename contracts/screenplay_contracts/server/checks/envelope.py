"""What every answer in JSON has in common (error-codes page; the screenplay and base pages)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_contracts.server.checks.looking import MUST, SHOULD
from screenplay_contracts.server.checks.saying import answered, kept, shown
from screenplay_contracts.server.recording import FILES
from screenplay_contracts.server.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

ERRORS = "error-codes page"
OK = "200"
MEMBERS = frozenset({"code", "msg", "data", "failed", "success"})
STORAGE = "storeAsset"  # what it answers is of the fake's own, and has a check of its own


def _enveloped(recorded: Recording) -> Iterator[tuple[Call, dict[str, Any]]]:
    """Each answer that is a JSON object, but for the content of files and the storage step (docs silent)."""
    for call in recorded.calls:
        is_file = call.operation in FILES and _is_file(call)
        if isinstance(call.answer, dict) and call.status is not None and not is_file and call.operation != STORAGE:
            yield call, call.answer


def _is_file(call: Call) -> bool:
    return call.succeeded and "json" not in (call.exchange.header("Content-Type") or "")


def code_equals_status(recorded: Recording) -> Iterator[Outcome]:
    is_status = all(str(one) == OK for one in recorded.dialect.success_codes)  # "0000" is none, and says nothing of it
    for call, body in _enveloped(recorded):
        if is_status or not call.succeeded:
            code = body.get("code")
            is_so = isinstance(code, int | str) and str(code) == str(call.status)  # of which type is another check's
            yield kept(is_so, f"code {call.status}, as of HTTP", f"HTTP {call.status}, code {shown(code)}", call)


def success_code(recorded: Recording) -> Iterator[Outcome]:
    for call, body in _enveloped(recorded):
        if call.succeeded:
            code, expected = body.get("code"), recorded.dialect.success_codes
            is_so = any(type(code) is type(one) and code == one for one in expected)
            yield kept(is_so, f"code {' or '.join(map(shown, expected))}", f"code {shown(code)}", call)


def error_code(recorded: Recording) -> Iterator[Outcome]:
    for call, body in _enveloped(recorded):
        if not call.succeeded:
            code = body.get("code")
            kind = int if recorded.dialect.error_code_type == "integer" else str
            yield kept(type(code) is kind, f"code of the type {kind.__name__}", f"code {shown(code)}", call)


def success_members(recorded: Recording) -> Iterator[Outcome]:
    for call, body in _enveloped(recorded):
        if call.succeeded:
            missing = sorted(MEMBERS - body.keys())
            yield kept(not missing, f"members {', '.join(sorted(MEMBERS))}", f"without {', '.join(missing)}", call)


def success_flags(recorded: Recording) -> Iterator[Outcome]:
    for call, body in _enveloped(recorded):
        if call.succeeded:
            flags = (body.get("success", True), body.get("failed", False))
            is_so = flags[0] is True and flags[1] is False
            yield kept(is_so, "success true, failed false", f"success, failed: {shown(flags)}", call)


def success_msg(recorded: Recording) -> Iterator[Outcome]:
    for call, body in _enveloped(recorded):
        if call.succeeded:
            yield kept(body.get("msg") == "success", 'msg "success"', f"msg {shown(body.get('msg'))}", call)


def error_members(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.calls:
        is_error = call.status is not None and not call.succeeded and call.operation != STORAGE
        if is_error and call.exchange.method != "HEAD":
            body = call.answer if isinstance(call.answer, dict) else {}
            is_so = "code" in body and isinstance(body.get("msg"), str) and body["msg"] != "" and "data" in body
            yield kept(is_so, "a JSON object with code, msg (a text) and data", answered(call), call)


def error_data(recorded: Recording) -> Iterator[Outcome]:
    for call, body in _enveloped(recorded):
        if not call.succeeded and "data" in body:
            yield kept(body["data"] is None, "data null", f"data {shown(body['data'])}", call)


def error_flags(recorded: Recording) -> Iterator[Outcome]:
    for call, body in _enveloped(recorded):
        if not call.succeeded:
            flags = {name: body[name] for name in ("success", "failed") if name in body}
            expected = {"success": False, "failed": True} if recorded.dialect.error_flags else {}
            is_so = flags == expected and all(isinstance(flag, bool) for flag in flags.values())
            yield kept(is_so, f"flags {shown(expected)}", f"flags {shown(flags)}", call)


def content_type(recorded: Recording) -> Iterator[Outcome]:
    for call, _ in _enveloped(recorded):
        given = call.exchange.header("Content-Type") or ""
        is_so = given.partition(";")[0].strip().lower() == "application/json"
        yield kept(is_so, "Content-Type: application/json", f"Content-Type: {given}", call)


RULES = (
    rule(
        "envelope/code-equals-status",
        MUST,
        ERRORS,
        "The HTTP status equals the code in the body, for successes of a code that is one, and for errors.",
        code_equals_status,
    ),
    rule(
        "envelope/success-code",
        MUST,
        'screenplay pages (200); the oldest pages have "0000": the switch success_code',
        "The code of a success is the one that the dialect has, a number or a string as there.",
        success_code,
    ),
    rule(
        "envelope/success-members",
        MUST,
        "submit-task, get-task-status, cancel-task, upload and get-metadata pages",
        "A success in JSON has code, msg, data, failed and success.",
        success_members,
    ),
    rule(
        "envelope/success-flags",
        MUST,
        "get-task-status page: the flags tell whether the call succeeded, not the task",
        "In a success, success is true and failed is false.",
        success_flags,
    ),
    rule("envelope/success-msg", MUST, "screenplay and base pages", 'The msg of a success is "success".', success_msg),
    rule(
        "envelope/error-members",
        MUST,
        f"{ERRORS}; download-task-result page: errors are JSON",
        "Every error is a JSON object with code, msg and data.",
        error_members,
    ),
    rule(
        "envelope/error-data",
        SHOULD,
        f"{ERRORS}: data is usually null; docs silent: when it is not",
        "The data of an error is null.",
        error_data,
    ),
    rule(
        "envelope/error-flags",
        MUST,
        "download pages have success and failed in errors, the error-codes page has not: the switch error_flags",
        "An error has success false and failed true, or neither, as the dialect says.",
        error_flags,
    ),
    rule(
        "envelope/error-code-type",
        MUST,
        "error-codes page (an integer); the older download page has a string: the switch error_code_type",
        "The code of an error is a number or a string, as the dialect says.",
        error_code,
    ),
    rule(
        "envelope/content-type",
        MUST,
        "download-task-result page: a zip on success, JSON on errors",
        "What is JSON says so in its Content-Type.",
        content_type,
    ),
)
