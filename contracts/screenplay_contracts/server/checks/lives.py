"""How a task lives: what its status may be, when there is progress, and what ends it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import shapes
from screenplay_contracts.server.checks.looking import MUST, SHOULD
from screenplay_contracts.server.checks.saying import kept, shown
from screenplay_contracts.server.recording import TERMINAL
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording, TaskHistory
    from screenplay_contracts.verdict import Outcome

STATUS, CANCEL = "get-task-status page", "cancel-task page"
STATUSES = frozenset({"pending", "running"}) | TERMINAL


def _told(recorded: Recording) -> Iterator[Call]:
    """Status answers."""
    yield from (call for call in recorded.of("getTask") if call.succeeded)


def known_values(recorded: Recording) -> Iterator[Outcome]:
    for call in _told(recorded):
        status = call.data.get("status")
        is_so = isinstance(status, str) and status in STATUSES
        yield kept(is_so, f"one of {', '.join(sorted(STATUSES))}", f"status {shown(status)}", call)


def same_task(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.of("getTask", "cancelTask"):
        if call.succeeded:
            told = call.data.get("task_id")
            yield kept(told == call.subject, f"task_id {shown(call.subject)}", f"task_id {shown(told)}", call)


def progress_while_running(recorded: Recording) -> Iterator[Outcome]:
    for call in _told(recorded):
        running, there = call.data.get("status") == "running", "progress" in call.data
        expected = "progress, since it is running" if running else "no progress, since it is not running"
        yield kept(running == there, expected, shown(call.data), call)


def _progress(recorded: Recording) -> Iterator[tuple[TaskHistory, Call, Any, Any]]:
    """(task, call, total, completed) of each answer with progress."""
    for task in recorded.tasks:
        for call in task.asked("getTask"):
            if call.succeeded and "progress" in call.data:
                progress = call.data["progress"]
                progress = progress if isinstance(progress, dict) else {}
                yield task, call, progress.get("total_episodes"), progress.get("completed_episodes")


def progress_numbers(recorded: Recording) -> Iterator[Outcome]:
    for _, call, total, done in _progress(recorded):
        is_so = type(total) is int and type(done) is int and 0 <= done <= total
        expected = "whole numbers, 0 <= completed_episodes <= total_episodes"
        yield kept(is_so, expected, shown(call.data.get("progress")), call)


def progress_total(recorded: Recording) -> Iterator[Outcome]:
    for task, call, total, _ in _progress(recorded):
        if task.submission is not None and not shapes.faults(task.submission.sent):
            episodes = len(task.submission.sent["episodes"])
            yield kept(total == episodes, f"total_episodes {episodes}", f"{shown(total)}", call, task.submission)


def progress_never_back(recorded: Recording) -> Iterator[Outcome]:
    last: dict[tuple[str, str], int] = {}
    for task, call, _, done in _progress(recorded):
        if type(done) is int and call.number not in task.unordered:
            before = last.get((task.account, task.id), 0)
            yield kept(done >= before, f"completed_episodes at least {before}, as before", f"{done}", call)
            last[task.account, task.id] = done


def terminal_for_ever(recorded: Recording) -> Iterator[Outcome]:
    for task in recorded.tasks:
        for (before, was), (after, now) in pairwise(task.seen):
            if was in TERMINAL:
                yield kept(now == was, f"{was}, for ever", f"{now}", before, after)


def never_back(recorded: Recording) -> Iterator[Outcome]:
    for task in recorded.tasks:
        for (before, was), (after, now) in pairwise(task.seen):
            if was == "running":
                yield kept(now != "pending", "a task that has started does not wait again", now, before, after)


def error_members(recorded: Recording) -> Iterator[Outcome]:
    for call in _told(recorded):
        failed, there = call.data.get("status") == "failed", {"error_code", "error_message"} & call.data.keys()
        if not failed:
            yield kept(not there, "error members only when it has failed", shown(call.data), call)


def error_texts(recorded: Recording) -> Iterator[Outcome]:
    for call in _told(recorded):
        if call.data.get("status") == "failed":
            code, message = call.data.get("error_code"), call.data.get("error_message")
            is_so = isinstance(code, str) and code != "" and isinstance(message, str)
            yield kept(is_so, "error_code and error_message, texts", shown(call.data), call)


RULES = (
    rule("status/known-values", MUST, STATUS, "A status is one of the five.", known_values, Need.MONEY),
    rule(
        "status/same-task",
        MUST,
        f"{STATUS}, {CANCEL}",
        "The answer is about the task that was asked for.",
        same_task,
        Need.MONEY,
    ),
    rule(
        "status/progress-only-while-running",
        MUST,
        f'{STATUS}: only when status is "running"',
        "There is progress exactly while a task is running.",
        progress_while_running,
        Need.MONEY,
    ),
    rule(
        "status/progress-numbers",
        MUST,
        STATUS,
        "Progress is two whole numbers, one at most the other.",
        progress_numbers,
        Need.MONEY,
    ),
    rule(
        "status/progress-total", MUST, STATUS, "total_episodes is the number of episodes.", progress_total, Need.MONEY
    ),
    rule(
        "status/progress-never-back",
        MUST,
        f"{STATUS}: completed episodes; docs silent: an episode that is done stays done",
        "completed_episodes never falls.",
        progress_never_back,
        Need.MONEY,
    ),
    rule(
        "status/terminal-is-for-ever",
        MUST,
        f"{STATUS}: finished; {CANCEL}: cannot be resumed",
        "A task that has completed, failed or been cancelled stays so.",
        terminal_for_ever,
        Need.MONEY,
    ),
    rule(
        "status/never-back",
        SHOULD,
        "docs silent: there is no transition diagram",
        "A running task does not become pending again.",
        never_back,
        Need.MONEY,
    ),
    rule(
        "status/errors-only-when-failed",
        MUST,
        f'{STATUS}: only when status is "failed"',
        "error_code and error_message are there only when a task has failed.",
        error_members,
        Need.MONEY,
    ),
    rule(
        "status/failed-says-why",
        MUST,
        STATUS,
        "A failed task has an error_code and an error_message.",
        error_texts,
        Need.MAGIC,
    ),
)
