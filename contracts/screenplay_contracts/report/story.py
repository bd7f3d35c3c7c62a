"""What happened in one case, with times: what reports draw. Values without secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

What = Literal["process", "signal", "request", "delivery"]


@dataclass(frozen=True, slots=True)
class Happening:
    """
    `at` and `until` are seconds since the client was started; `until` None: it did not end.

    `status` is that of an HTTP answer, or the exit code of a process; None: there was none, and `note` says how it
    ended instead. `fault` is what struck it.
    """

    what: What
    at: float
    until: float | None
    name: str
    status: int | None = None
    note: str = ""
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """
    `paid` counts charges by their kind, `jobs` the jobs that clients had at the same time. `happenings` are empty where
    nothing went wrong; `left_out` counts those that would have been too many.
    """

    case: str
    scenario: str
    seconds: float
    deadline_seconds: float
    jobs: int
    paid: Mapping[str, int]
    happenings: tuple[Happening, ...] = ()
    left_out: int = 0


def data(story: Story) -> dict[str, Any]:
    """As it stands in the report that is JSON."""
    return {
        "name": story.case,
        "scenario": story.scenario,
        "seconds": round(story.seconds, 3),
        "deadline_seconds": story.deadline_seconds,
        "jobs": story.jobs,
        "paid": dict(story.paid),
        "happenings": [
            {
                "what": one.what,
                "at": round(one.at, 4),
                "until": None if one.until is None else round(one.until, 4),
                "name": one.name,
                "status": one.status,
                "note": one.note,
                "fault": one.fault,
            }
            for one in story.happenings
        ],
        "left_out": story.left_out,
    }
