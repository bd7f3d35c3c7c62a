"""What a client under test is told: the job file, and the environment it runs in. The names are fixed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1  # of the job file

Status = Literal["pending", "running"]


@dataclass(frozen=True, slots=True)
class Job:
    """
    The job file. `submit` is the body to send as it is, `uploads` are files by episode number, uploaded first.

    All seconds are real. `poll_seconds` lie between an answer and the next poll; `deadline_seconds` count from the
    start of the process; `request_timeout_seconds` are for connecting, and for silence between bytes.
    """

    submit: Mapping[str, Any]
    uploads: Mapping[str, str] = field(default_factory=dict)
    wait: Literal["poll", "webhook"] = "poll"
    poll_seconds: float = 0.2
    deadline_seconds: float = 10
    request_timeout_seconds: float = 2
    download: bool = True
    cancel_when: Status | None = None

    def data(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {
            "version": VERSION,
            "submit": dict(self.submit),
            "uploads": dict(self.uploads),
            "wait": self.wait,
            "poll_seconds": self.poll_seconds,
            "deadline_seconds": self.deadline_seconds,
            "request_timeout_seconds": self.request_timeout_seconds,
            "download": self.download,
            "cancel_when": self.cancel_when,
        }


def of_client(job: Job, number: int) -> Job:
    """The *job* of client *number* (from 0) of several at once: each has episodes of its own, that mix-ups show."""
    if number == 0:
        return job
    episodes = {name: f"{asset}c{number}" for name, asset in job.submit.get("episodes", {}).items()}
    return replace(job, submit={**job.submit, "episodes": episodes})


def submission(episodes: int = 2, **config: Any) -> dict[str, Any]:
    """A body to submit with so many episodes, whose assets exist without an upload."""
    return {
        "mode": "short_drama",
        "episodes": {str(number): f"re_{number:06d}" for number in range(1, episodes + 1)},
        "config": {"language": "en", **config},
    }
