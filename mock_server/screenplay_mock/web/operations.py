"""The operations of the API: from a request to its handler and back, the same way for all of them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from screenplay_mock.adversary import Strike, has_faults
from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.journal import Violation, stands_in
from screenplay_mock.web.exchange import (
    Answer,
    Call,
    call_of,
    failure,
    is_accepted,
    journal,
    key_of,
    paid,
    perform,
    violations_header,
)
from screenplay_mock.web.faults.strike import LOST, suffer
from screenplay_mock.web.retry_after import retry_after

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from screenplay_mock.web.services import Services

#: A call is found once: this is where a request keeps it.
CALL = web.RequestKey("CALL", Call)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the API: its id in the OpenAPI document, method, path below the base path, and handler."""

    id: str
    method: str
    path: str
    handler: Callable[[Call], Awaitable[Answer]]
    takes_body: bool = False
    open: bool = False  # needs no key: its path has the token of a signed URL
    legacy: bool = False  # a path that the switch `asset_paths` allows


async def run(services: Services, operation: Operation, request: web.Request) -> web.StreamResponse:
    """Answer *request* to *operation*, unless a fault strikes: then that decides what becomes of it."""
    call = await identified(services, operation, request)
    if call.strike is not None:
        return await suffer(call, operation.id, call.strike, partial(_outcome, call, operation))
    answer = await _outcome(call, operation)
    if call.answer_lost:
        return await suffer(call, operation.id, Strike(LOST), partial(_given, answer))
    answer = await paid(call, answer)
    await journal(call, operation.id, answer)
    return await perform(request, answer)


async def identified(services: Services, operation: Operation, request: web.Request) -> Call:
    """The call that *request* is, and what strikes it; found once, be it for the header Expect or for the answer."""
    known: Call | None = request.get(CALL)
    if known is not None:
        return known
    call = request[CALL] = await call_of(services, request)
    if operation.open:
        await _find_owner(call)
    if has_faults(call.sandbox):
        call.task_id = request.match_info.get("task_id")
        call.strike = await services.adversary.strike(call.key, operation.id, call.task_id)
    return call


async def _given(answer: Answer) -> Answer:
    return answer


async def _outcome(call: Call, operation: Operation) -> Answer:
    """What *operation* answers to *call*, errors too; it is not paid for yet."""
    try:
        answer = await _answer(call, operation)
        if call.violations:
            answer.headers |= violations_header(call)
    except ApiError as error:
        for location, message in error.details:
            call.refuse(error.kind, Violation(location, "asset", message))
        answer = failure(call, error)
    except Exception:
        log.exception("%s failed", operation.id)
        answer = failure(call, ApiError(ErrorKind.INTERNAL))
    return answer


async def _answer(call: Call, operation: Operation) -> Answer:
    if operation.legacy and call.sandbox.dialect.asset_paths != "both":
        message = "the dialect spoken here has no /asset/: its paths are /{asset_id}"
        raise call.refuse(ErrorKind.PATH_NOT_FOUND, Violation("path", "path/unknown", message))
    if not operation.open:
        _authorise(call)
    elif call.asset_id is None:
        raise ApiError(ErrorKind.URL_NOT_FOUND)
    if call.sandbox.account.disabled:
        raise ApiError(ErrorKind.FORBIDDEN)
    if call.sandbox.account.rate_limit is not None:
        await _admit(call, operation)
    if "?" in call.request.raw_path:
        _look_at_query(call)
    if not operation.takes_body and call.request.body_exists:
        call.note("body", "body/unexpected", f"{operation.method} has no body in the vendor's documents")
    return await operation.handler(call)


async def _admit(call: Call, operation: Operation) -> None:
    try:
        await call.services.engine.admit(call.key, operation.id)
    except ApiError as error:
        wall = call.services.sandboxes.wall.now()
        error.headers.update(retry_after(call.sandbox.scenario.account.retry_after, wall))
        raise


async def _find_owner(call: Call) -> None:
    """A signed URL says itself whose asset it is for: from here on the call is its owner's."""
    found = await call.services.store.find_upload(call.request.match_info["token"])
    if found is not None:
        call.key, call.asset_id = found
        call.sandbox, _ = await call.services.sandboxes.read(call.key)


def _authorise(call: Call) -> None:
    key = key_of(call.request)
    if not key:
        raise call.refuse(
            ErrorKind.UNAUTHORIZED,
            Violation("header Authorization", "auth/missing", "the API key is missing"),
        )
    if key != call.request.headers["Authorization"] and call.sandbox.dialect.bearer == "reject":
        message = "the vendor takes the raw key: remove 'Bearer ' in front of it"
        raise call.refuse(ErrorKind.UNAUTHORIZED, Violation("header Authorization", "auth/bearer", message))
    if not is_accepted(call.services, key):
        message = "this server accepts other keys: see its option --keys"
        raise call.refuse(ErrorKind.UNAUTHORIZED, Violation("header Authorization", "auth/unknown-key", message))
    says = key.lower()  # a magic key may be in capitals, as the wrong one of Schemathesis is
    if "invalid" in says:
        raise ApiError(ErrorKind.UNAUTHORIZED)
    if "disabled" in says:
        raise ApiError(ErrorKind.FORBIDDEN)


def _look_at_query(call: Call) -> None:
    query = call.request.rel_url.query_string
    if stands_in(call.key, query):
        message = "a key in a URL ends up in logs: send it in the header alone"
        call.refuse(ErrorKind.INVALID, Violation("query", "auth/key-in-url", message))
    call.note("query", "query/unexpected", "the vendor documents no query parameters for this operation")
