"""
The plan of a task: the events that will happen to it and when, drawn once at submission.

Its status at an instant is the fold of `step` over the events up to then. No timer moves a task.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from math import log
from random import Random
from typing import TYPE_CHECKING

from screenplay_mock.core.lifecycle import (
    Cancelled,
    Completed,
    Effect,
    Event,
    Failed,
    Progressed,
    Started,
    Task,
    step,
)
from screenplay_mock.core.scenario import (
    HAPPY,
    HOUR,
    Cancels,
    Duration,
    Fails,
    Fixed,
    Result,
    Stuck,
    TaskLife,
    Uniform,
    WebhookRules,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screenplay_mock.core.submission import Options

LONGEST = 1_000 * 24 * HOUR  # a drawn duration never exceeds this, so that no date overflows


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode of a task: its number, its asset, its length in milliseconds."""

    number: str
    asset_id: str
    duration: int


@dataclass(frozen=True, slots=True)
class Record:
    """
    All that is known of a task: what was asked, and its events, past and planned, in order of time.

    `webhook` and `result` were decided at its submission: another scenario changes nothing about it.
    `answer_lost`: the connection closes instead of an answer to its submission.
    """

    id: str
    request_id: str
    mode: str
    created_at: int
    episodes: tuple[Episode, ...]
    options: Options
    result_seed: int
    events: tuple[Event, ...]
    webhook: WebhookRules = HAPPY.webhook
    result: Result = "zip"
    answer_lost: bool = False

    @property
    def total_duration(self) -> int:
        return sum(episode.duration for episode in self.episodes)

    @property
    def last_event_at(self) -> int:
        return self.events[-1].at


def drawn(duration: Duration, seed: int) -> int:
    """A duration in milliseconds, never negative, drawn with *seed*."""
    if isinstance(duration, Fixed):
        return duration.milliseconds
    random = Random(seed)  # noqa: S311 - reproducible on purpose
    if isinstance(duration, Uniform):
        return random.randint(duration.low, duration.high)
    if not duration.median:
        return 0
    return min(round(random.lognormvariate(log(duration.median), duration.sigma)), LONGEST)


def plan(life: TaskLife, episode_durations: Sequence[int], created_at: int, seed: int) -> tuple[Event, ...]:
    """The events of a task with episodes of these lengths (milliseconds), created at *created_at*."""
    started = created_at + drawn(life.pending_for, seed)
    ends = [started + passed for passed in _work(life, episode_durations, seed + 1)]
    # docs silent: whether progress is ever complete while the task is still running; here it is not
    progress = [Progressed(at, done) for done, at in enumerate(ends[:-1], start=1)]
    match life.outcome:
        case Stuck():
            return (Started(started),)
        case Fails(error_code, error_message, after):
            failed = started + round((ends[-1] - started) * after)
            before = [event for event in progress if event.at < failed]
            return (Started(started), *before, Failed(failed, error_code, error_message))
        case Cancels():
            return (Started(started), *progress, Cancelled(ends[-1]))
        case _:
            return (Started(started), *progress, Completed(ends[-1]))


def _work(life: TaskLife, episode_durations: Sequence[int], seed: int) -> list[int]:
    """Milliseconds from the start of the task to the end of each episode."""
    if life.running_for is None:
        return list(accumulate([drawn(life.per_episode, seed + place) for place in range(len(episode_durations))]))
    whole, total = drawn(life.running_for, seed), sum(episode_durations) or 1
    return [whole * passed // total for passed in accumulate(episode_durations)]


def task_at(record: Record, now: int) -> Task:
    """The task as it is at *now*."""
    task = Task(record.id, len(record.episodes))
    for event in record.events:
        if event.at > now:
            break
        task, _ = step(task, event)
    return task


def effects(record: Record) -> list[tuple[int, Effect]]:
    """What the events of *record*, past and planned, cause, each with its time."""
    caused: list[tuple[int, Effect]] = []
    task = Task(record.id, len(record.episodes))
    for event in record.events:
        if isinstance(event, Progressed):
            continue  # causes nothing, and there may be a thousand
        task, new = step(task, event)
        caused += [(event.at, effect) for effect in new]
    return caused


def past(record: Record, now: int) -> tuple[Event, ...]:
    return tuple(event for event in record.events if event.at <= now)


def planned(record: Record, now: int) -> tuple[Event, ...]:
    return tuple(event for event in record.events if event.at > now)


def happened(record: Record, event: Event) -> Record:
    """
    The record after *event* came in from outside (a cancel, or a force of the admin API).

    The rest of the plan is dropped, except after `Started`, where it is kept and shifted.
    Raises IllegalTransition when the task's status at that instant does not allow the event.
    """
    step(task_at(record, event.at), event)
    rest: tuple[Event, ...] = ()
    if isinstance(event, Started):
        first, *later = planned(record, event.at) or (event,)
        rest = tuple(replace(one, at=one.at - first.at + event.at) for one in later)
    return replace(record, events=(*past(record, event.at), event, *rest))


__all__ = [
    "Episode",
    "Record",
    "drawn",
    "effects",
    "happened",
    "past",
    "plan",
    "planned",
    "task_at",
]
