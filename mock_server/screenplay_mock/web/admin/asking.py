"""An admin request on its way: may it, for which sandbox, with what body."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from difflib import get_close_matches
from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from aiohttp import web

from screenplay_mock.core.errors import ApiError
from screenplay_mock.encoding import plainly_encoded
from screenplay_mock.sandbox import LOCAL_KEY
from screenplay_mock.scenarios.errors import shown
from screenplay_mock.settings import LOOPBACK_NAMES
from screenplay_mock.web.admin.problems import Problem, problem_response
from screenplay_mock.web.bodies import CUT_OFF
from screenplay_mock.web.exchange import key_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from screenplay_mock.settings import Settings
    from screenplay_mock.web.services import Services

Json = dict[str, Any]
Thing = TypeVar("Thing")

MOST_COMPARED = 500  # words that a misspelt one is compared with: ten thousand took a quarter of a second
MOST_LISTED = 10
LONGEST_COMPARED = 100  # characters
LONGEST_LIMIT = 9  # digits

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """`key` is that of `Authorization`, or the local one: it selects the sandbox and needs no right."""

    services: Services
    request: web.Request
    key: str

    async def body(self, *members: str) -> dict[str, Any]:
        """The JSON object of the request with nothing but *members* in it (none given: anything)."""
        value = await self.value()
        if not isinstance(value, dict):
            raise Problem(400, f"the body must be a JSON object, not {type(value).__name__}")
        for name in value if members else ():
            if name not in members:
                raise Problem(400, f"there is no member {name!r}; {nearest(name, members)}")
        return value

    async def value(self) -> Any:
        """The JSON value of the request; an empty body is an empty object."""
        try:
            raw = await self.request.read()
            return json.loads(raw, object_pairs_hook=_object) if raw else {}
        except (ValueError, RecursionError) as error:
            raise Problem(400, f"the body is not JSON: {error}") from None
        except CUT_OFF:
            raise Problem(400, "the body ended before it was complete") from None

    def part(self, name: str) -> str:
        return self.request.match_info[name]

    def newest(self, found: Sequence[Thing]) -> Sequence[Thing]:
        """The last so many of *found* as the query's `limit` says, in their order; all without one."""
        for limit in self.request.query.getall("limit", []):
            if not (limit.isascii() and limit.isdecimal() and len(limit) <= LONGEST_LIMIT and int(limit) > 0):
                raise Problem(400, f"limit must be a whole number from 1 up, not {limit!r}")
            found = found[-int(limit) :]
        return found


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """The JSON object that has *members*, none of them twice: the last would count, and the others be lost."""
    found: dict[str, Any] = {}
    for name, value in members:
        if name in found:
            raise Problem(400, f"the body has the member {shown(name)} twice; keep one")
        found[name] = value
    return found


def nearest(name: str, known: Iterable[str]) -> str:
    """The way out when *name* is not one of *known*, whose last ones are the most likely ones."""
    words = tuple(known)
    close = get_close_matches(name[:LONGEST_COMPARED], words[-MOST_COMPARED:], 1)
    if close:
        return f"did you mean {close[0]!r}?"
    rest = len(words) - MOST_LISTED
    return f"there are: {', '.join(words[-MOST_LISTED:]) or 'none'}{f' and {rest} more' if rest > 0 else ''}"


async def answer(
    services: Services, handler: Callable[[Asking], Awaitable[Any]], request: web.Request, *, guarded: bool = True
) -> web.Response:
    """
    Let *handler* answer *request* with a JSON value or with encoded JSON, or say as a problem why not.

    Not *guarded*: for probes, which come by whatever address and without a token.
    """
    try:
        if guarded:
            _admit(services.settings, request)
        _refuse_other_sites(request)
        value = await handler(Asking(services, request, key_of(request) or LOCAL_KEY))
    except Problem as problem:
        return problem_response(problem)
    except ApiError as error:
        return problem_response(Problem(400, str(error)))
    except web.HTTPException:  # such as a body that is too large: the application has words for it
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return problem_response(Problem(500, "the fake itself failed; what happened is in its log"))
    body = value if isinstance(value, bytes) else plainly_encoded(value)
    return web.Response(body=body, content_type="application/json")


def _admit(settings: Settings, request: web.Request) -> None:
    """Keep out whoever asks for another machine's name, or lacks the token."""
    host = _hostname(f"//{request.host}")
    # a page of another site can make a name of its own point to this machine: only names that are ours may ask
    if host not in {*LOOPBACK_NAMES, settings.host, *settings.allowed_hosts} and not _is_loopback(host):
        raise Problem(403, f"Host {host!r} is not allowed here; start the server with --allowed-host {host}")
    token, given = settings.admin_token, request.headers.get("X-Admin-Token", "")
    if token is not None and not compare_digest(given.encode("utf-8", "surrogateescape"), token.encode()):
        raise Problem(401, "this server was started with --admin-token: send it as X-Admin-Token")


def _refuse_other_sites(request: web.Request) -> None:
    """Keep out what a browser sends for a page of somebody else."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "none")
    if (origin is not None and _authority(origin) != request.host) or site not in {"none", "same-origin"}:
        raise Problem(403, "cross-site requests are refused: the admin API is for this machine's own programs")


def _authority(url: str) -> str | None:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return None


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
