"""Admin operations on the sandbox itself: clock, scenario, dialect, account, reset, and what this server is."""

from __future__ import annotations

import math
import platform
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from screenplay_mock import __version__
from screenplay_mock.clock import LATEST, ClockGoesBack
from screenplay_mock.core import dialect as dialects
from screenplay_mock.core.account import ChargeKind
from screenplay_mock.core.wire import instant
from screenplay_mock.sandbox import playing, shortened
from screenplay_mock.timekeeper import NeverSettles
from screenplay_mock.web.admin.asking import Asking, nearest
from screenplay_mock.web.admin.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from screenplay_mock.core.account import Charge
    from screenplay_mock.core.dialect import Dialect
    from screenplay_mock.core.scenario import Scenario
    from screenplay_mock.timekeeper import Passed

Json = dict[str, Any]


async def health(_: Asking) -> Json:
    return {"status": "ok"}


async def ready(_: Asking) -> Json:
    return {"ready": True}


async def version(_: Asking) -> Json:
    from screenplay_mock.web.routes import BASE

    return {
        "name": "screenplay-mock",
        "version": __version__,
        "python": platform.python_version(),
        "base_path": BASE,
    }


async def openapi(_: Asking) -> Json:
    from screenplay_schemas import bundle

    return bundle()


async def clock(asking: Asking) -> Json:
    sandbox, _ = await asking.services.sandboxes.read(asking.key)
    return {"now": instant(asking.services.sandboxes.now(sandbox)), "mode": str(sandbox.clock)}


async def set_clock(asking: Asking) -> Json:
    body = await asking.body("mode", "clock", "now")
    mode, now = body.get("mode", body.get("clock")), body.get("now")
    if mode is None and now is None:
        raise Problem(400, 'say {"mode": "real", "x60", "manual" or "poll:30s"}, or {"now": an ISO 8601 time}, or both')
    if mode is not None and not isinstance(mode, str):
        raise Problem(400, f"mode must be a string, not {mode!r}")
    keeper = asking.services.timekeeper
    passed = await _timed(keeper.set_clock(asking.key, mode, None if now is None else _instant(now)))
    return {**await clock(asking), **_passed(passed)}


async def advance(asking: Asking) -> Json:
    body = await asking.body("seconds", "to")
    if len(body) != 1:
        raise Problem(400, 'say {"seconds": a number}, {"to": "next"} or {"to": "idle"}')
    keeper = asking.services.timekeeper
    if "to" in body:
        if body["to"] not in {"next", "idle"}:
            raise Problem(400, f"to can be 'next' or 'idle', not {body['to']!r}")
        return _passed(await _timed(keeper.advance(asking.key, body["to"])))
    seconds = body["seconds"]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= LATEST / 1000:
        raise Problem(400, f"seconds must be a number from 0 up, not {seconds!r}: no clock goes back")
    return _passed(await _timed(keeper.advance(asking.key, timedelta(milliseconds=round(seconds * 1000)))))


async def _timed(passing: Awaitable[Passed]) -> Passed:
    try:
        return await passing
    except (ClockGoesBack, NeverSettles) as error:
        raise Problem(409, str(error)) from None
    except ValueError as error:
        raise Problem(400, str(error)) from None


def _passed(passed: Passed) -> Json:
    return {"now": instant(passed.now), "events": passed.events, "deliveries": passed.deliveries}


def _instant(text: Any) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Problem(400, f"now must be ISO 8601 with a zone, such as 2026-03-13T10:00:00Z, not {text!r}")
    return math.floor(moment.astimezone(UTC).timestamp() * 1000)


async def scenario(asking: Asking) -> Json:
    from screenplay_mock.scenarios import to_data

    sandbox, _ = await asking.services.sandboxes.read(asking.key)
    return {"name": sandbox.scenario.name, "scenario": to_data(sandbox.scenario)}


async def set_scenario(asking: Asking) -> Json:
    wanted = _scenario(await asking.value())
    async with asking.services.sandboxes.change(asking.key) as space:
        await space.put_sandbox(playing(await space.sandbox(), wanted))
    return await scenario(asking)


async def unset_scenario(asking: Asking) -> Json:
    defaults = asking.services.settings.defaults
    async with asking.services.sandboxes.change(asking.key) as space:
        sandbox = replace(await space.sandbox(), dialect=defaults.dialect)
        await space.put_sandbox(playing(sandbox, defaults.scenario))
    return await scenario(asking)


def _scenario(wanted: Any) -> Scenario:
    """The scenario that a body names ("failing", {"name": "failing"}) or is."""
    from screenplay_mock.scenarios import ScenarioError, UnknownScenario, builtin, from_data, names

    if isinstance(wanted, dict) and wanted.keys() == {"scenario"}:
        wanted = wanted["scenario"]
    if isinstance(wanted, dict) and wanted.keys() == {"name"}:
        wanted = wanted["name"]
    try:
        return builtin(wanted) if isinstance(wanted, str) else from_data(wanted)
    except UnknownScenario:
        raise Problem(400, f"there is no scenario {wanted!r}; {nearest(str(wanted), names())}") from None
    except ScenarioError as error:
        raise Problem(400, str(error)) from None


async def scenarios(_: Asking) -> Json:
    from screenplay_mock.scenarios import builtin, names

    return {"scenarios": [{"name": name, "description": builtin(name).description} for name in names()]}


async def dialect(asking: Asking) -> Json:
    sandbox, _ = await asking.services.sandboxes.read(asking.key)
    return {"name": dialects.name_of(sandbox.dialect), "switches": dialects.values(sandbox.dialect)}


async def set_dialect(asking: Asking) -> Json:
    wanted = await asking.value()
    async with asking.services.sandboxes.change(asking.key) as space:
        sandbox = await space.sandbox()
        await space.put_sandbox(replace(sandbox, dialect=_dialect(sandbox.dialect, wanted)))
    return await dialect(asking)


def _dialect(current: Dialect, wanted: Any) -> Dialect:
    """The dialect that a body names ("legacy", {"name": "legacy"}), with the switches that it sets."""
    if isinstance(wanted, str):
        wanted = {"name": wanted}
    if not isinstance(wanted, dict) or not wanted:
        raise Problem(400, f'say {{"name": {" or ".join(dialects.DIALECTS)}}} or {{switch: value}}')
    name = wanted.get("name", wanted.get("dialect"))
    if name is not None and name not in dialects.DIALECTS:
        raise Problem(400, f"there is no dialect {name!r}; {nearest(str(name), dialects.DIALECTS)}")
    switches = wanted.get("switches", {k: v for k, v in wanted.items() if k not in {"name", "dialect"}})
    try:
        return dialects.with_switches(current if name is None else dialects.DIALECTS[name], switches)
    except ValueError as error:
        raise Problem(400, str(error)) from None


async def account(asking: Asking) -> Json:
    sandbox, space = await asking.services.sandboxes.read(asking.key)
    return {
        "balance_micro_dollars": sandbox.account.balance,
        "charges": [_charge(charge) for charge in await space.charges()],
        "rate_limit": sandbox.account.rate_limit,
        "webhook_url": sandbox.account.webhook_url,
        "disabled": sandbox.account.disabled,
    }


def _charge(charge: Charge) -> Json:
    whose = "asset_id" if charge.kind is ChargeKind.ASSET_DOWNLOAD else "task_id"
    return {
        "task_id": None,
        whose: charge.subject,
        "kind": charge.kind.value,
        "micro_dollars": charge.micro_dollars,
        "at": instant(charge.at),
    }


async def change_account(asking: Asking) -> Json:
    body = await asking.body(*_ACCOUNT)
    for name, value in body.items():
        right, words = _ACCOUNT[name]
        if not right(value):
            raise Problem(400, f"{name} must be {words}, not {value!r}")
    changes = {("balance" if name == "balance_micro_dollars" else name): body[name] for name in body}
    async with asking.services.sandboxes.change(asking.key) as space:
        sandbox = await space.sandbox()
        await space.put_sandbox(replace(sandbox, account=replace(sandbox.account, **changes), calls={}))
    return await account(asking)


def _is_webhook_url(value: Any) -> bool:
    if value is None:
        return True
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except (TypeError, ValueError, AttributeError):
        return False


_ACCOUNT: dict[str, tuple[Callable[[Any], bool], str]] = {
    "balance_micro_dollars": (
        lambda value: value is None or (type(value) is int and 0 <= value < 2**63),
        "a whole number of micro-dollars from 0 up, or null for unlimited",
    ),
    "rate_limit": (
        lambda value: value is None or (type(value) in {int, float} and 0 < value < math.inf),
        "requests a second (a number above 0), or null for off",
    ),
    "webhook_url": (_is_webhook_url, "an absolute http or https URL, or null for none"),
    "disabled": (lambda value: isinstance(value, bool), "true or false"),
}


async def reset(asking: Asking) -> Json:
    body = await asking.body("seed")
    seed = body.get("seed")
    if seed is not None and type(seed) is not int:
        raise Problem(400, f"seed must be a whole number, not {seed!r}")
    await asking.services.sandboxes.reset(asking.key, seed)
    return await clock(asking)


async def forget(asking: Asking) -> Json:
    return {"deleted": await asking.services.store.drop(asking.key)}


async def sandboxes(asking: Asking) -> Json:
    """All sandboxes, the longest idle first."""
    rows = []
    for key in await asking.services.store.keys():
        space = await asking.services.store.peek(key)
        if space is not None:
            sandbox = await space.sandbox()
            rows.append(
                {
                    "key": shortened(key),
                    "now": instant(asking.services.sandboxes.now(sandbox)),
                    "clock": str(sandbox.clock),
                    "scenario": sandbox.scenario.name,
                    "tasks": sandbox.accepted,
                }
            )
    return {"sandboxes": rows}
