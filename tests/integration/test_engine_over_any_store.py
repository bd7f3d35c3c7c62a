"""The engine keeps its promises when state is elsewhere and others write to it at the same time."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, web

from screenplay_mock.core.account import Account
from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.core.lifecycle import Status, Task
from screenplay_mock.core.money import DOLLAR
from screenplay_mock.core.plan import Record
from screenplay_mock.core.scenario import Scenario, WebhookRules
from screenplay_mock.core.submission import submission
from screenplay_mock.journal import MemoryJournal
from screenplay_mock.sandbox import Defaults
from screenplay_mock.settings import Settings
from screenplay_mock.store.memory import MemoryStore
from screenplay_mock.web.app import application
from screenplay_mock.web.services import Services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.conftest import AwayStore, HandWall, Receiver

KEY = "sk-mai-0123456789abcdef"
ONE_EPISODE = submission({"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}})
TASKS = "/serve/api/v2/screenplay/tasks"


@pytest.fixture
async def services(any_store: Any, hand_wall: HandWall, receiver: Receiver) -> AsyncIterator[Services]:
    defaults = Defaults(clock="manual", webhook_url=receiver.url)
    services = Services(Settings(port=0, defaults=defaults), store=any_store, wall=hand_wall)
    yield services
    await services.close()
    assert getattr(any_store, "complaints", []) == []


@asynccontextmanager
async def served(services: Services) -> AsyncIterator[ClientSession]:
    """A client of the whole application with these services."""
    runner = web.AppRunner(application(services))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with ClientSession(origin, headers={"Authorization": KEY}) as client:
            yield client
    finally:
        await runner.cleanup()


async def say(client: ClientSession, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    async with client.request(method, path, json=body) as answer:
        return answer.status, await answer.json(content_type=None)


async def story(client: ClientSession, receiver: Receiver) -> list[Any]:
    """A day in the life of a sandbox: every answer that was given."""
    answers: list[Any] = []

    async def tell(method: str, path: str, body: Any = None) -> Any:
        answers.append(await say(client, method, path, body))
        return answers[-1][1]

    async def submit(*assets: str) -> str:
        episodes = {str(number): asset for number, asset in enumerate(assets, start=1)}
        answer = await tell("POST", TASKS, {"mode": "short_drama", "episodes": episodes, "config": {}})
        return str((answer["data"] or {}).get("task_id"))

    receiver.answers = [500, 204]
    first, second = await submit("re_1", "re_2"), await submit("re_3")
    await tell("GET", f"{TASKS}/{first}")
    await tell("POST", "/__admin/clock/advance", {"to": "next"})
    await tell("GET", f"{TASKS}/{first}")
    await tell("DELETE", f"{TASKS}/{second}")
    await tell("DELETE", f"{TASKS}/{second}")
    await tell("POST", "/__admin/clock/advance", {"seconds": 6})
    await tell("POST", "/__admin/clock/advance", {"to": "idle"})
    added = await tell("POST", "/__admin/assets", {"duration_seconds": 61})
    third = await submit(added["asset_id"])
    await tell("POST", f"/__admin/tasks/{third}/fail", {"error_code": "X"})
    await tell("POST", f"/__admin/deliveries/wh-{third}/redeliver")
    await tell("GET", f"/serve/api/v2/{added['asset_id']}/metadata")
    await tell("DELETE", f"/serve/api/v2/{added['asset_id']}")
    await submit(added["asset_id"], "re_5")
    await tell("PATCH", "/__admin/account", {"balance_micro_dollars": 0})
    await submit("re_1")
    await tell("POST", "/__admin/requests/count")
    for path in ("tasks", "deliveries", "account", "violations", "clock", "assets"):
        await tell("GET", f"/__admin/{path}")
    await tell("POST", "/__admin/reset")
    return answers


async def test_the_same_story_has_the_same_answers_over_any_store(
    services: Services, receiver: Receiver, hand_wall: HandWall
) -> None:
    plain = Services(services.settings, store=MemoryStore(MemoryJournal()), wall=hand_wall)
    async with served(services) as client:
        told = await story(client, receiver)
    async with served(plain) as client:
        expected = await story(client, receiver)
    assert told == expected
    assert {status for status, _ in told} == {200, 400, 402}
    assert len(receiver.calls) == 2 * 4  # a failed attempt and its retry, a forced end and its repetition; twice


async def test_after_a_reset_the_same_requests_have_the_same_answers(services: Services, receiver: Receiver) -> None:
    async with served(services) as client:
        assert await story(client, receiver) == await story(client, receiver)


async def test_of_two_cancels_at_once_exactly_one_succeeds(services: Services, receiver: Receiver) -> None:
    record = await services.engine.submit(KEY, ONE_EPISODE)
    cancels = (services.engine.cancel(KEY, record.id) for _ in range(2))
    results = await asyncio.gather(*cancels, return_exceptions=True)
    (cancelled,) = (result for result in results if isinstance(result, Task))
    (refused,) = (result for result in results if isinstance(result, ApiError))
    assert cancelled.status is Status.CANCELLED
    assert (refused.kind, refused.blanks) == (ErrorKind.TASK_ENDED, {"status": "cancelled"})
    await services.timekeeper.advance(KEY, "idle")
    assert receiver.calls == []


async def test_a_balance_for_seven_pays_for_exactly_seven_of_twenty_submits_at_once(services: Services) -> None:
    async with services.sandboxes.change(KEY) as space:
        sandbox = await space.sandbox()
        # re_1 is two started minutes long or three; either way seven of them can be paid
        price = (await services.library.asset(KEY, "re_1"))[0].duration // 60_000 * DOLLAR + DOLLAR
        await space.put_sandbox(replace(sandbox, account=Account(balance=7 * price + price - 1)))
    submits = (services.engine.submit(KEY, ONE_EPISODE) for _ in range(20))
    results = await asyncio.gather(*submits, return_exceptions=True)
    accepted = [result for result in results if isinstance(result, Record)]
    refused = [result for result in results if isinstance(result, ApiError)]
    assert (len(accepted), {error.kind for error in refused}) == (7, {ErrorKind.NO_BALANCE})
    sandbox, space = await services.sandboxes.read(KEY)
    assert sandbox.account.balance == price - 1
    assert [charge.subject for charge in await space.charges()] == [record.id for record in await space.tasks()]
    assert {record.id for record in accepted} == {record.id for record in await space.tasks()}
    assert len({record.id for record in accepted}) == 7


async def test_a_rate_limit_of_three_lets_exactly_three_of_ten_calls_at_once_through(services: Services) -> None:
    async with services.sandboxes.change(KEY) as space:
        await space.put_sandbox(replace(await space.sandbox(), account=Account(rate_limit=3)))
    calls = (services.engine.admit(KEY, "getTask") for _ in range(10))
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(result is None for result in results) == 3
    assert {result.kind for result in results if isinstance(result, ApiError)} == {ErrorKind.RATE_LIMITED}


async def test_uploads_at_once_have_ids_of_their_own(services: Services) -> None:
    promised = await asyncio.gather(*(services.library.promise(KEY, "a.mp4") for _ in range(10)))
    assert len({asset.id for asset in promised}) == len({asset.token for asset in promised}) == 10
    _, space = await services.sandboxes.read(KEY)
    assert {asset.id for asset in await space.assets()} == {asset.id for asset in promised}


async def test_advances_at_once_do_not_lose_time(services: Services) -> None:
    async with served(services) as client:
        for _ in range(3):  # deliveries on the way, so that the advances meet
            await services.engine.submit(KEY, ONE_EPISODE)
        steps = (say(client, "POST", "/__admin/clock/advance", {"seconds": seconds}) for seconds in (120, 60, 5, 1))
        assert [status for status, _ in await asyncio.gather(*steps)] == [200] * 4
        assert (await say(client, "GET", "/__admin/clock"))[1]["now"] == "2026-03-13T10:03:06Z"


async def test_advances_at_once_send_each_delivery_once(services: Services, receiver: Receiver) -> None:
    records = [await services.engine.submit(KEY, ONE_EPISODE) for _ in range(5)]
    keeper = services.timekeeper
    passed = await asyncio.gather(*(keeper.advance(KEY, "idle") for _ in range(3)))
    assert sum(each.deliveries for each in passed) == 5
    told = [payload["data"]["task_id"] for payload in receiver.payloads]
    assert sorted(told) == sorted(record.id for record in records)


async def test_two_redeliveries_at_once_are_both_written_down(services: Services, receiver: Receiver) -> None:
    record = await services.engine.submit(KEY, ONE_EPISODE)
    await services.timekeeper.advance(KEY, "idle")
    _, space = await services.sandboxes.read(KEY)
    (delivery,) = await space.deliveries()
    await asyncio.gather(*(services.deliveries.redeliver(KEY, delivery) for _ in range(2)))
    (delivery,) = await space.deliveries()
    assert (delivery.task_id, len(receiver.calls)) == (record.id, 3)
    assert [attempt.status for attempt in delivery.attempts] == [204] * 3


async def set_webhook(services: Services, url: str | None) -> None:
    async with services.sandboxes.change(KEY) as space:
        await space.put_sandbox(replace(await space.sandbox(), account=Account(webhook_url=url)))


async def test_attempts_stay_written_down_when_the_webhook_is_taken_away_before_the_retry(
    services: Services, receiver: Receiver
) -> None:
    receiver.answers = [500]
    record = await services.engine.submit(KEY, ONE_EPISODE)
    await services.timekeeper.advance(KEY, record.last_event_at)
    await set_webhook(services, None)
    await services.timekeeper.advance(KEY, "idle")
    _, space = await services.sandboxes.read(KEY)
    (delivery,) = await space.deliveries()
    assert ([attempt.status for attempt in delivery.attempts], delivery.due_at) == ([500], None)


async def test_a_redelivery_that_has_nobody_to_call_leaves_what_was_sent_written_down(services: Services) -> None:
    await services.engine.submit(KEY, ONE_EPISODE)
    await services.timekeeper.advance(KEY, "idle")
    _, space = await services.sandboxes.read(KEY)
    (sent,) = await space.deliveries()
    await set_webhook(services, None)
    with pytest.raises(LookupError, match="nobody to call"):
        await services.deliveries.redeliver(KEY, sent)
    assert await space.deliveries() == [sent]


@pytest.mark.parametrize(("verb", "told"), [("cancel", 1), ("complete", 2)])
async def test_a_receiver_may_force_another_task_before_it_answers(
    services: Services, receiver: Receiver, verb: str, told: int
) -> None:
    # a second is long enough for any answer, and soon over if the fake waits for itself
    impatient = Scenario(webhook=WebhookRules(retries=(), timeout=1_000))
    async with services.sandboxes.change(KEY) as space:
        await space.put_sandbox(replace(await space.sandbox(), scenario=impatient))
    first = await services.engine.submit(KEY, ONE_EPISODE)
    await services.timekeeper.advance(KEY, first.created_at + 1_000)
    other = await services.engine.submit(KEY, ONE_EPISODE)
    answers = []
    async with served(services) as client:

        async def force(payload: Any) -> None:
            if payload["data"]["task_id"] == first.id:
                answers.append((await say(client, "POST", f"/__admin/tasks/{other.id}/{verb}"))[0])

        receiver.hook = force
        await services.timekeeper.advance(KEY, "idle")
        _, space = await services.sandboxes.read(KEY)
        attempts = [attempt for delivery in await space.deliveries() for attempt in delivery.attempts]
    assert [(attempt.status, attempt.error) for attempt in attempts] == [(204, None)] * told
    assert answers == [200]


async def test_what_comes_of_a_call_is_not_written_into_the_next_life_of_a_sandbox(
    services: Services, receiver: Receiver
) -> None:
    async def begin_anew(_: Any) -> None:
        if len(receiver.calls) == 1:
            await services.sandboxes.reset(KEY)
            assert (await services.engine.submit(KEY, ONE_EPISODE)).id == record.id

    receiver.answers, receiver.hook = [500, 204], begin_anew
    record = await services.engine.submit(KEY, ONE_EPISODE)
    await services.timekeeper.advance(KEY, "idle")
    await services.timekeeper.advance(KEY, "idle")
    _, space = await services.sandboxes.read(KEY)
    (delivery,) = await space.deliveries()
    assert [attempt.status for attempt in delivery.attempts] == [204]


async def test_a_sandbox_forgotten_while_its_webhook_is_called_stays_forgotten(
    services: Services, receiver: Receiver
) -> None:
    async def forget(_: Any) -> None:
        await services.store.drop(KEY)

    receiver.hook = forget
    await services.engine.submit(KEY, ONE_EPISODE)
    await services.timekeeper.advance(KEY, "idle")
    assert len(receiver.calls) == 1
    assert await services.store.keys() == []


@pytest.mark.parametrize("any_store", ["far away"], indirect=True)
async def test_the_far_store_tells_who_breaks_the_protocol(any_store: AwayStore, hand_wall: HandWall) -> None:
    services = Services(Settings(), store=any_store, wall=hand_wall)
    sandbox, space = await services.sandboxes.read(KEY)
    await space.put_sandbox(sandbox)
    with suppress(RuntimeError):
        async with services.sandboxes.change(KEY) as writing:
            await writing.put_sandbox(sandbox)
            raise RuntimeError
    assert any_store.complaints == ["put_sandbox outside a change", "a change that raised RuntimeError() had written"]
