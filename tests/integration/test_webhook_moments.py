"""Webhook calls at every moment of a life: each goes out once, also when an event is forced, over any store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.attempts import written_down

from screenplay_mock.clock import clock
from screenplay_mock.core.fault_kinds import Count
from screenplay_mock.core.scenario import Scenario, TaskLife, WebhookCall, WebhookRules
from screenplay_mock.core.submission import submission
from screenplay_mock.deliveries import Deliveries
from screenplay_mock.sandbox import Defaults
from screenplay_mock.settings import Settings
from screenplay_mock.web.services import Services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.conftest import HandWall, Receiver
    from tests.integration.conftest import World


KEY = "sk-mai-0123456789abcdef"
ONE_EPISODE = submission({"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}})
TASKS = "/serve/api/v2/screenplay/tasks"


def calls(*these: dict[str, Any], **rules: Any) -> dict[str, Any]:
    return {"webhook": {"calls": list(these), **rules}}


async def sent(world: World) -> dict[str, Any]:
    """When each delivery was first attempted, by what stands behind its task's id in its own."""
    return {
        one["id"][len("wh-ros-sd-20260313-a3f8c2b1") :]: one["attempts"][0]["at"] for one in await world.deliveries()
    }


async def test_a_force_sends_nothing_twice_and_drops_what_is_not_owed_any_more(
    world: World, receiver: Receiver
) -> None:
    await world.play(
        **calls(
            {"at": "submitted"},
            {"at": "started"},
            {"at": "started", "delay": "1h"},
            {"at": "end", "copies": 2},
            {"at": "cancelled"},
        )
    )
    task_id = await world.submit()
    await world.advance(seconds=2)
    assert [payload["data"]["status"] for payload in receiver.payloads] == ["pending", "running"]
    before = await world.deliveries()
    await world.say("DELETE", f"{TASKS}/{task_id}")
    await world.advance(to="idle")
    statuses = [payload["data"]["status"] for payload in receiver.payloads]
    assert statuses == ["pending", "running", "cancelled", "running"]
    assert (await world.deliveries())[:2] == before


async def test_a_forced_start_brings_forward_what_the_start_and_the_end_cause(world: World, receiver: Receiver) -> None:
    await world.play(**calls({"at": "submitted"}, {"at": "started"}, {}))
    task_id = await world.submit()
    await world.advance(seconds=1)
    await world.admin("POST", f"/tasks/{task_id}/start")
    await world.advance(to="idle")
    times = {"": "2026-03-13T10:00:00Z", "-2": "2026-03-13T10:00:01Z", "-3": "2026-03-13T10:00:04Z"}
    assert await sent(world) == times
    assert len(receiver.calls) == 3


async def test_a_retry_under_way_is_left_alone_by_a_force(world: World, receiver: Receiver) -> None:
    receiver.answers = [500]
    await world.play(**calls({"at": "started"}, retries=["1h"]))
    task_id = await world.submit()
    await world.advance(seconds=2)
    await world.say("DELETE", f"{TASKS}/{task_id}")
    await world.advance(to="idle")
    (delivery,) = await world.deliveries()
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 204]


@pytest.fixture
async def services(any_store: Any, hand_wall: HandWall, receiver: Receiver) -> AsyncIterator[Services]:
    calls = (WebhookCall("submitted"), WebhookCall("started", copies=Count(2)), WebhookCall("cancelled"), WebhookCall())
    scenario = Scenario(webhook=WebhookRules(calls=calls), tasks=TaskLife(id_suffix="-s"))
    defaults = Defaults(clock="real", webhook_url=receiver.url, scenario=scenario)
    services = Services(Settings(port=0, defaults=defaults), store=any_store, wall=hand_wall)
    yield services
    await services.close()
    assert getattr(any_store, "complaints", []) == []


async def test_over_any_store_each_moment_is_told_once_while_time_flows(
    services: Services, receiver: Receiver, hand_wall: HandWall
) -> None:
    record = await services.engine.submit(KEY, ONE_EPISODE)
    await written_down(services, KEY, 1)
    hand_wall.move(2_000)
    await written_down(services, KEY, 3)
    await services.engine.cancel(KEY, record.id)
    deliveries = await written_down(services, KEY, 4)
    hand_wall.move(10**7)
    await services.timekeeper.advance(KEY, "idle")
    assert [payload["data"]["status"] for payload in receiver.payloads] == [
        "pending",
        "running",
        "running",
        "cancelled",
    ]
    assert [len(delivery.attempts) for delivery in deliveries] == [1, 1, 1, 1]


async def test_a_call_at_the_submission_is_under_way_when_the_submission_is_answered(
    services: Services, receiver: Receiver
) -> None:
    record = await services.engine.submit(KEY, ONE_EPISODE)
    (payload,) = await receiver.until(1)
    assert payload["data"] == {"task_id": record.id, "status": "pending"}


async def test_a_payload_can_point_to_where_the_fake_sees_who_follows(services: Services, receiver: Receiver) -> None:
    tempting = WebhookCall("submitted", set={"data": {"url": "{canary_url}"}})
    async with services.sandboxes.change(KEY) as space:
        scenario = Scenario(webhook=WebhookRules(calls=(tempting,)))
        await space.put_sandbox(replace(await space.sandbox(), clock=clock("manual", 0), scenario=scenario))
    elsewhere = Deliveries(services.sandboxes), Deliveries(services.sandboxes, canary_url=lambda of: f"x:{of.key}")
    for deliveries in elsewhere:
        record = await services.engine.submit(KEY, ONE_EPISODE)
        _, space = await services.sandboxes.read(KEY)
        delivery = await space.delivery(f"wh-{record.id}")
        assert delivery is not None
        await deliveries.attempt(KEY, delivery)
        await deliveries.close()
    urls = [payload["data"]["url"] for payload in receiver.payloads]
    assert {"http://127.0.0.1:9/", f"x:{KEY}"} <= set(urls)


async def test_a_delivery_of_a_call_that_its_task_does_not_have_goes_nowhere(
    services: Services, receiver: Receiver
) -> None:
    record = await services.engine.submit(KEY, ONE_EPISODE)
    (sent, *_) = await written_down(services, KEY, 1)
    of_another_life = replace(sent, id=f"wh-{record.id}-99", call=98)
    assert await services.deliveries.attempt(KEY, of_another_life) == 0
    assert len(receiver.calls) == 1
