"""`screenplay-check traffic` as a command: what browsers record, base URLs, what is odd; how commands fall over."""

from __future__ import annotations

import json
import shlex
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from screenplay_contracts.cli import main
from screenplay_contracts.client.behaviours import BEHAVIOURS

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

ORIGIN = "http://127.0.0.1:58173"
BASE = f"{ORIGIN}/serve/api/v2"
KEY = {"name": "Authorization", "value": "sk-mai-canary"}


def entry(method: str, path: str, status: int = 200, answer: Any = None, second: int = 0) -> dict[str, Any]:
    """As a browser writes it."""
    return {
        "startedDateTime": f"2026-03-13T10:00:{second:02}.000Z",
        "time": 5,
        "request": {"method": method, "url": path if ":" in path else BASE + path, "headers": [KEY]},
        "response": {
            "status": status,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"text": "" if answer is None else json.dumps(answer)},
        },
    }


def told(status: str, second: int = 0, **members: Any) -> dict[str, Any]:
    data = {"task_id": "ros-sd-20260313-0123abcd", "status": status, **members}
    answer = {"code": 200, "msg": "success", "data": data, "failed": False, "success": True}
    return entry("GET", "/screenplay/tasks/ros-sd-20260313-0123abcd", 200, answer, second)


NO_ANSWER = {"status": 0, "headers": [], "content": {"size": 0, "mimeType": "x-unknown"}}
PREFLIGHT = entry("OPTIONS", "/screenplay/tasks", 204)
PREFLIGHT["request"]["headers"] = [{"name": "Access-Control-Request-Method", "value": "POST"}]
BLOCKED = told("pending") | {"response": NO_ANSWER | {"_error": "net::ERR_BLOCKED_BY_CLIENT"}}


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `traffic` over entries with arguments, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def to_its_end(entries: list[dict[str, Any]], *arguments: str, **log: Any) -> Result:
        (tmp_path / "a b.har").write_text(json.dumps({"log": {"entries": entries, **log}}))
        return CliRunner().invoke(main, ["traffic", "a b.har", *arguments])

    return to_its_end


def test_what_a_browser_did_by_itself_is_told_and_not_judged(judged: Any) -> None:
    ended = judged([PREFLIGHT, BLOCKED, told("pending", 1)])
    assert ended.exit_code == 0, ended.output
    assert "note: 2 exchanges not judged: " in ended.output


def test_an_options_request_of_a_client_is_judged(judged: Any) -> None:
    ended = judged([entry("OPTIONS", "/screenplay/tasks", 204), told("pending", 1)])
    assert ended.exit_code == 1
    assert "failed method/not-allowed" in ended.output


def test_a_time_in_another_zone_is_no_way_back(judged: Any) -> None:
    later = told("completed") | {"startedDateTime": "2026-03-13T02:00:09.000-08:00"}
    ended = judged([told("running"), later, told("completed", 10)], "--run", "status/terminal-is-for-ever")
    assert ended.exit_code == 0, ended.output


def test_another_hosts_odd_entry_is_nobodys_business(judged: Any) -> None:
    font = entry("GET", "https://fonts.example/a.woff2")
    font["response"]["content"] = {"text": "!", "encoding": "base64"}
    assert judged([font, told("pending")]).exit_code == 0


@pytest.mark.parametrize("base_url", [f"{ORIGIN}/serve/api", ORIGIN, "http://127.0.0.1:5817", f"{ORIGIN}/serve/ap"])
def test_a_base_url_with_which_nothing_is_an_operation_ends_with_2_and_those_there_are(
    judged: Any, base_url: str
) -> None:
    ended = judged([told("pending")], "--base-url", base_url)
    assert ended.exit_code == 2
    assert f"--base-url is {BASE}" in ended.output


def test_the_base_url_that_is_there_is_judged(judged: Any) -> None:
    elsewhere = entry("GET", "http://127.0.0.1:58174/serve/api/v2/screenplay/tasks/a", 200, "nonsense")
    assert judged([elsewhere, told("pending")]).exit_code == 1
    assert judged([elsewhere, told("pending")], "--base-url", f"{BASE}/").exit_code == 0


@pytest.mark.parametrize("base_url", ["mavi", "http://[::1"])
def test_a_base_url_that_is_none_ends_with_2(judged: Any, base_url: str) -> None:
    ended = judged([told("pending")], "--base-url", base_url)
    assert ended.exit_code == 2
    assert "is no URL such as" in ended.output


@pytest.mark.parametrize(
    "odd", [{"_account": {"a": 1}}, {"_virtualTime": 5}, {"_number": "x"}, {"time": "long"}, {"response": None}]
)
def test_an_odd_entry_of_the_api_ends_with_2_and_its_place(judged: Any, odd: dict[str, Any]) -> None:
    ended = judged([told("pending"), told("pending") | odd])
    assert ended.exit_code == 2
    assert "a b.har: log.entries[1]: " in ended.output


def test_whether_it_is_a_fake_is_as_the_recording_says_unless_it_is_said(judged: Any, tmp_path: Path) -> None:
    def fake(*arguments: str, **log: Any) -> str:
        assert judged([told("pending")], *arguments, "--report", "json=a.json", **log).exit_code == 0
        return str(json.loads((tmp_path / "a.json").read_text())["settings"]["fake"])

    of_fake = {"creator": {"name": "screenplay-mock", "version": "0"}}
    assert (fake(), fake("--fake"), fake(**of_fake), fake("--no-fake", **of_fake)) == ("no", "yes", "yes", "no")


def test_the_command_of_a_report_runs_the_same_judgement_again(judged: Any, tmp_path: Path) -> None:
    (tmp_path / "ok.toml").write_text('[[accepted]]\ncheck = "money/price"\nreason = "r"\n')
    options = ("--base-url", BASE, "--no-fake", "--strict", "--accepted", "ok.toml")
    ended = judged([told("pending"), told("queued", 1)], *options, "--dialect", "documented", "--report", "json=a.json")
    assert ended.exit_code == 1, ended.output
    first = json.loads((tmp_path / "a.json").read_text())
    again = shlex.split(first["again"])
    assert again[:3] == ["screenplay-check", "traffic", "a b.har"]
    assert set(options) <= set(again)
    assert CliRunner().invoke(main, [*again[1:], "--report", "json=b.json"]).exit_code == 1
    second = json.loads((tmp_path / "b.json").read_text())
    assert (first["checks"], first["again"], first["strict"]) == (second["checks"], second["again"], second["strict"])


def test_a_key_that_the_server_echoes_is_in_no_report(judged: Any, tmp_path: Path) -> None:
    echo = entry("GET", "/screenplay/tasks/a", 400, {"code": 400, "msg": "no task of sk-mai-canary", "data": None})
    forms = {"har": "a.har", "json": "a.json", "html": "a.html", "markdown": "a.md", "junit": "a.xml"}
    ended = judged([echo], *(word for form, path in forms.items() for word in ("--report", f"{form}={path}")))
    assert all("canary" not in (tmp_path / path).read_text("utf-8") for path in forms.values())
    assert "canary" not in ended.output


def test_one_file_for_two_reports_is_refused(judged: Any) -> None:
    ended = judged([told("pending")], "--report", "html=same", "--report", "json=./same")
    assert ended.exit_code == 2
    assert "is the file of two reports" in ended.output


@pytest.mark.parametrize(
    ("command", "check", "meant"),
    [
        ("server", "auth/bearr", "auth/bearer"),
        ("traffic", "auth/bearr", "auth/bearer"),
        ("client", f"{next(iter(BEHAVIOURS))}x", next(iter(BEHAVIOURS))),
    ],
)
def test_an_accepted_failure_that_no_check_has_ends_with_2_and_the_name_that_was_meant(
    judged: Any, tmp_path: Path, command: str, check: str, meant: str
) -> None:
    judged([told("pending")])  # writes the recording
    (tmp_path / "a.toml").write_text(f'[[accepted]]\ncheck = "{check}"\nreason = "r"\n')
    rest = {"traffic": ["a b.har"], "client": ["--", "true"]}.get(command, [])
    ended = CliRunner().invoke(main, [command, "--accepted", "a.toml", *rest])
    assert ended.exit_code == 2
    assert f"did you mean {meant!r}?" in ended.output


def test_what_nobody_has_foreseen_ends_with_2_and_a_line_before_its_traceback(
    judged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "screenplay_contracts.commands.traffic", None)
    ended = judged([told("pending")])
    assert ended.exit_code == 2
    first, second, *_ = ended.stderr.splitlines()
    assert first.startswith("internal error: ModuleNotFoundError: ")
    assert second.startswith("Traceback")
