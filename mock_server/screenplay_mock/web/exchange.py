"""
One request's way: who asks, may they, what do they ask, what is the answer; and the journal's entry.

Handlers get a Call and return an Answer; nothing is written to the wire before the Answer is complete.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from aiohttp import web

from screenplay_mock.core import wire
from screenplay_mock.core.errors import ApiError, ErrorKind, status_of
from screenplay_mock.encoding import encoded
from screenplay_mock.journal import Exchange, Violation, violation_data
from screenplay_mock.sandbox import LOCAL_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screenplay_mock.sandbox import Sandbox
    from screenplay_mock.web.services import Services

CHUNK = 64 * 1024
MOST_HEADER = 4_096  # bytes of X-Screenplay-Violations
VIOLATIONS = "X-Screenplay-Violations"
JSON = "application/json"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Call:
    """One request to an operation of the API, from an account that may make it."""

    services: Services
    request: web.Request
    key: str
    sandbox: Sandbox
    violations: list[Violation] = field(default_factory=list)
    body: bytes | None = None  # for the journal, where it is kept
    body_size: int = 0
    task_id: str | None = None

    def note(self, location: str, rule: str, message: str) -> None:
        """Remember something the vendor may tolerate. Raises ApiError with `--strict`."""
        strict = self.services.settings.strict
        self.violations.append(Violation(location, rule, message, "error" if strict else "note"))
        if strict:
            raise ApiError(ErrorKind.INVALID)

    def refuse(self, kind: ErrorKind, *violations: Violation) -> ApiError:
        """The error to raise for a request that breaks the contract."""
        self.violations.extend(violations)
        return ApiError(kind)


@dataclass(slots=True)
class Answer:
    """An answer, not yet sent. `body` is bytes, or a file of `size` bytes that is closed when it has been sent."""

    status: int
    headers: dict[str, str]
    body: bytes | IO[bytes]
    size: int


def json_answer(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
    content = encoded(body)
    return Answer(status, {"Content-Type": JSON, **(headers or {})}, content, len(content))


def success(call: Call, data: dict[str, Any] | None) -> Answer:
    """HTTP 200 with *data* in the vendor's envelope."""
    return json_answer(200, wire.success(call.sandbox.dialect, data))


def failure(sandbox: Sandbox, error: ApiError, violations: Sequence[Violation]) -> Answer:
    """*error* in the vendor's envelope, what was wrong beside it."""
    headers = error.headers | violations_header(violations)
    return json_answer(status_of(error, sandbox.dialect), wire.failure(sandbox.dialect, error), headers)


def violations_header(violations: Sequence[Violation]) -> dict[str, str]:
    """The header that lists *violations* as ASCII JSON; when they do not all fit, the last entry counts the rest."""
    if not violations:
        return {}
    entries = [violation_data(violation) for violation in violations]
    for kept in range(len(entries), -1, -1):
        rest = len(entries) - kept
        more = {
            "location": "/__admin/violations",
            "rule": "more",
            "severity": "note",
            "message": f"{rest} more violations are listed there",
        }
        text = json.dumps([*entries[:kept], *([more] if rest else [])])
        if len(text) <= MOST_HEADER:
            break
    return {VIOLATIONS: text}


async def perform(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Put *answer* on the wire, or give it to aiohttp to put there."""
    if isinstance(answer.body, bytes):
        return web.Response(body=answer.body, status=answer.status, headers=answer.headers)
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.content_length = answer.size
    with answer.body as file:
        try:
            await response.prepare(request)
            while chunk := file.read(CHUNK):
                await response.write(chunk)
            await response.write_eof()
        except ConnectionError:
            log.debug("the client left during a download")
    return response


async def journal(call: Call, operation: str | None, answer: Answer) -> None:
    """Write an exchange down: what came, and *answer*."""
    services, request = call.services, call.request
    await services.store.journal.append(
        call.key,
        Exchange(
            at=services.sandboxes.now(call.sandbox),
            operation=operation,
            method=request.method,
            target=request.raw_path,
            headers=request.raw_headers,
            body=call.body,
            body_size=call.body_size,
            status=answer.status,
            answer_headers=tuple(answer.headers.items()),
            answer=answer.body if isinstance(answer.body, bytes) else None,
            answer_size=answer.size,
            task_id=call.task_id,
            violations=tuple(call.violations),
        ),
    )


def key_of(request: web.Request) -> str:
    """The key that a request comes with, even if in a wrong form; empty if it has none."""
    given = request.headers.get("Authorization", "")
    scheme, _, rest = given.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else given


def is_accepted(services: Services, key: str) -> bool:
    keys = services.settings.keys
    return bool(key) and (keys is None or key in keys)


async def call_of(services: Services, request: web.Request) -> Call:
    """*request* in the sandbox of its key; in the local one if the key opens none."""
    key = key_of(request)
    if not is_accepted(services, key):
        key = LOCAL_KEY
    sandbox, _ = await services.sandboxes.read(key)
    return Call(services, request, key, sandbox)
