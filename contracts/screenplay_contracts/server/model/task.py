"""
How a task may be, and what it may be answered for: by what was asked for, what has been seen of it, and the time.

Times are whole milliseconds of the clock of its account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import answers
from screenplay_contracts.server.model.allowed import ANY_TEXT, File, Success, Such, TurnedDown, between
from screenplay_contracts.server.recording import TERMINAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screenplay_contracts.server.answers import Refusal
    from screenplay_contracts.server.model.allowed import Allowed

ERRORS = ("error_code", "error_message")

#: What a status may be seen as next; cancelled comes of a cancel alone. docs silent: there is no diagram; a task may
#: wait again, and may have ended without having been seen running.
FOLLOWS: Mapping[str, frozenset[str]] = {
    "pending": frozenset({"pending", "running", "completed", "failed"}),
    "running": frozenset({"pending", "running", "completed", "failed"}),
    **{status: frozenset({status}) for status in TERMINAL},
}


@dataclass(frozen=True, slots=True)
class Life:
    """
    How a task was asked to go. `ends`: how it may end; empty: it runs for ever.

    `pending_for` is the time until it starts, `per_episode` the work of each episode, one after another; None: nobody
    knows. It ends when the part `after` of its work is done. `nothing`: what a download of it says instead of a file.
    """

    ends: frozenset[str] = frozenset({"completed", "failed"})
    pending_for: int | None = None
    per_episode: int | None = None
    after: float = 1
    nothing: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One way in which a task may be: its status, and from how many to how many episodes are done."""

    status: str
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """
    An accepted task. `status` and `done` are what was last seen; `ended`: that it has ended is known.

    `created_at` None: the clock of its account is not known.
    """

    id: str
    episodes: int
    life: Life = Life()
    created_at: int | None = None
    status: str = "pending"
    done: int = 0
    ended: bool = False

    @property
    def ends_at(self) -> int | None:
        """When it ends, or would have ended if nobody had cancelled it; None: never, or nobody knows."""
        life = self.life
        if self.created_at is None or life.pending_for is None or life.per_episode is None or not life.ends:
            return None
        return self.created_at + life.pending_for + round(life.per_episode * self.episodes * life.after)


def standings(task: Task, now: int | None) -> tuple[Standing, ...]:
    """All the ways in which *task* may be at *now*."""
    life = task.life
    if task.status in TERMINAL:
        return (Standing(task.status),)
    if None not in {now, task.created_at, life.pending_for, life.per_episode}:
        return _planned(task, now)
    still = frozenset() if task.ended else frozenset({"pending", "running"})
    may_be = FOLLOWS[task.status] & (still | life.ends)
    return tuple(Standing(status, task.done, task.episodes) for status in sorted(may_be))


def _planned(task: Task, now: Any) -> tuple[Standing, ...]:
    """The one way in which it is, or several that it may be."""
    life, age = task.life, now - task.created_at
    worked = age - life.pending_for
    ends_at = task.ends_at
    if ends_at is not None and now >= ends_at:
        return tuple(Standing(end) for end in sorted(life.ends))
    if worked < 0:
        return (Standing("pending"),)
    done = 0 if not life.ends or not life.per_episode else worked // life.per_episode
    # docs silent: whether all episodes can be done while it still runs; here not
    done = min(done, task.episodes - 1)
    return (Standing("running", done, done),)


def to_status(task: Task, now: int | None) -> tuple[Allowed, ...]:
    """Get-task-status page: progress only while running, error_code and error_message only when failed."""
    return tuple(_told(task, standing) for standing in standings(task, now))


def _told(task: Task, standing: Standing) -> Success:
    data: dict[str, Any] = {"task_id": task.id, "status": standing.status}
    if standing.status == "running":
        done = between(standing.least, standing.most)
        return Success({**data, "progress": {"total_episodes": task.episodes, "completed_episodes": done}}, ERRORS)
    if standing.status == "failed":
        # docs silent: no value of either is published
        return Success({**data, "error_code": ANY_TEXT, "error_message": _TEXT}, ("progress",))
    return Success(data, ("progress", *ERRORS))


_TEXT = Such("a text", lambda value: isinstance(value, str))


def to_cancel(task: Task, now: int | None) -> tuple[Allowed, ...]:
    """Cancel-task page: only pending and running tasks; the answer says that it is cancelled."""
    return tuple(
        TurnedDown(f"the task is {standing.status}")
        if standing.status in TERMINAL
        else Success({"task_id": task.id, "status": "cancelled"})
        for standing in standings(task, now)
    )


def to_download(task: Task, now: int | None) -> tuple[Allowed, ...]:
    """Download-task-result page: a zip of a completed task; of any other the text that says how it is, no status."""
    return tuple(_fetched(task, standing.status) for standing in standings(task, now))


def _fetched(task: Task, status: str) -> Allowed:
    nothing = task.life.nothing if status == "completed" else answers.not_completed(status)
    return File("application/zip") if nothing is None else TurnedDown(f"the task is {status}", text=nothing.text)


def to_stranger() -> tuple[Allowed, ...]:
    """What somebody is answered for a task that is not his. Docs silent: how he is refused."""
    return (TurnedDown("it is somebody else's"),)


def seen(task: Task, data: Mapping[str, Any]) -> Task:
    """*task* after an allowed answer that says how it is."""
    progress = data.get("progress")
    done = progress["completed_episodes"] if isinstance(progress, dict) else task.done
    return replace(task, status=data["status"], done=done)


def refused_cancel(task: Task) -> Task:
    """*task* after a cancel was refused, as is allowed only when it has ended."""
    return replace(task, ended=True)
