"""What crossed the sockets of a fake while a client was at work: from the bytes of its tap to requests."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING

from screenplay_contracts.client import messages
from screenplay_contracts.client.messages import Message, is_interim
from screenplay_contracts.client.observation import Connection, Request
from screenplay_contracts.server.operations import BASE_PATH, below, found
from screenplay_mock.tap import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from screenplay_mock.tap import Crossing

API = "api"  # the listener's name
MOST_SENT = 2_000_000  # bytes kept of the body of a request
MOST_ANSWERED = 65_536  # of an answer
MOST_EVENTS = 50_000

NO_ANSWER = Message(0.0)


@dataclass(slots=True)
class Event:
    """One thing that happened on a connection; `count` bytes, of which those that came in a row are one event."""

    at: float
    listener: str
    connection: int
    kind: Kind
    count: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A request, and when its answer began or else it was over: the order in which a fake writes them down."""

    request: Request
    answered_from: float


class Line:
    """One connection, both ways."""

    def __init__(self, first: Crossing) -> None:
        self.number, self.listener, self.opened_at = first.connection, first.listener, first.at
        self.received = self.sent = 0
        self.ended_at: float | None = None
        self.ended_by: str | None = None
        self.reset = False
        self.requests = messages.requests(MOST_SENT)
        self.answers = messages.answers(MOST_ANSWERED, self._method)

    def feed(self, crossing: Crossing) -> None:
        match crossing.kind:
            case Kind.RECEIVED:
                self.received += len(crossing.data)
                self.requests.feed(crossing.data, crossing.at)
            case Kind.SENT:
                self.sent += len(crossing.data)
                self.answers.feed(crossing.data, crossing.at)
            case Kind.FINISHED:
                self._ended(crossing, "client", reset=False)
            case Kind.CLOSING:
                self._ended(crossing, "server", reset=crossing.error is not None)
            case Kind.LOST:
                self._ended(crossing, "client", reset=crossing.error is not None)
                self.reset |= self.ended_by == "client" and crossing.error is not None
            case _:
                pass

    def _ended(self, crossing: Crossing, by: str, *, reset: bool) -> None:
        if self.ended_at is not None:
            return
        self.ended_at, self.ended_by, self.reset = crossing.at, by, reset
        self.answers.end(crossing.at, orderly=by == "server" and not reset)

    def _method(self, number: int) -> str:
        sent = self.requests.messages
        return sent[number].request_line[0] if number < len(sent) else ""

    def pairs(self) -> Iterator[tuple[Message, Message]]:
        """Each request with its final answer, whose length counts interim ones too."""
        finals, before = [], 0
        for answer in self.answers.messages:
            if is_interim(answer):
                before += answer.length
            else:
                finals.append(replace(answer, length=answer.length + before))
                before = 0
        if before:
            finals.append(Message(0.0, length=before))
        for place, request in enumerate(self.requests.messages):
            yield request, finals[place] if place < len(finals) else NO_ANSWER


class Wire:
    """`feed` is the tap of a fake, and heeds what comes between `begin` and `end`; *on_crossing* is called then."""

    def __init__(self, on_crossing: Callable[[Crossing], None] = lambda _: None) -> None:
        self.events: list[Event] = []
        self._lines: dict[int, Line] = {}
        self._last: dict[int, Event] = {}
        self._started: float | None = None
        self._over = False
        self._on_crossing = on_crossing

    def begin(self, at: float) -> None:
        """The client starts at this time of the event loop: times count from here."""
        self._started = at

    def end(self) -> None:
        """What comes from now on is not the client's doing."""
        self._over = True

    def feed(self, crossing: Crossing) -> None:
        if self._started is None or self._over:
            return
        if crossing.kind is Kind.OPENED:
            self._lines[crossing.connection] = Line(crossing)
        line = self._lines.get(crossing.connection)
        if line is not None:
            line.feed(crossing)
            self._note(crossing, self._started)
            self._on_crossing(crossing)

    def _note(self, crossing: Crossing, started: float) -> None:
        last = self._last.get(crossing.connection)
        if last is not None and last.kind is crossing.kind and crossing.data:
            last.count += len(crossing.data)
        elif len(self.events) < MOST_EVENTS:
            at, count = crossing.at - started, len(crossing.data)
            event = Event(at, crossing.listener, crossing.connection, crossing.kind, count, crossing.error)
            self.events.append(event)
            self._last[crossing.connection] = event

    @property
    def count(self) -> int:
        """How many requests have begun to come so far; it may be asked in any thread."""
        return sum(len(line.requests.messages) for line in tuple(self._lines.values()))

    def answered(self, operation: str) -> int:
        """How many requests to *operation* have been answered whole so far."""
        return sum(answer.ended_at is not None for answer in self._answers(operation))

    def sent(self, operation: str) -> int:
        """How many bytes of bodies have left in answer to *operation* so far."""
        return sum(answer.size for answer in self._answers(operation))

    def _answers(self, operation: str) -> Iterator[Message]:
        for line in self._lines.values():
            if line.listener == API:
                yield from (answer for request, answer in line.pairs() if _meaning(request)[0] == operation)

    def sightings(self) -> tuple[Sighting, ...]:
        """All requests, in the order in which they came."""
        started = self._started or 0.0
        seen = [_sighting(line, *pair, started) for line in self._lines.values() for pair in line.pairs()]
        seen.sort(key=lambda each: (each.request.at, each.request.connection))
        flying = _in_flight([each.request for each in seen])
        return tuple(
            replace(each, request=replace(each.request, number=number, in_flight=others))
            for number, (each, others) in enumerate(zip(seen, flying, strict=True), start=1)
        )

    def connections(self) -> tuple[Connection, ...]:
        started = self._started or 0.0
        return tuple(
            Connection(
                line.number,
                line.listener,
                line.opened_at - started,
                _since(line.ended_at, started),
                line.ended_by,
                line.reset,
                line.received,
                line.sent,
            )
            for line in self._lines.values()
        )


def _sighting(line: Line, request: Message, answer: Message, started: float) -> Sighting:
    method, target = request.request_line
    operation, task_id = _meaning(request) if line.listener == API else (None, None)
    over_at = line.ended_at if answer.ended_at is None else answer.ended_at
    if over_at is not None:
        over_at = max(over_at, request.begun_at)  # it may have been answered before it had come whole
    seen = Request(
        number=0,
        at=request.begun_at - started,
        listener=line.listener,
        connection=line.number,
        method=method,
        target=target,
        headers=request.headers,
        body=bytes(request.body),
        size=request.size,
        complete=request.ended_at is not None,
        operation=operation,
        task_id=task_id,
        status=answer.status,
        answer=bytes(answer.body),
        answer_headers=answer.headers,
        answered_at=_since(answer.ended_at, started),
        over_at=_since(over_at, started),
        sent=answer.length,
    )
    return Sighting(seen, seen.at if over_at is None else (answer.begun_at if answer.length else over_at) - started)


def _meaning(request: Message) -> tuple[str | None, str | None]:
    """(operation, task id) by method and path."""
    method, target = request.request_line
    path = below(target.partition("?")[0], BASE_PATH)
    meant = None if path is None else found(method, path)
    if meant is None:
        return None, None
    operation, about = meant
    return operation.id, about if "{task_id}" in operation.path else None


def _in_flight(requests: list[Request]) -> Iterator[int]:
    """Of each of *requests*, in the order of their coming: how many were not over when it came."""
    ends: dict[str, list[float]] = defaultdict(list)  # heaps, by listener
    for one in requests:
        others = ends[one.listener]
        while others and others[0] <= one.at:
            heappop(others)
        yield len(others)
        heappush(others, inf if one.over_at is None else one.over_at)


def _since(at: float | None, started: float) -> float | None:
    return None if at is None else at - started
