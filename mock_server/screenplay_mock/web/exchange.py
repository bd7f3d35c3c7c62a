"""
One request's way: who asks, may they, what do they ask, what is the answer; and the journal's entry.

Handlers get a Call and return an Answer; nothing is written to the wire before the Answer is complete.
"""

from __future__ import annotations

import asyncio
import json
import logging
import select
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import IO, TYPE_CHECKING, Any

from aiohttp import web

from screenplay_mock.core import wire
from screenplay_mock.core.errors import ApiError, ErrorKind, status_of
from screenplay_mock.encoding import encoded
from screenplay_mock.journal import Exchange, Violation, violation_data
from screenplay_mock.sandbox import LOCAL_KEY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from screenplay_mock.adversary import Strike
    from screenplay_mock.sandbox import Sandbox
    from screenplay_mock.web.services import Services

CHUNK = 64 * 1024
MOST_HEADER = 4_096  # bytes of X-Screenplay-Violations
ROOM_FOR_REST = 200  # of them, for the entry that counts what does not fit
MOST_VIOLATIONS = 100  # kept of one request
MOST_TEXT = 300  # characters of a violation's location, and of its message
HUNG_UP = getattr(select, "POLLRDHUP", 0)  # Linux tells of a FIN behind bytes that nobody has read yet
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
    omitted: int = 0  # violations beyond MOST_VIOLATIONS
    body: bytes | None = None  # for the journal, where it is kept
    body_size: int = 0
    task_id: str | None = None
    asset_id: str | None = None  # of a signed URL
    strike: Strike | None = None  # the fault that strikes it
    answer_lost: bool = False  # the operation takes effect, and nobody hears of it

    def note(self, location: str, rule: str, message: str) -> None:
        """Remember something the vendor may tolerate. Raises ApiError with `--strict`."""
        strict = self.services.settings.strict
        self._add(Violation(location, rule, message, "error" if strict else "note"))
        if strict:
            raise ApiError(ErrorKind.INVALID)

    def refuse(self, kind: ErrorKind, *violations: Violation) -> ApiError:
        """The error to raise for a request that breaks the contract."""
        for violation in violations:
            self._add(violation)
        return ApiError(kind)

    def _add(self, violation: Violation) -> None:
        if len(self.violations) < MOST_VIOLATIONS:
            self.violations.append(
                replace(violation, location=violation.location[:MOST_TEXT], message=violation.message[:MOST_TEXT])
            )
        else:
            self.omitted += 1


@dataclass(slots=True)
class Answer:
    """
    An answer, not yet sent. `body` is bytes, or a file of `size` bytes that is closed when it has been sent.

    `pay` takes what the body costs, or raises ApiError: called when its first byte is about to leave.
    """

    status: int
    headers: dict[str, str]
    body: bytes | IO[bytes]
    size: int
    pay: Callable[[], Awaitable[None]] | None = None
    omitted: tuple[str, ...] = ()  # headers that not even the server adds


def json_answer(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
    content = encoded(body)
    return Answer(status, {"Content-Type": JSON, **(headers or {})}, content, len(content))


def success(call: Call, data: dict[str, Any] | None) -> Answer:
    """HTTP 200 with *data* in the vendor's envelope."""
    return json_answer(200, wire.success(call.sandbox.dialect, data))


def failure(call: Call, error: ApiError) -> Answer:
    """*error* in the vendor's envelope, what was wrong beside it."""
    dialect = call.sandbox.dialect
    headers = error.headers | violations_header(call)
    return json_answer(status_of(error, dialect), wire.failure(dialect, error), headers)


def violations_header(call: Call) -> dict[str, str]:
    """The header that lists violations as ASCII JSON; where they do not all fit, the last entry counts the rest."""
    if not call.violations:
        return {}
    entries = [json.dumps(violation_data(violation)) for violation in call.violations]
    ends = list(accumulate(len(entry) + 2 for entry in entries))
    fitting = bisect_right(ends, MOST_HEADER - ROOM_FOR_REST)
    rest = len(entries) - fitting + call.omitted
    more = {
        "location": "/__admin/violations",
        "rule": "more",
        "severity": "note",
        "message": f"{rest} more violations; that path lists the first {MOST_VIOLATIONS}",
    }
    return {VIOLATIONS: f"[{', '.join([*entries[:fitting], *([json.dumps(more)] if rest else [])])}]"}


def pieces(answer: Answer, size: int, *, each: int = CHUNK) -> Iterator[bytes]:
    """The first *size* bytes of the body, so many at a time."""
    if isinstance(answer.body, bytes):
        for start in range(0, size, each):
            yield answer.body[start : min(start + each, size)]
        return
    while size > 0 and (piece := answer.body.read(min(each, size))):
        size -= len(piece)
        yield piece


async def perform(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Put *answer* on the wire, or give it to aiohttp to put there."""
    if isinstance(answer.body, bytes):
        return web.Response(body=answer.body, status=answer.status, headers=answer.headers)
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.content_length = answer.size
    with answer.body:
        try:
            await response.prepare(request)
            for piece in pieces(answer, answer.size):
                await response.write(piece)
                await asyncio.sleep(0)  # a client that reads as fast as we write must not hold up the others
            await response.write_eof()
        except ConnectionError:
            log.debug("the client left during a download")
    return response


async def journal(call: Call, operation: str | None, answer: Answer | None, *, fault: str | None = None) -> None:
    """Write an exchange down: what came, *answer* (None: nothing leaves), and the *fault* that strikes."""
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
            status=None if answer is None else answer.status,
            answer_headers=() if answer is None else tuple(answer.headers.items()),
            answer=answer.body if answer is not None and isinstance(answer.body, bytes) else None,
            answer_size=0 if answer is None else answer.size,
            task_id=call.task_id,
            fault=fault,
            key=call.key,
            violations=tuple(call.violations),
        ),
    )


async def paid(call: Call, answer: Answer) -> Answer:
    """*answer*, paid for since its first byte is about to leave; or the refusal of who cannot pay."""
    if answer.pay is None or has_left(call.request):
        return answer
    try:
        await answer.pay()
    except ApiError as error:
        drop(answer)
        return failure(call, error)
    except BaseException:
        drop(answer)
        raise
    return answer


def drop(answer: Answer | None) -> None:
    """Close the body of an answer that is not, or no longer, needed."""
    if answer is not None and not isinstance(answer.body, bytes):
        answer.body.close()


def has_left(request: web.Request) -> bool:
    """Whether the client has hung up; also where aiohttp does not see it, since it has stopped reading."""
    transport = request.transport
    if transport is None or transport.is_closing():
        return True
    if not HUNG_UP:
        return False
    poll = select.poll()
    poll.register(transport.get_extra_info("socket").fileno(), HUNG_UP)
    return bool(poll.poll(0))


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
