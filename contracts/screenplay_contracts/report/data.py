"""The report as JSON, by the schema check-report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from screenplay_contracts.curl import curl
from screenplay_contracts.exchange import Exchange
from screenplay_contracts.report import story
from screenplay_contracts.report.evidence import answer_text, received_text

if TYPE_CHECKING:
    from screenplay_contracts.exchange import Received
    from screenplay_contracts.report import Report
    from screenplay_contracts.verdict import Result

VERSION = 1
MOST_FINDINGS = 20  # of one check; the first ones, since the rest is mostly the same


def rendered(report: Report) -> str:
    return json.dumps(data(report), ensure_ascii=False, indent=2) + "\n"


def data(report: Report) -> dict[str, Any]:
    return {
        "version": VERSION,
        "tool": {"name": "screenplay-check", "version": report.version},
        "suite": report.suite,
        "subject": report.subject,
        "settings": dict(report.settings),
        "strict": report.strict,
        "complete": report.complete,
        "started_at": report.started_at,
        "seconds": round(report.seconds, 3),
        "again": report.again,
        "exit_code": report.exit_code,
        "tally": dict(report.tally),
        "checks": [_result(one, report) for one in report.results],
        "cases": [story.data(one) for one in report.stories],
        "stale": [str(one) for one in report.stale],
        "notes": list(report.notes),
    }


def _result(result: Result, report: Report) -> dict[str, Any]:
    first = result.findings[0] if result.findings else None
    return {
        "name": result.check.name,
        "severity": result.check.severity.value,
        "verdict": result.verdict.value,
        "source": result.check.source,
        "promise": result.check.promise,
        "case": result.case,
        "met": result.met,
        "expected": None if first is None else first.expected,
        "observed": None if first is None else first.observed,
        "reason": result.reason or None,
        "accepted": result.accepted,
        "again": report.again_for(result),
        "findings": [
            {
                "expected": one.expected,
                "observed": one.observed,
                "evidence": [_evidence(each) for each in one.evidence],
            }
            for one in result.findings[:MOST_FINDINGS]
        ],
        "more_findings": max(0, len(result.findings) - MOST_FINDINGS),
    }


def _evidence(one: Exchange | Received) -> dict[str, Any]:
    if isinstance(one, Exchange):
        return {
            "kind": "exchange",
            "number": one.number,
            "account": one.account,
            "at": one.at,
            "virtual_at": one.virtual_at,
            "note": one.note,
            "request": curl(one),
            "status": one.status,
            "answer": answer_text(one),
        }
    return {
        "kind": "webhook",
        "number": one.number,
        "account": one.account,
        "at": one.at,
        "request": f"{one.method} {one.path}",
        "status": one.status,
        "answer": received_text(one),
    }
