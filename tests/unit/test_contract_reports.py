"""Every format tells what broke, where, by which rule, and how to see it again; none tells a key."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

import pytest

from screenplay_contracts.accepted import Accepted, Stale
from screenplay_contracts.exchange import Exchange, Received
from screenplay_contracts.har_reading import is_of_fake
from screenplay_contracts.report import FORMATS, Report, rendered, write
from screenplay_contracts.report import terminal as terminal_format
from screenplay_contracts.verdict import Check, Finding, Severity, excused, failed_to_judge, judged, skipped
from screenplay_schemas import validator

if TYPE_CHECKING:
    from pathlib import Path

ODD = "<b>&\x00\x1b[31m `quoted` | 短剧 ]]>"
EXCHANGE = Exchange(
    7,
    "check-1",
    "GET",
    "http://127.0.0.1:1/serve/api/v2/screenplay/tasks/a",
    200,
    request_headers=(("Authorization", "[redacted]"),),
    response_headers=(("Content-Type", "application/json"),),
    response_body=ODD.encode(),
    at="2026-03-13T10:00:00.000Z",
)
CALL = Received(8, "check-1", "/hook/check-1", body=b"{}")
MUST = Check("status/known-values", Severity.MUST, "get-task-status page", "A status is one of the five.")
SHOULD = replace(MUST, name="status/never-back", severity=Severity.SHOULD)
BROKEN = judged(
    MUST, [None, Finding("one of five", ODD, (EXCHANGE, CALL)), Finding("one of five", "lost", (EXCHANGE,))]
)
RESULTS = (
    judged(replace(MUST, name="status/same-task"), [None]),
    BROKEN,
    judged(SHOULD, [Finding("running", "pending", (EXCHANGE,))]),
    judged(replace(MUST, name="cancel/answer"), []),
    skipped(replace(MUST, name="money/price"), "it costs money"),
    failed_to_judge(replace(MUST, name="cancel/unfinished"), f"it fell over {ODD}"),
    excused(
        judged(replace(MUST, name="time/created-at"), [Finding("a zone", "none", (EXCHANGE,))]), "the vendor knows"
    ),
)
REPORT = Report(
    suite="server",
    subject="http://127.0.0.1:1/serve/api/v2",
    results=RESULTS,
    exit_code=2,
    version="0.1.0",
    again="screenplay-check server --base-url http://127.0.0.1:1/serve/api/v2 --seed 0",
    settings={"dialect": "documented", "seed": "0"},
    started_at="2026-03-13T10:00:00Z",
    seconds=1.5,
    stale=(Stale(Accepted("a/b", "r", line=3), "a/b does not fail so any more"),),
    notes=(f"spent $0 {ODD}",),
    exchanges=(EXCHANGE,),
    received=(CALL,),
)
TEXTS = {form: rendered(REPORT, form) for form in FORMATS} | {"terminal": terminal_format.rendered(REPORT)}


@pytest.mark.parametrize("form", [form for form in TEXTS if form != "har"])
def test_a_report_tells_the_request_the_answer_the_rule_its_source_and_how_to_run_it_again(form: str) -> None:
    text = TEXTS[form].replace("&quot;", '"').replace("&#x27;", "'").replace('\\"', '"')
    for said in (
        "status/known-values" if form != "junit" else "known-values",
        "curl -i -X GET http://127.0.0.1:1/serve/api/v2/screenplay/tasks/a",
        "$SCREENPLAY_API_KEY",
        "one of five",
        "短剧",
        "get-task-status page",
        "screenplay-check server --base-url http://127.0.0.1:1/serve/api/v2 --seed 0 --run status/known-values",
        "line 3",
        "the vendor knows",
    ):
        assert said in text, said


def test_the_json_keeps_its_schema() -> None:
    data = json.loads(TEXTS["json"])
    assert [error.message for error in validator("check-report").iter_errors(data)] == []
    assert data["tally"] == {"passed": 1, "failed": 2, "warned": 1, "skipped": 1, "inconclusive": 1, "error": 1}
    assert [check["verdict"] for check in data["checks"]][:3] == ["passed", "failed", "warned"]


def test_the_schema_refuses_a_failure_without_a_finding() -> None:
    data = json.loads(TEXTS["json"])
    data["checks"][1]["findings"] = []
    assert not validator("check-report").is_valid(data)


def test_the_junit_counts_what_ci_servers_count() -> None:
    suite = fromstring(TEXTS["junit"]).find("testsuite")  # noqa: S314 - our own
    assert suite is not None
    cases = suite.findall("testcase")
    assert len(cases) == len(RESULTS) + 1  # the stale accepted failure is one
    kinds = {
        kind: [case.get("name") for case in cases if case.find(kind) is not None]
        for kind in ("failure", "error", "skipped")
    }
    assert kinds == {
        "failure": ["known-values", "answer", "a/b"],
        "error": ["unfinished"],
        "skipped": ["never-back", "price", "created-at"],
    }
    assert (suite.get("failures"), suite.get("errors"), suite.get("skipped")) == ("3", "1", "3")
    assert cases[1].get("classname") == "screenplay.status"


def test_with_strict_a_should_is_a_failure() -> None:
    suite = fromstring(rendered(replace(REPORT, strict=True), "junit")).find("testsuite")  # noqa: S314 - our own
    assert suite is not None
    assert suite.get("failures") == "4"


class Links(HTMLParser):
    """What a page would ask for, and whether all that was opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.opened: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.asked += [f"{tag} {name}={value}" for name, value in attrs if name in {"src", "href", "action", "srcset"}]
        if tag in {"script", "iframe", "object", "img"}:
            self.asked.append(tag)
        if tag not in {"meta", "link", "br"}:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag


def test_half_a_surrogate_pair_is_written_by_every_format(tmp_path: Path) -> None:
    told = replace(EXCHANGE, response_body=b'{"msg": "\\ud800"}', note="\ud800")
    broken = judged(MUST, [Finding("a text", "the text \ud800", (told,))])
    report = replace(REPORT, results=(broken,), exchanges=(told,), notes=("\ud800",))
    for form in FORMATS:
        write(report, form, tmp_path / form)
        assert (tmp_path / form).read_text("utf-8")
    assert json.loads((tmp_path / "json").read_text("utf-8"))["notes"] == ["\ud800"]
    assert json.loads((tmp_path / "har").read_text("utf-8"))["log"]["entries"][0]["_note"] == "\ud800"


FENCES = "</details><script>alert(1)</script> `````` [x](http://a.b) ![](http://a.b) | *"


def test_what_a_server_says_is_no_markup_in_markdown() -> None:
    told = replace(EXCHANGE, response_body=f"{FENCES}\n```x".encode())
    report = replace(
        REPORT, results=(judged(MUST, [Finding("a text", FENCES, (told,))]),), subject="a`b", notes=(FENCES,), stale=()
    )
    lines = rendered(report, "markdown").splitlines()
    fence = "`" * 7
    begin, end = (place for place, line in enumerate(lines) if line == fence)
    outside = [*lines[:begin], *lines[end:]]
    assert not any("<script" in line or "](" in line.replace(r"\](", "") for line in outside)
    assert sum("</details>" in line for line in outside) == 1
    (row,) = [line for line in lines if line.startswith("| ❌")]
    assert "&lt;/details&gt;&lt;script&gt;" in row
    assert row.replace("\\|", "").count("|") == 6
    assert "`` a`b ``" in lines[2]


@pytest.mark.parametrize(("suite", "fake"), [("client", True), ("server", False)])
def test_a_recording_of_a_client_is_of_a_fake(suite: str, *, fake: bool) -> None:
    assert replace(REPORT, suite=suite).is_of_fake is fake


def test_a_server_with_an_admin_api_is_a_fake() -> None:
    asked = replace(EXCHANGE, url="http://127.0.0.1:1/__admin/version")
    assert is_of_fake(json.loads(rendered(replace(REPORT, exchanges=(asked,)), "har"))["log"])
    refused = replace(asked, status=404)
    assert not is_of_fake(json.loads(rendered(replace(REPORT, exchanges=(refused,)), "har"))["log"])


def test_one_check_is_judged_again_by_a_command_whose_file_has_dashes_in_its_name() -> None:
    report = replace(REPORT, suite="traffic", again="screenplay-check traffic 'a -- b.har'")
    assert report.again_for(BROKEN) == "screenplay-check traffic 'a -- b.har' --run status/known-values"
    report = replace(REPORT, suite="client", again="screenplay-check client -- 'a -- b'")
    assert report.again_for(BROKEN) == "screenplay-check client --run status/known-values -- 'a -- b'"


def test_the_html_asks_nobody_for_anything() -> None:
    page = Links()
    page.feed(TEXTS["html"])
    assert page.asked == ["link href=data:,"]
    assert page.opened == []
    assert "default-src 'none'" in TEXTS["html"]
    assert "prefers-color-scheme: dark" in TEXTS["html"]
    assert "<b>&\x00" not in TEXTS["html"]


def test_the_terminal_gets_no_commands() -> None:
    assert "\x1b" not in TEXTS["terminal"]
    assert "\x00" not in TEXTS["terminal"]
    assert TEXTS["terminal"].splitlines()[-1].startswith("server http://127.0.0.1:1/serve/api/v2: 1 passed, 2 failed")


def test_what_counts_is_told_before_what_does_not() -> None:
    names = [one.check.name for one in REPORT.wrong]
    assert names.index("status/known-values") < names.index("status/never-back")
    assert names.index("cancel/answer") < names.index("time/created-at")


def test_a_report_of_a_run_that_was_interrupted_says_so() -> None:
    interrupted = replace(REPORT, complete=False, exit_code=130)
    assert "interrupted" in terminal_format.rendered(interrupted)
    assert "interrupted" in rendered(interrupted, "html")
    assert json.loads(rendered(interrupted, "json"))["complete"] is False
