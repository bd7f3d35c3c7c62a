"""How cases are written: what belongs to every case is added here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from screenplay_contracts.client.case import Case
from screenplay_contracts.client.job import Job, submission

if TYPE_CHECKING:
    from collections.abc import Mapping

ALWAYS = ("HYG-01", "HYG-03", "HYG-05", "SUB-01", "POL-03")
ON_THE_WIRE = ("REQ-02", "HYG-02")  # where there is a request to look at
IN_FAILURE = ("HYG-04",)  # where there is an error to be told
QUIET = 0.1  # seconds: only what outlives a process could still come
GRACE = 3.0  # seconds that a process has beyond what it is promised

FILM: Mapping[str, str] = {"1": "第一集.mp4"}  # an upload whose name is not ASCII


def case(name: str, *checks: str, fails: bool = False, unseen: bool = False, **how: Any) -> Case:
    """
    The case *name* with its *checks* and those of every case; *how* has the other members of a case.

    *fails*: the job cannot succeed, so that an error has to be told. *unseen*: a right client may send nothing.
    Members of a job may stand among those of the case.
    """
    job = how.pop("job", None) or Job(submission())
    job = replace(job, **{member: how.pop(member) for member in Job.__slots__ if member in how})
    limit = job.deadline_seconds + 2 * job.request_timeout_seconds + GRACE
    added = ALWAYS + (() if unseen else ON_THE_WIRE) + (IN_FAILURE if fails else ())
    every = tuple(dict.fromkeys((*checks, *added)))
    return Case(name, every, job, may_be_silent=unseen, **{"limit_seconds": limit, "quiet_seconds": QUIET, **how})


def webhook(name: str, *checks: str, **how: Any) -> Case:
    """A case whose client waits for a webhook."""
    needs = frozenset({"webhook"}) | how.pop("needs", frozenset())
    return case(name, *checks, **{"needs": needs, "webhook": True, "wait": "webhook", **how})


def upload(name: str, *checks: str, **how: Any) -> Case:
    """A case whose one episode is uploaded first."""
    needs = frozenset({"upload"})
    return case(name, *checks, **{"needs": needs, "submit": submission(0), "uploads": FILM, **how})


def cancel(name: str, *checks: str, **how: Any) -> Case:
    """A case whose job is cancelled while it runs."""
    return case(name, *checks, **{"needs": frozenset({"cancel"}), "cancel_when": "running", **how})
