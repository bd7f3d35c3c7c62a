"""How long a client has to wait, and whether there was time left for it."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviours.ending import SLACK, ends
from screenplay_contracts.client.behaviours.looking import (
    after,
    finals,
    headers_of_answer,
    over,
    polls,
    same_task,
    succeeded,
)
from screenplay_contracts.client.behaviours.saying import kept

if TYPE_CHECKING:
    from screenplay_contracts.client.observation import Observation, Request
    from screenplay_contracts.verdict import Outcome

A_DAY = 86_400  # seconds; a longer wait is nonsense
DOUBLINGS = 5  # rate-limit page, as others quote it: 1 s to 32 s, doubling
JITTER = 1.5  # that a right pause may be longer


def told_to_wait(request: Request) -> float | None:
    """The least that `Retry-After` asks for, in seconds, where it makes sense."""
    value = (headers_of_answer(request, "Retry-After") or "").strip()
    wait = float(value) if value.isascii() and value.isdigit() else date_told(request)
    return wait if wait is not None and 0 <= wait <= A_DAY else None


def date_told(request: Request) -> float | None:
    """How far the date in `Retry-After` is away, at least, in seconds."""
    try:
        until = parsedate_to_datetime(headers_of_answer(request, "Retry-After") or "")
        now = parsedate_to_datetime(headers_of_answer(request, "Date") or "")
        # whole seconds: it may be almost one second later than Date says
        return max((until - now).total_seconds() - 1, 0.0)
    except (ValueError, TypeError):
        return None


def goes_on(o: Observation, one: Request, what: str = "another poll") -> Outcome:
    """That behind poll *one* its task was asked for again, unless there was no time left for that."""
    again = same_task(after(polls(o), one), one)
    return kept(o, bool(again) or out_of_time(o, one), what, f"none, {ends(o)}", one)


def out_of_time(o: Observation, one: Request) -> bool:
    """Whether its client may have ended behind *one* because the next pause would have crossed the deadline."""
    crosses = over(one) + _longest_pause(o, one) >= o.case.job.deadline_seconds
    return crosses or _says_so(o, one)


def _longest_pause(o: Observation, one: Request) -> float:
    """
    The longest of the pauses that are right behind *one*, in seconds.

    They double with each failure in a row, from 1 s or 2 s, or from the pause before; or are what Retry-After says.
    """
    so_far = [each for each in same_task(o.of(one.operation or ""), one) if each.number <= one.number]
    in_a_row = len(list(takewhile(lambda each: each.fault or not succeeded(each), reversed(so_far))))
    before = so_far[-1].at - over(so_far[-2]) if len(so_far) > 1 else 0.0
    return JITTER * max(2.0 ** min(in_a_row, DOUBLINGS), 2 * before, told_to_wait(one) or 0.0)


def _says_so(o: Observation, one: Request) -> bool:
    """Whether it reports a timeout, and did not hang until then: who gives up a pause ends at once."""
    return any(
        report.outcome == "timeout" and report.task_id in (None, one.task_id) and process.ended_at - over(one) < SLACK
        for process, report in zip(finals(o), o.reports, strict=False)
        if report is not None
    )
