"""Webhook deliveries of the whole fake, to a real receiver, in virtual time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_mock.core.dialect import DIALECTS
from screenplay_schemas import validator

if TYPE_CHECKING:
    from tests.conftest import Receiver
    from tests.integration.conftest import World

TASKS = "/serve/api/v2/screenplay/tasks"
START = "2026-03-13T10:00:00Z"


async def test_a_completed_task_is_told_with_both_of_its_ids(world: World, receiver: Receiver) -> None:
    task_id = await world.submit()
    request_id = (await world.admin("GET", f"/tasks/{task_id}"))["request_id"]
    assert await world.advance(to="idle") == {"now": "2026-03-13T10:00:05Z", "events": 2, "deliveries": 1}
    (call,) = receiver.calls
    assert call.payload == {
        "code": 200,
        "message": "SUCCESS",
        "data": {"task_id": task_id, "status": "completed"},
        "task_id": request_id,
    }
    assert request_id != task_id
    assert (call.path, call.headers["content-type"]) == ("/hook", "application/json")
    assert "authorization" not in call.headers
    (delivery,) = await world.deliveries()
    assert (delivery["task_id"], delivery["url"], delivery["payload"]) == (task_id, receiver.url, call.payload)


async def test_a_failed_task_is_told_with_its_error(world: World, receiver: Receiver) -> None:
    task_id = await world.submit()
    await world.admin("POST", f"/tasks/{task_id}/fail", {"error_code": "NO_SPEECH", "error_message": "Nobody speaks."})
    (payload,) = receiver.payloads
    assert payload["data"] == {
        "task_id": task_id,
        "status": "failed",
        "error_code": "NO_SPEECH",
        "error_message": "Nobody speaks.",
    }


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_what_is_sent_keeps_the_schema_in_every_dialect(world: World, receiver: Receiver, dialect: str) -> None:
    await world.admin("PUT", "/dialect", {"name": dialect})
    await world.submit()
    await world.admin("POST", f"/tasks/{await world.submit()}/fail")
    await world.advance(to="idle")
    assert [payload["data"]["status"] for payload in receiver.payloads] == ["failed", "completed"]
    assert [validator("callback").is_valid(payload) for payload in receiver.payloads] == [True, True]


async def test_a_cancelled_task_calls_nobody(world: World, receiver: Receiver) -> None:
    await world.say("DELETE", f"{TASKS}/{await world.submit()}")
    await world.admin("POST", f"/tasks/{await world.submit()}/cancel")
    await world.advance(to="idle")
    await world.advance(seconds=10**6)
    assert (receiver.calls, await world.deliveries()) == ([], [])


async def test_a_refused_delivery_is_repeated_on_its_schedule_until_it_is_taken(
    world: World, receiver: Receiver
) -> None:
    receiver.answers = [500, 404, 302, 204]
    await world.submit()
    assert (await world.advance(to="idle"))["deliveries"] == 4
    assert await world.attempts() == [
        ("2026-03-13T10:00:05Z", 500),
        ("2026-03-13T10:00:10Z", 404),
        ("2026-03-13T10:05:10Z", 302),
        ("2026-03-13T10:35:10Z", 204),
    ]
    assert (await world.deliveries())[0]["next_attempt_at"] is None
    assert len({str(payload) for payload in receiver.payloads}) == 1


async def test_a_delivery_that_is_never_taken_is_given_up_after_its_schedule(world: World, receiver: Receiver) -> None:
    receiver.answers = [500] * 9
    await world.submit()
    await world.advance(seconds=10**6)
    assert [at for at, _ in await world.attempts()][-1] == "2026-03-13T12:35:10Z"
    assert len(receiver.calls) == 5


async def test_a_redirect_is_not_followed(world: World, receiver: Receiver) -> None:
    receiver.answers, receiver.location = [302], f"{receiver.url}/elsewhere"
    await world.submit()
    await world.advance(seconds=5)
    assert await world.attempts() == [("2026-03-13T10:00:05Z", 302)]
    assert [call.path for call in receiver.calls] == ["/hook"]


async def test_a_receiver_that_is_not_there_is_written_down_with_what_went_wrong(
    world: World, receiver: Receiver
) -> None:
    await receiver.stop()
    await world.submit()
    await world.advance(seconds=5)
    ((_, error),) = await world.attempts()
    assert f"127.0.0.1:{receiver.port}" in error


async def test_a_receiver_that_does_not_answer_in_time_is_written_down(world: World, receiver: Receiver) -> None:
    receiver.answers = [None]
    await world.admin("PUT", "/scenario", {"webhook": {"timeout": "50ms", "retries": []}})
    await world.submit()
    await world.advance(to="idle")
    assert await world.attempts() == [("2026-03-13T10:00:05Z", "no answer within 0.05 s")]


async def test_without_a_url_nothing_is_sent_not_even_later(world: World, receiver: Receiver) -> None:
    await world.admin("PATCH", "/account", {"webhook_url": None})
    await world.submit()
    assert (await world.advance(to="idle"))["deliveries"] == 0
    await world.admin("PATCH", "/account", {"webhook_url": receiver.url})
    await world.advance(seconds=10**6)
    assert (receiver.calls, await world.deliveries()) == ([], [])


async def test_the_url_is_the_one_of_the_moment_at_which_the_delivery_falls_due(
    world: World, receiver: Receiver
) -> None:
    await world.admin("PATCH", "/account", {"webhook_url": None})
    await world.submit()
    await world.advance(seconds=4)
    await world.admin("PATCH", "/account", {"webhook_url": f"{receiver.url}/new"})
    await world.advance(seconds=1)
    assert [call.path for call in receiver.calls] == ["/hook/new"]


async def test_a_redelivery_sends_the_same_payload_and_is_one_more_attempt(world: World, receiver: Receiver) -> None:
    await world.submit()
    await world.advance(to="idle")
    (delivery,) = await world.deliveries()
    answer = await world.admin("POST", f"/deliveries/{delivery['id']}/redeliver")
    assert [attempt["status"] for attempt in answer["attempts"]] == [204, 204]
    assert receiver.payloads[0] == receiver.payloads[1]
    assert await world.deliveries() == [answer]


async def test_a_redelivery_that_is_taken_ends_the_retries(world: World, receiver: Receiver) -> None:
    receiver.answers = [500, 500, 204]
    await world.submit()
    await world.advance(seconds=5)
    (delivery,) = await world.deliveries()
    for _ in range(2):
        await world.admin("POST", f"/deliveries/{delivery['id']}/redeliver")
    await world.advance(to="idle")
    assert [status for _, status in await world.attempts()] == [500, 500, 204]


async def test_a_redelivery_needs_a_delivery_that_was_sent_and_somebody_to_call(world: World) -> None:
    task_id = await world.submit()
    await world.admin("POST", f"/deliveries/wh-{task_id}/redeliver", status=404)
    await world.advance(to="idle")
    await world.admin("PATCH", "/account", {"webhook_url": None})
    await world.admin("POST", f"/deliveries/wh-{task_id}/redeliver", status=409)


async def test_a_receiver_may_submit_the_next_task_before_it_answers(world: World, receiver: Receiver) -> None:
    async def submit_once_more(_: Any) -> None:
        if len(receiver.calls) < 3:
            await world.submit()

    receiver.hook = submit_once_more
    await world.submit()
    passed = await world.advance(to="idle")
    assert passed == {"now": "2026-03-13T10:00:15Z", "events": 6, "deliveries": 3}
    statuses = [task["status"] for task in (await world.admin("GET", "/tasks"))["tasks"]]
    assert statuses == ["completed"] * 3


@pytest.mark.parametrize("how", [{"to": "idle"}, {"seconds": 10**9}], ids=str)
async def test_an_advance_gives_up_on_a_receiver_that_always_submits_again(
    world: World, receiver: Receiver, how: Any
) -> None:
    async def submit_again(_: Any) -> None:
        if len(receiver.calls) < 30:  # else a broken fake would never end this test
            await world.submit(999)

    receiver.hook = submit_again
    await world.submit(999)  # each has a thousand events, so that ten of them are enough
    problem = await world.admin("POST", "/clock/advance", how, status=409)
    assert "10,000 events" in problem["detail"]
    assert len(receiver.calls) < 20


async def test_next_goes_to_the_next_event_or_delivery_and_then_stays(world: World, receiver: Receiver) -> None:
    receiver.answers = [500]
    await world.submit()
    seen = [await world.advance(to="next") for _ in range(4)]
    assert [(each["now"][11:-1], each["events"], each["deliveries"]) for each in seen] == [
        ("10:00:02", 1, 0),
        ("10:00:05", 1, 1),
        ("10:00:10", 0, 1),
        ("10:00:10", 0, 0),
    ]


async def test_idle_does_not_wait_for_a_stuck_task(world: World) -> None:
    await world.admin("PUT", "/scenario", {"tasks": {"outcome": "stuck"}})
    task_id = await world.submit()
    assert (await world.advance(to="idle"))["now"] == "2026-03-13T10:00:02Z"
    assert (await world.advance(to="idle"))["events"] == 0
    assert (await world.say("GET", f"{TASKS}/{task_id}"))["data"]["status"] == "running"


async def test_no_clock_goes_back(world: World) -> None:
    await world.advance(seconds=60)
    problem = await world.admin("PUT", "/clock", {"now": START}, status=409)
    assert problem["detail"].startswith("no clock goes back")
    assert (await world.admin("GET", "/clock"))["now"] == "2026-03-13T10:01:00Z"


async def test_two_sandboxes_pass_their_time_apart(world: World, receiver: Receiver) -> None:
    other = replace(world, key="sk-mai-fedcba9876543210")
    task_id, other_id = await world.submit(), await other.submit()
    passed = await asyncio.gather(world.advance(seconds=5), other.advance(seconds=2))
    assert [each["now"][11:-1] for each in passed] == ["10:00:05", "10:00:02"]
    assert [payload["data"]["task_id"] for payload in receiver.payloads] == [task_id]
    assert (await other.say("GET", f"{TASKS}/{other_id}"))["data"]["status"] == "running"
    await other.say("GET", f"{TASKS}/{task_id}", status=400)
    await other.advance(to="idle")
    assert receiver.payloads[-1]["data"]["task_id"] == other_id != task_id
