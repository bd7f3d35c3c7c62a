"""The report as one HTML file that asks nobody for anything; readable in light and in dark."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from screenplay_contracts.report.evidence import evidence_text
from screenplay_contracts.verdict import Verdict, counts

if TYPE_CHECKING:
    from screenplay_contracts.report import Report
    from screenplay_contracts.verdict import Finding, Result

MOST_FINDINGS, AT_ONCE = 20, 2
STYLE = """
:root { color-scheme: light dark; --page: #fff; --text: #1d2330; --soft: #5b6472; --line: #d9dee6; --box: #f5f7fa;
  --passed: #1a7f37; --failed: #c4232b; --warned: #8a5a00; --skipped: #5b6472; --inconclusive: #7a3fb5;
  --error: #c4232b; }
@media (prefers-color-scheme: dark) { :root { --page: #14171d; --text: #e4e8ee; --soft: #a0a9b6; --line: #333a45;
  --box: #1d222a; --passed: #56c271; --failed: #ff7b7b; --warned: #e0a93b; --skipped: #a0a9b6; --inconclusive: #c49bf0;
  --error: #ff7b7b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .875rem; }
pre { background: var(--box); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; overflow-x: auto;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.tally { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; padding: 0; list-style: none; }
.tally b { font-size: 1.4rem; margin-right: .3rem; }
details, .row { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; padding: .5rem .8rem; }
summary { cursor: pointer; } summary code, .row code { font-weight: 600; }
.verdict { display: inline-block; min-width: 7rem; font-weight: 600; }
.passed { color: var(--passed); } .failed { color: var(--failed); } .warned { color: var(--warned); }
.skipped { color: var(--skipped); } .inconclusive { color: var(--inconclusive); } .error { color: var(--error); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { color: var(--soft); } dd { margin: 0; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } }
"""


def rendered(report: Report) -> str:
    title = f"screenplay-check {report.suite}"
    facts = {"judged": report.subject, **report.settings, "began": report.started_at, "took": f"{report.seconds:.1f} s"}
    facts |= {"exit code": str(report.exit_code), "again": report.again}
    body = [
        f"<h1>{title}: {'all promises kept' if report.exit_code == 0 else 'not all is as promised'}</h1>",
        "<dl>" + "".join(f"<dt>{escape(k)}</dt><dd><code>{escape(v)}</code></dd>" for k, v in facts.items()) + "</dl>",
        '<ul class="tally">' + "".join(_count(verdict, count) for verdict, count in report.tally.items()) + "</ul>",
        *(f'<p class="failed">{escape(str(one))}</p>' for one in report.stale),
        *(f"<p>{escape(one)}</p>" for one in report.notes),
        *([] if report.complete else ["<p>The run was interrupted: what had been recorded by then is judged.</p>"]),
        *(["<h2>To be looked at</h2>", *(_result(one, report) for one in report.wrong)] if report.wrong else []),
        "<h2>All checks</h2>",
        *(_result(one, report) for one in report.results if one not in report.wrong),
    ]
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n"""
        f'<link rel="icon" href="data:,">\n<style>{STYLE}</style>\n</head>\n<body>\n'
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _count(verdict: str, count: int) -> str:
    return f'<li class="{verdict}"><b>{count}</b>{verdict}</li>'


def _result(result: Result, report: Report) -> str:
    verdict = f'<span class="verdict {result.verdict}">{result.verdict}</span>'
    name = result.check.name if result.case is None else f"{result.case}: {result.check.name}"
    head = f"{verdict} <code>{escape(name)}</code> {escape(result.check.promise)}"
    facts = {
        "severity": result.check.severity.upper(),
        "source": result.check.source,
        "looked at": f"{result.met} time{'' if result.met == 1 else 's'}",
    }
    if result.reason:
        facts["because"] = result.reason
    if result.accepted is not None:
        facts["accepted"] = result.accepted
    facts["again"] = report.again_for(result)
    rows = "".join(f"<dt>{key}</dt><dd>{escape(value)}</dd>" for key, value in facts.items())
    is_open = " open" if counts(result, strict=report.strict) and result.verdict is not Verdict.PASSED else ""
    return f"<details{is_open}><summary>{head}</summary><dl>{rows}</dl>{_findings(result)}</details>"


def _findings(result: Result) -> str:
    """The first findings, and others to be opened: they are mostly the same."""
    shown = [_finding(one) for one in result.findings[:MOST_FINDINGS]]
    first, others = "".join(shown[:AT_ONCE]), "".join(shown[AT_ONCE:])
    if not others:
        return first
    left_out = len(result.findings) - MOST_FINDINGS
    note = f"<p>… and {left_out} that are left out</p>" if left_out > 0 else ""
    return f"{first}<details><summary>{len(result.findings) - AT_ONCE} more</summary>{others}{note}</details>"


def _finding(finding: Finding) -> str:
    shown = "\n\n".join(evidence_text(one) for one in finding.evidence[:4])
    said = f"<p><b>expected</b> {escape(finding.expected)}<br><b>observed</b> {escape(finding.observed)}</p>"
    return said + (f"<pre>{escape(shown)}</pre>" if shown else "")
