"""Scenarios as plain data, the way they stand in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_mock.core.dialect import DOCUMENTED, name_of, values
from screenplay_mock.core.scenario import Completes, Fails, Fixed, Lognormal, Stuck, Uniform
from screenplay_mock.scenarios.scalars import dollars_text, duration_text

if TYPE_CHECKING:
    from screenplay_mock.core.dialect import Dialect
    from screenplay_mock.core.scenario import Duration, Outcome, Scenario, TaskLife


def to_data(scenario: Scenario) -> dict[str, Any]:
    """
    All that *scenario* says, defaults too, as JSON can hold it; `from_data` makes the same value of it.

    What a file cannot say is left out: a `per_episode` that is not used, because there is a `running_for`.
    """
    webhook, submission = scenario.webhook, scenario.submission
    data: dict[str, Any] = {
        "name": scenario.name,
        "description": scenario.description,
        "tasks": _tasks(scenario.tasks),
        "account": {
            "balance": dollars_text(scenario.account.balance_micro_dollars),
            "rate_limit": scenario.account.rate_limit,
            "webhook_url": scenario.account.webhook_url,
        },
        "webhook": {
            "delay": _duration(webhook.delay),
            "retries": [duration_text(after) for after in webhook.retries],
            "timeout": duration_text(webhook.timeout),
        },
        "submission": {
            "coming_soon_modes": "accept" if submission.coming_soon_modes else "refuse",
            "require_output": submission.require_output,
        },
        "assets": "strict" if submission.strict_assets else "lenient",
        "uploads": {"ready_after": _duration(scenario.uploads_ready_after)},
    }
    if scenario.dialect is not None:
        data["dialect"] = _dialect(scenario.dialect)
    return data


def _tasks(life: TaskLife) -> dict[str, Any]:
    work = (
        {"per_episode": _duration(life.per_episode)}
        if life.running_for is None
        else {"running_for": _duration(life.running_for)}
    )
    return {"pending_for": _duration(life.pending_for), **work, "outcome": _outcome(life.outcome)}


def _duration(duration: Duration) -> str | dict[str, Any]:
    match duration:
        case Fixed(milliseconds):
            return duration_text(milliseconds)
        case Uniform(low, high):
            return {"uniform": [duration_text(low), duration_text(high)]}
        case Lognormal(median, sigma):
            return {"lognormal": {"median": duration_text(median), "sigma": sigma}}


def _outcome(outcome: Outcome) -> str | dict[str, Any]:
    match outcome:
        case Completes():
            return "completed"
        case Stuck():
            return "stuck"
        case Fails(error_code, error_message, after):
            return {"failed": {"error_code": error_code, "error_message": error_message, "after": after}}


def _dialect(dialect: Dialect) -> str | dict[str, Any]:
    name = name_of(dialect)
    if name != "custom":
        return name
    usual = values(DOCUMENTED)
    return {switch: value for switch, value in values(dialect).items() if value != usual[switch]}
