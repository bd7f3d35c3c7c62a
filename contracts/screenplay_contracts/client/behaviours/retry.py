"""Repetition of what may be repeated: when, how often, how fast."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours.ending import budget, clean, ends_in_time, polls_struck
from screenplay_contracts.client.behaviours.looking import (
    CLIENT_ERROR,
    RATE_LIMITED,
    SERVER_ERROR,
    TOLERANCE,
    after,
    behind,
    finals,
    headers_of_answer,
    over,
    polls,
    same_task,
    submits,
    with_status,
)
from screenplay_contracts.client.behaviours.saying import MUST, SHOULD, behaviour, broken, kept
from screenplay_contracts.client.behaviours.waiting import date_told, goes_on, told_to_wait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation, Request
    from screenplay_contracts.verdict import Outcome

EARLY = 0.05  # seconds that a clock may be ahead
WORTH_REPEATING = (408, 425, 429)
HOPELESS = (501, 505)
GROWTH = 1.5  # later gaps against the first one
FEW_GAPS = 3  # with less, growth cannot be told
TRANSIENT = (502, 503, 504, None)  # None: no answer


def survives(o: Observation) -> Iterator[Outcome]:
    for one in polls_struck(o):
        if one.status in TRANSIENT:
            yield goes_on(o, one)


def waits_when_limited(o: Observation) -> Iterator[Outcome]:
    yield from _waits(o, *with_status(polls(o), RATE_LIMITED))


def waits_when_told(o: Observation) -> Iterator[Outcome]:
    yield from _waits(o, *(one for one in polls(o) if one.status == 503 or date_told(one)))  # noqa: PLR2004


def _waits(o: Observation, *answered: Request) -> Iterator[Outcome]:
    for one in answered:
        wait = told_to_wait(one)
        if wait is not None:
            hasty = [each for each in same_task(behind(polls(o), one), one) if each.at < over(one) + wait - EARLY]
            yield kept(o, not hasty, f"no poll within {wait:g} s", "an earlier one", one, *hasty)


def nonsense_does_no_harm(o: Observation) -> Iterator[Outcome]:
    for one in polls(o):
        if headers_of_answer(one, "Retry-After") is not None and told_to_wait(one) is None:
            again = same_task(after(polls(o), one), one)
            for process in finals(o):
                yield None if again else clean(o, process, "a Retry-After that makes no sense", one)


def gaps_grow(o: Observation) -> Iterator[Outcome]:
    for gaps in _gaps(o).values():
        if len(gaps) < FEW_GAPS:
            raise Unjudged(f"it gave up after {len(gaps) + 1} polls, which is allowed")
        later = sum(gaps[-2:]) / 2
        shown = ", ".join(f"{gap:.2f}" for gap in gaps)
        yield kept(o, later >= GROWTH * gaps[0], "growing pauses", f"{shown} s", *polls_struck(o), measured=True)


def _gaps(o: Observation) -> dict[str | None, list[float]]:
    """Of each task the seconds between a poll that was struck and the next."""
    found: dict[str | None, list[float]] = {}
    for one in polls_struck(o):
        gaps = found.setdefault(one.task_id, [])
        following = same_task(behind(polls(o), one), one)
        if following:
            gaps.append(following[0].at - over(one))
    return found


def gaps_differ(o: Observation) -> Iterator[Outcome]:
    series = list(_gaps(o).values())
    if len(series) < 2:  # noqa: PLR2004 - one sequence is like itself
        return
    shortest = min(map(len, series))
    if shortest < 2:  # noqa: PLR2004
        raise Unjudged("it gave up after two polls, which is allowed")
    places = list(zip(*(gaps[:shortest] for gaps in series), strict=True))
    spreads = [(max(gaps) - min(gaps), sum(gaps) / len(gaps)) for gaps in places]
    alike = all(spread < 0.04 + 0.03 * mean for spread, mean in spreads)  # seconds: what machines do by themselves
    shown = ", ".join(f"{mean:.2f} ± {spread / 2:.3f}" for spread, mean in spreads)
    yield kept(o, not alike, "pauses that differ from task to task", f"in {len(series)} tasks {shown} s")


def comes_to_an_end(o: Observation) -> Iterator[Outcome]:
    seen = polls_struck(o)
    if seen:
        yield from ends_in_time(o, *seen[-1:])


def stays_in_budget(o: Observation) -> Iterator[Outcome]:
    seen, most = polls_struck(o), budget(o)
    if seen:
        yield kept(o, len(seen) <= most, f"at most {most} polls in its time", f"{len(seen)}", *seen)


def hopeless_is_not_repeated(o: Observation) -> Iterator[Outcome]:
    for one in polls(o):
        status = one.status or 0
        if status in HOPELESS or (CLIENT_ERROR <= status < SERVER_ERROR and status not in WORTH_REPEATING):
            again = same_task(after(polls(o), one), one)
            yield kept(o, not again, f"no repetition after {status}", "another poll", one, *again)
            return


def limit_does_not_end_the_job(o: Observation) -> Iterator[Outcome]:
    for one in with_status(polls(o), RATE_LIMITED):
        yield goes_on(o, one, "another poll, later")


def error_does_not_end_the_job(o: Observation) -> Iterator[Outcome]:
    for one in with_status(polls(o), 500):
        paid = behind(submits(o), one)
        if paid:
            yield broken(o, "the same task, not another one", "submitted again", one, *paid)
        else:
            yield goes_on(o, one, "another poll of the same task")


def resets_are_no_loop(o: Observation) -> Iterator[Outcome]:
    seen, shortest = polls_struck(o), TOLERANCE * o.case.job.poll_seconds
    if seen:
        # what a library repeats at once by itself is one repetition
        pairs = list(pairwise(seen))
        hasty = [[a, b, c] for (a, b), (_, c) in pairwise(pairs) if c.at - a.at < shortest]
        yield kept(o, not hasty, f"no third poll within {shortest:g} s", "three", *(hasty[0] if hasty else ()))
        yield from ends_in_time(o)


BEHAVIOURS = (
    behaviour(
        "RTY-01",
        SHOULD,
        "W",
        "RFC 9110 9.2.2; guidance of other vendors: AWS standard mode, OTLP",
        "A poll that met 502, 503, 504 or a reset is repeated.",
        survives,
    ),
    behaviour(
        "RTY-02",
        MUST,
        "W",
        "RFC 9110 10.2.3; RFC 6585 4",
        "429 with `Retry-After: n` is not followed by a poll before n seconds are over.",
        waits_when_limited,
    ),
    behaviour(
        "RTY-03",
        SHOULD,
        "W",
        "RFC 9110 10.2.3",
        "`Retry-After` is respected with 503, too, and as a date.",
        waits_when_told,
    ),
    behaviour(
        "RTY-04",
        SHOULD,
        "WX",
        "docs silent: chosen, because a header from outside is no command",
        "A `Retry-After` of a word, a negative number or a year neither crashes nor stops a client.",
        nonsense_does_no_harm,
    ),
    behaviour(
        "RTY-05",
        SHOULD,
        "W",
        "rate-limit page, as others quote it: 1 s to 32 s, doubling",
        "Without `Retry-After` the pauses grow.",
        gaps_grow,
    ),
    behaviour(
        "RTY-06",
        SHOULD,
        "W",
        "guidance of other vendors: AWS builders' library",
        "Pauses of several clients differ, so that they do not come back together.",
        gaps_differ,
    ),
    behaviour(
        "RTY-07",
        MUST,
        "WX",
        "guidance of other vendors: AWS standard mode; the job's deadline",
        "Attempts come to an end with the deadline, whatever the server does.",
        comes_to_an_end,
    ),
    behaviour(
        "RTY-08",
        SHOULD,
        "W",
        "guidance of other vendors: Google SRE book, on attempts that multiply",
        "Layers do not multiply attempts: there are no more than the configured interval allows.",
        stays_in_budget,
    ),
    behaviour(
        "RTY-09",
        SHOULD,
        "W",
        "RFC 9110 15.5, 15.6",
        "4xx other than 408, 425 and 429, and 501 and 505, are not repeated.",
        hopeless_is_not_repeated,
    ),
    behaviour(
        "RTY-10",
        MUST,
        "W",
        "docs silent: chosen, because the job is paid for",
        "429 while polling does not end the job.",
        limit_does_not_end_the_job,
    ),
    behaviour(
        "RTY-11",
        MUST,
        "W",
        "docs silent: chosen, because the job is paid for",
        "500 while polling does not end the job, and submits no other.",
        error_does_not_end_the_job,
    ),
    behaviour(
        "RTY-12",
        SHOULD,
        "W",
        "RFC 9110 9.2.2",
        "What failed again after an automatic repetition is not repeated at once, nor without end.",
        resets_are_no_loop,
    ),
)
