"""Polling: how often, how long, and when no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours.ending import ends_in_time, polls_struck
from screenplay_contracts.client.behaviours.looking import (
    TERMINAL,
    TOLERANCE,
    after,
    behind,
    cancels,
    downloads,
    finals,
    heard,
    output,
    pauses,
    polls,
    same_task,
    submits,
    succeeded,
    telling,
    told,
    with_status,
)
from screenplay_contracts.client.behaviours.saying import MAY, MUST, SHOULD, behaviour, called, dollars, ending, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation
    from screenplay_contracts.verdict import Outcome

EARLY_END = 0.5  # of the deadline: whoever ends sooner has not waited for it


def no_busy_loop(o: Observation) -> Iterator[Outcome]:
    shortest = TOLERANCE * o.case.job.poll_seconds
    for one, following, seconds in pauses(polls(o), o):
        if succeeded(one):
            observed = f"{seconds:.3f} s"
            yield kept(o, seconds >= shortest, f"at least {shortest:g} s between polls", observed, one, following)


def end_is_the_end(o: Observation) -> Iterator[Outcome]:
    for one in telling(o, *TERMINAL):
        again = same_task(after(polls(o), one), one)
        yield kept(o, not again, f"no poll behind {told(one)!r}", "another", one, *again)
        return


def gives_up_when_it_must(o: Observation) -> Iterator[Outcome]:
    """At its deadline, where the task never ends; wherever there is a task, it is neither cancelled unasked."""
    seen = [*(gives_up_at_the_deadline(o) if o.case.endless else cancels_when_wished(o))]
    yield from seen
    if not seen and not o.case.endless and (o.requests or o.case.may_be_silent):
        raise Unjudged("there was no task, or a cancel is wished")


def cancels_when_wished(o: Observation) -> Iterator[Outcome]:
    # docs silent: who is stopped by a signal may cancel (CAN-07)
    until = min((one.signalled_at for one in o.processes if one.signalled_at is not None), default=float("inf"))
    unasked = [one for one in cancels(o) if one.at < until]
    if o.case.job.cancel_when is None and (o.tasks or unasked):
        yield kept(o, not unasked, "nothing cancelled unasked", f"cancelled, {dollars(o)}", *unasked)


def gives_up_at_the_deadline(o: Observation) -> Iterator[Outcome]:
    waiting = telling(o, "pending", "running")
    if not waiting or telling(o, *TERMINAL):
        return
    yield from ends_in_time(o)
    deadline = o.case.job.deadline_seconds
    for process in finals(o):
        lasted = process.ended_at - process.started_at
        early = f"{ending(process)}, after {lasted:.1f} s"
        yield kept(o, lasted >= EARLY_END * deadline, f"that it waits for its deadline of {deadline:g} s", early)
        yield kept(o, bool(output(process).strip()), "a word to its user that it gives up", ending(process))
    unasked = [*submits(o)[o.case.together :], *cancels(o)]
    yield kept(o, not unasked, "nothing submitted again or cancelled unasked", "unasked", *unasked)
    for said in o.reports:
        if said is not None:
            yield kept(o, said.outcome == "timeout", "the outcome timeout", f"{said.outcome!r}")


def one_poll_at_a_time(o: Observation) -> Iterator[Outcome]:
    for one in polls_struck(o):
        beside = [
            each
            for each in same_task(behind(polls(o), one), one)
            if (one.over_at is None or each.at < one.over_at) and each.connection != one.connection
        ]
        yield kept(o, not beside, "one poll of a task at a time", "another before the answer", one, *beside)


def one_download_for_two_tidings(o: Observation) -> Iterator[Outcome]:
    polled, hooks = telling(o, "completed"), heard(o)
    if polled and hooks:
        whole = [one for one in downloads(o) if succeeded(one)]
        expected = f"one download, though a poll and {called(hooks[0])} told the end"
        yield kept(o, len(whole) <= 1, expected, f"{len(whole)} downloads", *whole)


def not_modified_is_known(o: Observation) -> Iterator[Outcome]:
    for one in with_status(polls(o), 304):
        if one.header("If-None-Match") is None and one.header("If-Modified-Since") is None:
            raise Unjudged("it sends no validator, so that 304 is no answer to it")
        again = same_task(after(polls(o), one), one)
        yield kept(o, bool(again), "another poll behind 304", "none", one)


BEHAVIOURS = (
    behaviour(
        "POL-01",
        MUST,
        "W",
        "rate-limit page",
        "Between an answer and the next poll lies the configured interval, at least.",
        no_busy_loop,
    ),
    behaviour(
        "POL-02", MUST, "W", "get-task-status page", "A task that has ended is not asked for again.", end_is_the_end
    ),
    behaviour(
        "POL-03",
        MUST,
        "WX",
        "docs silent: chosen, because nobody waits for ever",
        "It gives up at its deadline, says so, and neither submits again nor cancels unasked, there or anywhere.",
        gives_up_when_it_must,
    ),
    behaviour(
        "POL-11",
        SHOULD,
        "W",
        "docs silent: chosen, because a slow server needs no more requests",
        "There is one poll of a task at a time.",
        one_poll_at_a_time,
    ),
    behaviour(
        "POL-14",
        MUST,
        "W",
        "download-task-result page: each download is billed",
        "An end that is told by a poll and by a webhook leads to one download.",
        one_download_for_two_tidings,
    ),
    behaviour(
        "POL-15",
        MAY,
        "W",
        "RFC 9110 15.4.5",
        "Who sends validators knows what 304 means.",
        not_modified_is_known,
    ),
)
