"""The aiohttp application: the API, the admin API beside it, and one answer for all that matches neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.web.admin.problems import problem_for
from screenplay_mock.web.admin.routes import ADMIN, add_admin_routes
from screenplay_mock.web.bodies import MOST_JSON
from screenplay_mock.web.exchange import call_of, failure, journal, perform
from screenplay_mock.web.routes import BASE, add_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.typedefs import Handler

    from screenplay_mock.core.dialect import Dialect
    from screenplay_mock.web.services import Services

#: What the router says about a request that is no operation, in the vendor's words.
_MISSES = {404: ErrorKind.PATH_NOT_FOUND, 405: ErrorKind.METHOD_NOT_ALLOWED, 413: ErrorKind.TOO_LARGE}


def application(services: Services) -> web.Application:
    """The whole fake as an aiohttp application."""

    @web.middleware
    async def misses(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as miss:
            if request.path.startswith(ADMIN):
                return problem_for(miss)
            return await _missed(services, request, miss)

    async def running(_: web.Application) -> AsyncIterator[None]:
        yield
        await services.close()

    app = web.Application(middlewares=[misses], client_max_size=MOST_JSON)
    app.cleanup_ctx.append(running)
    add_routes(app, services)
    add_admin_routes(app, services)
    return app


async def _missed(services: Services, request: web.Request, miss: web.HTTPException) -> web.StreamResponse:
    """Answer a request to a path or with a method that the API does not have, in the vendor's envelope."""
    call = await call_of(services, request)
    kind = _MISSES.get(miss.status, ErrorKind.INVALID)
    allow = miss.headers.get("Allow")
    if allow is not None and not _is_path(request.path, call.sandbox.dialect):
        kind, allow = ErrorKind.PATH_NOT_FOUND, None
    error = ApiError(kind, headers={} if allow is None else {"Allow": allow})
    answer = failure(call.sandbox, error, ())
    await journal(call, None, answer)
    return await perform(request, answer)


def _is_path(path: str, dialect: Dialect) -> bool:
    """Whether a path that the router knows exists for a client: /nope has the form of /{asset_id}, and is no asset."""
    first, _, rest = path.removeprefix(f"{BASE}/").partition("/")
    if first == "asset":
        return dialect.asset_paths == "both"
    return bool(rest) or first == "upload" or "_" in first
