"""What a client makes of the status that it is told."""

from __future__ import annotations

from itertools import pairwise
from json import dumps
from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviours.ending import ends, goes_well, polls_struck
from screenplay_contracts.client.behaviours.looking import (
    STATUSES,
    after,
    answer,
    behind,
    data,
    downloads,
    finals,
    output,
    over,
    polls,
    same_task,
    submits,
    telling,
    told,
    with_status,
)
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, broken, crash, ending, kept
from screenplay_contracts.client.behaviours.waiting import out_of_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation, Process, Request
    from screenplay_contracts.verdict import Outcome

NOT_FOUND = (400, 404)


def unknown_status_is_no_end(o: Observation) -> Iterator[Outcome]:
    odd = [one for one in polls(o) if (status := told(one)) is not None and status not in STATUSES]
    for one in odd[:1]:
        taken = [each for each in downloads(o) if each.number > one.number and not completed_before(o, each)]
        crashed = [end for each in finals(o) if (end := _wrong_end(each))]
        if taken:
            yield broken(o, f"no download because of {told(one)!r}", "a download", one, *taken)
        else:
            again = same_task(after(polls(o), one), one)
            yield kept(o, bool(again) or not crashed, "another poll, or an error", "; ".join(crashed), one)


def completed_before(o: Observation, one: Request) -> bool:
    return any(over(each) <= one.at for each in telling(o, "completed"))


def _wrong_end(process: Process) -> str | None:
    return ending(process) if process.exit_code in (0, None) else crash(process)


def _going_back(o: Observation) -> list[Request]:
    """The polls that told pending behind one that told running."""
    return [two for one, two in pairwise(polls(o)) if (told(one), told(two)) == ("running", "pending")]


def goes_on_after_going_back(o: Observation) -> Iterator[Outcome]:
    for one in _going_back(o)[:1]:
        again, paid = same_task(after(polls(o), one), one), behind(submits(o), one)
        if paid:
            yield broken(o, "the same task, not another one", "submitted again", one, *paid)
        else:
            yield kept(o, bool(again), "another poll", f"none, {ends(o)}", one)


def not_found_has_a_grace(o: Observation) -> Iterator[Outcome]:
    lost = [one for one in with_status(polls(o), *NOT_FOUND) if one.fault]
    if not lost:
        return
    again, paid = after(polls(o), lost[0]), behind(submits(o), lost[0])
    if paid:
        yield broken(o, "no second submission for a task that is not found", "submitted again", lost[0], *paid)
    else:
        fits = bool(again) or out_of_time(o, lost[0])
        yield kept(o, fits, "another poll, as replicas lag", "none", lost[0])
    if len(lost) == len(polls(o)):
        for process in finals(o):
            wrong = _wrong_end(process)
            yield kept(o, wrong is None, "an error for a task that stays lost", wrong or "", *lost[-1:])


def failed_is_failed(o: Observation) -> Iterator[Outcome]:
    for one in telling(o, "failed")[:1]:
        taken = behind(downloads(o), one)
        if taken:
            yield broken(o, "no download of a task that failed", "a download", one, *taken)
        else:
            for process in finals(o):
                yield kept(o, process.exit_code != 0, "an exit code that is not 0", ending(process), one)
            lies = [each for each in o.reports if each is not None and each.outcome == "completed"]
            yield kept(o, not lies, "no report of a task that is completed", "the outcome 'completed'", one)


def failure_is_told(o: Observation) -> Iterator[Outcome]:
    for one in telling(o, "failed")[:1]:
        code, message = str(data(one).get("error_code")), str(data(one).get("error_message"))
        said = "\n".join(map(output, finals(o)))
        reported = [each for each in o.reports if each is not None]
        known = any((each.error_code, each.error_message) == (code, message) for each in reported)
        fits = known or (_in(code, said) and _in(message, said))
        last = "; ".join(map(ending, finals(o)))
        yield kept(o, fits, f"{code!r} and {message!r} in its output", last, one)


def _in(text: str, said: str) -> bool:
    """Whether *text* was said, as it is or escaped as in JSON."""
    return any(each in said for each in (text, dumps(text)[1:-1], dumps(text, ensure_ascii=False)[1:-1]))


def _pending_then_running(o: Observation) -> tuple[Request, ...]:
    """The polls without progress, where there were some."""
    return tuple(one for one in telling(o, "pending") if "progress" not in data(one))


def _completed_at_once(o: Observation) -> tuple[Request, ...]:
    first = polls(o)[:1]
    return first if first and told(first[0]) == "completed" else ()


def _extra_members(o: Observation) -> tuple[Request, ...]:
    known = {"code", "msg", "data", "success", "failed"}
    return tuple(one for one in polls_struck(o) if isinstance(answer(one), dict) and answer(one).keys() - known)


BEHAVIOURS = (
    behaviour(
        "POL-04",
        SHOULD,
        "WX",
        "get-task-status page: five statuses, so far",
        "An unknown status is neither success nor a crash.",
        unknown_status_is_no_end,
    ),
    behaviour(
        "POL-05",
        MUST,
        "X",
        "docs silent: chosen, because additions are the usual change of an API",
        "Members that no page names are ignored, wherever they are.",
        goes_well(_extra_members, "with members that no page names"),
    ),
    behaviour(
        "POL-06",
        MUST,
        "X",
        "get-task-status page: progress only while running",
        "A pending task has no progress, and needs none.",
        goes_well(_pending_then_running, "without progress while pending"),
    ),
    behaviour(
        "POL-07",
        SHOULD,
        "X",
        "docs silent: chosen, because progress is for people",
        "Progress that goes back, exceeds its total, or is null does no harm.",
        goes_well(polls_struck, "with odd progress"),
    ),
    behaviour(
        "POL-08",
        SHOULD,
        "W",
        "docs silent: the page draws no diagram of the statuses",
        "A running task may be pending again.",
        goes_on_after_going_back,
    ),
    behaviour(
        "POL-09",
        MUST,
        "W",
        "docs silent: the page draws no diagram of the statuses",
        "A task may be completed when it is first asked for.",
        goes_well(_completed_at_once, "completed at the first poll"),
    ),
    behaviour(
        "POL-10",
        SHOULD,
        "W",
        "docs silent: chosen, because replicas lag",
        "A task that is not found right behind its submission is asked for again, is an error in the end, and is not "
        "submitted again.",
        not_found_has_a_grace,
    ),
    behaviour(
        "POL-12",
        MUST,
        "XW",
        "get-task-status page: `success` is about the call",
        "A task that failed is told with `success: true`, and has failed.",
        failed_is_failed,
    ),
    behaviour(
        "POL-13",
        SHOULD,
        "XS",
        "get-task-status page",
        "error_code and error_message reach the user.",
        failure_is_told,
    ),
)
