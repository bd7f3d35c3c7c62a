"""Results that stand in cases, in every format: the case is named, and what to run again."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from screenplay_contracts.report import FORMATS, Report, rendered
from screenplay_contracts.report.terminal import rendered as in_terminal
from screenplay_contracts.verdict import Check, Finding, Severity, judged

CHECK = Check("SUB-03", Severity.MUST, "RFC 9110", "it is not sent again")
BROKEN = Finding("no second submission", "two")
CASES = ("submit/close-after-accept", "t/submit/slow-answer", *(f"http/status-{number}" for number in range(9)))
REPORT = Report(
    suite="client",
    subject="careful",
    results=(
        judged(Check("REQ-01", Severity.MUST, "spec", "the key is raw"), [], case="auth/valid"),
        *(judged(CHECK, [BROKEN], case=case) for case in CASES),
    ),
    exit_code=1,
    version="0",
    again="screenplay-check client --seed 0 -- python client.py --run",
)


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "har"])
def test_every_format_names_the_case_and_how_to_judge_it_again(form: str) -> None:
    text = rendered(REPORT, form)
    assert "close-after-accept" in text
    assert "screenplay-check client --seed 0 --run submit/close-after-accept -- python client.py --run" in text


def test_json_has_case_and_check() -> None:
    told = json.loads(rendered(REPORT, "json"))["checks"][1]
    assert (told["case"], told["name"], told["verdict"]) == ("submit/close-after-accept", "SUB-03", "failed")


def junit_names(report: Report) -> list[tuple[str | None, str | None]]:
    root = ET.fromstring(rendered(report, "junit"))  # noqa: S314 - our own
    return [(one.get("classname"), one.get("name")) for one in root.iter("testcase")]


def test_junit_groups_by_the_area_of_the_case() -> None:
    assert junit_names(REPORT)[1:3] == [
        ("screenplay.submit", "close-after-accept: SUB-03"),
        ("screenplay.submit", "slow-answer: SUB-03"),
    ]


def test_junit_names_a_check_without_a_case_as_ever() -> None:
    report = Report("server", "x", (judged(Check("submit/ok", Severity.MUST, "s", "p"), [None]),), 0, "0", "again")
    assert junit_names(report) == [("screenplay.submit", "ok")]


def test_a_terminal_tells_a_check_once_and_names_the_other_cases() -> None:
    lines = in_terminal(REPORT).splitlines()
    assert [line for line in lines if line.startswith(("failed", "inconclusive"))] == [
        "failed submit/close-after-accept: SUB-03 [MUST]",
        "inconclusive auth/valid: REQ-01 [MUST]",
    ], "what broke comes first"
    (also,) = [line for line in lines if line.startswith("    also in")]
    assert also == f"    also in  {', '.join(CASES[1:9])}, and 2 more"
