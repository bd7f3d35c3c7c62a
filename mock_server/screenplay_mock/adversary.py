"""The faults of sandboxes: which strikes a call, how often each has struck; those planted by hand come first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from screenplay_mock.core.faults import CONNECTION, described, matches, scope, strike_draw, strikes
from screenplay_mock.core.identity import draw_seed
from screenplay_mock.core.plan import drawn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_mock.core.faults import Fault
    from screenplay_mock.sandbox import Sandbox
    from screenplay_mock.sandboxes import Sandboxes
    from screenplay_mock.store import Space

MOST_PLANTED = 1_000  # faults by hand in a sandbox: all of them are looked at for every call


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that strikes one call; `latency` is in milliseconds of real time."""

    fault: Fault
    latency: int = 0
    id: str = ""

    def __str__(self) -> str:
        return described(self.fault)


@dataclass(frozen=True, slots=True)
class Known:
    """A fault of a sandbox: its id, whether it was planted by hand, and how often it has struck."""

    id: str
    fault: Fault
    planted: bool
    struck: int


class TooManyFaults(Exception):
    def __str__(self) -> str:
        return f"a sandbox has at most {MOST_PLANTED:,} faults by hand; remove some (DELETE /__admin/faults)"


class Adversary:
    def __init__(self, sandboxes: Sandboxes) -> None:
        self._sandboxes = sandboxes

    async def strike(self, key: str, operation: str, task_id: str | None) -> Strike | None:
        """What strikes this call of *operation*, if anything does; the call is counted either way."""
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            # a path may name any task: those that do not exist are counted together
            known_id = "unknown" if task_id is not None and await space.task(task_id) is None else task_id
            found: Strike | None = None
            for fault_id, fault in faults_of(sandbox):
                if not matches(fault, operation):
                    continue
                where = scope(fault, known_id)
                number = await space.count(f"calls {fault_id} {where}")
                draw = strike_draw(sandbox.seed, key, _drawn_for(fault_id), where, number)
                struck = await _struck(space, fault_id)
                if found is None and strikes(fault, number=number, struck=struck, draw=draw):
                    await space.count(f"struck {fault_id}")
                    seed = draw_seed(sandbox.seed, key, f"latency {_drawn_for(fault_id)} {where} {number}")
                    found = Strike(fault, 0 if fault.latency is None else drawn(fault.latency, seed), fault_id)
        return found

    async def spare(self, key: str, strike: Strike) -> None:
        """Take *strike* back: there was nothing that it could do."""
        async with self._sandboxes.change(key) as space:
            await space.count(f"spared {strike.id}")

    async def plant(self, key: str, fault: Fault) -> Known:
        """Add *fault* by hand, behind those that were planted before. Raises TooManyFaults."""
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            if len(sandbox.faults) >= MOST_PLANTED:
                raise TooManyFaults
            number = sandbox.planted + 1
            await space.put_sandbox(replace(sandbox, planted=number, faults=(*sandbox.faults, (f"{number}", fault))))
        return Known(f"{number}", fault, planted=True, struck=0)

    async def known(self, key: str) -> list[Known]:
        """All faults of the sandbox, in the order in which they are asked."""
        sandbox, space = await self._sandboxes.read(key)
        planted = {fault_id for fault_id, _ in sandbox.faults}
        return [
            Known(fault_id, fault, fault_id in planted, await _struck(space, fault_id))
            for fault_id, fault in faults_of(sandbox)
        ]

    async def remove(self, key: str, fault_id: str | None = None) -> bool:
        """Remove one fault that was planted by hand, or all of them; whether there was one."""
        async with self._sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            kept = () if fault_id is None else tuple(one for one in sandbox.faults if one[0] != fault_id)
            await space.put_sandbox(replace(sandbox, faults=kept))
        return len(kept) < len(sandbox.faults)


def has_faults(sandbox: Sandbox) -> bool:
    return bool(sandbox.faults or sandbox.scenario.faults)


def faults_of(sandbox: Sandbox) -> Iterator[tuple[str, Fault]]:
    """(id, fault), those planted by hand first. An id is of one play of a scenario: its counts begin with it."""
    yield from sandbox.faults
    for place, fault in enumerate(sandbox.scenario.faults):
        if CONNECTION not in fault.on:
            yield f"scenario-{sandbox.plays}-{place}", fault


async def _struck(space: Space, fault_id: str) -> int:
    return await space.counted(f"struck {fault_id}") - await space.counted(f"spared {fault_id}")


def _drawn_for(fault_id: str) -> str:
    """What is drawn for: the same whenever the same scenario is played, and never the same for faults by hand."""
    kind, _, place = fault_id.rpartition("-")
    return f"scenario {place}" if kind else f"planted {place}"
