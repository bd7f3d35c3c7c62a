"""The report as Markdown, for $GITHUB_STEP_SUMMARY."""

from __future__ import annotations

import re
from html import escape
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
MARKUP = re.compile(r"[\\`*\[\]|~]")  # what Markdown may take for more than itself in the midst of a line
MOST_DETAILED = 20  # checks whose evidence is shown


def rendered(report: Report) -> str:
    told = [f"{count} {name}" for name, count in report.tally.items() if count]
    lines = [
        f"## screenplay-check {report.suite}: {'kept' if report.exit_code == 0 else 'not kept'}",
        "",
        f"{code(report.subject)}: {', '.join(told)}; exit code {report.exit_code}, {report.seconds:.1f} s.",
    ]
    if report.wrong:
        lines += ["", "| | check | severity | what | source |", "|---|---|---|---|---|"]
        lines += [_row(one) for one in report.wrong]
    lines += [f"\n- {plain(str(one))}" for one in (*report.stale, *report.notes)]
    for one in report.wrong[:MOST_DETAILED]:
        lines += _details(one, report)
    return "\n".join([*lines, "", f"Again: {code(report.again)}", ""])


def _row(result: Result) -> str:
    what = result.findings[0].message if result.findings else result.reason
    if result.excused:
        what = f"{what} (accepted: {result.accepted})"
    name = result.check.name if result.case is None else f"{result.case}: {result.check.name}"
    cells = (MARKS.get(result.verdict, ""), code(name), result.check.severity, plain(what), plain(result.check.source))
    return f"| {' | '.join(cells)} |"


def plain(text: str) -> str:
    """*text* as it is, in one line: what a server says is neither HTML nor Markdown."""
    return MARKUP.sub(r"\\\g<0>", escape(" ".join(text.split()), quote=False))


def code(text: str) -> str:
    """*text* in one line as code, also where it has backticks itself."""
    fence, line = _fence(text, least=1), " ".join(text.split())
    return f"{fence} {line} {fence}" if "`" in line else f"{fence}{line}{fence}"


def _fence(text: str, *, least: int) -> str:
    """More backticks than there are in a row in *text*."""
    return "`" * max(least, 1 + max(map(len, re.findall("`+", text)), default=0))


def _details(result: Result, report: Report) -> list[str]:
    if not result.findings:
        return []
    shown = "\n\n".join(evidence_text(one) for one in result.findings[0].evidence[:2])
    fence = _fence(shown, least=3)
    return [
        "",
        f"<details><summary><code>{escape(result.check.name)}</code>: {escape(result.check.promise)}</summary>",
        "",
        fence,
        shown,
        fence,
        "",
        f"Again: {code(report.again_for(result))}",
        "",
        "</details>",
    ]
