"""The first contact with a server: does it answer, is it a fake, which dialect does it speak, is our key any good."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from screenplay_contracts.recorder import Recorder
from screenplay_contracts.server import magic
from screenplay_contracts.server.account import TASKS
from screenplay_contracts.server.client import Client
from screenplay_contracts.server.dialect import DIALECTS, Dialect, UnknownSwitch, from_switches
from screenplay_contracts.server.target import usual_admin_url

if TYPE_CHECKING:
    from screenplay_contracts.server.target import Target

FAKE = "screenplay-mock"
OK, UNAUTHORIZED = 200, 401
PATIENCE = 5.0  # seconds


class CannotConnect(Exception):
    """The run cannot begin; the text says why, and the way out."""


def connected(
    target: Target, *, dialect: str | None = None, fake: bool = False, admin: bool = True
) -> tuple[Target, Dialect]:
    """
    *target* with its admin API, if it has one, and the dialect that is expected of it. Raises CannotConnect.

    *fake*: it must have an admin API; not *admin*: it is not asked for one. Nobody but a server on loopback or one that
    is said to be a fake is asked for an admin API.
    """
    _reachable(target)
    if not admin or (target.foreign and not fake):
        target = replace(target, admin_url=None)
        _check_key(target, target.key)
        return target, DIALECTS[dialect or "documented"]
    url = target.admin_url or usual_admin_url(target.base_url)
    problem = _no_fake(target, url)
    if problem is not None:
        if fake:
            raise CannotConnect(f"{url} is no admin API of {FAKE}: {problem}; --admin-url says where it is")
        target = replace(target, admin_url=None)
        _check_key(target, target.key)
        return target, DIALECTS[dialect or "documented"]
    target = replace(target, admin_url=url)
    _check_key(target, f"{target.key}-check-0")
    return target, _spoken(target, dialect)


def _client(target: Target, url: str, key: str) -> Client:
    return Client(url, key, Recorder(), account="first contact", headers=target.admin_headers, timeout=PATIENCE)


def _reachable(target: Target) -> None:
    client = _client(target, target.base_url, target.key)
    exchange = client.call(
        "GET", f"{TASKS}/{magic.NOBODYS_TASK}", headers={"Authorization": None, "X-Admin-Token": None}
    )
    client.close()
    if exchange.status is None:
        raise CannotConnect(f"no server answers at {target.base_url}: {exchange.error}")


def _check_key(target: Target, key: str) -> None:
    client = _client(target, target.base_url, key)
    exchange = client.call("GET", f"{TASKS}/{magic.NOBODYS_TASK}", headers={"X-Admin-Token": None})
    client.close()
    if exchange.status != UNAUTHORIZED:
        return
    if key == target.key:
        raise CannotConnect("the server refuses the key (HTTP 401): --key, or the variable SCREENPLAY_API_KEY")
    raise CannotConnect(
        "the server refuses keys of our own making, such as KEY-check-0 (HTTP 401): start it with `--keys any`, or "
        "use --no-admin to check it with the key alone"
    )


def _no_fake(target: Target, url: str) -> str | None:
    """Why there is no admin API of a fake at *url*; None if there is one."""
    answer, problem = _asked(target, url, target.key, "/version")
    if problem is not None:
        return problem
    return None if isinstance(answer, dict) and answer.get("name") == FAKE else "something else answers"


def _asked(target: Target, url: str, key: str, path: str) -> tuple[Any, str | None]:
    """What the admin API answers to a GET, or why it does not."""
    client = _client(target, url, key)
    exchange = client.call("GET", path)
    client.close()
    if exchange.status == OK:
        return exchange.answer, None
    detail = exchange.answer.get("detail") if isinstance(exchange.answer, dict) else None
    return None, str(detail or exchange.error or f"HTTP {exchange.status}")


def _spoken(target: Target, wanted: str | None) -> Dialect:
    """The dialect of the sandboxes of a run."""
    assert target.admin_url is not None
    key = f"{target.key}-check-0"
    answer, problem = _asked(target, target.admin_url, key, "/dialect")
    client = _client(target, target.admin_url, key)
    client.call("DELETE", "/sandbox")
    client.close()
    if problem is not None or not isinstance(answer, dict):
        raise CannotConnect(f"the admin API does not tell the dialect: {problem}")
    name, switches = str(answer.get("name")), answer.get("switches")
    if wanted is not None and wanted != name:
        raise CannotConnect(f"--dialect says {wanted!r}, and the server speaks {name!r}")
    try:
        return (
            DIALECTS[name] if name in DIALECTS else from_switches(name, switches if isinstance(switches, dict) else {})
        )
    except UnknownSwitch as problem_with:
        raise CannotConnect(f"{problem_with}: they are older than the server") from None


def base_path(base_url: str) -> str:
    return urlsplit(base_url).path.rstrip("/")
