"""Scenarios as plain data, the way they stand in a file."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from screenplay_mock.core.dialect import DOCUMENTED, name_of, values
from screenplay_mock.core.fault_kinds import Bytes, Milliseconds
from screenplay_mock.core.faults import NAMES, When
from screenplay_mock.core.scenario import Cancels, Completes, Duration, Fails, Fixed, Lognormal, Stuck, Uniform
from screenplay_mock.scenarios.scalars import dollars_text, duration_text, size_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from screenplay_mock.core.dialect import Dialect
    from screenplay_mock.core.faults import Fault
    from screenplay_mock.core.scenario import Outcome, Rule, Scenario, TaskLife, WebhookRules


def to_data(scenario: Scenario) -> dict[str, Any]:
    """
    All that *scenario* says, defaults too, as JSON can hold it; `from_data` makes the same value of it.

    What a file cannot say is left out: a `per_episode` that is not used, because there is a `running_for`.
    """
    account, submission = scenario.account, scenario.submission
    data: dict[str, Any] = {
        "name": scenario.name,
        "description": scenario.description,
        "tasks": _tasks(scenario.tasks),
        "account": {
            "balance": dollars_text(account.balance_micro_dollars),
            "rate_limit": account.rate_limit,
            "retry_after": None if account.retry_after is None else members(account.retry_after),
            "webhook_url": account.webhook_url,
            "disabled": account.disabled,
        },
        "webhook": _webhook(scenario.webhook),
        "submission": {
            "coming_soon_modes": "accept" if submission.coming_soon_modes else "refuse",
            "require_output": submission.require_output,
        },
        "assets": "strict" if submission.strict_assets else "lenient",
        "uploads": {"ready_after": _duration(scenario.uploads_ready_after)},
        "rules": [_rule(rule) for rule in scenario.rules],
        "faults": [fault_data(fault) for fault in scenario.faults],
        "tries": list(scenario.tries),
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
    return {
        "pending_for": _duration(life.pending_for),
        **work,
        "outcome": _outcome(life.outcome),
        "result": life.result,
        "id_suffix": life.id_suffix,
    }


def _webhook(rules: WebhookRules) -> dict[str, Any]:
    return {
        "delay": _duration(rules.delay),
        "retries": [duration_text(after) for after in rules.retries],
        "timeout": duration_text(rules.timeout),
        "calls": [members(call) for call in rules.calls],
        "answers_lost": rules.answers_lost,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {"when": members(rule.when), "tasks": _tasks(rule.tasks), "webhook": _webhook(rule.webhook)}


def fault_data(fault: Fault) -> dict[str, Any]:
    """*fault* in the shape that files and the admin API have for it."""
    data: dict[str, Any] = {"on": fault.on[0] if len(fault.on) == 1 else list(fault.on)}
    if fault.when != When():
        data["when"] = members(fault.when)
    data["times"] = "always" if fault.times is None else fault.times
    if fault.latency is not None:
        data["latency"] = _duration(fault.latency)
    return data | {NAMES[type(kind)]: members(kind) for kind in fault.kinds}


def members(value: Any) -> dict[str, Any]:
    """What a dataclass of the core says that is not its default, each member by its type."""
    hints = get_type_hints(type(value))
    given = {member.name: getattr(value, member.name) for member in fields(value)}
    defaults = {member.name: member.default for member in fields(value)}
    return {name: _plain(one, hints[name]) for name, one in given.items() if one != defaults[name]}


def defaults(made: type) -> dict[str, Any]:
    """The defaults of the members of a dataclass of the core that have one, as plain data."""
    hints = get_type_hints(made)
    return {
        member.name: _plain(member.default, hints[member.name])
        for member in fields(made)
        if member.default is not MISSING
    }


def _plain(value: Any, hint: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, Fixed | Uniform | Lognormal):
        return members(value)
    for kind, write in _WRITERS.items():
        if hint == kind or kind in get_args(hint):
            return value if value is None or isinstance(value, str) else write(value)
    if isinstance(value, Fixed | Uniform | Lognormal):
        return _duration(value)
    return list(value) if isinstance(value, tuple) else value


#: How a member of a type is written, where JSON has no such type.
_WRITERS: dict[Any, Callable[[Any], str]] = {Milliseconds: duration_text, Bytes: size_text}


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
        case Cancels():
            return "cancelled"
        case Fails(error_code, error_message, after):
            return {"failed": {"error_code": error_code, "error_message": error_message, "after": after}}


def _dialect(dialect: Dialect) -> str | dict[str, Any]:
    name = name_of(dialect)
    if name != "custom":
        return name
    usual = values(DOCUMENTED)
    return {switch: value for switch, value in values(dialect).items() if value != usual[switch]}
