"""The pytest plugin in test suites of other people, each run by pytest as they would run it."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

FIVE_LINES = """
from client import Client

def test_my_client(screenplay):
    client = Client(screenplay.base_url, screenplay.key)
    task_id = client.submit({"1": "re_abc001"})
    screenplay.advance_to_idle()
    assert client.status(task_id) == "completed"
"""


def test_five_lines_are_a_test_of_a_client(suite: pytest.Pytester) -> None:
    suite.makepyfile(FIVE_LINES)
    suite.runpytest_inprocess().assert_outcomes(passed=1)


def test_when_the_tests_have_ended_nothing_runs_and_nothing_listens(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import client

        def test_webhook(screenplay):
            screenplay.webhook.answer(500, times=1)
            client.of(screenplay).submit({"1": "re_1"})
            screenplay.advance_to_idle()
            assert len(screenplay.webhook.received) == 2
        """
    )
    before = set(threading.enumerate())
    suite.runpytest_inprocess().assert_outcomes(passed=1)
    assert set(threading.enumerate()) == before


def test_a_failing_test_shows_the_journal_of_its_sandbox(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import client

        def test_that_passes(screenplay):
            client.of(screenplay).submit({"1": "re_1"})

        def test_that_fails(screenplay):
            screenplay.webhook.answer(500, times=1)
            theirs = client.of(screenplay)
            task_id = theirs.submit({"1": "re_1"})
            client.call(screenplay.base_url, f"Bearer {screenplay.key}", "GET", f"/screenplay/tasks/{task_id}")
            screenplay.advance(10)
            assert theirs.status(task_id) == "failed"
        """
    )
    result = suite.runpytest_inprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*-- screenplay journal --*",
            "sandbox of sk-mai-?…???, seed 0; the times are those of its clock",
            "   1  2026-03-13T10:00:00Z  POST /serve/api/v2/screenplay/tasks  200",
            "   2  2026-03-13T10:00:00Z  GET /*/ros-*  401 Unauthorized | error auth/bearer in header Authorization: *",
            "   3  2026-03-13T10:00:10Z  GET /serve/api/v2/screenplay/tasks/ros-sd-20260313-*  200",
            "webhook  ros-sd-20260313-* to http://*: 2026-03-13T10:00:05Z 500, 2026-03-13T10:00:10Z 200",
        ],
        consecutive=True,
    )
    assert str(result.stdout).count("screenplay journal") == 1


@pytest.mark.parametrize(
    ("fixture", "outcome"),
    [
        ("client.of(screenplay).submit({'1': 're_1'}); raise ValueError", {"errors": 1}),
        ("yield; client.of(screenplay).submit({'1': 're_1'}); raise ValueError", {"passed": 1, "errors": 1}),
    ],
)
def test_a_fixture_that_fails_shows_the_journal_too(
    suite: pytest.Pytester, fixture: str, outcome: dict[str, int]
) -> None:
    suite.makepyfile(
        f"""
        import client, pytest

        @pytest.fixture
        def prepared(screenplay):
            {fixture}

        def test_nothing(prepared):
            pass
        """
    )
    result = suite.runpytest_inprocess()
    result.assert_outcomes(**outcome)
    result.stdout.fnmatch_lines(["*-- screenplay journal --*", "*", "   1 *POST /serve/api/v2/screenplay/tasks  200"])


def test_a_failing_test_whose_client_went_elsewhere_says_so(suite: pytest.Pytester) -> None:
    suite.makepyfile("def test_that_fails(screenplay): assert not screenplay.key")
    result = suite.runpytest_inprocess()
    result.stdout.fnmatch_lines(["no request came with the key of this test: *"])


def test_a_failing_test_that_uses_no_sandbox_is_reported_as_ever(suite: pytest.Pytester) -> None:
    suite.makepyfile("def test_that_fails(): assert False")
    result = suite.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*screenplay journal*")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            "szenario='slow'",
            "@pytest.mark.screenplay does not know szenario; it takes scenario, seed, *",
        ),
        ("'slow'", "@pytest.mark.screenplay does not know 'slow'; it takes scenario, seed, dialect, clock, by name"),
        ("scenario='faling'", "@pytest.mark.screenplay: there is no scenario 'faling'; did you mean 'failing'*"),
        ("scenario='none.yaml'", "@pytest.mark.screenplay: none.yaml: there is no such file"),
        ("seed='7'", "@pytest.mark.screenplay: seed must be a whole number, not '7'"),
        ("dialect='legasy'", "@pytest.mark.screenplay: there is no dialect 'legasy'; did you mean 'legacy'*"),
        ("clock='slow'", "@pytest.mark.screenplay: clock 'slow' is not one of: real, manual, *"),
    ],
)
def test_a_marker_that_makes_no_sense_says_what_would(suite: pytest.Pytester, arguments: str, error: str) -> None:
    suite.makepyfile(
        f"""
        import pytest

        @pytest.mark.screenplay({arguments})
        def test_nothing(screenplay):
            pass
        """
    )
    result = suite.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([error])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_the_closest_marker_wins(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.screenplay(scenario="failing", seed=7)

        def world(screenplay):
            name = screenplay.admin("GET", "/scenario")["name"]
            return name, screenplay.admin("GET", "/clock")["mode"], screenplay.admin("GET", "/dialect")["name"]

        def test_module(screenplay):
            assert world(screenplay) == ("failing", "manual", "documented")

        @pytest.mark.screenplay(dialect="live", clock="poll:30s")
        class TestClass:
            def test_class(self, screenplay):
                assert world(screenplay) == ("failing", "poll:30s", "live")

            @pytest.mark.screenplay(scenario={"name": "mine", "tasks": {"outcome": "stuck"}}, clock="x60")
            def test_function(self, screenplay):
                assert world(screenplay) == ("mine", "x60", "live")
        """
    )
    suite.runpytest_inprocess().assert_outcomes(passed=3)


def test_the_marker_is_listed(suite: pytest.Pytester) -> None:
    suite.runpytest_inprocess("--markers").stdout.fnmatch_lines(["@pytest.mark.screenplay(*scenario=None, seed=0, *"])


def test_a_run_that_uses_no_fixture_loads_nothing_heavy() -> None:
    program = (
        "import sys, screenplay_mock.pytest_plugin\n"
        "print(*sorted(name for name in sys.modules if name.startswith('screenplay_mock')))\n"
        "print(*{'aiohttp', 'faker', 'http.client', 'jsonschema', 'pydantic', 'socketserver', 'yaml'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["screenplay_mock screenplay_mock.pytest_plugin", ""]
