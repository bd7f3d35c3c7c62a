"""Admin operations on the faults of a sandbox: plant one, see how often each struck, remove them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_mock.adversary import TooManyFaults
from screenplay_mock.core.faults import CONNECTION
from screenplay_mock.web.admin.asking import Asking, Json, nearest
from screenplay_mock.web.admin.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_mock.adversary import Known
    from screenplay_mock.core.faults import Fault


async def show(asking: Asking) -> Json:
    return {"faults": [_fault(known) for known in await asking.services.adversary.known(asking.key)]}


async def plant(asking: Asking) -> Json:
    from screenplay_mock.scenarios import ScenarioError, fault_from_data

    try:
        fault = fault_from_data(await asking.value())
    except ScenarioError as error:
        raise Problem(400, str(error)) from None
    refuse_listener((fault,))
    try:
        return _fault(await asking.services.adversary.plant(asking.key, fault))
    except TooManyFaults as error:
        raise Problem(409, str(error)) from None


async def remove_all(asking: Asking) -> Json:
    await asking.services.adversary.remove(asking.key)
    return await show(asking)


async def remove(asking: Asking) -> Json:
    fault_id = asking.part("id")
    if not await asking.services.adversary.remove(asking.key, fault_id):
        planted = [known.id for known in await asking.services.adversary.known(asking.key) if known.planted]
        raise Problem(404, f"no fault {fault_id!r} was planted in this sandbox; {nearest(fault_id, planted)}")
    return await show(asking)


def refuse_listener(faults: Iterable[Fault], scenario: str = "FILE") -> None:
    """Faults of the listener strike before a key is known: no sandbox can have them, but a server with *scenario*."""
    if any(CONNECTION in fault.on for fault in faults):
        way_out = f"start one with serve --scenario {scenario}"
        raise Problem(409, f"faults of the listener are for the whole server: {way_out}")


def _fault(known: Known) -> dict[str, Any]:
    from screenplay_mock.scenarios.plain import fault_data

    whose = "admin" if known.planted else "scenario"
    return {"id": known.id, "from": whose, "struck": known.struck, **fault_data(known.fault)}
