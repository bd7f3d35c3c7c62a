"""Accounts, keys, rate limits, cancelling, and days on which anything can happen."""

from __future__ import annotations

from collections import Counter
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tests.wire.claims.downloads import is_zip
from tests.wire.claims.submit import NO_BALANCE, accepted, is_refused
from tests.wire.raw import A_MOMENT
from tests.wire.world import TASKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.wire.claims import Claim
    from tests.wire.raw import Seen
    from tests.wire.world import World


def runs_out(world: World) -> None:
    seen = [world.submit() for _ in range(4)]
    accepted = [one.status for one in seen].index(402) if seen[-1].status == 402 else None
    assert accepted is not None
    is_refused(seen[-1], 402, NO_BALANCE)
    account = world.admin("GET", "/account")
    spent = sum(charge["micro_dollars"] for charge in account["charges"])
    assert (len(account["charges"]), account["balance_micro_dollars"]) == (accepted, 3_000_000 - spent)
    assert accepted > 0


def closed(status: int, msg: str) -> Claim:
    """Every call gets that."""

    def claim(world: World) -> None:
        calls = [("POST", TASKS), ("GET", f"{TASKS}/x"), ("DELETE", f"{TASKS}/x"), ("GET", f"{TASKS}/x/download")]
        for method, target in calls:
            is_refused(world.ask(method, target, {} if method == "POST" else None), status, msg)
        assert world.charges == []

    return claim


def revoked(world: World) -> None:
    task_id = world.submitted()
    assert world.status(task_id) == "pending"
    for seen in (world.poll(task_id), world.cancel(task_id), world.download(task_id)):
        is_refused(seen, 401, "Unauthorized")
    assert [task["status"] for task in world.tasks] == ["pending"]


def limited(status: int, msg: str, *after: str | None) -> Claim:
    """Of two submissions in one second the second one gets that, with these values of `Retry-After`."""

    def claim(world: World) -> None:
        task_id = world.submitted()
        seen = world.submit()
        is_refused(seen, status, msg)
        assert seen.headers("Retry-After") == list(after)
        assert world.poll(task_id).status == 200  # each operation by itself
        is_refused(world.poll(task_id), status, msg)
        world.advance(seconds=1)
        assert (world.submit().status, world.poll(task_id).status) == (200, 200)
        assert world.charges == ["submit", "submit"]

    return claim


def limited_with_a_date(world: World) -> None:
    world.submitted()
    seen = world.submit()
    is_refused(seen, 429, "Rate limit exceeded")
    wait = parsedate_to_datetime(str(seen.header("Retry-After"))) - parsedate_to_datetime(str(seen.header("Date")))
    assert 0 <= wait.total_seconds() <= 2


# Cancelling


def running(world: World) -> str:
    """The id of a task that has been running for a while."""
    task_id = world.submitted()
    world.advance(seconds=5)
    assert world.status(task_id) == "running"
    return task_id


def is_cancelled(seen: Seen, task_id: str) -> None:
    assert (seen.status, seen.task) == (200, {"task_id": task_id, "status": "cancelled"})


def cancelled(world: World) -> None:
    task_id = running(world)
    is_cancelled(world.cancel(task_id), task_id)
    assert world.status(task_id) == "cancelled"
    is_refused(world.download(task_id), 400, "Task is not completed yet, current status: cancelled")


def cancelled_and(end: str, status: int | None = None) -> Claim:
    """A cancel takes effect, and is answered so; the next one finds it done."""

    def claim(world: World) -> None:
        task_id = running(world)
        seen = world.cancel(task_id)
        assert (seen.end, seen.status) == (end, status)
        assert world.status(task_id) == "cancelled"
        is_refused(world.cancel(task_id), 400, "Task cannot be cancelled, current status: cancelled")

    return claim


def told_after_it(world: World) -> None:
    receiver, task_id = world.receiver, running(world)
    connection = world.connection()
    connection.send(world.bytes_of("DELETE", f"{TASKS}/{task_id}"))
    assert connection.read(patience=A_MOMENT).pieces == ()
    is_cancelled(connection.read(), task_id)
    world.advance(seconds=0.299)
    assert receiver.calls == []
    world.advance(to="idle")
    assert (receiver.statuses, world.status(task_id)) == (["completed"], "cancelled")


def too_late(world: World) -> None:
    task_id = running(world)
    is_refused(world.cancel(task_id), 400, "Task cannot be cancelled, current status: completed")
    assert world.status(task_id) == "completed"


def race(world: World) -> None:
    receiver, task_id = world.receiver, running(world)
    connection = world.connection()
    connection.send(world.bytes_of("DELETE", f"{TASKS}/{task_id}"))
    assert receiver.has(1, patience=1)
    told = (receiver.statuses, world.status(task_id))
    assert told == (["completed"], "completed")
    assert connection.read(patience=0).pieces == ()
    is_refused(connection.read(), 400, "Task cannot be cancelled, current status: completed")


# Bad days


def jobs(world: World, count: int) -> Iterator[Seen]:
    """All answers that a client gets who submits, polls and downloads so often, come what may."""
    for _ in range(count):
        seen = world.submit()
        yield seen
        if seen.status == 200:
            task_id = seen.task["task_id"]
            yield world.poll(task_id)
            world.advance(seconds=3)
            yield world.poll(task_id)
            yield world.download(task_id)


def kind_of(seen: Seen) -> str:
    """What has happened to an answer, in a word."""
    if seen.status is None:
        return seen.end
    if not seen.is_whole:
        return "short"
    if seen.status != 200:
        return f"{seen.status}{' html' if seen.body.startswith(b'<') else ''}"
    if seen.header("Content-Type") == "application/zip":
        return "zip" if is_zip(seen.body) else "bad zip"
    return "whole" if seen.body.endswith(b"}") else "cut"


def flaky(world: World) -> None:
    kinds = Counter(kind_of(seen) for seen in jobs(world, 30))
    assert {"503", "502 html", "rst", "zip"} < kinds.keys()
    assert kinds.keys() <= {"503", "502 html", "rst", "zip", "whole"}
    struck = kinds["503"] + kinds["502 html"] + kinds["rst"]
    assert 0.1 < struck / kinds.total() < 0.3
    accepted = [entry for entry in world.journal("submitTask") if entry["response"]["status"] == 200]
    assert world.charges.count("submit") == len(accepted)  # whatever was struck was not accepted


def chaos(world: World) -> None:
    receiver = world.receiver
    kinds = Counter(kind_of(seen) for seen in jobs(world, 50))
    unhappy = {"429", "504", "fin", "503", "rst", "502 html", "cut", "short", "bad zip"}
    assert unhappy | {"whole", "zip"} <= kinds.keys(), kinds
    assert any(entry["fault"] == "latency" for entry in world.journal("getTask"))
    lost = kinds["fin"] + kinds["504"]
    accepted = [entry for entry in world.journal("submitTask") if entry["response"]["status"] == 200]
    assert world.charges.count("submit") == len(accepted) + lost  # the answer was lost, the charge was not
    world.advance(to="idle")
    assert {"completed", "failed"} == set(receiver.statuses)
    assert set(Counter(call.body for call in receiver.calls).values()) == {2}


SOON = "Rate limit exceeded"

CLAIMS: Mapping[str, Claim] = {
    "chaos": chaos,
    "flaky": flaky,
    "rate-limited": limited(429, SOON, "1"),
    "account/runs-out": runs_out,
    "auth/disabled": closed(403, "Forbidden"),
    "auth/invalid": closed(401, "Unauthorized"),
    "auth/revoked-midway": revoked,
    "auth/valid": accepted(1),
    "cancel/500": cancelled_and("open", 500),
    "cancel/late-webhook": told_after_it,
    "cancel/lost-answer": cancelled_and("fin"),
    "cancel/ok": cancelled,
    "cancel/race": race,
    "cancel/too-late": too_late,
    "rate/documented-400": limited(400, "Request has exceeded the limit."),
    "rate/eight-tasks": limited(429, SOON),
    "rate/retry-after-date": limited_with_a_date,
    "rate/retry-after-garbage": limited(429, SOON, "soon"),
}
#: Where all is well, a claim is told from nothing by another scenario.
AGAINST: Mapping[str, str] = {"auth/valid": "auth/invalid"}
