"""What a scenario can do to a receiver: calls too early, too late, too often, and with lies in them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Receiver
    from tests.integration.conftest import World

TASKS = "/serve/api/v2/screenplay/tasks"


def calls(*these: dict[str, Any], **rules: Any) -> dict[str, Any]:
    return {"webhook": {"calls": list(these), **rules}}


async def sent(world: World) -> dict[str, Any]:
    """When each delivery was first attempted, by what stands behind its task's id in its own."""
    return {
        one["id"][len("wh-ros-sd-20260313-a3f8c2b1") :]: one["attempts"][0]["at"] for one in await world.deliveries()
    }


async def test_the_same_end_is_told_five_times_each_a_delivery_of_its_own(world: World, receiver: Receiver) -> None:
    await world.play(**calls({"copies": 5}))
    await world.submit()
    assert (await world.advance(to="idle"))["deliveries"] == 5
    assert len({str(payload) for payload in receiver.payloads}) == 1
    assert list(await sent(world)) == ["", "-2", "-3", "-4", "-5"]


async def test_an_older_event_can_come_after_a_newer_one(world: World, receiver: Receiver) -> None:
    await world.play(**calls({}, {"at": "started", "delay": "1h"}))
    await world.submit()
    await world.advance(to="idle")
    assert [payload["data"]["status"] for payload in receiver.payloads] == ["completed", "running"]


async def test_a_webhook_can_run_ahead_of_the_status(world: World, receiver: Receiver) -> None:
    await world.play(**calls({"at": "started", "status": "completed"}))
    task_id = await world.submit()
    await world.advance(seconds=2)
    assert [payload["data"] for payload in receiver.payloads] == [{"task_id": task_id, "status": "completed"}]
    assert (await world.say("GET", f"{TASKS}/{task_id}"))["data"]["status"] == "running"


async def test_a_call_at_the_submission_goes_out_although_the_clock_stands(world: World, receiver: Receiver) -> None:
    await world.play(**calls({"at": "submitted"}))
    task_id = await world.submit()
    (payload,) = await receiver.until(1)
    assert payload["data"] == {"task_id": task_id, "status": "pending"}
    assert (await world.advance(to="idle"))["deliveries"] == 0


@pytest.mark.parametrize("who", ["client", "admin"])
async def test_a_cancelled_task_can_be_told_even_as_completed(world: World, receiver: Receiver, who: str) -> None:
    await world.play(**calls({"at": "cancelled"}, {"at": "cancelled", "status": "completed", "delay": "10s"}, {}))
    task_id = await world.submit()
    if who == "client":
        await world.say("DELETE", f"{TASKS}/{task_id}")
    else:
        await world.admin("POST", f"/tasks/{task_id}/cancel")
    await world.advance(to="idle")
    assert [payload["data"]["status"] for payload in receiver.payloads] == ["cancelled", "completed"]
    assert await sent(world) == {"": "2026-03-13T10:00:00Z", "-2": "2026-03-13T10:00:10Z"}


async def test_a_task_that_the_vendor_cancels_is_told_only_where_the_scenario_says_so(
    world: World, receiver: Receiver
) -> None:
    await world.play(tasks={"outcome": "cancelled"})
    task_id = await world.submit()
    await world.advance(to="idle")
    assert (await world.say("GET", f"{TASKS}/{task_id}"))["data"]["status"] == "cancelled"
    assert receiver.calls == []
    await world.play(tasks={"outcome": "cancelled"}, **calls({"at": "cancelled"}))
    await world.submit()
    await world.advance(to="idle")
    assert [payload["data"]["status"] for payload in receiver.payloads] == ["cancelled"]


async def test_a_failure_can_be_forged_for_a_task_that_nobody_submitted(world: World, receiver: Receiver) -> None:
    await world.play(**calls({"task": "unknown", "status": "failed"}, {"task": "unknown"}))
    task_id = await world.submit()
    await world.advance(to="idle")
    first, second = (payload["data"] for payload in receiver.payloads)
    assert (first["status"], first["error_code"], second["status"]) == ("failed", "PROCESSING_FAILED", "completed")
    assert first["task_id"] == second["task_id"] != task_id
    await world.say("GET", f"{TASKS}/{first['task_id']}", status=400)
    assert [one["task_id"] for one in await world.deliveries()] == [task_id, task_id]


async def test_members_are_set_and_removed(world: World, receiver: Receiver) -> None:
    await world.play(**calls({"set": {"data": {"status": None, "x": [1]}, "extra": True}, "remove": ["task_id"]}))
    task_id = await world.submit()
    await world.advance(to="idle")
    (payload,) = receiver.payloads
    assert payload == {
        "code": 200,
        "message": "SUCCESS",
        "data": {"task_id": task_id, "status": None, "x": [1]},
        "extra": True,
    }
    assert (await world.deliveries())[0]["payload"] == payload


async def test_any_text_can_be_sent_with_any_type_and_method(world: World, receiver: Receiver) -> None:
    text = "<xml>完"
    await world.play(**calls({"body": text, "content_type": "text/xml; charset=x", "method": "PUT"}))
    await world.submit()
    await world.advance(to="idle")
    (call,) = receiver.calls
    assert (call.method, call.headers["content-type"]) == ("PUT", "text/xml; charset=x")
    assert call.body == text.encode()
    (delivery,) = await world.deliveries()
    assert delivery["payload"] == text
    await world.admin("POST", f"/deliveries/{delivery['id']}/redeliver")
    assert receiver.calls[1].body == call.body


async def test_of_a_long_text_the_beginning_is_written_down(world: World, receiver: Receiver) -> None:
    text = "x" * 50_000
    await world.play(**calls({"body": text}))
    await world.submit()
    await world.advance(to="idle")
    (delivery,) = await world.deliveries()
    await world.admin("POST", f"/deliveries/{delivery['id']}/redeliver")
    assert [call.body.decode() for call in receiver.calls] == [text, text]
    assert delivery["payload"] == text[:2_000]


async def test_a_get_has_no_body_and_no_type(world: World, receiver: Receiver) -> None:
    await world.play(**calls({"method": "GET", "padding": "1MB"}))
    await world.submit()
    await world.advance(to="idle")
    (call,) = receiver.calls
    assert (call.method, call.body) == ("GET", b"")
    assert {"content-type", "content-length", "transfer-encoding"}.isdisjoint(call.headers)
    assert (await world.deliveries())[0]["payload"] is None


async def test_padding_follows_the_payload_and_is_not_kept(world: World, receiver: Receiver) -> None:
    await world.play(**calls({"padding": "20MB"}, {"padding": 1, "body": "{"}))
    task_id = await world.submit()
    await world.advance(to="idle")
    long, short = receiver.calls
    assert len(long.body) - len(long.body.rstrip()) == 20_000_000
    assert long.payload["data"]["task_id"] == task_id
    assert short.body == b"{ "
    assert [one["payload"] for one in await world.deliveries()] == [long.payload, "{"]


async def test_answers_that_are_lost_are_written_down_and_the_delivery_comes_again(
    world: World, receiver: Receiver
) -> None:
    await world.play(**calls({"copies": 2}, answers_lost=1, retries=["5s", "10s"]))
    await world.submit()
    assert (await world.advance(to="idle"))["deliveries"] == 4
    for delivery in await world.deliveries():
        assert [(one["at"][-4:], one["status"]) for one in delivery["attempts"]] == [(":05Z", 204), (":10Z", 204)]
        assert delivery["next_attempt_at"] is None
    assert len({str(payload) for payload in receiver.payloads}) == 1


async def test_what_an_accepted_task_owes_does_not_change_with_the_scenario(world: World, receiver: Receiver) -> None:
    await world.play(**calls({"copies": 2, "status": "odd"}, answers_lost=1, retries=["1s"]))
    await world.submit()
    await world.play(**calls())
    await world.advance(to="idle")
    assert [payload["data"]["status"] for payload in receiver.payloads] == ["odd"] * 4


async def test_the_patience_with_a_receiver_is_that_of_the_submission_too(world: World, receiver: Receiver) -> None:
    receiver.answers = [None]
    await world.play(webhook={"timeout": "50ms", "retries": []})
    await world.submit()
    await world.play(name="happy")
    await world.advance(to="idle")
    assert (await world.deliveries())[0]["attempts"][0]["error"] == "no answer within 0.05 s"


async def test_a_retry_says_what_was_said_before_whatever_the_dialect(world: World, receiver: Receiver) -> None:
    receiver.answers = [500]
    await world.submit()
    await world.advance(seconds=5)
    await world.admin("PUT", "/dialect", {"name": "legacy"})
    await world.advance(to="idle")
    first, second = receiver.payloads
    assert first == second


async def test_without_calls_nobody_is_called(world: World, receiver: Receiver) -> None:
    await world.play(**calls())
    await world.submit()
    await world.admin("POST", f"/tasks/{await world.submit()}/complete")
    await world.advance(to="idle")
    assert (receiver.calls, await world.deliveries()) == ([], [])


async def test_a_thousand_deliveries_of_one_task_arrive(world: World, receiver: Receiver) -> None:
    await world.play(**calls({"copies": 900}, {"copies": 100, "status": "odd"}))
    await world.submit()
    assert (await world.advance(to="idle"))["deliveries"] == 1_000
    assert sum(payload["data"]["status"] == "odd" for payload in receiver.payloads) == 100


async def test_a_receiver_that_answers_before_it_has_read_all_is_written_down(world: World) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    await world.admin("PATCH", "/account", {"webhook_url": url})
    await world.play(**calls({"padding": "50MB"}, retries=[]))
    await world.admin("PATCH", "/account", {"webhook_url": url})
    await world.submit()
    await world.advance(to="idle")
    server.close()
    (delivery,) = await world.deliveries()
    (attempt,) = delivery["attempts"]
    assert attempt["status"] == 413 or attempt["error"]  # which of them, the network decides
