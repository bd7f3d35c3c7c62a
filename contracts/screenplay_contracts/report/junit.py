"""
The report as JUnit XML: one testcase a check, its area in `classname`, since that is what CI servers group by.

GitLab ignores messages and properties: the whole story stands in the text of a failure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from screenplay_contracts.report.evidence import evidence_text
from screenplay_contracts.verdict import Verdict, counts

if TYPE_CHECKING:
    from screenplay_contracts.report import Report
    from screenplay_contracts.verdict import Result

MOST_FINDINGS = 5
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot say


def rendered(report: Report) -> str:
    cases = [_case(one, report) for one in report.results]
    kinds = [kind for kind, _ in cases]
    counted = (
        f'tests="{len(cases)}" failures="{kinds.count("failure") + len(report.stale)}"'
        f' errors="{kinds.count("error")}" skipped="{kinds.count("skipped")}" time="{report.seconds:.3f}"'
    )
    stale = "".join(
        f'<testcase classname="screenplay.accepted" name={_attr(one.entry.check)}>'
        f'<failure type="stale" message={_attr(one.why)}>{_text(str(one))}</failure></testcase>\n'
        for one in report.stale
    )
    notes = f"<system-out>{_text(chr(10).join(report.notes))}</system-out>\n" if report.notes else ""
    name = _attr(f"screenplay-check {report.suite}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<testsuites {counted}>\n"
        f"<testsuite name={name} {counted} timestamp={_attr(report.started_at[:19])}>\n"
        f"{''.join(text for _, text in cases)}{stale}{notes}</testsuite>\n</testsuites>\n"
    )


def _case(result: Result, report: Report) -> tuple[str, str]:
    """What kind of testcase *result* is, and its XML."""
    head = "<testcase classname={} name={}".format(*map(_attr, _names(result)))
    kind, inner = _inside(result, report)
    return kind, f"{head}>{inner}</testcase>\n" if inner else f"{head}/>\n"


def _names(result: Result) -> tuple[str, str]:
    """Class and name: area and promise of the check; where there is a case, its area, and both names."""
    if result.case is None:
        area, _, name = result.check.name.partition("/")
        return f"screenplay.{area}", name
    area, _, name = result.case.removeprefix("t/").partition("/")
    return f"screenplay.{area}", f"{name or area}: {result.check.name}"


def _inside(result: Result, report: Report) -> tuple[str, str]:
    if result.verdict is Verdict.ERROR:
        return "error", f"<error type={_attr(result.verdict)} message={_attr(result.reason)}/>"
    if counts(result, strict=report.strict):
        message = result.findings[0].message if result.findings else result.reason
        return (
            "failure",
            f"<failure type={_attr(result.verdict)} message={_attr(message)}>{_text(story(result, report))}</failure>",
        )
    if result.verdict is Verdict.PASSED:
        return "passed", ""
    why = f"accepted: {result.accepted}" if result.excused else f"{result.verdict}: {result.reason or 'no MUST'}"
    more = f"<system-out>{_text(story(result, report))}</system-out>" if result.findings else ""
    return "skipped", f"<skipped message={_attr(why)}/>{more}"


def story(result: Result, report: Report) -> str:
    """All that is to be said of a check that is not kept."""
    lines = [result.check.promise, f"{result.check.severity.upper()}, source: {result.check.source}"]
    for one in result.findings[:MOST_FINDINGS]:
        lines += ["", one.message, *(evidence_text(each) for each in one.evidence[:2])]
    if len(result.findings) > MOST_FINDINGS:
        lines += ["", f"… and {len(result.findings) - MOST_FINDINGS} more"]
    return "\n".join([*lines, "", f"again: {report.again_for(result)}"])


def _attr(text: str) -> str:
    return quoteattr(_NO_XML.sub("?", text))


def _text(text: str) -> str:
    return escape(_NO_XML.sub("?", text))
