"""The story of a case: what happened, when, and what was paid; the key nowhere."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from screenplay_contracts.exchange import without
from screenplay_contracts.report.story import Happening, Story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation, Process, Request

MOST = 400  # happenings: a busy loop is seen in fewer
LONGEST = 200  # characters of a target
TAIL = 8  # characters of a task id that are shown: those that differ


def story(seen: Observation, *, whole: bool) -> Story:
    """What there is to tell of *seen*; the happenings only if it is to be *whole*."""
    happenings = sorted(_happenings(seen), key=lambda one: (one.at, one.what))
    ends = [one.at if one.until is None else one.until for one in happenings]
    shown = happenings[:MOST] if whole else []
    return Story(
        case=seen.case.name,
        scenario=seen.case.plays,
        seconds=max(ends, default=0.0),
        deadline_seconds=seen.case.job.deadline_seconds,
        jobs=seen.case.together,
        paid=Counter(one.kind for one in seen.charges),
        happenings=tuple(shown),
        left_out=len(happenings) - len(shown) if whole else 0,
    )


def _happenings(seen: Observation) -> Iterator[Happening]:
    for number, process in enumerate(seen.processes, start=1):
        yield from _process(process, f"process {number}" if len(seen.processes) > 1 else "process")
    base = urlsplit(seen.base_url).path
    for request in seen.requests:
        yield _request(request, base, seen.key)
    for one in seen.deliveries:
        note = "" if one.error is None else without(one.error, seen.key)
        yield Happening("delivery", one.at, one.at + one.seconds, "webhook call", one.status, note)


def _process(process: Process, name: str) -> Iterator[Happening]:
    note = "" if process.forced is None else f"ended by force: {process.forced}"
    yield Happening("process", process.started_at, process.ended_at, name, process.exit_code, note)
    if process.signalled_at is not None:
        yield Happening("signal", process.signalled_at, process.signalled_at, name, note="signal")


def _request(request: Request, base: str, key: str) -> Happening:
    target = without(request.target, key)
    if request.listener == "api":
        target = target.removeprefix(base)
    if request.task_id:
        target = target.replace(request.task_id, f"…{request.task_id[-TAIL:]}")
    place = "" if request.listener == "api" else f"{request.listener}: "
    name = f"{place}{request.method or 'no HTTP'} {target}".strip()[:LONGEST]
    note = "" if request.status is not None else "no answer" if request.complete else "cut off"
    return Happening("request", request.at, request.over_at, without(name, key), request.status, note, request.fault)
