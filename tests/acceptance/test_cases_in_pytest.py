"""`from screenplay_contracts import cases`: the cases as tests of somebody's project, run by pytest."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import SkipTest

import pytest
from tests.clients.in_process import careful

from screenplay_contracts import cases
from screenplay_contracts.client.behaviours import BEHAVIOURS
from screenplay_contracts.client.cases import CASES
from screenplay_contracts.client.fuzz.invariants import INVARIANTS

CLIENTS = Path(__file__).parents[1] / "clients"
PAGE = (Path(__file__).parents[2] / "docs" / "pytest-for-clients.md").read_text("utf-8")
FEW = ["poll/fast", "submit/500-after-accept", "webhook/ok", "lifecycle/kill-mid-download"]
TESTS = """
from in_process import careful, submits_again
from screenplay_contracts import cases

@cases.parametrize(run={run!r}{more})
def test_client(case):
    case.run({client})
"""
#: What the page's example calls, and says that its reader has.
API = """
from types import SimpleNamespace
from in_process import Careful

class Api:
    def __init__(self, base_url, key, timeout):
        self.environment = {"SCREENPLAY_BASE_URL": base_url, "SCREENPLAY_API_KEY": key}
        self.timeout = timeout
    def run(self, body, every, deadline, into):
        job = {"submit": body, "poll_seconds": every, "deadline_seconds": deadline, "download": True}
        job |= {"cancel_when": None, "request_timeout_seconds": self.timeout}
        end = Careful(job, {**self.environment, "SCREENPLAY_OUT": into}).run()
        return SimpleNamespace(**end, code=end["error_code"], message=end["error_message"])

"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with the clients that are callables."""
    shutil.copy(CLIENTS / "in_process.py", pytester.path)
    return pytester


def written(run: list[str], client: str = "careful", **more: object) -> str:
    said = "".join(f", {name}={value!r}" for name, value in more.items())
    return TESTS.format(run=run, client=client, more=said)


def test_a_good_client_passes_and_what_it_does_not_declare_is_skipped(project: pytest.Pytester) -> None:
    project.makepyfile(written(FEW))
    result = project.runpytest_subprocess("-v", "-rs")
    result.assert_outcomes(passed=2, skipped=2)
    result.stdout.fnmatch_lines(
        ["*test_client?poll/fast? PASSED*", "*the client does not declare: webhook*", "*a thread cannot be killed*"]
    )


def test_what_it_declares_is_played_also_in_parallel(project: pytest.Pytester) -> None:
    project.makepyfile(written(FEW, capabilities="webhook,cancel"))
    project.runpytest_subprocess("-n", "2").assert_outcomes(passed=3, skipped=1)


def test_a_bad_client_fails_with_the_finding_and_all_that_happened(project: pytest.Pytester) -> None:
    project.makepyfile(written(FEW, "submits_again"))
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1, skipped=2)
    result.stdout.fnmatch_lines(
        [
            "E *AssertionError: submit/500-after-accept: *serve --scenario submit/500-after-accept*",
            "E *SUB-06 ?MUST? A submission that is answered with 500 is not sent again. (RFC 9110 9.2.2*",
            "E *expected no second submission after 500; observed 4 submissions paid, $20.00; submitted again*",
            "E *what happened:",
            "E *no. 1 POST */screenplay/tasks at * (500), struck by status 500 after acceptance",
            "E *the client at * s: exit code 1*",
        ]
    )


def test_a_should_is_a_warning_and_a_failure_where_that_is_wished() -> None:
    (case,) = cases.all(run=["download/not-ready"])
    with pytest.warns(cases.Warned, match=r"(?s)^download/not-ready: .*DLD-20 \[SHOULD\] .*what happened:"):
        case.run(careful)
    (case,) = cases.all(run=["download/not-ready"], strict=True)
    with pytest.raises(AssertionError, match=r"DLD-20 \[SHOULD\]"):
        case.run(careful)


def test_what_was_never_put_to_the_test_is_no_success() -> None:
    (case,) = cases.all(run=["poll/503-once"], skip=["HYG-*"])
    with pytest.raises(AssertionError, match="inconclusive: its trigger was never met"):
        case.run(lambda job, environment: 1)  # noqa: ARG005 - as a client is called


async def test_a_test_with_an_event_loop_may_run_a_case_too() -> None:
    (case,) = cases.all(run=["poll/fast"])
    case.run(careful)


def test_a_client_that_returns_nonsense_is_a_mistake_of_its_own() -> None:
    (case,) = cases.all(run=["poll/fast"])
    with pytest.raises(TypeError, match="it returns an exit code"):
        case.run(lambda job, environment: "completed")  # noqa: ARG005 - as a client is called


def test_all_cases_are_there_under_their_names() -> None:
    every = cases.all()
    assert [str(one) for one in every] == [one.name for one in CASES]
    assert {*cases.__all__} == {"ClientCase", "Warned", "all", "parametrize"}


def test_cases_are_chosen_as_on_the_command_line() -> None:
    assert [str(one) for one in cases.all(run=["submit/40*"], skip=["submit/402"])] == [
        "submit/400-limit",
        "submit/400-asset",
        "submit/403",
        "submit/409",
    ]
    (one,) = cases.all(run=["SUB-06"])
    assert (str(one), one.case.checks) == ("submit/500-after-accept", ("SUB-06",))
    assert all(
        BEHAVIOURS[name].check.severity == "must" for one in cases.all(severity="must") for name in one.case.checks
    )


def test_what_does_not_exist_is_told() -> None:
    with pytest.raises(ValueError, match="did you mean 'submit/402'"):
        cases.all(run=["submit/402x"])
    with pytest.raises(ValueError, match="there is no capability 'webhooks'; there are: webhook"):
        cases.all(capabilities="webhooks")
    with pytest.raises(ValueError, match="fatal"):
        cases.all(severity="fatal")


def test_where_nothing_can_be_judged_nothing_passes() -> None:
    case = cases.all(run=["HYG-05"])[0]
    with pytest.raises(SkipTest, match="HYG-05: what outlives a process cannot be seen here"):
        case.run(careful)


def test_the_import_is_light() -> None:
    heavy = {"aiohttp", "hypothesis", "pydantic", "pytest", "yaml", "screenplay_contracts.client.behaviours"}
    code = f"import sys; from screenplay_contracts import cases; print(sorted({heavy!r} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_the_example_of_the_page_works(project: pytest.Pytester) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    example = example.replace(
        'run=["poll/*", "submit/*", "DLD-*"], skip=["poll/304"]', 'run=["poll/fast", "submit/402"]'
    )
    (project.path / "test_example.py").write_text(API + example)
    project.runpytest_subprocess().assert_outcomes(passed=2)


def test_the_page_has_every_promise_of_the_fuzzer() -> None:
    rows = re.findall(r"^\| `([a-z-]+)`: (.*) \| (.*) \|$", PAGE, re.MULTILINE)
    assert rows == [(one.name, one.promise, ", ".join(one.rows)) for one in INVARIANTS]
    assert all(row in BEHAVIOURS for one in INVARIANTS for row in one.rows)
