"""What the fake's journal knows of requests that were seen on the wire: which operation, which task, which fault."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from screenplay_contracts.client.wire import API
from screenplay_contracts.exchange import REDACTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from screenplay_contracts.client.observation import Request
    from screenplay_contracts.client.wire import Sighting

    Entry = Mapping[str, Any]  # of GET /__admin/requests
    Likeness = tuple[object, ...]

OTHER = "otherOrigin"  # what the journal calls an exchange with the other origin


def joined(sightings: Iterable[Sighting], entries: Iterable[Entry], key: str) -> tuple[Request, ...]:
    """
    The requests, with what the journal's *entries*, in their order, say of them. The key is redacted there.

    Entries have no connection, so equal ones belong to equal requests in the order of their answers: first those that
    agree in the status too; then the others (a client that leaves early gets less of an answer than was meant for it).
    """
    every = list(entries)
    waiting = list(range(len(every)))
    found: dict[int, Entry] = {}
    in_order = [each.request for each in sorted(sightings, key=lambda each: each.answered_from)]
    for of_request, of_entry in (_EXACTLY, _ROUGHLY):
        alike: dict[Likeness, deque[int]] = defaultdict(deque)
        for place in waiting:
            alike[of_entry(every[place])].append(place)
        for request in in_order:
            same = alike[of_request(request, key)]
            if request.number not in found and same:
                found[request.number] = every[same.popleft()]
        waiting = sorted(place for same in alike.values() for place in same)
    in_order.sort(key=lambda request: request.number)
    return tuple(_told(request, found.get(request.number)) for request in in_order)


def _told(request: Request, entry: Entry | None) -> Request:
    if entry is None:
        return request
    task_id, operation = entry["task_id"], entry["operation"]
    return replace(
        request,
        operation=request.operation if operation in (None, OTHER) else operation,
        task_id=request.task_id if task_id is None else task_id,
        fault=entry["fault"],
    )


def _roughly(request: Request, key: str) -> Likeness:
    target = request.target.replace(key, REDACTED) if key else request.target
    path, _, query = target.partition("?")
    return request.listener == API, request.method, path, query


def _rough_entry(entry: Entry) -> Likeness:
    return entry["operation"] != OTHER, entry["method"], entry["path"], entry["query"]


def _exactly(request: Request, key: str) -> Likeness:
    return *_roughly(request, key), request.status


def _exact_entry(entry: Entry) -> Likeness:
    return *_rough_entry(entry), entry["response"]["status"]


_Pair = tuple["Callable[[Request, str], Likeness]", "Callable[[Entry], Likeness]"]
_EXACTLY: _Pair = (_exactly, _exact_entry)
_ROUGHLY: _Pair = (_roughly, _rough_entry)
