"""Which cases are played, what judges make of them, and what a repetition changes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from screenplay_contracts.client import judging
from screenplay_contracts.client.behaviour import Behaviour, Unjudged
from screenplay_contracts.client.case import Case
from screenplay_contracts.client.observation import Observation
from screenplay_contracts.selection import Selection
from screenplay_contracts.verdict import Check, Finding, Result, Severity, Verdict, excused, judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from screenplay_contracts.verdict import Outcome

FINDING = Finding("one submission", "two")
LATE = Finding("an end at 3 s", "9 s", measured=True)
SEEN = Observation(Case("submit/ok", ()), "sk", "http://x", (), (), (), (), (), (), {})


def behaviour(name: str, severity: Severity, judge: Callable[[Observation], Iterable[Outcome]]) -> Behaviour:
    return Behaviour(Check(name, severity, "docs", "a promise"), "W", judge)


def unjudged(_: Observation) -> list[Outcome]:
    raise Unjudged("it prints no report")


def fails(_: Observation) -> list[Outcome]:
    raise ZeroDivisionError("oh")


BEHAVIOURS = {
    one.check.name: one
    for one in (
        behaviour("KEPT", Severity.MUST, lambda _: [None]),
        behaviour("BROKEN", Severity.MUST, lambda _: [None, FINDING]),
        behaviour("WARNED", Severity.SHOULD, lambda _: [FINDING]),
        behaviour("NEVER", Severity.MAY, lambda _: []),
        behaviour("UNJUDGED", Severity.SHOULD, unjudged),
        behaviour("FAILS", Severity.MUST, fails),
    )
}
CASES = (
    Case("submit/ok", ("KEPT", "NEVER")),
    Case("submit/402", ("BROKEN", "KEPT"), needs=frozenset({"webhook"})),
    Case("t/poll/slow", ("WARNED",)),
)


def names(cases: Iterable[Case]) -> list[tuple[str, tuple[str, ...]]]:
    return [(case.name, case.checks) for case in cases]


def test_without_patterns_everything_is_selected() -> None:
    assert judging.selected(CASES, BEHAVIOURS, Selection()) == CASES


SELECTIONS = [
    (Selection(run=("submit/*",)), [("submit/ok", ("KEPT", "NEVER")), ("submit/402", ("BROKEN", "KEPT"))]),
    (Selection(run=("KEPT",)), [("submit/ok", ("KEPT",)), ("submit/402", ("KEPT",))]),
    (Selection(run=("*/slow", "**/slow")), [("t/poll/slow", ("WARNED",))]),
    (Selection(skip=("KEPT", "t/**")), [("submit/ok", ("NEVER",)), ("submit/402", ("BROKEN",))]),
    (Selection(run=("submit/*",), skip=("submit/ok",)), [("submit/402", ("BROKEN", "KEPT"))]),
]


@pytest.mark.parametrize(("selection", "expected"), SELECTIONS)
def test_patterns_fit_cases_and_checks(selection: Selection, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert names(judging.selected(CASES, BEHAVIOURS, selection)) == expected


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (Severity.MUST, [("submit/ok", ("KEPT",)), ("submit/402", ("BROKEN", "KEPT"))]),
        (Severity.SHOULD, [("submit/ok", ("KEPT",)), ("submit/402", ("BROKEN", "KEPT")), ("t/poll/slow", ("WARNED",))]),
        (Severity.MAY, names(CASES)),
    ],
)
def test_what_is_less_binding_is_left_out(severity: Severity, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert names(judging.selected(CASES, BEHAVIOURS, Selection(), severity=severity)) == expected


def test_each_check_of_a_case_has_its_verdict(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    found = judging.results(Case("submit/ok", tuple(BEHAVIOURS)), BEHAVIOURS, SEEN)
    assert [(one.check.name, one.verdict, one.case) for one in found] == [
        ("KEPT", Verdict.PASSED, "submit/ok"),
        ("BROKEN", Verdict.FAILED, "submit/ok"),
        ("WARNED", Verdict.WARNED, "submit/ok"),
        ("NEVER", Verdict.INCONCLUSIVE, "submit/ok"),
        ("UNJUDGED", Verdict.SKIPPED, "submit/ok"),
        ("FAILS", Verdict.ERROR, "submit/ok"),
    ]
    assert found[4].reason == "it prints no report"
    assert found[5].reason == "the judge itself failed: ZeroDivisionError: oh"


def test_a_case_that_was_not_played_says_why() -> None:
    (skipped, _) = judging.unplayed(CASES[1], BEHAVIOURS, {"webhook", "cancel"})
    assert (skipped.verdict, skipped.reason) == (Verdict.SKIPPED, "the client does not declare: cancel, webhook")
    (error, _) = judging.unplayable(CASES[1], BEHAVIOURS, OSError("no port"))
    assert (error.verdict, error.reason) == (Verdict.ERROR, "the case could not be played: OSError: no port")


def result(*outcomes: Outcome) -> Result:
    return judged(BEHAVIOURS["BROKEN"].check, outcomes, case="submit/ok")


def test_what_a_busy_machine_can_spoil_and_is_fine_again_is_rescued() -> None:
    (one,) = judging.after_repetition([result(LATE)], [result(None)])
    assert one.verdict is Verdict.PASSED
    assert one.reason == "rescued: failed at first (expected an end at 3 s; observed 9 s), passed when repeated alone"
    assert judging.is_rescued(one)
    (never,) = judging.after_repetition([result()], [result(None)])
    assert (never.verdict, judging.is_rescued(never)) == (Verdict.PASSED, True)


@pytest.mark.parametrize("found", [(FINDING,), (LATE, FINDING)])
def test_what_no_machine_invents_stays_broken_though_it_does_not_come_again(found: tuple[Finding, ...]) -> None:
    (one,) = judging.after_repetition([result(*found)], [result(None)])
    assert (one.verdict, one.findings) == (Verdict.FAILED, found)
    assert one.reason == "not every time: passed when repeated alone"
    assert judging.comes_at_times(one)
    assert not judging.is_rescued(one)


@pytest.mark.parametrize("found", [FINDING, LATE])
def test_where_a_repetition_shows_nothing_nothing_is_forgiven(found: Finding) -> None:
    (one,) = judging.after_repetition([result(found)], [result()])
    assert (one.verdict, one.reason) == (Verdict.FAILED, "not every time: inconclusive when repeated alone")


def test_what_is_broken_again_says_so() -> None:
    (one,) = judging.after_repetition([result(FINDING)], [result(FINDING)])
    assert (one.verdict, one.reason) == (Verdict.FAILED, "the same when it was repeated alone")


def test_what_was_fine_stays_as_it_was() -> None:
    (one,) = judging.after_repetition([result(None)], [result(FINDING)])
    assert (one.verdict, one.reason) == (Verdict.PASSED, "")


def test_an_accepted_failure_is_no_surprise() -> None:
    assert judging.is_doubtful(result(FINDING))
    assert judging.is_doubtful(result())
    assert not judging.is_doubtful(result(None))
    assert not judging.is_doubtful(excused(result(FINDING), "known"))
