"""Polling, and the statuses that it tells."""

from __future__ import annotations

from dataclasses import replace
from gzip import compress
from json import dumps
from typing import TYPE_CHECKING, Any

from tests.unit.client_builders import (
    OTHER_TASK,
    TASK,
    bad_poll,
    drop,
    envelope,
    fetch,
    hook,
    nothing,
    poll,
    post,
    process,
    refused,
    run,
    said,
)

if TYPE_CHECKING:
    from tests.unit.observed import Table

BRIEF = {"deadline_seconds": 3, "request_timeout_seconds": 1}
HANGING = process(None, ended_at=20.0, forced="17 s")
CRASHED = process(1, stderr=b"Traceback (most recent call last):\nKeyError: 'archived'\n")
WHY = {"error_code": "NO_DIALOGUE", "error_message": "没有对白 😿"}
NEWS = "pending", "running"


def told(*statuses: str, code: int | None = 0, **how: Any) -> Any:
    """Polls every 0.3 s that are told these."""
    return run(post(), *(poll(each, 0.2 + n * 0.3) for n, each in enumerate(statuses)), code=code, **how)


def packed(content: bytes) -> Any:
    """A poll whose answer in gzip is this."""
    return poll("", 0.2, answer=content, told={"Content-Encoding": "gzip"})


def apart(seconds: float, **how: Any) -> Any:
    return run(post(), poll("pending", 0.2, took=0.0), poll("pending", 0.2 + seconds), **how)


def called_between() -> Any:
    """A webhook comes between the first two of three polls."""
    return run(post(), poll("pending", 0.2), poll("running", 0.22), poll("running", 0.5), deliveries=(hook(0.215),))


def waiting(*more: Any, code: int | None = 1, ended_at: float = 3.0, stderr: bytes = b"gave up\n", **how: Any) -> Any:
    ends, case = (process(code, ended_at=ended_at, stderr=stderr),), {**BRIEF, "endless": True}
    return run(post(), poll("running", 0.2), poll("running", 2.8), *more, code=code, processes=ends, case=case, **how)


def signalled(at: float, *requests: Any) -> Any:
    return run(post(), *requests, code=1, processes=(process(1, signalled_at=at),))


def lost(*statuses: int, code: int = 1, more: tuple[Any, ...] = ()) -> Any:
    polls = [bad_poll(0.2 + n * 0.3, each, answer=refused(each, "Task not found")) for n, each in enumerate(statuses)]
    return run(post(), *polls, *more, code=code)


def slow(second: float, connection: int = 2, **how: Any) -> Any:
    one = poll("running", 0.2, took=0.7, fault="latency")
    return run(post(), one, poll("running", second, took=0.7, fault="latency", connection=connection), **how)


def failed(said_by: bytes, **how: Any) -> Any:
    ends = (process(1, stderr=said_by),)
    return run(post(), poll("failed", 0.5, more=WHY), code=1, processes=ends, **how)


def unmodified(validator: Any, *more: Any) -> Any:
    one = bad_poll(0.5, 304, headers=validator, answer=b"")
    return run(post(), poll("pending", 0.2), one, *more, code=0 if more else 1)


def odd(code: int | None, *answers: Any) -> Any:
    """Polls that a fault struck, with these members of `data`."""
    return run(
        post(), *(poll("running", 0.2 + n / 5, more=each, fault="edit") for n, each in enumerate(answers)), code=code
    )


NO_TOTAL = {"progress": {"total_episodes": 0, "completed_episodes": 0}}
EXTRA = poll("running", 0.3, fault="edit", answer=envelope({"task_id": TASK, "status": "running"}) | {"trace_id": "x"})

KEEPS: Table = {
    "POL-01": (run(), apart(0.16), called_between(), apart(3.0)),
    "POL-02": (
        run(),
        told("running", "failed", code=1),
        run(poll("completed", 0.2), poll("running", 0.4, task=OTHER_TASK)),
    ),
    "POL-03": (
        waiting(),
        waiting(ended_at=6.5),
        waiting(reports=(said("timeout"),)),
        run(),
        run(post(), poll("failed", 0.5), code=1),
        signalled(0.5, drop(0.6)),
    ),
    "POL-04": (
        told("archived", "completed"),
        told("archived", code=1),
        run(poll("archived", 0.2), poll("completed", 0.4), fetch()),
    ),
    "POL-05": (run(post(), EXTRA, poll("completed", 0.5), fetch()),),
    "POL-06": (run(),),
    "POL-07": (odd(0, NO_TOTAL, {"progress": None}),),
    "POL-08": (told("running", "pending", "completed"),),
    "POL-09": (run(post(), poll("completed", 0.2), fetch()),),
    "POL-10": (lost(404, 404, code=0, more=(poll("completed", 1.0),)), lost(404, 404, 404), lost(400, 404)),
    "POL-11": (slow(0.9), slow(0.95, connection=1)),
    "POL-12": (told("running", "failed", code=1), told("failed", code=1, reports=(said("failed"),))),
    "POL-13": (
        failed("NO_DIALOGUE: 没有对白 😿\n".encode()),
        failed(b'{"error_code": "NO_DIALOGUE", "error_message": "\\u6ca1\\u6709\\u5bf9\\u767d \\ud83d\\ude3f"}'),
        failed(b"it failed", reports=(said("failed", **WHY),)),
    ),
    "POL-14": (run(deliveries=(hook(),)),),
    "POL-15": (unmodified({"If-None-Match": '"1"'}, poll("completed", 0.8)),),
}
BREAKS: Table = {
    "POL-01": (
        apart(0.14),
        apart(0.0),
        run(post(), poll("pending", 0.2), poll("pending", 0.3), case={"poll_seconds": 1}),
    ),
    "POL-02": (
        *(told(each, each, code=1) for each in ("completed", "failed", "cancelled")),
        run(post(), packed(compress(dumps(envelope({"status": "completed"})).encode())), poll("", 0.6)),
    ),
    "POL-03": (
        waiting(ended_at=9.0),
        waiting(code=None, ended_at=9.0),
        waiting(ended_at=1.0),
        waiting(stderr=b""),
        waiting(post(2.9)),
        waiting(drop(2.9)),
        waiting(poll("running", 4.5)),
        waiting(reports=(said("failed"),)),
        run(post(), bad_poll(0.2, 200), drop(0.4), code=1, tasks={TASK: "cancelled"}),
        run(post(), poll("completed", 0.2), drop(0.4)),
        signalled(0.5, drop(0.4)),
    ),
    "POL-04": (
        told("archived", code=0),
        told("archived", processes=(CRASHED,)),
        told("archived", processes=(HANGING,)),
        run(post(), poll("archived", 0.2), fetch(0.3), poll("completed", 0.5)),
    ),
    "POL-05": (run(post(), EXTRA, code=1),),
    "POL-06": (run(post(), poll("pending", 0.2), code=1),),
    "POL-07": (odd(1, NO_TOTAL), odd(None, {"progress": None})),
    "POL-08": (
        told("running", "pending", code=1),
        run(poll("running", 0.2), poll("pending", 0.4), post(0.5), poll("", 0.6)),
    ),
    "POL-09": (run(post(), poll("completed", 0.2), code=1),),
    "POL-10": (lost(404), lost(404, 404, more=(post(1.0),)), lost(404, 404, code=0)),
    "POL-11": (slow(0.5), slow(0.21)),
    "POL-12": (
        told("failed", code=0),
        told("failed", code=1, reports=(said("completed"),)),
        run(post(), poll("failed", 0.2), fetch(0.3, status=400), code=1),
    ),
    "POL-13": (failed(b"it failed"), failed(b"NO_DIALOGUE"), failed(b"", reports=(said("failed"),))),
    "POL-14": (run(post(), poll("completed", 1.0), fetch(1.1), fetch(1.11), deliveries=(hook(),)),),
    "POL-15": (unmodified({"If-None-Match": '"1"'}),),
}
MISSES: Table = {
    "POL-01": (nothing(), run(post(), poll("pending", 0.2)), run(post(), bad_poll(0.2, 503), poll("pending", 0.21))),
    "POL-02": (nothing(), told(*NEWS), run(post(), packed(b"no gzip"), poll("", 0.6))),
    "POL-03": (nothing(), run(post(), case={"endless": True}, code=1)),
    "POL-06": (nothing(), told("running", "completed")),
    "POL-08": (run(), told("pending", "pending")),
    "POL-14": (run(), told(*NEWS, deliveries=(hook(),)), run(deliveries=(replace(hook(), status=None),))),
}
SKIPS: Table = {
    "POL-03": (
        run(post(), poll("running", 0.2), drop(), case={"cancel_when": "running"}, code=1),
        run(post(status=402, answer=refused(402, "no")), code=1),
    ),
    "POL-15": (unmodified({}, poll("completed", 0.8)),),
}
