"""Webhook calls, as they arrive at a receiver that is nothing but sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.wire.raw import A_MOMENT
from tests.wire.world import TASKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.wire.claims import Claim
    from tests.wire.receiver import WebhookCall
    from tests.wire.world import World


def ended(world: World) -> tuple[str, list[WebhookCall]]:
    """The id of a task of which there is nothing more to tell, and the calls that told of it."""
    receiver = world.receiver
    task_id = world.submitted()
    world.advance(to="idle")
    return task_id, receiver.calls


def is_fetched_slowly(world: World, task_id: str) -> None:
    """Its download takes longer than it takes a webhook to come."""
    assert not world.download(task_id, reads=6).is_whole


def once(world: World) -> None:
    task_id, (*none, call) = ended(world)
    assert none == []
    assert call.head.startswith(b"POST /hook HTTP/1.1\r\n")
    assert call.content_type == b"application/json"
    assert b"\r\nauthorization:" not in call.head.lower()
    assert call.json["data"] == {"task_id": task_id, "status": "completed"}


def at_the_same_time(world: World) -> None:
    receiver = world.receiver
    task_id = world.submitted()
    world.advance(seconds=0.899)
    assert (world.status(task_id), receiver.calls) == ("running", [])
    world.advance(seconds=0.001)
    assert (world.status(task_id), receiver.statuses) == ("completed", ["completed"])


def two_ids(world: World) -> None:
    task_id, calls = ended(world)
    payload = calls[-1].json
    assert payload["data"]["task_id"] == task_id
    assert len(payload["task_id"]) == 32
    assert payload["task_id"] != task_id


def told_times(count: int) -> Claim:
    """The end is told so often, in the same words."""

    def claim(world: World) -> None:
        task_id, calls = ended(world)
        assert [call.json["data"] for call in calls] == [{"task_id": task_id, "status": "completed"}] * count
        assert len({call.body for call in calls}) == min(count, 1)
        assert world.status(task_id) == "completed"

    return claim


def burst(world: World) -> None:
    """Nobody is answered before all fifty are there."""
    receiver = world.receiver
    receiver.hold(50)
    world.admin("PUT", "/clock", {"mode": "x100"})
    world.submitted()
    assert receiver.has(1)
    assert receiver.has(2, patience=1)
    assert receiver.has(50), f"{len(receiver.calls)} calls at once"


def late(world: World) -> None:
    receiver = world.receiver
    task_id = world.submitted()
    world.advance(seconds=1.399)
    assert (world.status(task_id), receiver.calls) == ("completed", [])
    world.advance(seconds=0.001)
    assert receiver.statuses == ["completed"]
    is_fetched_slowly(world, task_id)


def ahead(said: str, *, truth: str, then: list[str]) -> Claim:
    """Something is said when the task starts; the task ends in truth, and what is said by then is *then*."""

    def claim(world: World) -> None:
        receiver = world.receiver
        task_id = world.submitted()
        world.advance(seconds=0.3)
        assert receiver.statuses == [said]
        assert receiver.calls[0].json["data"]["task_id"] == task_id
        assert world.status(task_id) == "running"
        world.advance(to="idle")
        assert (world.status(task_id), receiver.statuses) == (truth, then)

    return claim


def unknown_status(world: World) -> None:
    ahead("archived", truth="completed", then=["archived", "completed"])(world)
    odd, true = (call.json for call in world.receiver.calls)
    assert (odd["version"], odd["data"]["reason"], odd["data"]["links"]) == (3, "policy", [])
    assert true.keys() == {"code", "message", "data", "task_id"}


def unknown_task(world: World) -> None:
    task_id, (*odd, true) = ended(world)
    assert [call.status for call in odd] == ["completed"] * 3
    (unknown,) = {call.json["data"]["task_id"] for call in odd}
    assert true.json["data"]["task_id"] == task_id != unknown
    assert world.poll(unknown).status == 400


def before_the_answer(world: World) -> None:
    receiver = world.receiver
    connection = world.connection()
    connection.send(world.bytes_of("POST", TASKS, world.submission()))
    assert connection.read(patience=A_MOMENT).pieces == ()
    assert receiver.has(1)
    assert connection.read(patience=0).pieces == ()
    seen = connection.read()
    assert receiver.calls[0].json["data"] == {"task_id": seen.task["task_id"], "status": "completed"}


def garbage(world: World) -> None:
    task_id, calls = ended(world)
    assert [call.is_json for call in calls] == [False, False, False, True, True]
    *first, long, true = calls
    assert {(call.method, call.content_type, call.body) for call in first} == {  # at once, so in any order
        ("POST", b"application/json", b'{"code": 200, "data": {'),
        ("POST", b"application/xml", b"<task>completed</task>"),
        ("GET", None, b""),
    }
    assert len(long.body) > 20_000_000
    assert true.json["data"] == {"task_id": task_id, "status": "completed"}


def again_although_answered(world: World) -> None:
    task_id, calls = ended(world)
    first, second = calls[0], calls[-1]
    assert (len(calls), first.body == second.body) == (2, True)
    (delivery,) = world.admin("GET", "/deliveries")["deliveries"]
    assert [attempt["status"] for attempt in delivery["attempts"]] == [200, 200]
    is_fetched_slowly(world, task_id)


def out_of_order(world: World) -> None:
    receiver = world.receiver
    first, second = world.submitted(), world.submitted()
    world.advance(to="idle")
    told = [(call.json["data"]["task_id"], call.status) for call in receiver.calls]
    assert told[:2] == [(second, "completed"), (first, "completed")]
    assert sorted(told[2:]) == sorted([(first, "running"), (second, "running")])
    is_fetched_slowly(world, first)


def tempting(world: World) -> None:
    _, (call, *_) = ended(world)
    url = str(call.json.get("result_url"))
    assert url.startswith("http://127.0.0.1:")
    assert call.json["data"]["download_url"] == url
    assert f":{world.address[1]}/" not in url
    for key in (False, True):
        assert world.at(url, key=key).status == 401
    rules = [[one["rule"] for one in entry["violations"]] for entry in world.journal("otherOrigin")]
    assert rules == [[], ["auth/key-to-other-origin"]]


CLAIMS: Mapping[str, Claim] = {
    "webhook/ahead-of-status": ahead("completed", truth="completed", then=["completed"]),
    "webhook/before-submit-response": before_the_answer,
    "webhook/burst": burst,
    "webhook/duplicate": told_times(5),
    "webhook/forged-completed": ahead("completed", truth="failed", then=["completed"]),
    "webhook/forged-failed": ahead("failed", truth="completed", then=["failed", "completed"]),
    "webhook/garbage": garbage,
    "webhook/late": late,
    "webhook/lost": told_times(0),
    "webhook/ok": once,
    "webhook/out-of-order": out_of_order,
    "webhook/race-with-poll": at_the_same_time,
    "webhook/retry-after-500": again_although_answered,
    "webhook/two-ids": two_ids,
    "webhook/unknown-status": unknown_status,
    "webhook/unknown-task": unknown_task,
    "webhook/url-in-payload": tempting,
}
#: Where all is well, a claim is told from nothing by another scenario.
AGAINST: Mapping[str, str] = {
    "webhook/ok": "webhook/garbage",
    "webhook/race-with-poll": "webhook/late",
    "webhook/two-ids": "the legacy dialect",
}
