"""Polls that fail for a while, or for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.client_builders import OTHER_TASK, bad_poll, nothing, poll, post, process, refused, run, said

if TYPE_CHECKING:
    from tests.unit.observed import Table

NOW = "Fri, 13 Mar 2026 10:00:00 GMT"
IN_THREE = "Fri, 13 Mar 2026 10:00:03 GMT"  # seconds: at least two of them are to be waited
HANGING = process(None, ended_at=20.0, forced="17 s")
CRASHED = process(1, stderr=b"Traceback (most recent call last):\n  File ...\nValueError: soon\n")
BRIEF = {"deadline_seconds": 3, "request_timeout_seconds": 1}


def met(status: int | None, *more: Any, told: Any = None, fault: str = "status", **how: Any) -> Any:
    """A poll at 0.2 s that a fault struck, answered at once; and what comes behind it."""
    one = bad_poll(0.2, status, fault, told=told or {}, took=0.0)
    return run(post(), one, *more, code=how.pop("code", 0 if more else 1), **how)


def waits(status: int, wait: str, at: float) -> Any:
    return met(status, poll("pending", at), told={"Retry-After": wait, "Date": NOW})


def series(*gaps: float, task: str | None = None, status: int | None = 503) -> list[Any]:
    """Polls that are struck, so many seconds apart, and one more that is not."""
    about: dict[str, Any] = {} if task is None else {"task": task}
    at, made = 0.2, []
    for gap in gaps:
        made.append(bad_poll(at, status, took=0.0, **about))
        at += gap
    return [*made, poll("pending", at, **about)]


def several(*gaps: tuple[float, ...]) -> Any:
    posts = [post(task=f"{OTHER_TASK}-{number}") for number in range(len(gaps))]
    polls = [one for n, each in enumerate(gaps) for one in series(*each, task=f"{OTHER_TASK}-{n}")]
    return run(*posts, *polls, case={"together": len(gaps)})


def for_ever(*times: float, ended_at: float = 3.1, code: int | None = 1, status: int | None = 503) -> Any:
    polls = [bad_poll(at, status, took=0.0) for at in times]
    return run(post(), *polls, code=code, processes=(process(code, ended_at=ended_at),), case=BRIEF)


def given_up(*times: float, outcome: str | None, status: int | None = 429, ended_at: float, **told: str) -> Any:
    """Polls that are struck, of a client that reports *outcome* behind the last, with a deadline of 10 s."""
    polls = [bad_poll(at, status, took=0.0, told=told) for at in times]
    reports = () if outcome is None else (said(outcome),)
    return run(post(), *polls, code=1, processes=(process(1, ended_at=ended_at),), reports=reports)


#: Who ends because the next pause, a double one, would cross the deadline; with and without a word about it.
NO_TIME = ((0.2, 1.2, 3.3, 7.4), (0.2, 2.3, 6.6))


def out_of_time(status: int | None) -> tuple[Any, ...]:
    silent = (given_up(*times, status=status, outcome=None, ended_at=times[-1] + 0.1) for times in NO_TIME)
    long = given_up(0.2, outcome="timeout", status=status, ended_at=0.4)  # it would wait for a minute
    asked = given_up(0.2, outcome="error", status=status, ended_at=0.4, **{"Retry-After": "9"})
    return (*silent, long, asked)


def not_out_of_time(status: int | None) -> tuple[Any, ...]:
    return (
        given_up(0.2, outcome="error", status=status, ended_at=0.3),
        given_up(0.2, 1.2, outcome=None, status=status, ended_at=1.3),
        given_up(0.2, outcome="timeout", status=status, ended_at=9.9),  # it never asked again
        given_up(0.2, outcome="error", status=status, ended_at=0.3, **{"Retry-After": "soon"}),
    )


STEADY = tuple(0.2 + n / 5 for n in range(14))
HASTY = tuple(0.2 + n / 50 for n in range(60))

KEEPS: Table = {
    "RTY-01": (
        met(503, poll("pending", 0.4)),
        met(None, poll("pending", 0.2001), fault="reset"),
        met(502, poll("", 3)),
        *out_of_time(503),
        *out_of_time(None),
    ),
    "RTY-02": (waits(429, "1", 1.16), waits(429, "1", 5.0), met(429, told={"Retry-After": "1"})),
    "RTY-03": (waits(503, "1", 1.16), waits(503, IN_THREE, 2.2), waits(429, IN_THREE, 2.2)),
    "RTY-04": (
        waits(503, "soon", 0.4),
        waits(503, "-5", 0.4),
        waits(503, "31536000", 0.4),
        met(503, told={"Retry-After": "31536000"}),
    ),
    "RTY-05": (run(post(), *series(0.2, 0.4, 0.8, 1.6, 3.2)), run(post(), *series(0.2, 0.1, 0.5, 0.4))),
    "RTY-06": (several((0.2, 0.4, 0.8), (0.22, 0.36, 0.9)), several((0.1, 0.1), (0.3, 0.2))),
    "RTY-07": (for_ever(0.2, 0.5, 1.2), for_ever(0.2, 0.5, 1.2, ended_at=5.5)),
    "RTY-08": (for_ever(*STEADY),),
    "RTY-09": (met(501), met(404), met(501, poll("", 0.3, task=OTHER_TASK))),
    "RTY-10": (met(429, poll("pending", 0.5)), *out_of_time(429)),
    "RTY-11": (met(500, poll("pending", 0.5)), *out_of_time(500)),
    "RTY-12": (for_ever(*STEADY, status=None), for_ever(0.2, 0.201, 0.4, 0.401, 0.7, status=None)),
}
BREAKS: Table = {
    "RTY-01": (
        met(503),
        met(None, fault="reset"),
        met(504, poll("", 0.3, task=OTHER_TASK)),
        *not_out_of_time(503),
    ),
    "RTY-02": (waits(429, "1", 1.14), waits(429, "2", 0.4)),
    "RTY-03": (waits(503, "1", 0.4), waits(503, IN_THREE, 2.1)),
    "RTY-04": (
        met(503, told={"Retry-After": "soon"}, processes=(CRASHED,)),
        met(503, told={"Retry-After": "31536000"}, processes=(HANGING,)),
    ),
    "RTY-05": (run(post(), *series(0.2, 0.2, 0.2, 0.2, 0.2)), run(post(), *series(0.2, 0.21, 0.19))),
    "RTY-06": (several((0.2, 0.4, 0.8), (0.21, 0.41, 0.79)), several(*[(1.0, 1.0)] * 8)),
    "RTY-07": (
        for_ever(0.2, 0.5, ended_at=7.5),
        for_ever(0.2, 0.5, ended_at=8.0, code=None),
        for_ever(0.2, 4.5, ended_at=4.6),
    ),
    "RTY-08": (for_ever(*HASTY),),
    "RTY-09": (met(501, poll("pending", 0.5)), met(404, poll("pending", 0.5)), met(505, bad_poll(0.5, 505))),
    "RTY-10": (met(429), met(429, poll("", 0.3, task=OTHER_TASK)), *not_out_of_time(429)),
    "RTY-11": (met(500), met(500, post(0.4), poll("pending", 0.5)), *not_out_of_time(500)),
    "RTY-12": (
        for_ever(0.2, 0.21, 0.22, status=None),
        for_ever(*STEADY, status=None, ended_at=9.0, code=None),
    ),
}
MISSES: Table = {
    "RTY-01": (run(), met(500)),
    "RTY-02": (run(), met(429, poll("pending", 0.4)), waits(503, "9", 0.4)),
    "RTY-03": (run(), met(503, poll("pending", 0.4)), waits(503, "soon", 0.4), waits(429, "1", 0.4)),
    "RTY-04": (run(), waits(503, "1", 0.4), waits(503, IN_THREE, 0.4)),
    "RTY-06": (run(), run(post(), *series(0.2, 0.4))),
    "RTY-09": (run(), met(503), met(429), met(408), met(425)),
    "RTY-10": (run(), met(503)),
    "RTY-11": (run(), met(503), run(post(status=500, answer=refused(500, "trouble")))),
    "RTY-12": (run(), nothing()),
}
SKIPS: Table = {
    "RTY-05": (run(post(), *series(0.2, 0.2)), met(503)),
    "RTY-06": (several((0.2,), (0.2,)),),
}
