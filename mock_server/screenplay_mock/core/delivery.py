"""Webhook deliveries: which are owed for a task, what they say, and what comes of an attempt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from screenplay_mock.core import wire
from screenplay_mock.core.edits import edited, filled
from screenplay_mock.core.identity import foreign_ids
from screenplay_mock.core.lifecycle import Cancelled, Started
from screenplay_mock.core.plan import drawn, effects, task_at
from screenplay_mock.core.submission import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screenplay_mock.core.dialect import Dialect
    from screenplay_mock.core.lifecycle import Event, Task
    from screenplay_mock.core.plan import Record
    from screenplay_mock.core.scenario import WebhookCall

MOST_OWED = 1_000  # deliveries of one task: each is kept and sent, and to a client a thousand are as good as more

#: What else than its end a scenario can have told of a task. docs silent: the vendor tells only the end, so far.
_MOMENTS: Mapping[type[Event], str] = {Started: "started", Cancelled: "cancelled"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    One try: when, the receiver's HTTP status, or what went wrong instead, and how long that took; milliseconds on the
    sandbox's clock, which does not move by hand meanwhile.
    """

    at: int
    status: int | None = None
    error: str | None = None
    took: int = 0

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - webhooks page: "return 2xx"


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    One webhook call. `due_at` is when the next attempt falls due; None: there is none to come.

    `call` is its place among the calls of the record's webhook rules. The first `answers_lost` answers count as if
    they had not come. `payload` is what was sent, where that is JSON; of any other text the beginning.
    """

    id: str
    task_id: str
    due_at: int | None
    retries: tuple[int, ...]
    url: str | None = None
    payload: dict[str, Any] | str | None = None
    attempts: tuple[Attempt, ...] = ()
    call: int = 0
    answers_lost: int = 0


def owed(record: Record) -> tuple[Delivery, ...]:
    """
    The deliveries that the life of *record*, past and planned, causes; at most MOST_OWED.

    Each has its number whether or not the others come to be, so that its id stays when the life changes.
    """
    rules, moments = record.webhook, _moments(record)
    found: list[Delivery] = []
    number = 1
    for place, call in enumerate(rules.calls):
        after = min(number + call.copies, MOST_OWED + 1)
        if call.at in moments:
            delay = drawn(rules.delay, record.result_seed)
            if call.delay is not None:
                delay = drawn(call.delay, record.result_seed + place + 1)
            due_at = moments[call.at] + delay
            found += [_delivery(record, one, due_at, place) for one in range(number, after)]
        number = after
    return tuple(found)


def _delivery(record: Record, number: int, due_at: int, place: int) -> Delivery:
    name = f"wh-{record.id}" if number == 1 else f"wh-{record.id}-{number}"
    rules = record.webhook
    return Delivery(name, record.id, due_at, rules.retries, call=place, answers_lost=rules.answers_lost)


def _moments(record: Record) -> dict[str, int]:
    """When there is something to tell of *record*, past and planned."""
    moments = {"submitted": record.created_at}
    for event in (record.events[0], record.events[-1]):  # a task starts first, and is cancelled last
        if type(event) in _MOMENTS:
            moments[_MOMENTS[type(event)]] = event.at
    for at, _ in effects(record):
        moments["end"] = at
    return moments


def payload(dialect: Dialect, record: Record, delivery: Delivery, canary_url: str) -> dict[str, Any]:
    """What *delivery* tells of *record*, as JSON; {canary_url} in what the scenario sets stands for *canary_url*."""
    call = record.webhook.calls[delivery.call]
    about = _foreign(record) if call.task == "unknown" else record
    body = wire.callback(dialect, about, _at_moment(about, call), status=call.status)
    return edited(body, filled(call.set, "canary_url", canary_url), call.remove)


def _at_moment(record: Record, call: WebhookCall) -> Task:
    """The task as it is when *call* is caused, even if more happens in the same millisecond."""
    so_far = {"submitted": (), "started": record.events[:1]}.get(call.at, record.events)
    return task_at(replace(record, events=so_far), record.last_event_at)


def _foreign(record: Record) -> Record:
    """*record* as if it were somebody else's."""
    task_id, request_id = foreign_ids(MODES[record.mode], record.request_id)
    return replace(record, id=task_id, request_id=request_id)


def call_of(record: Record, delivery: Delivery) -> WebhookCall | None:
    """The call that *delivery* is; None when *record* is the task of another life of the sandbox."""
    calls = record.webhook.calls
    return calls[delivery.call] if delivery.call < len(calls) else None


def attempted(delivery: Delivery, attempt: Attempt) -> Delivery:
    """*delivery* after *attempt*: settled by a 2xx, due again while retries are left."""
    tried = replace(delivery, attempts=(*delivery.attempts, attempt))
    if _settles(delivery, attempt) or not delivery.retries:
        return replace(tried, due_at=None)
    wait, *later = delivery.retries
    return replace(tried, due_at=attempt.at + wait, retries=tuple(later))


def redelivered(delivery: Delivery, attempt: Attempt) -> Delivery:
    """*delivery* after an *attempt* out of turn: a 2xx settles it, anything else leaves its schedule alone."""
    due_at = None if _settles(delivery, attempt) else delivery.due_at
    return replace(delivery, attempts=(*delivery.attempts, attempt), due_at=due_at)


def _settles(delivery: Delivery, attempt: Attempt) -> bool:
    """Whether *attempt* is the last: it succeeded, and its answer does not count as lost."""
    answers = sum(one.status is not None for one in delivery.attempts)
    return attempt.succeeded and answers >= delivery.answers_lost
