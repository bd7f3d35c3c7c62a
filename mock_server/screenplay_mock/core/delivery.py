"""Webhook deliveries: which are owed for a task, and what comes of an attempt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from screenplay_mock.core.plan import drawn, effects

if TYPE_CHECKING:
    from screenplay_mock.core.plan import Record
    from screenplay_mock.core.scenario import WebhookRules


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: when (milliseconds), the receiver's HTTP status, or what went wrong instead."""

    at: int
    status: int | None = None
    error: str | None = None

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - webhooks page: "return 2xx"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook call. `due_at` is when the next attempt falls due; None: there is none to come."""

    id: str
    task_id: str
    due_at: int | None
    retries: tuple[int, ...]
    url: str | None = None
    payload: dict[str, Any] | None = None
    attempts: tuple[Attempt, ...] = ()


def owed(record: Record, rules: WebhookRules) -> tuple[Delivery, ...]:
    """
    The deliveries that the events of *record*, past and planned, cause: one for each CallWebhook.

    docs silent: a cancelled task calls nobody.
    """
    delay = drawn(rules.delay, record.result_seed)
    return tuple(
        Delivery(f"wh-{effect.task.id}", effect.task.id, at + delay, rules.retries) for at, effect in effects(record)
    )


def attempted(delivery: Delivery, attempt: Attempt) -> Delivery:
    """*delivery* after *attempt*: settled by a 2xx, due again while retries are left."""
    tried = replace(delivery, attempts=(*delivery.attempts, attempt))
    if attempt.succeeded or not delivery.retries:
        return replace(tried, due_at=None)
    wait, *later = delivery.retries
    return replace(tried, due_at=attempt.at + wait, retries=tuple(later))


def redelivered(delivery: Delivery, attempt: Attempt) -> Delivery:
    """*delivery* after an *attempt* out of turn: a 2xx settles it, anything else leaves its schedule alone."""
    due_at = None if attempt.succeeded else delivery.due_at
    return replace(delivery, attempts=(*delivery.attempts, attempt), due_at=due_at)
