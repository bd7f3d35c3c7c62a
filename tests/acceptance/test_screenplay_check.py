"""`screenplay-check server` and `traffic` as commands: what they tell, what they write, how they end."""

from __future__ import annotations

import json
import signal
import subprocess
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from tests.acceptance.checking import COMMAND, ENVIRONMENT, PATIENCE, QUEUED, SOME
from tests.broken_servers.edits import broken, err, put

from screenplay_contracts.server.phases import PHASES
from screenplay_contracts.server.run import checks
from screenplay_schemas import validator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.acceptance.conftest import Ended
    from tests.broken_servers.proxy import Fault

    from screenplay_mock.testing import RunningServer

OTHER_WORDS = broken(err("cancelTask", msg="Task cannot"), put("msg", "Too late"))


def test_the_whole_run_against_the_fake_ends_with_0(check: Callable[..., Ended], tmp_path: Path) -> None:
    ended = check("server", "--max-examples", "2", "--strict", "--report", "json=out.json")
    assert ended.code == 0, ended.out + ended.err
    assert ended.out.splitlines()[-1].endswith("all MUST are kept")
    assert "judging http://127.0.0.1:" in ended.err
    report = json.loads((tmp_path / "out.json").read_text())
    assert [one["name"] for one in report["checks"]] == [one.name for one in checks()]
    assert report["tally"]["inconclusive"] == 0
    assert len(PHASES) > 1


def test_a_server_that_is_named_is_judged(check: Callable[..., Ended], screenplay_server: RunningServer) -> None:
    ended = check("server", "--base-url", screenplay_server.base_url, *SOME)
    assert ended.code == 0, ended.out + ended.err
    assert screenplay_server.base_url in ended.out


def test_a_broken_server_ends_with_1_and_every_report_tells_why(
    check: Callable[..., Ended], broken_server: Callable[[Fault], str], tmp_path: Path
) -> None:
    formats = {"junit": "a.xml", "json": "a.json", "html": "deep/a.html", "har": "a.har", "markdown": "a.md"}
    reports = [word for form, path in formats.items() for word in ("--report", f"{form}={path}")]
    ended = check("server", "--base-url", broken_server(QUEUED), "--key", "sk-mai-canary", *SOME, *reports)
    assert ended.code == 1
    assert "failed status/known-values [MUST]" in ended.out
    assert "curl -i -X GET" in ended.out
    data = json.loads((tmp_path / "a.json").read_text())
    assert [error.message for error in validator("check-report").iter_errors(data)] == []
    assert data["exit_code"] == 1
    suite = ET.parse(tmp_path / "a.xml").getroot().find("testsuite")  # noqa: S314 - our own
    assert suite is not None
    assert suite.get("failures") != "0"
    for path in formats.values():
        text = (tmp_path / path).read_text()
        assert "canary" not in text
        assert "queued" in text, path
    assert "canary" not in ended.out + ended.err


def test_a_should_counts_only_with_strict(check: Callable[..., Ended], broken_server: Callable[[Fault], str]) -> None:
    url = broken_server(OTHER_WORDS)
    loose, strict = check("server", "--base-url", url, *SOME), check("server", "--base-url", url, *SOME, "--strict")
    assert (loose.code, strict.code) == (0, 1)
    assert "warned cancel/refusal" in loose.out


ACCEPTED = '[[accepted]]\ncheck = "status/known-values"\nreason = "reported to the vendor"\n'


def test_an_accepted_failure_is_excused_and_told(
    check: Callable[..., Ended], broken_server: Callable[[Fault], str], tmp_path: Path
) -> None:
    others = "".join(
        f'[[accepted]]\ncheck = "{name}"\nreason = "it follows"\n'
        for name in ("status/progress-only-while-running", "download/not-completed", "schema/response")
    )
    (tmp_path / "accepted.toml").write_text(ACCEPTED + others)
    ended = check("server", "--base-url", broken_server(QUEUED), "--accepted", "accepted.toml", *SOME)
    assert ended.code == 0, ended.out
    assert "(accepted: reported to the vendor)" in ended.out


def test_an_accepted_failure_that_passes_again_ends_with_1_and_the_line_to_delete(
    check: Callable[..., Ended], screenplay_server: RunningServer, tmp_path: Path
) -> None:
    (tmp_path / "accepted.toml").write_text("# what is known\n\n" + ACCEPTED)
    ended = check("server", "--base-url", screenplay_server.base_url, "--accepted", "accepted.toml", *SOME)
    assert ended.code == 1
    assert "stale accepted failure, line 3: [[accepted]] check = 'status/known-values'" in ended.out
    assert "delete it" in ended.out


def test_the_checks_are_listed_with_severity_promise_and_source(check: Callable[..., Ended]) -> None:
    ended = check("server", "--list")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert [line.split()[0] for line in lines[::3]] == [one.name for one in checks()]
    assert all(line.strip().startswith("source: ") and len(line) > 20 for line in lines[2::3])
    some = check("server", "--list", "--run", "webhook/*", "--skip", "**e")
    assert {line.split("/")[0] for line in some.out.splitlines()[::3]} == {"webhook"}


def test_an_interrupt_ends_with_130_and_what_was_recorded_is_reported(
    tmp_path: Path, screenplay_server: RunningServer
) -> None:
    # in real time, so that it is still waiting for a task when it is interrupted
    arguments = ["server", "--base-url", screenplay_server.base_url, "--no-admin", "--report", "json=a.json"]
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        while not process.stderr.readline().startswith("  shapes"):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "interrupted" in out
    report = json.loads((tmp_path / "a.json").read_text())
    assert (report["complete"], report["exit_code"]) == (False, 130)
    assert report["tally"]["passed"] > 10
    assert report["tally"]["inconclusive"] == 0


@pytest.fixture
def recorded(check: Callable[..., Ended], screenplay_server: RunningServer, tmp_path: Path) -> Any:
    """What a run has recorded."""
    assert check("server", "--base-url", screenplay_server.base_url, *SOME, "--report", "har=run.har").code == 0
    return json.loads((tmp_path / "run.har").read_text())


def test_recorded_traffic_is_judged(check: Callable[..., Ended], recorded: Any, tmp_path: Path) -> None:
    kept = check("traffic", "run.har", "--strict", "--report", "json=a.json")
    assert kept.code == 0, kept.out
    report = json.loads((tmp_path / "a.json").read_text())
    assert (report["suite"], report["settings"]["fake"]) == ("traffic", "yes")
    entry = next(
        one
        for one in recorded["log"]["entries"]
        if one["response"]["status"] == 200 and one["request"]["url"].endswith("/tasks")
    )
    entry["response"]["status"] = 400
    (tmp_path / "changed.har").write_text(json.dumps(recorded))
    ended = check("traffic", "changed.har", "--fake")
    assert ended.code == 1
    assert "failed envelope/code-equals-status" in ended.out
    assert "screenplay-check traffic changed.har --dialect documented --fake --run" in ended.out


def test_a_recording_of_another_dialect_is_told(check: Callable[..., Ended], recorded: Any) -> None:
    assert recorded["log"]["entries"]
    ended = check("traffic", "run.har", "--dialect", "legacy", "--run", "envelope/success-code")
    assert ended.code == 1
    assert 'expected code "0000"' in ended.out


@pytest.mark.parametrize(
    ("text", "complaint"), [("{}", "it is no HAR"), ("{", "a.har"), ('{"log": {"entries": []}}', "no request")]
)
def test_what_is_no_recording_ends_with_2(
    check: Callable[..., Ended], tmp_path: Path, text: str, complaint: str
) -> None:
    (tmp_path / "a.har").write_text(text)
    ended = check("traffic", "a.har")
    assert ended.code == 2
    assert complaint in ended.err
