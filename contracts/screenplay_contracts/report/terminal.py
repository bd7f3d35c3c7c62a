"""The report as people read it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.report.evidence import evidence_text
from screenplay_contracts.verdict import counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_contracts.report import Report
    from screenplay_contracts.verdict import Result

MOST_DETAILED = 10  # checks that are told with their evidence
MOST_CASES = 8  # named where the same check has the same verdict in many
LONGEST = 600  # characters of a piece of evidence


def rendered(report: Report) -> str:
    """What broke first, each with what to do; the count last, where the eye is."""
    lines: list[str] = []
    for place, (one, *others) in enumerate(_alike(report.wrong)):
        lines += _story(one, report, detailed=place < MOST_DETAILED and bool(one.findings) and not one.excused)
        lines += _also(others)
    lines += [f"stale accepted failure, {one}" for one in report.stale]
    lines += [f"note: {one}" for one in report.notes]
    if not report.complete:
        lines.append("interrupted: what had been recorded by then is judged")
    told = ", ".join(f"{count} {name}" for name, count in report.tally.items() if count) or "nothing was judged"
    ends = {0: "all MUST are kept", 1: "not all is as promised", 2: "it could not be told"}
    lines.append(f"{report.suite} {report.subject}: {told}; {ends.get(report.exit_code, 'interrupted')}")
    return "\n".join(_plain(line) for line in "\n".join(lines).split("\n"))


def _alike(results: Iterable[Result]) -> Iterable[list[Result]]:
    """Those of one check with one verdict together, be it in many cases; in the order of the first of each."""
    found: dict[tuple[object, ...], list[Result]] = {}
    for one in results:
        found.setdefault((one.check.name, one.verdict, one.accepted), []).append(one)
    return found.values()


def _also(others: list[Result]) -> list[str]:
    names = [str(one.case) for one in others]
    more = f", and {len(names) - MOST_CASES} more" if len(names) > MOST_CASES else ""
    return [f"    also in  {', '.join(names[:MOST_CASES])}{more}"] if names else []


def _story(result: Result, report: Report, *, detailed: bool) -> list[str]:
    name = result.check.name if result.case is None else f"{result.case}: {result.check.name}"
    accepted = f" (accepted: {result.accepted})" if result.excused else ""
    weight = result.check.severity.upper() if counts(result, strict=report.strict) else result.check.severity
    lines = [f"{result.verdict} {name} [{weight}]{accepted}", f"    {result.check.promise}"]
    if not result.findings:
        return [*lines, f"    {result.reason}"]
    first, times = result.findings[0], len(result.findings)
    lines += [f"    expected {first.expected}", f"    observed {first.observed}", f"    source   {result.check.source}"]
    if times > 1:
        lines.append(f"    {times} times of {result.met}")
    if detailed:
        shown = [line for one in first.evidence[:2] for line in _shortened(evidence_text(one)).splitlines()]
        lines += [f"    | {line}" for line in shown]
        lines.append(f"    again    {report.again_for(result)}")
    return lines


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _plain(line: str) -> str:
    """*line* without what a terminal takes for a command."""
    return "".join(char if char.isprintable() or char == "\t" else "?" for char in line)
