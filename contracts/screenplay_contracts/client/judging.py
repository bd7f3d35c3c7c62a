"""What was seen in a case, put before the judges of its behaviours; and what a repetition changes."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.selection import fits
from screenplay_contracts.verdict import BREACHES, Severity, Verdict, failed_to_judge, judged, skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from screenplay_contracts.client.behaviour import Behaviour
    from screenplay_contracts.client.case import Case
    from screenplay_contracts.client.observation import Observation
    from screenplay_contracts.selection import Selection
    from screenplay_contracts.verdict import Result

    Behaviours = Mapping[str, Behaviour]

#: From the most to the least binding.
BINDING = (Severity.MUST, Severity.SHOULD, Severity.MAY)
#: What a repetition may change.
DOUBTFUL = frozenset({Verdict.FAILED, Verdict.WARNED, Verdict.INCONCLUSIVE, Verdict.ERROR})
RESCUED, AT_TIMES = "rescued: ", "not every time: "  # how the reasons begin of what a repetition has told otherwise

log = logging.getLogger(__name__)


def selected(
    cases: Iterable[Case], behaviours: Behaviours, selection: Selection, *, severity: Severity = Severity.MAY
) -> tuple[Case, ...]:
    """
    The cases with those of their checks that are wanted: a pattern of *selection* fits the name of a case or the id of
    a check, and the check is at least as binding as *severity*. A case without one is left out.
    """
    wanted = BINDING[: BINDING.index(severity) + 1]
    kept = []
    for case in cases:
        checks = tuple(
            name
            for name in case.checks
            if behaviours[name].check.severity in wanted and _takes(selection, case.name, name)
        )
        if checks:
            kept.append(replace(case, checks=checks))
    return tuple(kept)


def _takes(selection: Selection, *names: str) -> bool:
    def any_fits(patterns: tuple[str, ...]) -> bool:
        return any(fits(pattern, name) for pattern in patterns for name in names)

    return (not selection.run or any_fits(selection.run)) and not any_fits(selection.skip)


def results(case: Case, behaviours: Behaviours, seen: Observation) -> tuple[Result, ...]:
    """What the judges of the case's checks say of *seen*, in their order."""
    return tuple(_result(behaviours[name], seen, case) for name in case.checks)


def _result(behaviour: Behaviour, seen: Observation, case: Case) -> Result:
    try:
        return judged(behaviour.check, behaviour.judge(seen), case=case.name)
    except Unjudged as unjudged:
        return skipped(behaviour.check, unjudged.reason, case=case.name)
    except Exception as problem:  # a judge must never pass because it could not look
        log.exception("%s cannot judge %s", behaviour.check.name, case.name)
        reason = f"the judge itself failed: {type(problem).__name__}: {problem}"
        return failed_to_judge(behaviour.check, reason, case=case.name)


def unplayed(case: Case, behaviours: Behaviours, missing: Iterable[str]) -> tuple[Result, ...]:
    """The results of a case that needs what the client does not declare."""
    reason = f"the client does not declare: {', '.join(sorted(missing))}"
    return tuple(skipped(behaviours[name].check, reason, case=case.name) for name in case.checks)


def unplayable(case: Case, behaviours: Behaviours, problem: BaseException) -> tuple[Result, ...]:
    """The results of a case that could not be played to its end, by no fault of the client."""
    reason = f"the case could not be played: {type(problem).__name__}: {problem}"
    return tuple(failed_to_judge(behaviours[name].check, reason, case=case.name) for name in case.checks)


def is_doubtful(result: Result) -> bool:
    """Whether *result* is worth a repetition: bad, and not expected to be."""
    return result.verdict in DOUBTFUL and not result.excused


def after_repetition(first: Iterable[Result], again: Iterable[Result]) -> tuple[Result, ...]:
    """
    *first* as it is when the same case has been played *again*, alone.

    What was bad once and is not any more is rescued, if a busy machine can do that: an end, a time or a size that was
    measured, a trigger that was not met. It counts as it is now, and says what it was. Any other breach was seen, and
    stays: it says that it does not come every time. What was fine stays so.
    """
    return tuple(_repeated(one, another) for one, another in zip(first, again, strict=True))


def _repeated(first: Result, again: Result) -> Result:
    if not is_doubtful(first):
        return first
    if first.verdict in BREACHES and again.verdict not in BREACHES and not _is_forgiven(first, again):
        return replace(first, reason=f"{AT_TIMES}{again.verdict} when repeated alone")
    if again.verdict in DOUBTFUL:
        return replace(again, reason=again.reason or "the same when it was repeated alone")
    was = first.findings[0].message if first.findings else first.reason
    return replace(again, reason=f"{RESCUED}{first.verdict} at first ({was}), {again.verdict} when repeated alone")


def _is_forgiven(first: Result, again: Result) -> bool:
    return again.verdict not in DOUBTFUL and all(one.measured for one in first.findings)


def is_rescued(result: Result) -> bool:
    return result.reason.startswith(RESCUED)


def comes_at_times(result: Result) -> bool:
    """Whether it is bad, and was not when it was repeated."""
    return result.reason.startswith(AT_TIMES)
