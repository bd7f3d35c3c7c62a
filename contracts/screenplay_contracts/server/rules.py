"""A check of a server: its promise, what looks for it in a recording, and what a run must be able to do for it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from screenplay_contracts.verdict import Check, Outcome, Result, failed_to_judge, judged, skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from screenplay_contracts.server.recording import Recording
    from screenplay_contracts.verdict import Severity

log = logging.getLogger(__name__)


class Need(StrEnum):
    """What not every run can do; the text says what is missing then."""

    ADMIN = "only a fake with its admin API can show it"
    MAGIC = "only a server with the fake's magic keys and assets can show it"
    MONEY = "it costs money: --budget DOLLARS allows it"
    OTHER_KEY = "it needs the key of another account: --other-key"


@dataclass(frozen=True, slots=True)
class Rule:
    """`judge` yields, for each time that the promise was put to the test, None or how it was broken. It is pure."""

    check: Check
    judge: Callable[[Recording], Iterable[Outcome]]
    needs: frozenset[Need] = frozenset()


def rule(
    name: str,
    severity: Severity,
    source: str,
    promise: str,
    judge: Callable[[Recording], Iterable[Outcome]],
    *needs: Need,
) -> Rule:
    return Rule(Check(name, severity, source, promise), judge, frozenset(needs))


def results(
    rules: Iterable[Rule], recorded: Recording, *, missing: frozenset[Need] = frozenset(), whole: bool = True
) -> tuple[Result, ...]:
    """
    What *rules* say of *recorded*, in their order.

    *missing* is what the run could not do. Not *whole*: the recording did not set out to trigger every check, so that
    one which was not triggered is skipped.
    """
    return tuple(_result(each, recorded, missing, whole=whole) for each in rules)


def _result(one: Rule, recorded: Recording, missing: frozenset[Need], *, whole: bool) -> Result:
    try:
        outcomes = tuple(one.judge(recorded))
    except Exception as problem:  # a check must never pass because it could not look
        log.exception("%s cannot judge", one.check.name)
        return failed_to_judge(one.check, f"the check itself failed: {type(problem).__name__}: {problem}")
    lacking = one.needs & missing
    if not outcomes and lacking:
        return skipped(one.check, min(lacking))
    if not outcomes and not whole:
        return skipped(one.check, "the recording has nothing that triggers it")
    return judged(one.check, outcomes)
