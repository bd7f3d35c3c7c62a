"""
The other origin: a second listener on another port, which records what reaches it, and above all whether a key does.

It stands for everything that a client must not trust as it trusts the API: where a redirect leads, the storage behind
a signed URL, a URL in a webhook's payload. Whose exchange it is says a token in the path, that of a sandbox.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.journal import Violation, stands_in
from screenplay_mock.sandbox import LOCAL_KEY
from screenplay_mock.web import assets, tasks
from screenplay_mock.web.addresses import origin_of
from screenplay_mock.web.bodies import MOST_JSON
from screenplay_mock.web.exchange import Answer, Call, failure, is_accepted, journal, key_of, perform
from screenplay_mock.web.faults.receive import swallow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from screenplay_mock.sandbox import Sandbox
    from screenplay_mock.web.services import Services

OPERATION = "otherOrigin"  # what the journal calls an exchange here
MOST_TOKENS = 10_000
EXPIRED = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>ExpiredToken</Code>'
    b"<Message>The provided token has expired.</Message></Error>"
)


class Canary:
    """Where the other origin is, and whose its paths are."""

    def __init__(self) -> None:
        self._plain = self._encrypted = "http://127.0.0.1:9"  # until it listens
        self._keys: OrderedDict[str, str] = OrderedDict()

    def listens(self, plain: str, encrypted: str | None) -> None:
        """It has been opened at these origins; where the API is not encrypted, it is not either."""
        self._plain, self._encrypted = plain, encrypted or plain

    def other_url(self, request: web.Request, sandbox: Sandbox, *, encrypted: bool = True) -> str:
        """A URL there that has nothing for anybody."""
        return f"{self._origin(request, encrypted=encrypted)}/canary/{self._token(sandbox)}{request.path_qs}"

    def storage_url(self, request: web.Request, sandbox: Sandbox, expires_at: int) -> str:
        """A signed URL there with what the operation of *request* has, until *expires_at* on the sandbox's clock."""
        origin, token = self._origin(request), self._token(sandbox)
        kind = "task" if "task_id" in request.match_info else "asset"
        return f"{origin}/signed/{token}/{expires_at}/{kind}/{request.rel_url.raw_path.split('/')[-2]}"

    def webhook_url(self, sandbox: Sandbox) -> str:
        """A URL there for the payload of a webhook."""
        return f"{self._encrypted}/canary/{self._token(sandbox)}/result.zip"

    def key(self, token: str) -> str | None:
        return self._keys.get(token)

    def _origin(self, request: web.Request, *, encrypted: bool = True) -> str:
        """The origin by the name that the client has for this machine."""
        own = urlsplit(self._encrypted if encrypted else self._plain)
        host = urlsplit(origin_of(request)).hostname or "127.0.0.1"
        return f"{own.scheme}://{f'[{host}]' if ':' in host else host}:{own.port}"

    def _token(self, sandbox: Sandbox) -> str:
        token = sha256(f"canary {sandbox.seed} {sandbox.key}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
        self._keys[token] = sandbox.key
        self._keys.move_to_end(token)
        if len(self._keys) > MOST_TOKENS:
            self._keys.popitem(last=False)
        return token


def canary_application(services: Services) -> web.Application:
    """The other origin as an aiohttp application."""
    app = web.Application(client_max_size=MOST_JSON)
    signed = "/signed/{token}/{expires_at:[0-9]{1,18}}"
    app.router.add_get(f"{signed}/task/{{task_id}}", partial(_stored, services, tasks.download), allow_head=False)
    app.router.add_get(f"{signed}/asset/{{asset_id}}", partial(_stored, services, assets.download), allow_head=False)
    app.router.add_route("*", "/{rest:.*}", partial(_nothing, services))
    return app


async def _nothing(services: Services, request: web.Request) -> web.StreamResponse:
    call = await _seen(services, request)
    await swallow(call)
    answer = failure(call, ApiError(ErrorKind.UNAUTHORIZED))
    await journal(call, OPERATION, answer)
    return await perform(request, answer)


async def _stored(
    services: Services, download: Callable[[Call], Awaitable[Answer]], request: web.Request
) -> web.StreamResponse:
    """What the API has for whoever knows the URL, until it expires (docs silent: the storage answers 403 in XML)."""
    call = await _seen(services, request)
    answer = Answer(403, {"Content-Type": "application/xml"}, EXPIRED, len(EXPIRED))
    known = services.canary.key(request.match_info["token"]) is not None
    if known and services.sandboxes.now(call.sandbox) < int(request.match_info["expires_at"]):
        try:
            answer = await download(call)
            if answer.pay is not None:
                await answer.pay()
        except ApiError as error:
            answer = failure(call, error)
    await journal(call, OPERATION, answer)
    return await perform(request, answer)


async def _seen(services: Services, request: web.Request) -> Call:
    """The exchange, in the sandbox that the path's token names, or else that of the key that should not be here."""
    token = next(iter(request.path.split("/")[2:3]), "")
    given = key_of(request)
    key = services.canary.key(token) or given
    if not is_accepted(services, key) or await services.store.peek(key) is None:  # a stranger opens no sandbox here
        key = LOCAL_KEY
    sandbox, _ = await services.sandboxes.read(key)
    call = Call(services, request, key, sandbox)
    where = "header Authorization" if given else "query" if stands_in(key, request.path_qs) else ""
    if where:
        message = "the key reached another origin: a redirect, and a URL from outside, are followed without it"
        call.refuse(ErrorKind.UNAUTHORIZED, Violation(where, "auth/key-to-other-origin", message))
    return call
