"""The aiohttp application: the API, the admin API beside it, and one answer for all that matches neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import HttpVersion11, web

from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.journal import Violation
from screenplay_mock.web.admin.problems import problem_for
from screenplay_mock.web.admin.routes import ADMIN, add_admin_routes
from screenplay_mock.web.bodies import MOST_JSON
from screenplay_mock.web.exchange import call_of, failure, journal, perform
from screenplay_mock.web.routes import BASE, add_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.typedefs import Handler

    from screenplay_mock.core.dialect import Dialect
    from screenplay_mock.web.exchange import Call
    from screenplay_mock.web.services import Services


def application(services: Services) -> web.Application:
    """The whole fake as an aiohttp application."""

    @web.middleware
    async def misses(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as miss:
            return await _missed(services, request, miss)

    async def expectation(request: web.Request) -> web.StreamResponse | None:
        """Let a client that waits send its body; aiohttp asks this before any middleware."""
        if request.version != HttpVersion11:  # an older client cannot expect anything (RFC 9110, 10.1.1)
            return None
        if request.headers["Expect"].lower() != "100-continue":
            return await _missed(services, request, web.HTTPExpectationFailed())
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the answer itself has not begun
        return None

    async def stopping(_: web.Application) -> None:
        services.stopping.set()

    async def running(_: web.Application) -> AsyncIterator[None]:
        yield
        await services.close()

    app = web.Application(middlewares=[misses], client_max_size=MOST_JSON)
    app.cleanup_ctx.append(running)
    app.on_shutdown.append(stopping)
    add_routes(app, services, expectation)
    add_admin_routes(app, services, expectation)
    return app


async def _missed(services: Services, request: web.Request, miss: web.HTTPException) -> web.StreamResponse:
    """Answer a request that no operation takes: in the vendor's envelope, or as a problem of the admin API."""
    if request.path.startswith(ADMIN):
        return problem_for(miss)
    call = await call_of(services, request)
    answer = failure(call, _error_of(call, miss))
    await journal(call, None, answer)
    return await perform(request, answer)


def _error_of(call: Call, miss: web.HTTPException) -> ApiError:
    """What aiohttp says of a request, in the vendor's words, and noted in *call*."""
    allow, base = miss.headers.get("Allow"), call.services.settings.prefix + BASE
    if allow is not None and _is_path(call.request.path.removeprefix(f"{base}/"), call.sandbox.dialect):
        message = f"the methods of this path: {allow}"
        error = call.refuse(ErrorKind.METHOD_NOT_ALLOWED, Violation("method", "method/not-allowed", message))
        error.headers["Allow"] = allow
        return error
    if allow is not None or miss.status == ErrorKind.PATH_NOT_FOUND.value.status:
        message = f"there is no such path; the API's paths begin with {base}"
        return call.refuse(ErrorKind.PATH_NOT_FOUND, Violation("path", "path/unknown", message))
    if miss.status == ErrorKind.EXPECTATION_FAILED.value.status:
        message = "the only expectation there is is 100-continue (RFC 9110, 10.1.1)"
        return call.refuse(ErrorKind.EXPECTATION_FAILED, Violation("header Expect", "header/expect", message))
    return ApiError(ErrorKind.TOO_LARGE if miss.status == ErrorKind.TOO_LARGE.value.status else ErrorKind.INVALID)


def _is_path(path: str, dialect: Dialect) -> bool:
    """
    Whether a *path* below the base path that the router knows exists for a client: /nope has the form of /{asset_id},
    and is no asset.
    """
    first, _, rest = path.partition("/")
    if first == "asset":
        return dialect.asset_paths == "both"
    return bool(rest) or first == "upload" or "_" in first
