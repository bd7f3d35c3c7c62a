"""One account's world: its clock, seed, scenario, dialect and account. A frozen value that the store keeps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from screenplay_mock.clock import Clock, clock
from screenplay_mock.core.account import Account
from screenplay_mock.core.dialect import DOCUMENTED, Dialect
from screenplay_mock.core.scenario import HAPPY, Scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screenplay_mock.core.faults import Fault

#: The sandbox of admin calls that name none, and of requests that come without a key.
LOCAL_KEY = "sk-mai-local"


@dataclass(frozen=True, slots=True)
class Defaults:
    """What every new sandbox begins with."""

    clock: str = "real"
    seed: int = 0
    scenario: Scenario = HAPPY
    dialect: Dialect = DOCUMENTED
    webhook_url: str | None = None


@dataclass(frozen=True, slots=True)
class Sandbox:
    """
    `opened_at` (real milliseconds) tells this life of the sandbox from the one before a reset. `accepted` and
    `uploads` count what was accepted since then: ids are drawn from them.
    `calls` are the times of recent calls by operation, kept only while a rate limit is set.
    """

    key: str
    clock: Clock
    seed: int
    scenario: Scenario
    dialect: Dialect
    account: Account
    opened_at: int
    accepted: int = 0
    uploads: int = 0
    calls: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    dialect_set: bool = False  # by hand, not by a scenario
    webhook_set: bool = False
    faults: tuple[tuple[str, Fault], ...] = ()  # planted by hand, with their ids
    planted: int = 0  # faults by hand so far: their ids count
    plays: int = 0  # scenarios played so far: the counts of a scenario's faults begin with each


def shortened(key: str) -> str:
    """*key* as people and logs may see it: never more than half of it."""
    shown = min(len(key) // 2, 11)
    return f"{key[: shown - shown // 3]}…{key[len(key) - shown // 3 :]}"


def fresh(key: str, defaults: Defaults, wall: int) -> Sandbox:
    """The sandbox that *key* opens."""
    sandbox = Sandbox(
        key,
        clock(defaults.clock, wall),
        defaults.seed,
        HAPPY,
        defaults.dialect,
        Account(webhook_url=defaults.webhook_url),
        opened_at=wall,
    )
    return playing(sandbox, defaults.scenario, defaults)


def playing(sandbox: Sandbox, scenario: Scenario, defaults: Defaults) -> Sandbox:
    """
    *sandbox* under *scenario*.

    The balance, the rate limit and whether it is disabled are the scenario's. Its dialect and webhook URL too, where it
    names them; where it does not, what was set by hand stays, and what was not is the server's.
    """
    rules, balance = scenario.account, _balance(sandbox.key, scenario)
    webhook_url = sandbox.account.webhook_url if sandbox.webhook_set else defaults.webhook_url
    return replace(
        sandbox,
        scenario=scenario,
        dialect=scenario.dialect or (sandbox.dialect if sandbox.dialect_set else defaults.dialect),
        account=Account(balance, rules.rate_limit, rules.webhook_url or webhook_url, rules.disabled),
        calls={},
        plays=sandbox.plays + 1,
    )


def speaking(sandbox: Sandbox, dialect: Dialect) -> Sandbox:
    """*sandbox* with a dialect set by hand."""
    return replace(sandbox, dialect=dialect, dialect_set=True)


def holding(sandbox: Sandbox, changes: Mapping[str, Any]) -> Sandbox:
    """*sandbox* with members of its account set by hand."""
    account = replace(sandbox.account, **changes)
    return replace(sandbox, account=account, webhook_set=sandbox.webhook_set or "webhook_url" in changes, calls={})


def restarted(sandbox: Sandbox, wall: int) -> Sandbox:
    """*sandbox* at its beginning: same clock, seed, scenario, dialect and webhook, nothing done yet."""
    rules, balance = sandbox.scenario.account, _balance(sandbox.key, sandbox.scenario)
    return replace(
        sandbox,
        clock=clock(str(sandbox.clock), wall),
        account=Account(balance, rules.rate_limit, sandbox.account.webhook_url, rules.disabled),
        opened_at=max(wall, sandbox.opened_at + 1),
        accepted=0,
        uploads=0,
        calls={},
        faults=(),
        planted=0,
    )


def _balance(key: str, scenario: Scenario) -> int | None:
    return 0 if "broke" in key.lower() else scenario.account.balance_micro_dollars  # a magic key
