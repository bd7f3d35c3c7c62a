"""The first contact with a server: does it answer, is it a fake, which dialect does it speak, is our key any good."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from screenplay_contracts.server import magic
from screenplay_contracts.server.claim import LABEL, check_free
from screenplay_contracts.server.contact import UNKNOWN, CannotConnect, check_there, contact
from screenplay_contracts.server.dialect import DIALECTS, Dialect, UnknownSwitch, from_switches
from screenplay_contracts.server.target import usual_admin_url

if TYPE_CHECKING:
    from screenplay_contracts.server.target import Target

FAKE = "screenplay-mock"
OK, UNAUTHORIZED, FORBIDDEN = 200, 401, 403


def connected(
    target: Target, *, dialect: str | None = None, fake: bool = False, admin: bool = True
) -> tuple[Target, Dialect]:
    """
    *target* with its admin API, if it has one, and the dialect that is expected of it. Raises CannotConnect.

    *fake*: it must have an admin API, as it must where the target says its URL or its token; not *admin*: it is not
    asked for one. Nobody but a server on loopback or one that is said to be a fake is asked for an admin API.
    """
    check_there(target)
    url = target.admin_url or usual_admin_url(target.base_url)
    why_not = _not_to_be_asked(target, fake=fake, admin=admin) or _no_fake(target, url)
    if why_not is not None:
        if fake or (admin and _wants_admin(target)):
            raise CannotConnect(_no_admin(target, url, why_not))
        target = replace(target, admin_url=None, without_admin=why_not)
        _check_key(target, target.key)
        return target, DIALECTS[dialect or "documented"]
    target = replace(target, admin_url=url)
    _check_not_magic(target.key)
    check_free(target)
    _check_key(target, f"{target.key}-{LABEL}")
    return target, _spoken(target, dialect)


def _not_to_be_asked(target: Target, *, fake: bool, admin: bool) -> str | None:
    """Why nobody is asked for an admin API; None: somebody is."""
    if not admin:
        return "--no-admin"
    return "only with --fake, where a server is not on this machine" if target.foreign and not fake else None


def _wants_admin(target: Target) -> bool:
    """Whether the target says how to come to an admin API. A token alone is not sent to a server of somebody else."""
    return target.admin_url is not None or (target.admin_token is not None and not target.foreign)


def _no_admin(target: Target, url: str, why_not: str) -> str:
    """Why a run that needs an admin API cannot begin."""
    given = [] if target.admin_token is None else ["--admin-token, or SCREENPLAY_MOCK_ADMIN_TOKEN, is another one's"]
    way_out = "; or ".join([*given, "--admin-url says where it is"])
    return f"{url} is no admin API of {FAKE} that can be used ({why_not}): {way_out}; --no-admin judges without it"


def _check_not_magic(key: str) -> None:
    word = magic.word(key)
    if word is not None:
        raise CannotConnect(f"the key has {word!r} in it, and so is one of the fake's magic keys: use another --key")


def _check_key(target: Target, key: str) -> None:
    with closing(contact(target, target.base_url, key)) as client:
        exchange = client.call("GET", UNKNOWN, headers={"X-Admin-Token": None})
    if exchange.status in {UNAUTHORIZED, FORBIDDEN} and not target.foreign:
        _check_not_magic(target.key)
    if exchange.status != UNAUTHORIZED:
        return
    if key == target.key:
        raise CannotConnect("the server refuses the key (HTTP 401): --key, or the variable SCREENPLAY_API_KEY")
    raise CannotConnect(
        f"the server refuses keys of our own making, such as KEY-{LABEL} (HTTP 401): start it with `--keys any`, or "
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
    with closing(contact(target, url, key)) as client:
        exchange = client.call("GET", path)
    if exchange.status == OK:
        return exchange.answer, None
    detail = exchange.answer.get("detail") if isinstance(exchange.answer, dict) else None
    said = exchange.error or f"HTTP {exchange.status}"
    return None, f"{said}: {detail}" if detail else said


def _spoken(target: Target, wanted: str | None) -> Dialect:
    """The dialect of the sandboxes of a run."""
    assert target.admin_url is not None
    key = f"{target.key}-{LABEL}"
    answer, problem = _asked(target, target.admin_url, key, "/dialect")
    with closing(contact(target, target.admin_url, key)) as client:
        client.call("DELETE", "/sandbox")
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
