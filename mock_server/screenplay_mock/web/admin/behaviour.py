"""Admin operations on how a sandbox behaves: its scenario and its dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_mock.core import dialect as dialects
from screenplay_mock.sandbox import speaking
from screenplay_mock.web.admin.asking import Asking, Json, nearest
from screenplay_mock.web.admin.faults import refuse_listener
from screenplay_mock.web.admin.problems import Problem

if TYPE_CHECKING:
    from screenplay_mock.core.dialect import Dialect
    from screenplay_mock.core.scenario import Scenario


async def scenario(asking: Asking) -> Json:
    from screenplay_mock.scenarios import to_data

    sandbox, _ = await asking.services.sandboxes.read(asking.key)
    return {"name": sandbox.scenario.name, "scenario": to_data(sandbox.scenario)}


async def set_scenario(asking: Asking) -> Json:
    wanted = _scenario(await asking.value())
    await asking.services.sandboxes.play(asking.key, wanted)
    return await scenario(asking)


async def unset_scenario(asking: Asking) -> Json:
    await asking.services.sandboxes.play(asking.key, None)
    return await scenario(asking)


def _scenario(wanted: Any) -> Scenario:
    """The scenario that a body names ("failing", {"name": "failing"}) or is, if a sandbox can have it."""
    from screenplay_mock.scenarios import ScenarioError, UnknownScenario, builtin, from_data
    from screenplay_mock.scenarios.errors import shown, way_to_scenario

    if wanted == {}:
        raise Problem(400, 'say {"name": a built-in name}, or a scenario inline; DELETE brings back the server\'s')
    if isinstance(wanted, dict) and wanted.keys() == {"scenario"}:
        wanted = wanted["scenario"]
    if isinstance(wanted, dict) and wanted.keys() == {"name"}:
        wanted = wanted["name"]
    is_name = isinstance(wanted, str)
    try:
        found = builtin(wanted) if is_name else from_data(wanted)
    except UnknownScenario as error:
        way_out = way_to_scenario(error.name, error.known)
        raise Problem(400, f"there is no scenario {shown(error.name)}; {way_out}") from None
    except ScenarioError as error:
        raise Problem(400, str(error)) from None
    refuse_listener(found.faults, wanted if is_name else "FILE")
    return found


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
        await space.put_sandbox(speaking(sandbox, _dialect(sandbox.dialect, wanted)))
    return await dialect(asking)


def _dialect(current: Dialect, wanted: Any) -> Dialect:
    """The dialect that a body names ("legacy", {"name": "legacy"}), with the switches that it sets."""
    if isinstance(wanted, str):
        wanted = {"name": wanted}
    if not isinstance(wanted, dict) or not wanted:
        raise Problem(400, f'say {{"name": {" or ".join(dialects.DIALECTS)}}} or {{switch: value}}')
    if {"name", "dialect"} <= wanted.keys():
        raise Problem(400, "name and dialect say the same; keep one")
    name = wanted.get("name", wanted.get("dialect"))
    if name is not None and name not in tuple(dialects.DIALECTS):  # a tuple: what cannot be hashed is compared too
        raise Problem(400, f"there is no dialect {name!r}; {nearest(str(name), dialects.DIALECTS)}")
    switches = _switches({member: value for member, value in wanted.items() if member not in {"name", "dialect"}})
    try:
        return dialects.with_switches(current if name is None else dialects.DIALECTS[name], switches)
    except ValueError as error:
        raise Problem(400, str(error)) from None


def _switches(members: Json) -> Json:
    """The switches that the rest of a body sets: {"switches": {switch: value}} or {switch: value}."""
    if "switches" not in members:
        return members
    if len(members) > 1:
        others = ", ".join(member for member in members if member != "switches")
        raise Problem(400, f"there is more than name beside switches: {others}; put it into switches")
    switches = members["switches"]
    if not isinstance(switches, dict):
        raise Problem(400, f"switches must be an object such as {{switch: value}}, not {switches!r}")
    return switches
