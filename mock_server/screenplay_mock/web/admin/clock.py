"""Admin operations on a sandbox's clock."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from screenplay_mock.clock import LATEST, ClockGoesBack
from screenplay_mock.core.wire import instant
from screenplay_mock.timekeeper import NeverSettles
from screenplay_mock.web.admin.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from screenplay_mock.timekeeper import Passed
    from screenplay_mock.web.admin.asking import Asking, Json


async def show(asking: Asking) -> Json:
    sandbox, _ = await asking.services.sandboxes.read(asking.key)
    return {"now": instant(asking.services.sandboxes.now(sandbox)), "mode": str(sandbox.clock)}


async def change(asking: Asking) -> Json:
    body = await asking.body("mode", "clock", "now")
    mode, now = body.get("mode", body.get("clock")), body.get("now")
    if mode is None and now is None:
        raise Problem(400, 'say {"mode": "real", "x60", "manual" or "poll:30s"}, or {"now": an ISO 8601 time}, or both')
    if mode is not None and not isinstance(mode, str):
        raise Problem(400, f"mode must be a string, not {mode!r}")
    keeper = asking.services.timekeeper
    passed = await _timed(keeper.set_clock(asking.key, mode, None if now is None else _instant(now)))
    return {**await show(asking), **_passed(passed)}


async def advance(asking: Asking) -> Json:
    body = await asking.body("seconds", "to")
    if len(body) != 1:
        raise Problem(400, 'say {"seconds": a number}, {"to": "next"} or {"to": "idle"}')
    keeper = asking.services.timekeeper
    if "to" in body:
        if body["to"] not in ("next", "idle"):  # a tuple: what cannot be hashed is compared too
            raise Problem(400, f"to can be 'next' or 'idle', not {body['to']!r}")
        return _passed(await _timed(keeper.advance(asking.key, body["to"])))
    seconds = body["seconds"]
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if is_number and seconds < 0:
        raise Problem(409, f"seconds must be a number from 0 up, not {seconds!r}: no clock goes back")
    if not is_number or not seconds <= LATEST / 1000:
        raise Problem(400, f"seconds must be a number from 0 to {LATEST // 1000}, not {seconds!r}")
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
        if moment.tzinfo is not None:
            return math.floor(moment.astimezone(UTC).timestamp() * 1000)
    except (TypeError, ValueError, OverflowError):  # OverflowError: a zone that leads out of the years 1 to 9999
        pass
    raise Problem(400, f"now must be ISO 8601 with a zone, such as 2026-03-13T10:00:00Z, not {text!r}")
