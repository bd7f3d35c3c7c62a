"""Cancelling: one wish, one call, and the truth about what came of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours.ending import clean
from screenplay_contracts.client.behaviours.looking import (
    CLIENT_ERROR,
    SERVER_ERROR,
    after,
    behind,
    cancels,
    downloads,
    finals,
    over,
    polls,
    said,
    struck,
    succeeded,
)
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, broken, called, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation
    from screenplay_contracts.verdict import Outcome

MOST_TRIES = 3
QUICK = 5.0  # seconds from a signal to the end
SLACK = 1.0


def one_for_one_wish(o: Observation) -> Iterator[Outcome]:
    every = cancels(o)
    if every:
        idle = [following for one, following in pairwise(every) if one.status is not None and one.status < SERVER_ERROR]
        fits = not idle and len(every) <= MOST_TRIES
        yield kept(o, fits, "one cancel, repeated only where no answer came", f"{len(every)}", *every)


def refused_cancel_is_tolerated(o: Observation) -> Iterator[Outcome]:
    for one in cancels(o)[:1]:
        if one.status is not None and CLIENT_ERROR <= one.status < SERVER_ERROR:
            for process in finals(o):
                yield clean(o, process, "a cancel that was refused", one) or _truth(o)


def race_has_one_end(o: Observation) -> Iterator[Outcome]:
    for one in struck(cancels(o), "meanwhile")[:1]:
        for process, files in zip(finals(o), o.files, strict=False):
            half = process.exit_code == 0 and files.result is None
            if half:
                yield broken(o, "success with a result, or an error", "success without one", one)
            else:
                yield clean(o, process, "an end that races the cancel", one) or _truth(o)


def _truth(o: Observation) -> Outcome:
    """That a report, if there is one, does not call cancelled what was completed."""
    ends = set(o.tasks.values())
    lies = [each for each in o.reports if each is not None and each.outcome == "cancelled" and ends == {"completed"}]
    return kept(o, not lies, "a report of what is true: completed", "the outcome 'cancelled'")


def nothing_behind_a_cancel(o: Observation) -> Iterator[Outcome]:
    for one in cancels(o):
        if succeeded(one):
            taken = behind(downloads(o), one)
            yield kept(o, not taken, "no download behind a cancel", "a download", one, *taken)


def asks_what_came_of_it(o: Observation) -> Iterator[Outcome]:
    for one in struck(cancels(o))[:1]:
        if one.status is None or one.status >= SERVER_ERROR:
            asked = after(polls(o), one)
            yield kept(o, bool(asked), "a poll that asks what came of the cancel", "none", one)


def late_webhook_is_no_end(o: Observation) -> Iterator[Outcome]:
    for one in cancels(o)[:1]:
        late = [each for each in o.deliveries if each.at > one.at and said(each) == "completed"]
        if late and all(each.status is None for each in late):
            raise Unjudged("its receiver was closed by then")
        if late and succeeded(one):
            taken = [each for each in downloads(o) if each.at > over(one)]
            errors = [each for each in late if each.status is not None and each.status >= SERVER_ERROR]
            answered = kept(o, not errors, "an answer below 500", ", ".join(map(called, errors)))
            yield answered or kept(o, not taken, "no download of a cancelled task", "a download", one, *taken)


def signal_ends_it(o: Observation) -> Iterator[Outcome]:
    for process in finals(o):
        if process.signalled_at is not None:
            lasted = process.ended_at - process.signalled_at
            fits = process.exit_code is not None and lasted <= QUICK + SLACK
            yield kept(o, fits, f"an end within {QUICK:g} s of a signal", f"{lasted:.1f} s", measured=True)


BEHAVIOURS = (
    behaviour(
        "CAN-01",
        SHOULD,
        "W",
        "RFC 9110 9.2.2: DELETE may be repeated",
        "One wish to cancel is one DELETE, which is repeated only where its answer was lost.",
        one_for_one_wish,
    ),
    behaviour(
        "CAN-02",
        SHOULD,
        "WX",
        "cancel-task page: only pending or running tasks",
        "A cancel that is refused, since the task has ended, is tolerated, and the truth is told.",
        refused_cancel_is_tolerated,
    ),
    behaviour(
        "CAN-03",
        MUST,
        "WX",
        "docs silent: chosen, because two events have no order",
        "A completion that races the cancel has one consistent end.",
        race_has_one_end,
    ),
    behaviour(
        "CAN-04",
        MUST,
        "W",
        "docs silent: chosen, because a download is billed",
        "Behind a cancel nothing is downloaded.",
        nothing_behind_a_cancel,
    ),
    behaviour(
        "CAN-05",
        SHOULD,
        "W",
        "docs silent: chosen, because 500 says nothing",
        "Where a cancel is answered with 500, a poll asks what came of it.",
        asks_what_came_of_it,
    ),
    behaviour(
        "CAN-06",
        SHOULD,
        "HW",
        "cancel-task page: a cancelled task stays so",
        "A webhook that says completed does not undo a cancel.",
        late_webhook_is_no_end,
    ),
    behaviour(
        "CAN-07",
        SHOULD,
        "XW",
        "docs silent: chosen, because whoever stops it waits for it",
        "SIGINT and SIGTERM end it within five seconds.",
        signal_ends_it,
    ),
)
