"""The first requests to a server: does anybody answer, and does it look like the API at all."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from screenplay_contracts.recorder import Recorder
from screenplay_contracts.server import magic, trust
from screenplay_contracts.server.account import TASKS
from screenplay_contracts.server.client import NOTHING, Client
from screenplay_contracts.server.operations import BASE_PATH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.server.target import Target

PATIENCE, TRIES = 5.0, 3  # seconds, and how often whoever was there is asked
NOBODY = {"Authorization": None, "X-Admin-Token": None}
UNKNOWN = f"{TASKS}/{magic.NOBODYS_TASK}"
ENVELOPE = frozenset({"code", "msg"})
#: Who answers so knows the path, and does not let us in: HTTP statuses.
GUARDED = frozenset({401, 403, 429})
#: Nobody is behind the path.
ABSENT = frozenset({301, 302, 303, 307, 308, 404, 405, 410, 501})


class CannotConnect(Exception):
    """The run cannot begin; the text says why, and the way out."""


def contact(target: Target, url: str, key: str) -> Client:
    """A client of nobody's account, whose exchanges are not judged."""
    return Client(url, key, Recorder(), account="first contact", headers=target.admin_headers, timeout=PATIENCE)


def is_there(target: Target, url: str, path: str = UNKNOWN) -> bool:
    """Whether anybody answers at *url*, and whatever; one lost answer is no proof."""
    with closing(contact(target, url, target.key)) as client:
        return any(client.call("GET", path, headers=NOBODY).status is not None for _ in range(TRIES))


def check_there(target: Target) -> None:
    """
    Raises CannotConnect where nobody answers, or nothing that looks like the API.

    A broken server of the API is to be judged: one answer that looks like it is enough, with or without a key. The key
    is not sent where there is plainly nothing.
    """
    _check_trust(target)
    tried: list[Exchange] = []
    with closing(contact(target, target.base_url, target.key)) as client:
        for method, path, body in (("GET", UNKNOWN, NOTHING), ("POST", TASKS, {})):
            tried.append(client.call(method, path, body, headers=NOBODY))
            if _looks_like_it(tried[-1]):
                return
        if not all(one.status in ABSENT and not _envelope(one) for one in tried):
            tried.append(client.call("GET", UNKNOWN, headers={"X-Admin-Token": None}))
            if _looks_like_it(tried[-1]) or _knows_tasks(tried[-1]):
                return
    raise CannotConnect(_nothing(target, tried))


def _check_trust(target: Target) -> None:
    if urlsplit(target.base_url).scheme != "https":
        return
    try:
        trust.context()
    except OSError as problem:
        names = " or ".join(trust.VARIABLES)
        where = trust.authorities()
        raise CannotConnect(f"the authorities in {where} cannot be read: {problem}; {names} says where") from None


def _looks_like_it(exchange: Exchange) -> bool:
    return exchange.status in GUARDED or (
        exchange.status is not None and exchange.status not in ABSENT and _envelope(exchange)
    )


def _envelope(exchange: Exchange) -> bool:
    return isinstance(exchange.answer, dict) and bool(ENVELOPE & exchange.answer.keys())


def _knows_tasks(exchange: Exchange) -> bool:
    """Whether it is the task that is not there, rather than the path."""
    return _envelope(exchange) and "task" in str(exchange.answer.get("msg")).lower()


def _nothing(target: Target, tried: Iterable[Exchange]) -> str:
    """Why the run ends before it has begun."""
    url = target.base_url
    answers = [one for one in tried if one.status is not None]
    if not answers:
        error = next(iter(tried)).error or ""
        if "CERTIFICATE_VERIFY_FAILED" in error:
            return (
                f"the certificate of {url} is not trusted ({error}): {trust.VARIABLES[0]} names the file of its "
                "authority, as `screenplay-mock serve --tls` does in its banner"
            )
        return f"no server answers at {url}: {error}"
    kind = (answers[0].header("Content-Type") or "no Content-Type").partition(";")[0]
    hint = f"is the path {BASE_PATH} missing?" if not url.endswith(BASE_PATH) else "is another server there?"
    return f"nothing at {url} looks like the API (HTTP {answers[0].status}, {kind}): {hint}"
