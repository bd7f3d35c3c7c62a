"""
How time passes in a sandbox, and what that sets off: the webhook deliveries that fall due on the way.

Clocks that stand are moved by `advance` and `tick`. For clocks that flow, one small task a sandbox waits for its next
delivery. Task events need no help: a status is computed from the plan when somebody asks.
"""

from __future__ import annotations

import asyncio
import logging
import math
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal
from weakref import WeakValueDictionary

from screenplay_mock.clock import LATEST, clock
from screenplay_mock.deliveries import give_up

if TYPE_CHECKING:
    from screenplay_mock.core.delivery import Delivery
    from screenplay_mock.deliveries import Deliveries
    from screenplay_mock.sandbox import Sandbox
    from screenplay_mock.sandboxes import Sandboxes
    from screenplay_mock.store import Space

#: Events and deliveries in one advance, counted once something was submitted during it: a receiver that submits on
#: every webhook would never settle.
MOST_EVENTS = 10_000

#: Real milliseconds between two looks at the deliveries of an account without a webhook: they are only thrown away.
NOBODY_WAITS = 100

#: Milliseconds on the sandbox's clock, a time from now, the next planned thing, or when nothing is planned any more.
Target = int | timedelta | Literal["next", "idle"]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Passed:
    """
    What time has passed: it is now `now` (milliseconds); task events; deliveries that were answered.

    `caused` counts events and deliveries since `accepted`, the submissions before time began to pass, has grown.
    `opened_at` is the life of the sandbox for which it passes.
    """

    now: int
    accepted: int
    opened_at: int
    events: int = 0
    deliveries: int = 0
    caused: int = 0


class NeverSettles(Exception):
    """An advance met MOST_EVENTS events and saw no end."""

    def __str__(self) -> str:
        return (
            f"stopped after {MOST_EVENTS:,} events: new tasks are submitted all the time (by a receiver that submits "
            "on every webhook?); what has passed stays passed, and advancing again goes on from there"
        )


@dataclass(slots=True)
class _Pump:
    """The wait of one sandbox for its next delivery, which falls due at `until` (infinite: not waiting yet)."""

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    until: float = math.inf


class Timekeeper:
    def __init__(self, sandboxes: Sandboxes, deliveries: Deliveries) -> None:
        self._sandboxes = sandboxes
        self._deliveries = deliveries
        self._advancing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._pumps: dict[str, _Pump] = {}
        self._pumping: set[asyncio.Task[None]] = set()
        self._attempts: dict[asyncio.Task[None], tuple[str, str]] = {}  # the pumps' calls: (key, task id)

    async def advance(self, key: str, target: Target) -> Passed:
        """
        Let time pass until *target*; advances of one sandbox follow one another.

        Runs what falls due in order of time and returns when all of it has been answered.
        Raises ClockGoesBack, ValueError (beyond the year 9999) and NeverSettles.
        """
        async with self._advancing.setdefault(key, asyncio.Lock()):
            sandbox, space = await self._sandboxes.read(key)
            wall = self._sandboxes.wall.now()
            passed = Passed(sandbox.clock.now(wall), sandbox.accepted, sandbox.opened_at)
            if isinstance(target, timedelta):
                target = passed.now + target // timedelta(milliseconds=1)
            if isinstance(target, int):
                sandbox.clock.moved_to(target, wall)  # raises before anything has changed
            await self._run(key, await self._horizon(space, target, passed.now), passed)
            while target == "idle" and await self._is_alive(key, passed):
                horizon = await self._horizon(space, target, passed.now)
                if horizon <= passed.now:
                    break
                await self._run(key, horizon, passed)
            await self._answered(key)
            return passed

    async def settle(self, key: str, task_id: str) -> None:
        """
        Send what is due now, and return when what tells the end of that task has been answered.

        Does not wait for an advance that is under way: a receiver may force an event before it answers.
        """
        sandbox, _ = await self._sandboxes.read(key)
        now = self._sandboxes.now(sandbox)
        await self._run(key, now, Passed(now, sandbox.accepted, sandbox.opened_at))
        await self._answered(key, task_id)

    async def _horizon(self, space: Space, target: Target, now: int) -> int:
        """The time to go to first; *now* when there is nothing to wait for."""
        if isinstance(target, int):
            return target
        delivery_at = await space.next_delivery_at()
        planned = [] if delivery_at is None else [max(delivery_at, now)]
        open_tasks = await space.open_tasks(now)
        if target == "idle":
            return min(max([*planned, *(record.last_event_at for record in open_tasks)], default=now), LATEST)
        events = (event.at for record in open_tasks for event in record.events if event.at > now)
        return min(min([*planned, *events], default=now), LATEST)

    async def _run(self, key: str, horizon: int, passed: Passed) -> None:
        """Let time pass until *horizon*, and add to *passed* what happens on the way."""
        start = passed.now
        while (delivery := await self._claimed(key, horizon, passed)) is not None:
            passed.deliveries += await self._deliveries.attempt(key, delivery)
            space = await self._sandboxes.store.find(key)
            if space is None:
                break  # somebody deleted the sandbox meanwhile
            record = await space.task(delivery.task_id)
            if record is not None and (await space.sandbox()).accepted > passed.accepted:
                passed.caused += 1 + len(record.events)
            if passed.caused > MOST_EVENTS:
                raise NeverSettles
        if await self._is_alive(key, passed):
            _, space = await self._sandboxes.read(key)
            happened = (event.at for record in await space.open_tasks(start) for event in record.events)
            passed.events += sum(start < at <= passed.now for at in happened)

    async def _is_alive(self, key: str, passed: Passed) -> bool:
        """Whether the sandbox still lives the life in which time began to pass: nobody has deleted or reset it."""
        space = await self._sandboxes.store.find(key)
        return space is not None and (await space.sandbox()).opened_at == passed.opened_at

    async def _claimed(self, key: str, horizon: int, passed: Passed) -> Delivery | None:
        """The next delivery due by *horizon*, the clock moved to its time; or None, the clock at *horizon*."""
        if not await self._is_alive(key, passed):
            return None
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            if sandbox.opened_at != passed.opened_at:
                return None
            wall, due_at = self._sandboxes.wall.now(), await space.next_delivery_at()
            passed.now = max(sandbox.clock.now(wall), horizon if due_at is None else min(horizon, due_at))
            moved = sandbox.clock.moved_to(passed.now, wall)
            delivery = await space.claim_delivery(horizon)
            await space.put_sandbox(replace(sandbox, clock=moved))
        return delivery

    async def tick(self, key: str) -> Sandbox:
        """Let the step of a poll clock pass; deliveries that fall due go out in the background."""
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            wall = self._sandboxes.wall.now()
            at = min(sandbox.clock.now(wall) + sandbox.clock.step, LATEST)
            sandbox = replace(sandbox, clock=sandbox.clock.moved_to(at, wall))
            await space.put_sandbox(sandbox)
        self.wake(key)
        return sandbox

    async def set_clock(self, key: str, text: str | None, now: int | None) -> Passed:
        """Let time pass until *now* (None: not at all), then go on with the clock that *text* names, if any."""
        if text is not None:
            clock(text, 0)  # raises before anything has changed
        passed = await self.advance(key, timedelta() if now is None else now)
        if text is not None:
            async with self._sandboxes.change(key) as space:
                sandbox, wall = await space.sandbox(), self._sandboxes.wall.now()
                await space.put_sandbox(replace(sandbox, clock=clock(text, wall, sandbox.clock.now(wall))))
            self.wake(key)
        return passed

    def expect(self, sandbox: Sandbox, delivery: Delivery) -> None:
        """*delivery* has been planned: see to it that it goes out in time, if it is due already or time flows."""
        due_at = delivery.due_at
        if due_at is None or sandbox.clock.wall_delay(due_at, self._sandboxes.wall.now()) == math.inf:
            return
        self.wake(sandbox.key, due_at)

    def wake(self, key: str, due_at: float = -math.inf) -> None:
        """Look after what is due in the sandbox, unless it waits already for something earlier than *due_at*."""
        pump = self._pumps.get(key)
        if pump is None:
            pump = self._pumps[key] = _Pump()
            pumping = asyncio.get_running_loop().create_task(self._pumped(key, pump))
            self._pumping.add(pumping)
            pumping.add_done_callback(self._pumping.discard)
        elif due_at < pump.until:
            pump.woken.set()

    async def close(self) -> None:
        tasks = [*self._pumping, *self._attempts]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._deliveries.close()

    async def _answered(self, key: str, task_id: str | None = None) -> None:
        """Return when no call of the sandbox (or of that task) is under way that its pump has sent."""
        while under_way := [call for call, of in self._attempts.items() if of == (key, task_id or of[1])]:
            await asyncio.wait(under_way)

    async def _pumped(self, key: str, pump: _Pump) -> None:
        try:
            await asyncio.sleep(0)  # the answer that caused this goes out first
            while (delay := await self._sent(key, pump)) < math.inf or pump.woken.is_set():
                await self._sandboxes.wall.wait(pump.woken, delay)
                pump.until = math.inf
                pump.woken.clear()
        finally:
            del self._pumps[key]

    async def _sent(self, key: str, pump: _Pump) -> float:
        """Send what is due; the real milliseconds until something else is (infinite: never by itself)."""
        if await self._sandboxes.store.find(key) is None:
            return math.inf
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            now = self._sandboxes.now(sandbox)
            while (delivery := await space.claim_delivery(now)) is not None:
                if sandbox.account.webhook_url is None:
                    await give_up(space, delivery)
                else:
                    call = asyncio.get_running_loop().create_task(self._attempted(key, delivery))
                    self._attempts[call] = (key, delivery.task_id)
                    call.add_done_callback(self._attempts.pop)
            due_at = await space.next_delivery_at()
        if due_at is None:
            return math.inf
        pump.until = due_at
        delay = sandbox.clock.wall_delay(due_at, self._sandboxes.wall.now())
        return delay if sandbox.account.webhook_url else max(delay, NOBODY_WAITS)

    async def _attempted(self, key: str, delivery: Delivery) -> None:
        try:
            await self._deliveries.attempt(key, delivery)
        except Exception:
            log.exception("delivery %s was given up: the fake itself failed", delivery.id)
            return
        self.wake(key)  # it may be due again
