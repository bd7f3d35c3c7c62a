"""Answers that are odd, damaged or from somebody else."""

from __future__ import annotations

from gzip import compress
from json import dumps
from typing import TYPE_CHECKING, Any

from tests.unit.client_builders import (
    BODY,
    CONTENT,
    TASK,
    bad_poll,
    envelope,
    fetch,
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

HANGING = process(None, ended_at=20.0, forced="17 s")
TRACE = b"Traceback (most recent call last):\n  File ...\njson.decoder.JSONDecodeError: Expecting value\n"
CRASHED = process(1, stderr=TRACE)
TOLD = process(1, stderr=b"HTTP 502, Bad Gateway\n")
MESSAGE = "第 3 集没有对白"
MOJIBAKE = MESSAGE.encode().decode("latin-1")
GOES_ON = poll("completed", 0.6), fetch()


def met(*more: Any, status: int | None = 200, fault: str = "edit", answer: Any = None, **how: Any) -> Any:
    """A poll that is struck, and what comes behind it."""
    body = envelope({"task_id": TASK, "status": "running"}) if answer is None else answer
    one = bad_poll(0.3, status, fault, answer=body, told=how.pop("told", {}), headers=how.pop("headers", {}))
    return run(post(), one, *more, code=how.pop("code", 0 if more else 1), **how)


def in_spite_of(**how: Any) -> tuple[Any, ...]:
    """Clients that go on to the end."""
    return (met(*GOES_ON, **how),)


def because_of(**how: Any) -> tuple[Any, ...]:
    """Clients that do not."""
    return (met(**how), met(processes=(HANGING,), **how))


def unclean(**how: Any) -> tuple[Any, ...]:
    return (met(processes=(CRASHED,), **how), met(processes=(HANGING,), **how), met(processes=(process(-11),), **how))


def failing(message: str, *ends: Any, **how: Any) -> Any:
    data = {"task_id": TASK, "status": "failed", "error_code": "E-9", "error_message": message}
    one = bad_poll(0.3, 200, "edit", answer=envelope(data), told=how.pop("told", {}))
    return run(post(), one, code=how.pop("code", 1), processes=ends or (process(1),), **how)


def saying(text: str) -> Any:
    return process(1, stderr=text.encode())


def posted(*more: Any, **how: Any) -> Any:
    return run(post(fault="edit", **how), *more, code=0 if more else 1)


def with_code(http: int, code: Any, *more: Any, status: str = "completed") -> Any:
    answer = envelope({"task_id": TASK, "status": status}, code=code)
    return run(post(), bad_poll(0.3, http, answer=answer), *more, code=0 if more else 1)


def packed(*more: Any, offered: str | None, **how: Any) -> Any:
    content = compress(dumps(envelope({"task_id": TASK, "status": "running"})).encode())
    headers = {"Accept-Encoding": offered}
    return met(*more, answer=content, told={"Content-Encoding": "gzip"}, headers=headers, fault="gzip", **how)


def weighing(size: int, fault: str = "huge", code: int | None = 0) -> Any:
    return met(*GOES_ON, fault=fault, code=code, processes=(process(code, peak_bytes=size),))


KEEPS: Table = {
    "RSP-01": (
        *in_spite_of(status=299),
        met(status=471, result=None),
        *in_spite_of(status=599),
        met(status=599),
    ),
    "RSP-02": (
        run(post(answer=refused(402, "no")), code=1),
        with_code(500, 200, poll("completed", 0.6), fetch()),
        with_code(500, "200"),
    ),
    "RSP-03": (*in_spite_of(status=502, answer=b"<html>"), met(status=502, processes=(TOLD,))),
    "RSP-04": (met(answer=b"<html>"), met(answer=b"<html>", processes=(CRASHED,))),
    "RSP-05": (*in_spite_of(answer=b""), met(status=204, answer=b"", processes=(TOLD,))),
    "RSP-06": (*in_spite_of(answer=b'{"a'), met(answer=b'{"a')),
    "RSP-07": (*in_spite_of(answer=b'{"a'), met(answer=b'{"a')),
    "RSP-08": in_spite_of(),
    "RSP-09": (failing(MESSAGE, saying(MESSAGE)), met(*GOES_ON, told={"Content-Type": "text/plain"})),
    "RSP-10": in_spite_of(),
    "RSP-11": (failing("odd"), failing("odd", reports=(said("failed", error_code="E-9"),))),
    "RSP-12": (*in_spite_of(answer=envelope([])), met(answer=envelope(None))),
    "RSP-13": in_spite_of(),
    "RSP-14": (packed(*GOES_ON, offered="gzip, deflate"), packed(*GOES_ON, offered=None), packed(offered="identity")),
    "RSP-15": in_spite_of(),
    "RSP-16": in_spite_of(),
    "RSP-17": (weighing(60_000_000), weighing(190_000_000, code=1)),
    "RSP-18": (posted(*GOES_ON),),
    "RSP-19": (failing("odd"),),
}
BREAKS: Table = {
    "RSP-01": (
        met(status=299),
        met(status=471, code=0),
        met(status=471, result=CONTENT),
        *unclean(status=599),
    ),
    "RSP-02": (
        run(post(answer=refused(402, "no")), poll("pending", 0.3), code=1),
        with_code(500, 200, fetch(0.4)),
    ),
    "RSP-03": (met(status=502, processes=(process(1),)), *unclean(status=502)),
    "RSP-04": (
        met(answer=b"<html>", code=0),
        met(answer=b"<html>", processes=(HANGING,)),
        met(answer=b"<html>", result=CONTENT),
    ),
    "RSP-05": unclean(answer=b""),
    "RSP-06": unclean(answer=b'{"a'),
    "RSP-07": unclean(answer=b'{"a'),
    "RSP-08": because_of(),
    "RSP-09": (failing(MESSAGE, saying(MOJIBAKE)), failing(MESSAGE, reports=(said("failed", error_message=MOJIBAKE),))),
    "RSP-10": because_of(),
    "RSP-11": (
        failing("odd", CRASHED),
        failing("odd", process(0)),
        failing("odd", reports=(said("failed", error_code=None),)),
    ),
    "RSP-12": unclean(answer=envelope(None)),
    "RSP-13": because_of(),
    "RSP-14": (packed(offered="gzip"), packed(offered=None, processes=(CRASHED,))),
    "RSP-15": because_of(),
    "RSP-16": because_of(),
    "RSP-17": (weighing(400_000_000), weighing(60_000_000, code=None), weighing(300_000_000, code=1)),
    "RSP-18": (posted(),),
    "RSP-19": (failing("odd", process(0)), failing("odd", CRASHED), failing("odd", result=CONTENT)),
}
MISSES: Table = {
    "RSP-02": (run(), run(post(status=402, answer=refused(402, "no")), code=1), with_code(500, 500, fetch(0.4))),
    "RSP-11": (run(), *in_spite_of()),
    "RSP-14": (nothing(), run(post(body=BODY))),
    "RSP-17": (run(), *in_spite_of()),
}
SKIPS: Table = {
    "RSP-09": (failing(MESSAGE, saying("it failed")), met(told={"Content-Type": "text/plain"})),
    "RSP-14": (run(),),
    "RSP-17": (weighing(0),),
}
