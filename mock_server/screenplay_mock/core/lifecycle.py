"""
The life of a task: an event in, the next task and its effects out.

Every change of status is a row of TRANSITIONS; nothing else moves a task.
Times are whole milliseconds since 1970-01-01T00:00:00Z, on the clock of the sandbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Status(StrEnum):
    """The five names of the page get-task-status."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Started:
    at: int


@dataclass(frozen=True, slots=True)
class Progressed:
    """One more episode is done: *completed_episodes* so far."""

    at: int
    completed_episodes: int


@dataclass(frozen=True, slots=True)
class Completed:
    at: int


@dataclass(frozen=True, slots=True)
class Failed:
    at: int
    error_code: str
    error_message: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    at: int


Event = Started | Progressed | Completed | Failed | Cancelled

# docs silent: the vendor gives five names and the rule of cancelling, no diagram. A task may end without ever
# having been seen running; it never goes back.
TRANSITIONS: Mapping[Status, Mapping[type[Event], Status]] = {
    Status.PENDING: {
        Started: Status.RUNNING,
        Completed: Status.COMPLETED,
        Failed: Status.FAILED,
        Cancelled: Status.CANCELLED,
    },
    Status.RUNNING: {
        Progressed: Status.RUNNING,
        Completed: Status.COMPLETED,
        Failed: Status.FAILED,
        Cancelled: Status.CANCELLED,
    },
    Status.COMPLETED: {},
    Status.FAILED: {},
    Status.CANCELLED: {},
}

TERMINAL = frozenset(status for status, ways_out in TRANSITIONS.items() if not ways_out)

#: The ends that a webhook tells: the submit page names these two as the callback's `data.status`.
TOLD = frozenset({Status.COMPLETED, Status.FAILED})


@dataclass(frozen=True, slots=True)
class Task:
    """A task at one instant. `error_code` and `error_message` are set exactly when it failed."""

    id: str
    total_episodes: int
    status: Status = Status.PENDING
    completed_episodes: int = 0
    ended_at: int | None = None
    error_code: str | None = None
    error_message: str | None = None


@dataclass(frozen=True, slots=True)
class CallWebhook:
    """Tell the account's webhook how *task* ended."""

    task: Task


Effect = CallWebhook


class IllegalTransition(Exception):
    """An event that the task's status does not allow. Carries `task` and `event`."""

    def __init__(self, task: Task, event: Event) -> None:
        super().__init__(task, event)
        self.task = task
        self.event = event

    def __str__(self) -> str:
        allowed = ", ".join(event.__name__ for event in TRANSITIONS[self.task.status])
        return f"task {self.task.id!r} is {self.task.status}, so {type(self.event).__name__} cannot happen; " + (
            f"what can: {allowed}" if allowed else "it has ended"
        )


def step(task: Task, event: Event) -> tuple[Task, tuple[Effect, ...]]:
    """The task after *event*, and what the shell must now do. Raises IllegalTransition."""
    status = TRANSITIONS[task.status].get(type(event))
    if status is None:
        raise IllegalTransition(task, event)
    done = task.completed_episodes
    ended_at: int | None = None
    code: str | None = None
    message: str | None = None
    match event:
        case Progressed():
            if not done < event.completed_episodes < task.total_episodes:
                raise IllegalTransition(task, event)
            done = event.completed_episodes
        case Completed():
            done, ended_at = task.total_episodes, event.at
        case Failed():
            ended_at, code, message = event.at, event.error_code, event.error_message
        case Cancelled():
            ended_at = event.at
    moved = Task(task.id, task.total_episodes, status, done, ended_at, code, message)
    return moved, (CallWebhook(moved),) if status in TOLD else ()
