"""Several jobs of one account: they stay apart, and share its rate and connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviours.looking import TOLERANCE, downloads, entries, holds, is_limit
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, broken, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation
    from screenplay_contracts.verdict import Outcome

WINDOW = 1.0  # seconds: rate-limit page, one call a second
MOST_CONNECTIONS = 6  # of one client at once, as browsers have it


def jobs_stay_apart(o: Observation) -> Iterator[Outcome]:
    archives = {one.task_id: entries(one) for one in downloads(o)}
    contents = {task_id: each for task_id, each in archives.items() if each}
    if sum(bool(files.result) for files in o.files) < 2:  # noqa: PLR2004 - alone nothing can be mixed up
        return
    given: set[str | None] = set()
    for number, (files, process) in enumerate(zip(o.files, o.processes, strict=False), start=1):
        if process.exit_code != 0 or not files.result:
            continue
        whose = [task_id for task_id, content in contents.items() if holds(files, content)]
        said = o.reports[number - 1] if number <= len(o.reports) else None
        if len(whose) != 1 or whose[0] in given:
            yield broken(o, "the result of its own task", f"client {number} has that of {whose or 'no task'}")
        elif said is not None and said.task_id not in (None, *whose):
            yield broken(o, f"{whose[0]} in its report", f"client {number} names {said.task_id}")
        else:
            yield None
        given.update(whose)


def rate_is_kept(o: Observation) -> Iterator[Outcome]:
    """
    Of n clients that each keep the rate, n + 1 calls of one operation never come within one interval.

    Who has not been refused for the rate has had no reason to slow down.
    """
    for operation, interval in (("submitTask", WINDOW), ("getTask", o.case.job.poll_seconds), ("downloadTask", WINDOW)):
        calls = o.of(operation)
        refused = next((place for place, one in enumerate(calls) if is_limit(one)), None)
        if refused is None:
            continue
        most, hasty = o.case.together, []
        for first, last in zip(calls[refused:], calls[refused + most :], strict=False):
            if last.at - first.at < TOLERANCE * interval:
                hasty = [first, last]
        expected = f"at most {most} calls of {operation} within {interval:g} s"
        # of several clients one may be held up on its way, and come close to another
        yield kept(o, not hasty, expected, f"{most + 1} calls", *hasty, measured=most > 1)


def few_connections(o: Observation) -> Iterator[Outcome]:
    at_api = [one for one in o.connections if one.listener == "api"]
    most = MOST_CONNECTIONS * o.case.together
    if at_api:
        open_at_once = max(
            sum(
                other.opened_at <= one.opened_at and (other.ended_at is None or other.ended_at > one.opened_at)
                for other in at_api
            )
            for one in at_api
        )
        yield kept(o, open_at_once <= most, f"at most {most} connections at once", f"{open_at_once}")


BEHAVIOURS = (
    behaviour(
        "REQ-13",
        MUST,
        "WF",
        "docs silent: chosen, because a result in the wrong place is worse than none",
        "Jobs that run at the same time do not mix up ids or files.",
        jobs_stay_apart,
    ),
    behaviour(
        "REQ-14",
        SHOULD,
        "W",
        "rate-limit page; it does not name the screenplay calls",
        "Once refused for the rate of its account, a client calls an operation at most once a second.",
        rate_is_kept,
    ),
    behaviour("NET-12", SHOULD, "W", "RFC 9112 9.4", "The number of open connections is bounded.", few_connections),
)
