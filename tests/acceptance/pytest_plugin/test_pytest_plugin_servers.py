"""Which server and which key the tests of a suite get: alone, in parallel, and with a server that runs already."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from screenplay_mock.serving import ServerThread
from screenplay_mock.settings import Settings
from screenplay_mock.testing import RunningServer, Screenplay

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE_TEST = "def test_nothing(screenplay): assert screenplay.tasks == []"


@pytest.fixture
def server() -> Iterator[RunningServer]:
    """A server that runs already, with defaults of its own."""
    with ServerThread(Settings(port=0)) as thread:
        yield RunningServer(thread.server.origin)


#: Writes down the worker, server, key and first task of each test.
WORLDS = """
import os
from pathlib import Path
import client, pytest

@pytest.mark.parametrize("number", range(12))
def test_world(screenplay, number):
    task_id = client.of(screenplay).submit({"1": "re_1"})
    assert [task["task_id"] for task in screenplay.tasks] == [task_id]
    assert len(screenplay.requests) == 1
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    Path(f"worlds-{worker}-{number}").write_text(f"{screenplay.base_url} {screenplay.key} {task_id}")
"""


def worlds(suite: pytest.Pytester) -> dict[str, tuple[str, str, str]]:
    """What WORLDS wrote, forgotten by that: (server, key, task id) by test and worker."""
    found = {}
    for file in sorted(suite.path.glob("worlds-*")):
        server, key, task_id = file.read_text("utf-8").split()
        _, worker, number = file.name.split("-")
        found[f"{number} {worker}"] = (server, key, task_id)
        file.unlink()
    return found


def test_a_rerun_has_the_same_keys_and_ids_and_no_two_tests_share_them(suite: pytest.Pytester) -> None:
    suite.makepyfile(WORLDS)
    runs = []
    for _ in range(2):
        suite.runpytest_inprocess().assert_outcomes(passed=12)
        runs.append({test: (key, task_id) for test, (_, key, task_id) in worlds(suite).items()})
    assert runs[0] == runs[1]
    keys = {key for key, _ in runs[0].values()}
    assert len(keys) == len(runs[0]) == 12
    assert all(key.startswith("sk-mai-") and int(key[7:], 16) for key in keys)


def test_another_seed_gives_another_key_and_other_ids(suite: pytest.Pytester) -> None:
    suite.makepyfile(WORLDS)
    suite.runpytest_inprocess().assert_outcomes(passed=12)
    unmarked = worlds(suite)
    suite.makepyfile(WORLDS + "\npytestmark = pytest.mark.screenplay(seed=1)\n")
    suite.runpytest_inprocess().assert_outcomes(passed=12)
    for test, (_, key, task_id) in worlds(suite).items():
        assert key != unmarked[test][1]
        assert task_id != unmarked[test][2]


def test_under_xdist_each_worker_has_its_server_and_each_test_its_usual_key(suite: pytest.Pytester) -> None:
    suite.makepyfile(WORLDS)
    suite.runpytest_inprocess().assert_outcomes(passed=12)
    alone = {test.split()[0]: world[1:] for test, world in worlds(suite).items()}
    suite.runpytest_subprocess("-n", "2").assert_outcomes(passed=12)
    parallel = worlds(suite)
    assert {test.split()[0]: world[1:] for test, world in parallel.items()} == alone
    servers = {(test.split()[1], world[0]) for test, world in parallel.items()}
    assert sorted(worker for worker, _ in servers) == ["gw0", "gw1"]
    assert len({server for _, server in servers}) == 2


def test_a_group_of_xdist_changes_no_key(suite: pytest.Pytester) -> None:
    suite.makepyfile(WORLDS.replace("@pytest", "@pytest.mark.xdist_group('mine')\n@pytest", 1))
    suite.runpytest_inprocess().assert_outcomes(passed=12)
    alone = {test.split()[0]: world[1:] for test, world in worlds(suite).items()}
    suite.runpytest_subprocess("-n", "1", "--dist", "loadgroup").assert_outcomes(passed=12)
    assert {test.split()[0]: world[1:] for test, world in worlds(suite).items()} == alone


#: Passes only where the server is the one that ORIGIN names, and no other was started.
ELSEWHERE = """
import threading
import client

def test_elsewhere(screenplay, screenplay_server):
    assert screenplay_server.origin == ORIGIN
    assert screenplay.now == "2026-03-13T10:00:00Z"
    client.of(screenplay).submit({"1": "re_1"})
    assert len(screenplay.requests) == 1
    assert [thread.name for thread in threading.enumerate()].count("screenplay-mock") == SERVERS
"""


@pytest.mark.parametrize("path", ["", "/", "/serve/api/v2"])
def test_a_server_that_runs_already_is_used_and_left_clean(
    suite: pytest.Pytester, server: RunningServer, path: str
) -> None:
    suite.makepyfile(ELSEWHERE.replace("ORIGIN", repr(server.origin)).replace("SERVERS", server_threads()))
    suite.runpytest_inprocess("--screenplay-url", server.origin + path).assert_outcomes(passed=1)
    assert Screenplay(server, "sk-mai-any").admin("GET", "/sandboxes") == {"sandboxes": []}


def server_threads() -> str:
    return str([thread.name for thread in threading.enumerate()].count("screenplay-mock"))


def test_the_option_beats_the_environment_which_beats_the_file(
    suite: pytest.Pytester, server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite.makepyfile(ELSEWHERE.replace("ORIGIN", repr(server.origin)).replace("SERVERS", server_threads()))
    ini = suite.path / "pytest.ini"
    strict = ini.read_text("utf-8").rstrip() + "\n"
    ini.write_text(f"{strict}screenplay_url = {server.origin}\n", "utf-8")
    suite.runpytest_inprocess().assert_outcomes(passed=1)
    ini.write_text(f"{strict}screenplay_url = http://127.0.0.1:1\n", "utf-8")
    monkeypatch.setenv("SCREENPLAY_MOCK_URL", server.origin)
    suite.runpytest_inprocess().assert_outcomes(passed=1)
    monkeypatch.setenv("SCREENPLAY_MOCK_URL", "http://127.0.0.1:1")
    suite.runpytest_inprocess("--screenplay-url", server.origin).assert_outcomes(passed=1)


def test_the_admin_token_is_read_from_the_environment(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    suite.makepyfile(ONE_TEST)
    with ServerThread(Settings(port=0, admin_token="secret")) as thread:
        url = f"--screenplay-url={thread.server.origin}"
        result = suite.runpytest_inprocess(url)
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines([f"the server at {thread.server.origin} refuses to be asked: *X-Admin-Token"])
        monkeypatch.setenv("SCREENPLAY_MOCK_ADMIN_TOKEN", "secret")
        suite.runpytest_inprocess(url).assert_outcomes(passed=1)


class _AnotherProgram(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"name": "another"}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


@pytest.fixture
def another_program() -> Iterator[str]:
    """The URL of a server that is no screenplay-mock."""
    with HTTPServer(("127.0.0.1", 0), _AnotherProgram) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        (
            "http://127.0.0.1:1",
            "no screenplay-mock answers at http://127.0.0.1:1: *; start one with *",
        ),
        ("127.0.0.1:8787", "no screenplay-mock answers at 127.0.0.1:8787: it must be an http or https URL; *"),
        ("http://127.0.0.1:x", "no screenplay-mock answers at http://127.0.0.1:x: Port could not be cast*"),
        ("another", "what answers at http://127.0.0.1:* is no screenplay-mock; *"),
    ],
)
def test_a_url_where_no_server_is_says_the_way_out(
    suite: pytest.Pytester, another_program: str, url: str, error: str
) -> None:
    suite.makepyfile(ONE_TEST)
    result = suite.runpytest_inprocess("--screenplay-url", another_program if url == "another" else url)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([error])
