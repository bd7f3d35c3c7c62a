"""
The only place where time passes.

A sandbox's clock is a value: a pair of anchors and how fast time runs between them. What it shows is a function
of the wall time, so nothing ticks. All times are whole milliseconds since 1970-01-01T00:00:00Z.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from screenplay_mock.core.wire import LATEST as LATEST  # noqa: PLC0414 - the end of all clocks

#: A manual or poll sandbox begins at the time of the submit-task page's example: 2026-03-13T10:00:00Z.
EPOCH = 1_773_396_000_000
FASTEST = 1_000_000  # times real time

_SCALED = re.compile(r"x([0-9]{1,12}(?:\.[0-9]{1,12})?)").fullmatch
_POLL = re.compile(r"poll:([0-9]{1,12}(?:\.[0-9]{1,12})?)(ms|s|m|h)").fullmatch
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}


class Wall(Protocol):
    """Real time, and a way to wait for it."""

    def now(self) -> int: ...

    async def wait(self, event: asyncio.Event, milliseconds: float) -> None:
        """Return when *event* is set, or that much real time has passed."""
        ...


class SystemWall:
    """The machine's time. It never goes back, whatever happens to the machine's clock meanwhile."""

    def __init__(self) -> None:
        self._offset = time.time_ns() - time.monotonic_ns()

    def now(self) -> int:
        return (time.monotonic_ns() + self._offset) // 1_000_000

    async def wait(self, event: asyncio.Event, milliseconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), milliseconds / 1000)


class Mode(StrEnum):
    FLOWING = "flowing"  # `real` and `xN`
    MANUAL = "manual"
    POLL = "poll"


class ClockGoesBack(ValueError):
    """Somebody asked for a time that has passed."""


@dataclass(frozen=True, slots=True)
class Clock:
    """At wall time `wall` it showed `shown`; since then it runs at `speed`. `step` passes at each status request."""

    mode: Mode
    wall: int
    shown: int
    speed: float = 1.0
    step: int = 0

    def now(self, wall: int) -> int:
        if self.mode is Mode.FLOWING:
            return min(self.shown + int(max(0, wall - self.wall) * self.speed), LATEST)
        return self.shown

    def moved_to(self, at: int, wall: int) -> Clock:
        """The clock showing *at*. Raises ClockGoesBack, and ValueError beyond the year 9999."""
        if at < self.now(wall):
            raise ClockGoesBack(
                "no clock goes back: what has happened has happened; delete or reset the sandbox instead"
            )
        if at > LATEST:
            raise ValueError("a clock ends with the year 9999")
        return replace(self, shown=at, wall=wall)

    def wall_delay(self, at: int, wall: int) -> float:
        """Milliseconds of real time until this clock shows *at*; infinite for a clock that stands."""
        waiting = at - self.now(wall)
        if waiting <= 0:
            return 0
        return waiting / self.speed if self.mode is Mode.FLOWING else math.inf

    def __str__(self) -> str:
        if self.mode is Mode.POLL:
            unit = next(unit for unit in ("h", "m", "s", "ms") if self.step % _UNITS[unit] == 0)
            return f"poll:{self.step // _UNITS[unit]}{unit}"
        if self.mode is Mode.MANUAL:
            return "manual"
        return "real" if self.speed == 1 else f"x{format(Decimal(repr(self.speed)), 'f').removesuffix('.0')}"


def clock(text: str, wall: int, shown: int | None = None) -> Clock:
    """
    The clock that *text* names, showing *shown* or its own beginning.

    `real`, `x60` (any factor above 0), `manual`, `poll:30s`. ValueError says what would be right.
    """
    if text == "manual":
        return Clock(Mode.MANUAL, wall, EPOCH if shown is None else shown)
    if match := _POLL(text):
        step = round(float(match[1]) * _UNITS[match[2]])
        if 0 < step <= LATEST - EPOCH:
            return Clock(Mode.POLL, wall, EPOCH if shown is None else shown, step=step)
    speed = 1.0 if text == "real" else float(match[1]) if (match := _SCALED(text)) else 0.0
    if not 0 < speed <= FASTEST:
        raise ValueError(
            f"clock {text!r} is not one of: real, manual, xN (such as x60, at most x{FASTEST}), "
            "poll:TIME (such as poll:30s)"
        )
    return Clock(Mode.FLOWING, wall, wall if shown is None else shown, speed=speed)
