"""Submissions: what is refused, what is accepted and charged, and what then becomes of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.wire.raw import A_MOMENT, PATIENCE
from tests.wire.world import TASKS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tests.wire.claims import Claim
    from tests.wire.raw import Seen
    from tests.wire.world import World


def is_refused(seen: Seen, status: int, msg: str | None = None, *, code: int | None = None) -> None:
    assert (seen.status, seen.json["code"], seen.is_whole) == (status, code or status, True)
    assert msg is None or seen.msg == msg


def refused(status: int, msg: str | None = None, *, code: int | None = None, always: bool = True) -> Claim:
    """A submission gets that status, and nothing is charged; every one, or the first."""

    def claim(world: World) -> None:
        for _ in range(3 if always else 1):
            is_refused(world.submit(), status, msg, code=code)
        assert world.charges == []
        if not always:
            assert world.submit().status == 200

    return claim


def taken_and(end: str, status: int | None = None) -> Claim:
    """Each submission is charged; then its connection ends so, without a byte, or with that status."""

    def claim(world: World) -> None:
        for number in range(1, 3):
            seen = world.submit()
            assert (seen.end, seen.status) == (end, status)
            assert world.charges == ["submit"] * number

    return claim


def answered_without_an_id(**expected: Any) -> Claim:
    """An accepted submission whose answer has *expected* for its task_id; nothing: no such member."""

    def claim(world: World) -> None:
        seen = world.submit()
        assert seen.status == 200
        assert {name: value for name, value in seen.task.items() if name == "task_id"} == expected
        assert world.charges == ["submit"]

    return claim


def accepted(episodes: int, **options: Any) -> Claim:
    """It is accepted, charged once, whole, on a connection that stays open; the task exists."""

    def claim(world: World) -> None:
        seen = world.ask("POST", TASKS, world.submission(episodes) | options, linger=A_MOMENT)
        assert (seen.status, seen.end, seen.is_whole) == (200, "open", True)
        task_id = seen.task["task_id"]
        assert world.status(task_id) == "pending"
        assert world.charges == ["submit"]
        world.advance(to="idle")
        assert world.status(task_id) == "completed"

    return claim


def answered_by_a_gateway(world: World) -> None:
    taken_and("open", 504)(world)
    seen = world.submit()
    assert set(seen.json) == {"timestamp", "path", "status", "error", "requestId"}
    assert (seen.json["status"], seen.json["error"]) == (504, "Gateway Timeout")


def a_webhook_is_asked_for(world: World) -> None:
    refused(400, "An async request requires at least one webhook.")(world)
    assert world.receiver.calls == []
    assert world.submit().status == 200


def eight_at_once(world: World) -> None:
    connections = [world.connection() for _ in range(8)]
    for connection in connections:
        connection.send(world.bytes_of("POST", TASKS, world.submission()))
    answers = [connection.read() for connection in connections]
    assert [seen.status for seen in answers] == [200] * 8
    assert len({seen.task["task_id"] for seen in answers}) == 8
    assert world.charges == ["submit"] * 8


def limited_twice(world: World) -> None:
    for _ in range(2):
        is_refused(world.submit(), 400, "Request has exceeded the limit.")
    assert world.charges == []
    assert world.submit().status == 200


def told_to_come_again(world: World) -> None:
    seen = world.submit()
    is_refused(seen, 429, "Rate limit exceeded")
    assert seen.header("Retry-After") == "1"
    assert world.charges == []
    assert world.submit().status == 200


def odd_task_id(world: World) -> None:
    task_id = world.submitted()
    assert task_id.endswith("/b?c#d e%2F")
    assert world.status(task_id) == "pending"
    assert world.ask("GET", f"{TASKS}/{quote(task_id)}").status == 404  # its slash separates segments


def redirected(code: int) -> Claim:
    """The first goes to the same URL, and is not accepted; the next is."""

    def claim(world: World) -> None:
        seen = world.submit()
        assert (seen.status, seen.is_whole, seen.body) == (code, True, b"")
        assert seen.header("Location") == "http://{}:{}".format(*world.address) + TASKS
        assert world.charges == []
        assert world.submit().status == 200

    return claim


def redirected_elsewhere(world: World) -> None:
    seen = world.submit()
    assert (seen.status, seen.is_whole) == (307, True)
    location = str(seen.header("Location"))
    assert location.startswith("http://127.0.0.1:")
    assert f":{world.address[1]}/" not in location
    assert world.at(location).status == 401
    assert [entry["violations"] for entry in world.journal("otherOrigin")] == [[]]
    assert world.at(location, key=True).status == 401
    assert world.journal("otherOrigin")[1]["violations"][0]["rule"] == "auth/key-to-other-origin"
    assert world.charges == []


def charged_long_before_it_is_answered(world: World) -> None:
    connection = world.connection()
    connection.send(world.bytes_of("POST", TASKS, world.submission()))
    early = connection.read(patience=A_MOMENT)
    assert (early.data, early.end) == (b"", "open")
    assert world.charges == ["submit"]
    assert connection.read(patience=PATIENCE).status == 200


#: What is documented of an unknown asset, and of a balance that does not suffice.
NO_ASSET = "Asset not found"
NO_BALANCE = "Insufficient balance. Please recharge and try again."

CLAIMS: Mapping[str, Claim] = {
    "broke": refused(402, NO_BALANCE),
    "submit/200-business-error": refused(200, "Invalid request parameters", code=400),
    "submit/400-asset": refused(400, NO_ASSET),
    "submit/400-limit": limited_twice,
    "submit/402": refused(402, NO_BALANCE),
    "submit/403": refused(403, "Forbidden"),
    "submit/409": refused(409, "Request conflict"),
    "submit/415": refused(415, "Unsupported media type"),
    "submit/429-then-ok": told_to_come_again,
    "submit/500-after-accept": taken_and("open", 500),
    "submit/close-after-accept": taken_and("fin"),
    "submit/empty-task-id": answered_without_an_id(task_id=""),
    "submit/gateway-504-after-accept": answered_by_a_gateway,
    "submit/minimal": accepted(1),
    "submit/no-task-id": answered_without_an_id(),
    "submit/no-webhook-400": a_webhook_is_asked_for,
    "submit/null-task-id": answered_without_an_id(task_id=None),
    "submit/odd-task-id": odd_task_id,
    "submit/ok": accepted(1, config={"language": "en", "require_xlsx": True}),
    "submit/parallel-8": eight_at_once,
    "submit/redirect-302": redirected(302),
    "submit/redirect-307-cross": redirected_elsewhere,
    "submit/redirect-307-same": redirected(307),
    "submit/reset-after-accept": taken_and("rst"),
    "submit/twelve-episodes": accepted(12),
    "t/submit/slow-answer": charged_long_before_it_is_answered,
    "envelope/200-with-402": refused(200, NO_BALANCE, code=402),
}
#: Where all is well, a claim is told from nothing by another scenario.
AGAINST: Mapping[str, str] = {
    "submit/minimal": "submit/402",
    "submit/ok": "submit/close-after-accept",
    "submit/parallel-8": "submit/429-then-ok",
    "submit/twelve-episodes": "submit/500-after-accept",
}
