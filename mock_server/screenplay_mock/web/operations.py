"""The operations of the API: from a request to its handler and back, the same way for all of them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.journal import Violation
from screenplay_mock.web.exchange import (
    Answer,
    Call,
    call_of,
    failure,
    is_accepted,
    journal,
    key_of,
    perform,
    violations_header,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web

    from screenplay_mock.web.services import Services

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the API: its id in the OpenAPI document, method, path below the base path, and handler."""

    id: str
    method: str
    path: str
    handler: Callable[[Call], Awaitable[Answer]]
    takes_body: bool = False
    open: bool = False  # needs no key
    legacy: bool = False  # a path that the switch `asset_paths` allows


async def run(services: Services, operation: Operation, request: web.Request) -> web.StreamResponse:
    """Answer *request* to *operation*."""
    call = await call_of(services, request)
    try:
        answer = await _answer(call, operation)
        if call.violations:
            answer.headers |= violations_header(call.violations)
    except ApiError as error:
        answer = failure(call.sandbox, error, call.violations)
    except Exception:
        log.exception("%s failed", operation.id)
        answer = failure(call.sandbox, ApiError(ErrorKind.INTERNAL), call.violations)
    await journal(call, operation.id, answer)
    return await perform(request, answer)


async def _answer(call: Call, operation: Operation) -> Answer:
    if operation.legacy and call.sandbox.dialect.asset_paths != "both":
        raise ApiError(ErrorKind.PATH_NOT_FOUND)
    if not operation.open:
        _authorise(call)
    if call.sandbox.account.disabled:
        raise ApiError(ErrorKind.FORBIDDEN)
    if call.sandbox.account.rate_limit is not None:
        await call.services.engine.admit(call.key, operation.id)
    if "?" in call.request.raw_path:
        _look_at_query(call)
    if not operation.takes_body and call.request.body_exists:
        call.note("body", "body/unexpected", f"{operation.method} has no body in the vendor's documents")
    return await operation.handler(call)


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
    if "invalid" in key or not is_accepted(call.services, key):
        raise ApiError(ErrorKind.UNAUTHORIZED)
    if "disabled" in key:
        raise ApiError(ErrorKind.FORBIDDEN)


def _look_at_query(call: Call) -> None:
    query = call.request.rel_url.query_string
    if call.key in query:
        message = "a key in a URL ends up in logs: send it in the header alone"
        call.violations.append(Violation("query", "auth/key-in-url", message))
    call.note("query", "query/unexpected", "the vendor documents no query parameters for this operation")
