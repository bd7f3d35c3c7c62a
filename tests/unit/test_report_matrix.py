"""The matrix of clients: cases by clients, what went wrong, one file that asks for nothing; and its pieces."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from screenplay_contracts.exchange import Exchange
from screenplay_contracts.report import Report, cells, matrix, matrix_markdown, rendered
from screenplay_contracts.report.data import data
from screenplay_contracts.report.story import Happening, Story
from screenplay_contracts.verdict import Check, Finding, Result, Severity, excused, judged, skipped
from screenplay_schemas import validator

ODD = "<b>&\" 'x' | 短剧"
PAID = Check("SUB-03", Severity.MUST, "RFC 9110 9.2.2", f"It is not sent again {ODD}")
TOLD = Check("HYG-04", Severity.SHOULD, "docs silent: chosen", "Errors are told.")
URL = "http://127.0.0.1:1/serve/api/v2/screenplay/tasks"
TWO_POSTS = (
    Happening("process", 0.0, 1.0, "process", 1),
    Happening("request", 0.2, 0.3, "POST /screenplay/tasks", None, "no answer", "close"),
    Happening("request", 0.5, 0.6, "POST /screenplay/tasks", None, "no answer", "close"),
)


def broken(check: Check, case: str, **how: Any) -> Result:
    evidence = Exchange(1, "client", "POST", URL, None, error=f"no answer {ODD}")
    return judged(check, [Finding(f"one {ODD}", "two", (evidence,))], case=case, **how)


def story(case: str, *happenings: Happening, submit: int = 1, jobs: int = 1) -> Story:
    return Story(case, case, 1.0, 10, jobs, {"submit": submit, "download": 1}, happenings)


def report(*results: Result, stories: tuple[Story, ...] = (), subject: str = "naive", code: int = 1) -> Report:
    return Report(
        suite="client",
        subject=subject,
        results=results,
        exit_code=code,
        version="0",
        again=f"screenplay-check client --seed 0 -- ./{subject} --odd {ODD}",
        settings={"seed": "0"},
        started_at="2026-03-13T10:00:00Z",
        stories=stories,
        notes=(f"a note {ODD}",),
    )


NAIVE = report(
    broken(PAID, "submit/close-after-accept"),
    broken(TOLD, "submit/close-after-accept"),
    judged(PAID, [None], case="submit/ok"),
    broken(TOLD, "submit/402"),
    judged(PAID, [], case="poll/ok"),
    skipped(PAID, "the client does not declare: webhook", case="webhook/duplicate"),
    excused(broken(PAID, "submit/409"), "known"),
    stories=(story("submit/close-after-accept", *TWO_POSTS, submit=2), story("submit/ok")),
)
CAREFUL = report(
    judged(PAID, [None], case="submit/close-after-accept"),
    judged(PAID, [None], case="lifecycle/sigint"),
    subject="careful",
    code=0,
)
RUNS = [json.loads(rendered(one, "json")) for one in (NAIVE, CAREFUL)]


def cell(run: dict[str, Any], case: str) -> cells.Cell:
    return cells.by_case(run)[case]


@pytest.mark.parametrize(
    ("case", "verdict", "wrong"),
    [
        ("submit/close-after-accept", "failed", ["SUB-03", "HYG-04"]),
        ("submit/ok", "passed", []),
        ("submit/402", "warned", ["HYG-04"]),
        ("poll/ok", "inconclusive", ["SUB-03"]),
        ("webhook/duplicate", "skipped", []),
        ("submit/409", "accepted", []),
    ],
)
def test_a_cell_has_the_worst_verdict_of_its_case(case: str, verdict: str, wrong: list[str]) -> None:
    found = cell(RUNS[0], case)
    assert (found.verdict, [one["name"] for one in found.wrong]) == (verdict, wrong)


@pytest.mark.parametrize(
    ("submit", "jobs", "pays"),
    [(0, 1, ""), (1, 1, ""), (2, 1, "pays twice"), (3, 1, "pays 3 times"), (8, 8, ""), (9, 8, "pays twice")],
)
def test_a_cell_says_how_often_a_job_was_paid_for_if_more_than_once(submit: int, jobs: int, pays: str) -> None:
    one = report(judged(PAID, [None], case="a/b"), stories=(story("a/b", submit=submit, jobs=jobs),))
    assert cell(data(one), "a/b").pays == pays


def test_a_report_without_cases_has_cells_too() -> None:
    run = {name: value for name, value in RUNS[0].items() if name != "cases"}
    assert validator("check-report").is_valid(run), "reports of earlier versions have none"
    assert cell(run, "submit/close-after-accept").pays == ""


def test_rows_are_those_of_all_runs_and_what_was_not_played_is_none() -> None:
    found = dict(cells.rows([cells.by_case(run) for run in RUNS]))
    assert list(found)[-1] == "lifecycle/sigint"
    assert [one is None for one in found["lifecycle/sigint"]] == [True, False]


def test_runs_of_the_same_name_are_told_apart() -> None:
    assert cells.titles([RUNS[0], RUNS[1], RUNS[0]]) == ("naive", "careful", "naive (2)")


def test_the_json_of_a_client_keeps_its_schema() -> None:
    for run in RUNS:
        assert [error.message for error in validator("check-report").iter_errors(run)] == []
    (told, _) = RUNS[0]["cases"]
    assert [one["name"] for one in told["happenings"]] == ["process", *["POST /screenplay/tasks"] * 2]


def test_the_schema_refuses_a_happening_that_is_none() -> None:
    run = json.loads(rendered(NAIVE, "json"))
    run["cases"][0]["happenings"][0]["what"] = "wonder"
    assert not validator("check-report").is_valid(run)


class Page(HTMLParser):
    """What a page would ask for, its anchors and links, the classes of its rows, and whether all is closed."""

    VOID = frozenset({"meta", "link", "input", "br", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.links: set[str] = set()
        self.ids: list[str] = []
        self.rows: list[set[str]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.asked += [tag] if tag in {"script", "img", "iframe", "object", "embed", "use", "image"} else []
        for name, value in attrs:
            if name in {"src", "href", "xlink:href", "action", "srcset", "data", "poster"}:
                inside = str(value).startswith("#") or value == "data:,"
                self.asked += [] if inside else [f"{tag} {name}={value}"]
                self.links |= {str(value)[1:]} if str(value).startswith("#") else set()
        self.ids += [str(found["id"])] if "id" in found else []
        self.rows += [set(str(found["class"]).split())] if "filtered" in str(found.get("class")) else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def asks(text: str) -> list[str]:
    """What *text* would fetch from anywhere: by its tags, and by its style."""
    style = text[text.index("<style>") : text.index("</style>")]
    return Page(text).asked + [word for word in ("url(", "@import", "http", "expression(") if word in style]


PAGE = matrix.page(RUNS)


def test_the_page_asks_nobody_for_anything_and_closes_all_that_it_opens() -> None:
    assert asks(PAGE) == []
    assert Page(PAGE).open == []
    assert "default-src 'none'" in PAGE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("</body>", '<img src="https://x/y.png"></body>'),
        ("</body>", '<a href="//x/y">x</a></body>'),
        ("</style>", "@import 'x';</style>"),
        ("</style>", "b { background: url(x) }</style>"),
        ("</body>", "<script>1</script></body>"),
    ],
)
def test_a_page_that_would_ask_is_found(before: str, after: str) -> None:
    assert asks(PAGE.replace(before, after))


def test_each_address_in_the_page_is_of_this_machine() -> None:
    hosts = {part.split("/")[0].split(":")[0] for part in PAGE.replace("https://", "http://").split("http://")[1:]}
    assert hosts == {"127.0.0.1"}


def test_nothing_that_was_observed_becomes_markup() -> None:
    assert "<b>&" not in PAGE
    assert "&lt;b&gt;&amp;" in PAGE


def test_each_failure_has_its_picture_what_was_expected_its_requests_and_how_to_run_it_again() -> None:
    part = PAGE[PAGE.index('<article id="client-1-submit-close-after-accept"') :]
    part = part[: part.index("</article>")]
    for said in (
        "<svg",
        "pays twice",
        "<b>expected</b> one",
        "<b>observed</b> two",
        f"curl -i -X POST {URL}",
        "RFC 9110 9.2.2",
        "screenplay-check client --seed 0 --run submit/close-after-accept -- ./naive",
    ):
        assert said in part, said


def test_links_lead_to_what_is_there_and_anchors_are_unique() -> None:
    page = Page(PAGE)
    assert page.links
    assert page.links <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_rows_can_be_filtered_by_each_verdict_without_a_script() -> None:
    rows = Page(PAGE).rows
    for verdict in (*cells.ORDER, "wrong"):
        assert f"body:has(#show-{verdict}:checked) .filtered:not(.has-{verdict})" in PAGE
    cases = len(dict(cells.rows([cells.by_case(run) for run in RUNS])))
    assert [("has-failed" in row, "has-wrong" in row) for row in rows[:cases]] == [
        (True, True),
        (False, False),
        (False, True),
        (False, True),
        (False, False),
        (False, False),
        (False, False),
    ]


@pytest.mark.parametrize(("run", "chosen"), [(NAIVE, "wrong"), (CAREFUL, "all")])
def test_the_page_begins_with_what_is_wrong_if_anything_is(run: Report, chosen: str) -> None:
    text = rendered(run, "html")
    assert text.count(" checked") == 1
    assert f'id="show-{chosen}" checked>' in text


def test_one_case_is_no_cases() -> None:
    assert "<code>naive</code>: 3 cases</h3>" in PAGE
    one = report(broken(PAID, "submit/close-after-accept"))
    assert "<code>naive</code>: 1 case</h3>" in rendered(one, "html")


def test_the_html_report_of_one_run_is_its_matrix() -> None:
    text = rendered(NAIVE, "html")
    assert text == matrix.page([data(NAIVE)])
    assert "not all is as it must be" in text


def test_the_table_in_markdown_has_a_row_for_each_case_with_something_wrong() -> None:
    assert matrix_markdown.table(RUNS).splitlines() == [
        "|  | `naive` | `careful` |",
        "| --- | --- | --- |",
        "| `submit/close-after-accept` | ✗ **pays twice** | ✓ |",
        "| `submit/402` | ! HYG-04 |  |",
        "| `poll/ok` | ? SUB-03 |  |",
    ]
