"""
What a check promises, what was found, what came of it, and the exit code of it all.

Shared by the checks of servers, of clients and of recorded traffic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_contracts.exchange import Exchange, Received

    Evidence = Exchange | Received

KEPT_ALL, BROKEN, CANNOT_TELL, INTERRUPTED = 0, 1, 2, 130


class Severity(StrEnum):
    """How much a promise binds, in the words of RFC 2119."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Verdict(StrEnum):
    """What came of a check. `warned` is the failure of what is no MUST; `error` is the harness's own."""

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    SKIPPED = "skipped"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


#: The verdicts that say how things are; without any of them nothing was judged.
JUDGED = frozenset({Verdict.PASSED, Verdict.FAILED, Verdict.WARNED})
BREACHES = frozenset({Verdict.FAILED, Verdict.WARNED})


@dataclass(frozen=True, slots=True)
class Check:
    """
    One promise: its name `area/promise`, and in one sentence what it is.

    `source` is the vendor page that makes it, or "docs silent: …" with the reason of our choice.
    """

    name: str
    severity: Severity
    source: str
    promise: str


@dataclass(frozen=True, slots=True)
class Finding:
    """
    Once the promise was broken: what was expected, what was observed, and where that can be seen.

    `measured`: a time, a size, or an end that did not come, of which a busy machine may be the cause.
    """

    expected: str
    observed: str
    evidence: tuple[Evidence, ...] = ()
    measured: bool = False

    @property
    def message(self) -> str:
        return f"expected {self.expected}; observed {self.observed}"


#: What came of one time that a check was triggered; None: the promise was kept.
Outcome = Finding | None


@dataclass(frozen=True, slots=True)
class Result:
    """
    What came of a check. `met` is how often its trigger was met; `reason` says why it is no plain yes or no.

    `case` is the situation in which it was judged, None for a server. `accepted` is why a breach is excused.
    """

    check: Check
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    met: int = 0
    reason: str = ""
    case: str | None = None
    accepted: str | None = None

    @property
    def excused(self) -> bool:
        return self.accepted is not None


def judged(check: Check, outcomes: Iterable[Outcome], *, case: str | None = None) -> Result:
    """The result of *check* from what came of each time that it was triggered."""
    every = tuple(outcomes)
    findings = tuple(one for one in every if one is not None)
    if not every:
        verdict, reason = Verdict.INCONCLUSIVE, "its trigger was never met"
    elif findings:
        verdict, reason = (Verdict.FAILED if check.severity is Severity.MUST else Verdict.WARNED), ""
    else:
        verdict, reason = Verdict.PASSED, ""
    return Result(check, verdict, findings, len(every), reason, case)


def skipped(check: Check, reason: str, *, case: str | None = None) -> Result:
    return Result(check, Verdict.SKIPPED, reason=reason, case=case)


def failed_to_judge(check: Check, reason: str, *, case: str | None = None) -> Result:
    """The harness, not what it looks at, went wrong."""
    return Result(check, Verdict.ERROR, reason=reason, case=case)


def excused(result: Result, reason: str) -> Result:
    return replace(result, accepted=reason)


def exit_code(results: Iterable[Result], *, strict: bool = False, stale: bool = False) -> int:
    """
    What the command ends with; 130, interrupted, is no matter of results.

    0: every MUST was kept. 1: a MUST is broken or inconclusive (*strict*: a SHOULD too), or an accepted failure is
    *stale*. 2: the harness went wrong, or nothing was judged.
    """
    every = tuple(results)
    if any(one.verdict is Verdict.ERROR for one in every) or not any(one.verdict in JUDGED for one in every):
        return CANNOT_TELL
    return BROKEN if stale or any(counts(one, strict=strict) for one in every) else KEPT_ALL


def counts(result: Result, *, strict: bool = False) -> bool:
    """Whether *result* alone makes the exit code 1."""
    binding = {Severity.MUST, Severity.SHOULD} if strict else {Severity.MUST}
    wrong = result.verdict in BREACHES or result.verdict is Verdict.INCONCLUSIVE
    return wrong and not result.excused and result.check.severity in binding
