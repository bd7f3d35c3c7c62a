"""The report as Markdown, for $GITHUB_STEP_SUMMARY."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.report.evidence import evidence_text
from screenplay_contracts.verdict import Verdict

if TYPE_CHECKING:
    from screenplay_contracts.report import Report
    from screenplay_contracts.verdict import Result

MARKS = {
    Verdict.FAILED: "❌",
    Verdict.WARNED: "⚠️",
    Verdict.INCONCLUSIVE: "❔",
    Verdict.ERROR: "💥",
}
MOST_DETAILED = 20  # checks whose evidence is shown


def rendered(report: Report) -> str:
    told = [f"{count} {name}" for name, count in report.tally.items() if count]
    lines = [
        f"## screenplay-check {report.suite}: {'kept' if report.exit_code == 0 else 'not kept'}",
        "",
        f"`{report.subject}`: {', '.join(told)}; exit code {report.exit_code}, {report.seconds:.1f} s.",
    ]
    if report.wrong:
        lines += ["", "| | check | severity | what | source |", "|---|---|---|---|---|"]
        lines += [_row(one) for one in report.wrong]
    lines += [*(f"\n- {one}" for one in report.stale), *(f"\n- {one}" for one in report.notes)]
    for one in report.wrong[:MOST_DETAILED]:
        lines += _details(one, report)
    return "\n".join([*lines, "", f"Again: `{report.again}`", ""])


def _row(result: Result) -> str:
    what = result.findings[0].message if result.findings else result.reason
    if result.excused:
        what = f"{what} (accepted: {result.accepted})"
    name = result.check.name if result.case is None else f"{result.case}: {result.check.name}"
    cells = (MARKS.get(result.verdict, ""), f"`{name}`", result.check.severity, what, result.check.source)
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _details(result: Result, report: Report) -> list[str]:
    if not result.findings:
        return []
    shown = "\n\n".join(evidence_text(one) for one in result.findings[0].evidence[:2])
    fence = "`" * (1 + max((len(run) for run in shown.split() if set(run) == {"`"}), default=2))
    return [
        "",
        f"<details><summary><code>{result.check.name}</code>: {result.check.promise}</summary>",
        "",
        fence,
        shown,
        fence,
        "",
        f"Again: `{report.again_for(result)}`",
        "</details>",
    ]
