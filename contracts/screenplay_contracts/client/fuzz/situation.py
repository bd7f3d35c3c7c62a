"""What a client meets in one example: a scenario and a job, as plain data that says only what is not usual."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from screenplay_contracts.client.case import Case
from screenplay_contracts.client.fuzz.strikes import usual_faults
from screenplay_contracts.client.job import Job, submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Data = Mapping[str, Any]

NAME = "fuzz"  # of the case
EXTENDS = {"extends": "quick"}
#: Short, so that examples are many; quick itself takes a second.
LIFE = {"pending_for": "0ms", "running_for": "50ms"}
JOB = Job(submission(1), poll_seconds=0.05, request_timeout_seconds=0.5)
UPLOAD = {"uploads": {"1": "episode.mp4"}, "submit": submission(0)}
UPLOAD_BYTES = 2_000
GRACE = 2.5  # seconds that a client has beyond what it is promised: a little more than its judge gives it
QUIET = 0.02  # seconds
END = "failed"  # the most usual end of a task but completed


@dataclass(frozen=True, slots=True)
class Situation:
    """`scenario` is what differs from quick, `job` what differs from JOB, each in the shape of its file."""

    scenario: Data
    job: Data

    @property
    def text(self) -> str:
        """The same for the same situation; the shorter, the simpler."""
        return json.dumps([self.scenario, self.job], sort_keys=True)

    @property
    def file(self) -> dict[str, Any]:
        """The data of a scenario file."""
        return {**EXTENDS, **self.scenario}

    def saying(self, **sections: Any) -> Situation:
        """It, with other sections of the scenario."""
        return replace(self, scenario={**self.scenario, **sections})

    def case(self, file: str, deadline: float) -> Case:
        """To be played with its scenario in *file*; *deadline* is that of the job, in seconds."""
        return case(file, replace(JOB, deadline_seconds=deadline, **self.job))


def case(scenario: str, job: Job) -> Case:
    """*scenario* is a name or a file."""
    return Case(
        NAME,
        (),
        job,
        scenario=scenario,
        webhook=job.wait == "webhook",
        limit_seconds=job.deadline_seconds + 2 * job.request_timeout_seconds + GRACE,
        quiet_seconds=QUIET,
        upload_bytes=UPLOAD_BYTES,
    )


def combined(twists: Iterable[Data]) -> Situation:
    """
    The situation with all of *twists*: each has sections of a scenario, and may have one `job`.

    What is in lists stands one behind another; of anything else that is said twice the last counts.
    """
    scenario: dict[str, Any] = {}
    job: dict[str, Any] = {}
    for twist in twists:
        for section, value in twist.items():
            if section == "job":
                job |= value
            elif isinstance(value, list):
                scenario[section] = [*scenario.get(section, []), *value]
            elif isinstance(value, dict):
                scenario[section] = {**scenario.get(section, {}), **value}
            else:
                scenario[section] = value
    tasks = {**LIFE, **scenario.pop("tasks", {})}
    return Situation({**scenario, "tasks": tasks}, job)


def smaller(situation: Situation) -> Iterator[Situation]:
    """What may do the same as *situation* and is as short as it, one step away: less, then simpler."""
    yield from (one for one in less(situation) if one.scenario.get("tasks", {}).keys() >= LIFE.keys())
    yield from simpler(situation)


def unhurried(situation: Situation) -> Situation:
    """*situation* with the times of quick, in which a task takes a second."""
    tasks = {name: value for name, value in situation.scenario.get("tasks", {}).items() if LIFE.get(name) != value}
    rest = {section: value for section, value in situation.scenario.items() if section != "tasks"}
    return replace(situation, scenario={**rest, "tasks": tasks} if tasks else rest)


def less(situation: Situation) -> Iterator[Situation]:
    """*situation* without one of the things that it says, the largest first; what is left may be no scenario."""
    for scenario in _less(situation.scenario):
        yield replace(situation, scenario=scenario)
    for job in _less(situation.job):
        yield replace(situation, job=job)


def simpler(situation: Situation) -> Iterator[Situation]:
    """*situation* with one of its faults, or the times or end of its task, replaced by more usual ones, in turn."""
    faults = list(situation.scenario.get("faults", ()))
    for place, one in enumerate(faults):
        for usual in usual_faults(one.get("on", "")):
            if usual == one:
                break
            yield situation.saying(faults=[*faults[:place], usual, *faults[place + 1 :]])
    tasks = situation.scenario.get("tasks", {})
    for usual in (LIFE, {"outcome": END} if "outcome" in tasks else {}):
        if tasks | usual != tasks:
            yield situation.saying(tasks=tasks | usual)


def _less(data: Any) -> Iterator[Any]:
    """*data* without one member or item, outer ones before what is in them."""
    if isinstance(data, dict):
        for name in data:
            yield {other: value for other, value in data.items() if other != name}
        for name, value in data.items():
            yield from ({**data, name: part} for part in _less(value))
    elif isinstance(data, list):
        for place in range(len(data)):
            yield data[:place] + data[place + 1 :]
        for place, value in enumerate(data):
            yield from ([*data[:place], part, *data[place + 1 :]] for part in _less(value))
