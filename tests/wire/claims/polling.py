"""Polls: what the status of a task is said to be, what is said instead, and when to come again."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from tests.wire.raw import A_MOMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.wire.claims import Claim
    from tests.wire.raw import Seen
    from tests.wire.world import World

NOTHING = "nothing"  # stands for the status of an answer that did not come


def turns(*statuses: int | str) -> Claim:
    """Polls of one task get these HTTP statuses in turn; the task is charged once and lives on."""

    def claim(world: World) -> None:
        task_id = world.submitted()
        assert [seen.status or seen.end for seen in world.polls(len(statuses), task_id)] == list(statuses)
        assert world.charges == ["submit"]
        assert [task["status"] for task in world.tasks] == ["pending"]

    return claim


def says(*expected: Any) -> Claim:
    """Polls of one task, which stands still, have these as their `data` beside its id."""

    def claim(world: World) -> None:
        task_id = world.submitted()
        told = [seen.task for seen in world.polls(len(expected), task_id)]
        assert told == [{"task_id": task_id} | one for one in expected]

    return claim


def life(*moments: tuple[float, str], webhook: bool | None = None, **at_the_end: Any) -> Claim:
    """
    A task has these statuses at these virtual seconds since its submission, and at the end these other members.

    *webhook*: whether a call has come by then.
    """

    def claim(world: World) -> None:
        receiver = world.receiver
        task_id, passed = world.submitted(), 0.0
        for at, status in moments:
            world.advance(seconds=round(at - passed, 3))
            passed = at
            seen = world.poll(task_id)
            assert (seen.status, seen.task["status"], at) == (200, status, at)
            assert ("progress" in seen.task) == (status == "running")
        assert {name: value for name, value in seen.task.items() if name in at_the_end} == at_the_end
        assert webhook is None or bool(receiver.calls) is webhook

    return claim


def takes_its_time(world: World) -> None:
    receiver = world.receiver
    task_id = world.submitted()
    world.advance(seconds=60)
    assert world.status(task_id) in {"pending", "running"}
    (task,) = world.tasks
    ended = task["planned"][-1]["at"]
    world.admin("PUT", "/clock", {"now": ended})
    assert world.status(task_id) == "completed"
    world.advance(seconds=1.9)
    assert receiver.calls == []
    world.advance(seconds=6.2)
    assert receiver.statuses == ["completed"]


def not_found(times: int, *, then: int) -> Claim:
    def claim(world: World) -> None:
        task_id = world.submitted()
        *first, last = world.polls(times + 1, task_id)
        assert {(seen.status, seen.msg) for seen in first} == {(404, f"Task not found for id: {task_id}")}
        assert last.status == then
        assert [task["task_id"] for task in world.tasks] == [task_id]

    return claim


def not_modified(world: World) -> None:
    seen = world.polls(4)
    assert [one.status for one in seen] == [200, 200, 304, 200]
    assert {one.header("ETag") for one in seen} == {'"1"'}
    assert seen[2].body == b""
    assert seen[2].header("Content-Type") is None


def extra_members(world: World) -> None:
    submitted = world.submit()
    task_id = submitted.task["task_id"]
    for seen in (submitted, world.poll(task_id), world.cancel(task_id)):
        assert seen.json.get("trace_id", seen.task.get("trace_id")) == "4bf92f35"
        assert seen.task.get("priority") == 3
        assert seen.task["links"] == {"self": "/v3"}


def goes_back(world: World) -> None:
    told = [seen.task for seen in world.polls(5)]
    assert [one["status"] for one in told] == ["running", "running", "pending", "pending", "running"]
    assert ["progress" in one for one in told] == [True, True, False, False, True]


def odd_progress(world: World) -> None:
    told = [seen.task.get("progress", {}) for seen in world.polls(8)][1:]
    numbers = [one and (one.get("total_episodes"), one.get("completed_episodes")) for one in told]
    assert numbers == [(3, 2), (3, 1), (1, 7), (0, 0), None, ("3", None), (1, 0)]


def come_again(*expected: tuple[int, str | None]) -> Claim:
    """Polls get these statuses in turn, with these values of `Retry-After`."""

    def claim(world: World) -> None:
        told = [(seen.status, seen.header("Retry-After")) for seen in world.polls(len(expected))]
        assert told == list(expected)

    return claim


def come_again_at(world: World) -> None:
    _, seen, after = world.polls(3)
    assert (seen.status, after.status) == (503, 200)
    wait = parsedate_to_datetime(str(seen.header("Retry-After"))) - parsedate_to_datetime(str(seen.header("Date")))
    assert 3 <= wait.total_seconds() <= 5


def each_task_by_itself(world: World) -> None:
    for task_id in [world.submitted() for _ in range(3)]:
        assert [seen.status for seen in world.polls(5, task_id)] == [503] * 4 + [200]


def sixty_of_all_tasks(world: World) -> None:
    tasks = [world.submitted() for _ in range(20)]
    assert [world.poll(task_id).status for _ in range(3) for task_id in tasks] == [503] * 60
    assert [world.poll(task_id).status for task_id in tasks] == [200] * 20


def without_retry_after(claim: Claim, times: int) -> Claim:
    def with_it(world: World) -> None:
        claim(world)
        assert [seen.header("Retry-After") for seen in world.polls(times)] == [None] * times

    return with_it


def comes_late(world: World) -> None:
    task_id = world.submitted()
    for _ in range(2):
        connection = world.connection()
        connection.send(world.bytes_of("GET", f"/serve/api/v2/screenplay/tasks/{task_id}"))
        early: Seen = connection.read(patience=A_MOMENT)
        assert (early.data, early.end) == (b"", "open")
        assert connection.read().status == 200


PENDING = {"status": "pending"}
UNKNOWN = {"status": "archived"}
FAILED = {"error_code": "PROCESSING_FAILED", "error_message": "The video could not be processed."}
YEAR = str(365 * 86_400)

CLAIMS: Mapping[str, Claim] = {
    "happy": life((1.999, "pending"), (2, "running"), (4.999, "running"), (5, "completed"), webhook=True),
    "quick": life((0.299, "pending"), (0.3, "running"), (0.899, "running"), (0.9, "completed"), webhook=True),
    "slow": takes_its_time,
    "failing": life((2, "running"), (3.499, "running"), (3.5, "failed"), webhook=True, **FAILED),
    "stuck": life((2, "running"), (86_400, "running"), webhook=False),
    "poll/304": not_modified,
    "poll/404-forever": not_found(20, then=404),
    "poll/404-then-ok": not_found(2, then=200),
    "poll/429-burst": turns(200, 429, 429, 429, 200),
    "poll/500-once": turns(200, 500, 200),
    "poll/503-once": turns(200, 503, 200),
    "poll/cancelled": life((0.3, "running"), (0.9, "cancelled"), (99, "cancelled"), webhook=False),
    "poll/completed": life((0.3, "running"), (0.9, "completed"), (99, "completed")),
    "poll/extra-fields": extra_members,
    "poll/failed": life((0.3, "running"), (0.6, "failed"), (99, "failed"), webhook=True, **FAILED),
    "poll/failed-unicode-message": life(
        (0.6, "failed"), error_code="NO_DIALOGUE", error_message='第 3 集没有对白 😿, "très étrange"'
    ),
    "poll/fast": life((0, "completed"), webhook=True),
    "poll/odd-progress": odd_progress,
    "poll/ok": life((0, "pending"), (0.3, "running"), (0.9, "completed")),
    "poll/pending-no-progress": life((0.999, "pending"), (1, "running"), (1.6, "completed")),
    "poll/regress": goes_back,
    "poll/reset-once": turns(200, "rst", 200),
    "poll/unknown-error-code": life((0.6, "failed"), error_code="E-9321/b", error_message="Unknown."),
    "poll/unknown-status": says(PENDING, UNKNOWN, UNKNOWN, UNKNOWN, PENDING),
    "retry/after-garbage": come_again((200, None), (503, "soon"), (503, "-5"), (503, YEAR), (200, None)),
    "retry/non-retryable": turns(*[501] * 20),
    "t/poll/long-pending": life((2.999, "pending"), (3, "running"), (3.6, "completed")),
    "t/poll/never-ends": life((0.3, "running"), (86_400, "running"), webhook=False),
    "t/poll/slow-answers": comes_late,
    "t/rate/outage-20-tasks": sixty_of_all_tasks,
    "t/retry/503-forever": turns(*[503] * 50),
    "t/retry/503x5": without_retry_after(turns(503, 503, 503, 503, 503, 200), 5),
    "t/retry/after-date": come_again_at,
    "t/retry/after-seconds": come_again((200, None), (429, "3"), (503, "3"), (200, None)),
    "t/retry/jitter": each_task_by_itself,
    "t/retry/reset-forever": turns(*["rst"] * 20),
    "lifecycle/kill-after-submit": life((0.999, "pending"), (1.999, "running"), (2, "completed")),
    "lifecycle/sigint": life((0.3, "running"), (86_400, "running"), webhook=False),
}
#: Where all is well, a claim is told from nothing by another scenario.
AGAINST: Mapping[str, str] = {
    "quick": "happy",
    "poll/completed": "poll/cancelled",
    "poll/ok": "poll/fast",
}
