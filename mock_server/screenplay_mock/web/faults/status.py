"""An HTTP status instead of the operation's answer: the vendor's envelope, its infrastructure's, or a storage's."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING

from screenplay_mock.core import wire
from screenplay_mock.core.errors import ErrorKind
from screenplay_mock.core.wire import instant
from screenplay_mock.web.exchange import Answer, json_answer
from screenplay_mock.web.faults.wire import BODILESS
from screenplay_mock.web.retry_after import retry_after

if TYPE_CHECKING:
    from screenplay_mock.core.fault_kinds import Status
    from screenplay_mock.web.exchange import Call

#: The texts of statuses that a page of the vendor, or this fake where it is silent, has one text for.
TEXTS = {
    kind.value.status: kind.value.text
    for kind in (
        ErrorKind.INVALID,
        ErrorKind.UNAUTHORIZED,
        ErrorKind.NO_BALANCE,
        ErrorKind.FORBIDDEN,
        ErrorKind.PATH_NOT_FOUND,
        ErrorKind.METHOD_NOT_ALLOWED,
        ErrorKind.TIMEOUT,
        ErrorKind.TOO_LARGE,
        ErrorKind.UNSUPPORTED_TYPE,
        ErrorKind.RATE_LIMITED,
        ErrorKind.INTERNAL,
    )
} | {409: "Request conflict"}  # docs silent: the error-codes page has the status, no text


async def answer(call: Call, status: Status) -> Answer:
    wall = call.services.sandboxes.wall.now()
    headers = retry_after(status.retry_after, wall)
    if status.code in BODILESS:
        return Answer(status.code, headers, b"", 0)
    text = (status.message or TEXTS.get(status.code) or _phrase(status.code)).replace("{task_id}", call.task_id or "")
    if status.body == "spring":
        body = {
            "timestamp": instant(wall),
            "path": call.request.path,
            "status": status.code,
            "error": _phrase(status.code),
            "requestId": f"{call.sandbox.seed:08x}-1",
        }
        return json_answer(status.code, body, headers)
    if status.body == "xml":
        content = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{escape(text)}</Code></Error>'.encode()
        return Answer(status.code, {"Content-Type": "application/xml", **headers}, content, len(content))
    return json_answer(status.code, wire.refused(call.sandbox.dialect, status.code, text), headers)


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return f"Status {code}"
