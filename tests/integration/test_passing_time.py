"""Clocks that flow: deliveries go out by themselves when wall time comes to them, each exactly once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.attempts import written_down

from screenplay_mock.core.lifecycle import Completed, Started
from screenplay_mock.core.scenario import Fixed, Scenario, TaskLife, WebhookRules
from screenplay_mock.core.submission import submission
from screenplay_mock.sandbox import Defaults
from screenplay_mock.settings import Settings
from screenplay_mock.web.services import Services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.conftest import HandWall, Receiver


KEY = "sk-mai-0123456789abcdef"
ONE_EPISODE = submission({"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}})
LIFE = 5_000  # milliseconds of a task with one episode, in the scenario `happy`
STEPS = 300  # as often others get a turn before whatever could happen has happened


async def others() -> None:
    """Let everything else that can go on without time passing go on."""
    for _ in range(STEPS):
        await asyncio.sleep(0)


def services_with(store: Any, wall: HandWall, **defaults: Any) -> Services:
    return Services(Settings(port=0, defaults=Defaults(**defaults)), store=store, wall=wall)


@pytest.fixture
async def services(any_store: Any, hand_wall: HandWall, receiver: Receiver) -> AsyncIterator[Services]:
    services = services_with(any_store, hand_wall, clock="real", webhook_url=receiver.url)
    yield services
    await services.close()
    assert getattr(any_store, "complaints", []) == []


async def test_a_delivery_goes_out_when_the_wall_reaches_its_time_and_not_before(
    services: Services, receiver: Receiver, hand_wall: HandWall
) -> None:
    record = await services.engine.submit(KEY, ONE_EPISODE)
    await others()
    hand_wall.move(LIFE - 1)
    await others()
    assert receiver.calls == []
    hand_wall.move(1)
    await receiver.until(1)
    (delivery,) = await written_down(services, KEY, 1)
    assert [attempt.at for attempt in delivery.attempts] == [record.created_at + LIFE]


async def test_an_earlier_delivery_does_not_wait_for_a_later_one(
    services: Services, receiver: Receiver, hand_wall: HandWall
) -> None:
    late = await services.engine.submit(KEY, ONE_EPISODE)
    await others()
    async with services.sandboxes.change(KEY) as space:
        quick = Scenario(tasks=TaskLife(pending_for=Fixed(0), per_episode=Fixed(1_000)))
        await space.put_sandbox(replace(await space.sandbox(), scenario=quick))
    early = await services.engine.submit(KEY, ONE_EPISODE)
    await others()
    hand_wall.move(1_000)
    assert [payload["data"]["task_id"] for payload in await receiver.until(1)] == [early.id]
    hand_wall.move(LIFE)
    assert [payload["data"]["task_id"] for payload in await receiver.until(2)] == [early.id, late.id]


async def test_a_failed_attempt_is_repeated_by_wall_time(
    services: Services, receiver: Receiver, hand_wall: HandWall
) -> None:
    receiver.answers = [500, 503, 204]
    record = await services.engine.submit(KEY, ONE_EPISODE)
    for count, passing in enumerate((LIFE, 5_000, 300_000), start=1):
        await others()
        hand_wall.move(passing)
        await receiver.until(count)
        await written_down(services, KEY, count)
    hand_wall.move(10**9)
    await others()
    (delivery,) = await written_down(services, KEY, 3)
    ended = record.created_at + LIFE
    assert [attempt.at for attempt in delivery.attempts] == [ended, ended + 5_000, ended + 305_000]
    assert ([attempt.status for attempt in delivery.attempts], delivery.due_at) == ([500, 503, 204], None)


async def test_a_scaled_clock_needs_less_of_the_wall(any_store: Any, hand_wall: HandWall, receiver: Receiver) -> None:
    services = services_with(any_store, hand_wall, clock="x60", webhook_url=receiver.url)
    await services.engine.submit(KEY, ONE_EPISODE)
    await others()
    hand_wall.move(LIFE // 60)  # 83.3, so a millisecond is missing
    await others()
    assert receiver.calls == []
    hand_wall.move(1)
    await receiver.until(1)
    await services.close()


async def test_a_task_that_completes_at_once_is_told_although_the_clock_stands(
    any_store: Any, hand_wall: HandWall, receiver: Receiver
) -> None:
    at_once = Scenario(tasks=TaskLife(pending_for=Fixed(0), per_episode=Fixed(0)))
    services = services_with(any_store, hand_wall, clock="manual", webhook_url=receiver.url, scenario=at_once)
    await services.engine.submit(KEY, ONE_EPISODE)
    await receiver.until(1)
    await services.close()


async def test_each_status_request_lets_the_step_of_a_poll_clock_pass_and_deliveries_follow(
    any_store: Any, hand_wall: HandWall, receiver: Receiver
) -> None:
    services = services_with(any_store, hand_wall, clock="poll:2s", webhook_url=receiver.url)
    record = await services.engine.submit(KEY, ONE_EPISODE)
    seen = [(await services.engine.status(KEY, record.id)).status.value for _ in range(3)]
    assert seen == ["running", "running", "completed"]
    await receiver.until(1)
    (delivery,) = await written_down(services, KEY, 1)
    assert [attempt.at for attempt in delivery.attempts] == [record.created_at + 6_000]
    await services.close()


async def test_without_a_webhook_nothing_is_sent_and_a_url_set_before_the_end_is_in_time(
    any_store: Any, hand_wall: HandWall, receiver: Receiver
) -> None:
    services = services_with(any_store, hand_wall, clock="real")
    await services.engine.submit(KEY, ONE_EPISODE)
    await others()
    hand_wall.move(LIFE)
    await others()
    second = await services.engine.submit(KEY, ONE_EPISODE)
    async with services.sandboxes.change(KEY) as space:
        sandbox = await space.sandbox()
        await space.put_sandbox(replace(sandbox, account=replace(sandbox.account, webhook_url=receiver.url)))
    await others()
    hand_wall.move(LIFE)
    (payload,) = await receiver.until(1)
    assert payload["data"]["task_id"] == second.id
    await services.close()


@pytest.mark.parametrize("head_start", range(40))
async def test_an_advance_that_races_with_the_wall_sends_once_and_returns_when_it_is_answered(
    services: Services, receiver: Receiver, hand_wall: HandWall, head_start: int
) -> None:
    record = await services.engine.submit(KEY, ONE_EPISODE)
    await others()
    hand_wall.move(LIFE)
    for _ in range(head_start):
        await asyncio.sleep(0)
    await services.timekeeper.advance(KEY, record.created_at + 2 * LIFE)
    assert len(receiver.calls) == 1
    (delivery,) = await written_down(services, KEY, 1)
    assert [attempt.status for attempt in delivery.attempts] == [204]
    await others()
    assert len(receiver.calls) == 1


async def test_a_forced_end_is_told_once_and_what_was_planned_is_not_told_any_more(
    services: Services, receiver: Receiver, hand_wall: HandWall
) -> None:
    record = await services.engine.submit(KEY, ONE_EPISODE)
    await services.engine.force(KEY, record.id, Completed)
    await services.timekeeper.settle(KEY, record.id)
    assert len(receiver.calls) == 1
    hand_wall.move(LIFE)
    await others()
    assert len(receiver.calls) == 1


async def test_a_forced_start_moves_the_delivery_with_the_plan(
    services: Services, receiver: Receiver, hand_wall: HandWall
) -> None:
    record = await services.engine.submit(KEY, ONE_EPISODE)
    await services.engine.force(KEY, record.id, Started)
    await others()
    hand_wall.move(3_000)
    await receiver.until(1)
    (delivery,) = await written_down(services, KEY, 1)
    assert [attempt.at for attempt in delivery.attempts] == [record.created_at + 3_000]


async def test_a_delay_of_the_webhook_is_waited_for(any_store: Any, hand_wall: HandWall, receiver: Receiver) -> None:
    delayed = Scenario(webhook=WebhookRules(delay=Fixed(7_000)))
    services = services_with(any_store, hand_wall, clock="real", webhook_url=receiver.url, scenario=delayed)
    record = await services.engine.submit(KEY, ONE_EPISODE)
    await others()
    hand_wall.move(LIFE)
    await others()
    hand_wall.move(7_000)
    await receiver.until(1)
    (delivery,) = await written_down(services, KEY, 1)
    assert [attempt.at for attempt in delivery.attempts] == [record.created_at + LIFE + 7_000]
    await services.close()
