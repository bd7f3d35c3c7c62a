"""Servers whose tasks do not live as they should, or say so wrongly."""

from __future__ import annotations

from typing import Any

from tests.broken_servers.edits import (
    admin,
    asked,
    assets_of,
    broken,
    drop,
    err,
    ok,
    put,
    says,
    succeeds,
    where,
)
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory
from tests.broken_servers.row import row

from screenplay_contracts.server import magic

SCHEMA = "schema/response"
STILL = ("download/not-completed", "seed/same-again", "status/progress-total")


def _running(task_id: str | None, done: int) -> dict[str, Any]:
    progress = {"total_episodes": 3, "completed_episodes": done}
    return {"task_id": task_id, "status": "running", "progress": progress}


def _counted(name: str, change: Any) -> Any:
    """An edit of a number in the progress; *change* makes it of (completed, total)."""

    def edit(_: Ask, answer: Answer, __: Memory) -> None:
        body = answer.json
        progress = body["data"]["progress"]
        progress[name] = change(progress["completed_episodes"], progress["total_episodes"])
        answer.json = body

    return edit


def _again(ask: Ask, answer: Answer, memory: Memory) -> None:
    """A task that was seen completed twice runs again."""
    is_completed = ask.operation == "getTask" and answer.ok and answer.json["data"]["status"] == "completed"
    if is_completed and memory.count(ask.subject) > 2:
        succeeds(_running(ask.subject, 2))(ask, answer, memory)


def _waits_again(ask: Ask, answer: Answer, memory: Memory) -> None:
    """In the middle of its work a task waits again."""
    if ask.operation == "getTask" and answer.ok:
        progress = answer.json["data"].get("progress", {})
        if progress.get("completed_episodes") == 1:
            succeeds({"task_id": ask.subject, "status": "pending"})(ask, answer, memory)


def _runs_at_second_look(ask: Ask, answer: Answer, memory: Memory) -> None:
    is_pending = ask.operation == "getTask" and answer.ok and answer.json["data"]["status"] == "pending"
    if is_pending and memory.count(ask.subject) >= 2:
        succeeds(_running(ask.subject, 0))(ask, answer, memory)


def _not_cancelled(ask: Ask, answer: Answer, memory: Memory) -> None:
    """After a cancel the task is still running."""
    if ask.operation == "cancelTask" and answer.ok:
        memory[ask.subject] = True
    if ask.operation == "getTask" and answer.ok and memory.get(ask.subject):
        succeeds(_running(ask.subject, 1))(ask, answer, memory)


def _late(ask: Ask, answer: Answer, memory: Memory) -> None:
    """A task that should be completed at once is not, at first."""
    if ask.operation == "submitTask" and answer.ok and assets_of(ask) == [magic.COMPLETES]:
        memory[answer.json["data"]["task_id"]] = 0
    if ask.operation == "getTask" and ask.subject in memory and memory.count(ask.subject) == 1:
        succeeds({"task_id": ask.subject, "status": "pending"})(ask, answer, memory)


STATUS = (
    row(
        "a running task is processing",
        "status/known-values",
        "life",
        broken(where(ok("getTask"), status="running"), put("data.status", "processing")),
        SCHEMA,
        "status/progress-only-while-running",
        "download/not-completed",
        "webhook/agrees-with-status",
    ),
    row(
        "the answer is about another task",
        "status/same-task",
        "life",
        broken(ok("getTask"), put("data.task_id", "ros-sd-20260313-00000000")),
    ),
    row(
        "a pending task has progress",
        "status/progress-only-while-running",
        "life",
        broken(
            where(ok("getTask"), status="pending"), put("data.progress", {"total_episodes": 3, "completed_episodes": 0})
        ),
        SCHEMA,
        "status/progress-total",
    ),
    row(
        "more episodes are completed than there are",
        "status/progress-numbers",
        "life",
        broken(where(ok("getTask"), status="running"), _counted("completed_episodes", lambda _, total: total + 1)),
    ),
    row(
        "total_episodes counts one too many",
        "status/progress-total",
        "life",
        broken(where(ok("getTask"), status="running"), _counted("total_episodes", lambda _, total: total + 1)),
    ),
    row(
        "progress goes back",
        "status/progress-never-back",
        "life",
        broken(
            where(ok("getTask"), status="running"), _counted("completed_episodes", lambda done, total: total - done)
        ),
    ),
    row(
        "a completed task runs again",
        "status/terminal-is-for-ever",
        "life",
        Fault(answer=_again),
        "status/progress-total",
    ),
    row("a running task waits again", "status/never-back", "life", Fault(answer=_waits_again)),
    row(
        "a completed task has an error",
        "status/errors-only-when-failed",
        "life",
        broken(where(ok("getTask"), status="completed"), put("data.error_code", None)),
        SCHEMA,
        "magic/tasks",
    ),
    row(
        "a failed task does not say why",
        "status/failed-says-why",
        "failure",
        broken(where(ok("getTask"), status="failed"), drop("data.error_message")),
        SCHEMA,
        "webhook/agrees-with-status",
    ),
    row(
        "an unknown task has another text",
        "status/unknown-task",
        "door",
        broken(err("getTask", msg="Task not found"), put("msg", "No such task")),
    ),
    row("a task goes on while no time passes", "time/stands-still", "life", Fault(answer=_runs_at_second_look), *STILL),
    row(
        "a task that should fail completes",
        "magic/tasks",
        "magic",
        broken(
            where(ok("getTask"), status="failed"),
            put("data.status", "completed"),
            drop("data.error_code"),
            drop("data.error_message"),
        ),
        "webhook/agrees-with-status",
        "download/completed",
        "download/not-completed",
        "status/failed-says-why",
        "cancel/refusal",
    ),
    row("a task that should complete at once waits", "magic/at-once", "magic", Fault(answer=_late)),
)

CANCEL = (
    row(
        "a pending task cannot be cancelled",
        "cancel/unfinished",
        "cancel",
        broken(ok("cancelTask"), says(400, "Task cannot be cancelled, current status: pending")),
    ),
    row(
        "a cancelled task is cancelled again",
        "cancel/only-unfinished",
        "cancel",
        broken(
            err("cancelTask", msg="Task cannot be cancelled, current status: cancelled"),
            succeeds(lambda ask: {"task_id": ask.subject, "status": "cancelled"}),
        ),
    ),
    row(
        "a refusal to cancel does not say why",
        "cancel/refusal",
        "cancel",
        broken(err("cancelTask", msg="Task cannot"), put("msg", "Too late")),
    ),
    row(
        "a cancel answers canceled",
        "cancel/answer",
        "cancel",
        broken(ok("cancelTask"), put("data.status", "canceled")),
        SCHEMA,
    ),
    row(
        "a cancelled task goes on",
        "cancel/is-seen",
        "cancel",
        Fault(answer=_not_cancelled),
        "status/terminal-is-for-ever",
        "status/progress-total",
        "download/not-completed",
        "cancel/unfinished",
    ),
    row(
        "the cancel of an unknown task has another text",
        "cancel/unknown-task",
        "door",
        broken(err("cancelTask", msg="Task not found"), put("msg", "No such task")),
    ),
)


def _clock_goes_back(ask: Ask, answer: Answer, memory: Memory) -> None:
    if ask.method == "PUT" and ask.path == "/__admin/clock" and answer.status == 409:
        now = memory.upstream(Ask("GET", ask.target, ask.headers, b"")).json["now"]
        answer.become(200, {"now": now, "mode": "manual"})


def _all_clocks_move(ask: Ask, answer: Answer, memory: Memory) -> None:
    """An advance moves the clock of the sandbox that was looked at last, too."""
    if ask.method == "GET" and ask.path == "/__admin/clock":
        memory["last"] = ask.key
    if ask.path == "/__admin/clock/advance" and answer.ok and memory.get("last") not in {None, ask.key}:
        memory.upstream(Ask("POST", ask.target, ask.headers | {"Authorization": memory["last"]}, ask.body))


def _fast(text: str) -> str:
    return text.replace("T1", "T0") if "T1" in text else text.replace("T0", "T1")


TIMES = (
    row(
        "an advance lands somewhere else",
        "time/advances",
        "clock",
        broken(asked(admin("POST", "/clock/advance"), lambda ask: b"90.5" in ask.body), put("now", _fast)),
        "time/created-now",
    ),
    row("a clock can be set back", "time/never-back", "clock", Fault(answer=_clock_goes_back)),
    row("clocks move together", "time/own-clock", "clock", Fault(answer=_all_clocks_move)),
    row(
        "Date is years ago",
        "time/date-is-wall-time",
        "door",
        broken(err(), lambda _, answer, __: answer.headers.update(Date="Fri, 13 Mar 2020 10:00:00 GMT")),
    ),
)


def _lets_through(ask: Ask, answer: Answer, memory: Memory) -> None:
    """The status call knows no limit: it answers what it has answered before."""
    if ask.operation == "getTask" and answer.ok:
        memory[ask.target] = answer.body
    if ask.operation == "getTask" and answer.status == 429:
        answer.status, answer.body = 200, memory[ask.target]


def _limits_too_much(ask: Ask, answer: Answer, memory: Memory) -> None:
    if ask.operation == "getTask" and answer.ok and memory.count(ask.key) == 2:
        says(429, "Rate limit exceeded")(ask, answer, memory)


LIMITS = (
    row("the limit does not strike", "limit/strikes", "limit", Fault(answer=_lets_through)),
    row(
        "the limit lasts longer than a second",
        "limit/lets-through",
        "limit",
        Fault(answer=_limits_too_much),
        "seed/same-again",
    ),
    row(
        "the limit has another text",
        "limit/answer",
        "limit",
        broken(err(msg="Rate limit exceeded"), put("msg", "Too many requests")),
        "limit/strikes",
    ),
)

ROWS = (*STATUS, *CANCEL, *TIMES, *LIMITS)
