"""`screenplay-check server` and `traffic` as commands: what they tell, what they write, how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.broken_servers.edits import broken, err, ok, put, where
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory, Proxy

from screenplay_contracts.server.phases import PHASES
from screenplay_contracts.server.run import checks
from screenplay_mock.core.dialect import DIALECTS
from screenplay_mock.sandbox import Defaults
from screenplay_mock.serving import ServerThread
from screenplay_mock.settings import Settings
from screenplay_schemas import validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from screenplay_mock.testing import RunningServer

PATIENCE = 100  # real seconds after which a command that should have ended is held not to end
COMMAND = (sys.executable, "-c", "from screenplay_contracts.cli import main; main(prog_name='screenplay-check')")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("SCREENPLAY_")}
#: Checks that need the script alone, so that neither the model nor Schemathesis is played.
SOME = ("--run", "status/*", "--run", "cancel/*")
BASE = "/serve/api/v2"
QUEUED = broken(where(ok("getTask"), status="running"), put("data.status", "queued"))
OTHER_WORDS = broken(err("cancelTask", msg="Task cannot"), put("msg", "Too late"))


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., Ended]:
    """Run `screenplay-check` with arguments to its end, in an empty folder."""

    def to_its_end(*arguments: str, python: tuple[str, ...] = COMMAND, **variables: str) -> Ended:
        done = subprocess.run(
            [*python, *arguments],
            cwd=tmp_path,
            env={**ENVIRONMENT, **variables},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return to_its_end


@pytest.fixture
def broken_server(screenplay_server: RunningServer) -> Iterator[Callable[[Fault], str]]:
    """The base URL of the fake with a fault."""
    from contextlib import ExitStack

    with ExitStack() as opened:
        yield lambda fault: opened.enter_context(Proxy(screenplay_server.origin, fault)).url + BASE


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


@pytest.mark.parametrize("command", ["server", "traffic"])
def test_the_help_has_examples_and_the_exit_codes(check: Callable[..., Ended], command: str) -> None:
    text = check(command, "--help").out
    assert "Examples:" in text
    for code in ("    0    all MUST", "    1    a MUST", "    2    usage", "    130  interrupted"):
        assert code in text


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--run", "status/knwon-values"], "did you mean 'status/known-values'?"),
        (["--base-url", "http://127.0.0.1:9/serve/api/v2"], "no server answers at"),
        (["--base-url", "https://mavi-backend.memories.ai.invalid/serve/api/v2"], "needs --key"),
        (["--base-url", "127.0.0.1:8787"], "is no URL"),
        (["--base-url", "http://[::1/x"], "is no URL"),
        (["--base-url", ""], "is no URL"),
        (["--base-url", "http://somebody:hush@127.0.0.1/x"], "has a user in it"),
        (["--base-url", "http://127.0.0.1:9", "--admin-url", "http://127.0.0.1:x"], "is no URL"),
        (["--admin-url", "http://127.0.0.1:9/__admin"], "a fake of our own has none"),
        (["--admin-token", "hush", "--no-admin"], "--no-admin forbids it"),
        (["--key", "a\nb"], "no header can carry"),
        (["--other-key", ""], "no header can carry"),
        (["--key", "sk-xinvalid"], "one of the fake's magic keys"),
        (["--budget", "1e400"], "no amount of dollars"),
        (["--budget", "nan"], "no amount of dollars"),
        (["--pace", "inf"], "is not between 0 and 3600 seconds"),
        (["--wait", "nan"], "is not between 0.001 and 86400 seconds"),
        (["--fake", "--no-admin"], "--no-admin forbids it"),
        (["--budget", "much"], "no amount of dollars"),
        (["--budget", "-1"], "no amount of dollars"),
        (["--report", "pdf=a.pdf"], "junit, json, html, har, markdown"),
        (["--report", "json"], "FORMAT=PATH"),
        (["--accepted", "nothing.toml"], "does not exist"),
        (["--dialect", "spoken"], "'documented', 'legacy', 'live'"),
        (["--max-examples", "0"], "--max-examples"),
    ],
)
def test_wrong_usage_ends_with_2_and_the_way_out(
    check: Callable[..., Ended], arguments: list[str], complaint: str
) -> None:
    ended = check("server", *arguments)
    assert ended.code == 2
    assert complaint in ended.err
    assert "Traceback" not in ended.err
    assert "hush" not in ended.err
    assert "judging" not in ended.err


def test_the_first_line_says_whether_there_is_an_admin_api(
    check: Callable[..., Ended], screenplay_server: RunningServer
) -> None:
    some = ("--run", "status/known-values", "--base-url", screenplay_server.base_url)
    assert check("server", *some).err.splitlines()[0].endswith(f"admin API {screenplay_server.origin}/__admin")
    plain = check("server", *some, "--foreign", "--pace", "0").err.splitlines()[0]
    assert "no admin API (only with --fake" in plain


def test_an_admin_token_that_is_refused_ends_with_2_also_if_a_variable_says_it(check: Callable[..., Ended]) -> None:
    with ServerThread(Settings(port=0, admin_token="hush")) as thread:
        some = ("--base-url", thread.server.base_url, *SOME)
        for ended in (
            check("server", *some, "--admin-token", "wrong"),
            check("server", *some, SCREENPLAY_MOCK_ADMIN_TOKEN="wrong"),
        ):
            assert ended.code == 2
            assert "--admin-token, or SCREENPLAY_MOCK_ADMIN_TOKEN, is another one's" in ended.err
        assert check("server", *some, SCREENPLAY_MOCK_ADMIN_TOKEN="hush").code == 0


def test_the_command_that_runs_again_has_all_that_changes_a_run_and_no_secret(
    check: Callable[..., Ended], broken_server: Callable[[Fault], str]
) -> None:
    url = broken_server(QUEUED)
    given = ("--base-url", url, "--key", "sk-a", "--other-key", "sk-b", "--admin-token", "sk-c", "--wait", "9", *SOME)
    again = next(
        line for line in check("server", *given, "--fake").out.splitlines() if "screenplay-check server" in line
    )
    assert f"screenplay-check server --base-url {url} --wait 9.0 --fake --seed 0" in again
    for option, variable in (("key", "API_KEY"), ("other-key", "OTHER_API_KEY"), ("admin-token", "MOCK_ADMIN_TOKEN")):
        assert f'--{option} "$SCREENPLAY_{variable}"' in again
    assert "sk-" not in again


def test_a_server_that_goes_away_ends_with_2_and_is_no_wall_of_failures(
    check: Callable[..., Ended], broken_server: Callable[[Fault], str], tmp_path: Path
) -> None:
    def dropped(_: Ask, answer: Answer, memory: Memory) -> None:
        if memory.count("all") > 100:
            answer.status = None

    ended = check("server", "--base-url", broken_server(Fault(answer=dropped)), "--report", "json=a.json")
    assert ended.code == 2
    assert "the server stopped answering after 9" in ended.out
    assert len(ended.out.splitlines()) < 10
    assert json.loads((tmp_path / "a.json").read_text())["exit_code"] == 2


def test_one_authority_is_trusted_by_all_that_plays_and_one_that_is_not_ends_with_2(
    check: Callable[..., Ended],
) -> None:
    with ServerThread(Settings(port=0, tls=True)) as thread:
        some = ("--base-url", thread.server.base_url, "--admin-url", thread.server.admin_url, "--max-examples", "1")
        stranger = check("server", *some)
        assert stranger.code == 2
        assert "is not trusted" in stranger.err
        assert "SSL_CERT_FILE" in stranger.err
        missing = check("server", *some, SSL_CERT_FILE="nothing.pem")
        assert missing.code == 2
        assert "nothing.pem cannot be read" in missing.err
        trusted = str(thread.server.ca_file)
        ended = check("server", *some, "--run", "schemathesis/*", "--run", "answer/*", SSL_CERT_FILE=trusted)
        assert ended.code == 0, ended.out + ended.err


def test_another_dialect_than_the_server_speaks_ends_with_2_and_both_names(check: Callable[..., Ended]) -> None:
    with ServerThread(Settings(port=0, defaults=Defaults(dialect=DIALECTS["legacy"]))) as thread:
        ended = check("server", "--base-url", thread.server.base_url, "--dialect", "documented", *SOME)
    assert ended.code == 2
    assert "--dialect says 'documented', and the server speaks 'legacy'" in ended.err


def test_an_accepted_file_with_a_mistake_ends_with_2_and_the_place(check: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[[accepted]]\ncheck = "a/b"\n')
    ended = check("server", "--accepted", "a.toml")
    assert ended.code == 2
    assert "a.toml:1: reason is missing" in ended.err


def test_nothing_judged_ends_with_2(check: Callable[..., Ended], screenplay_server: RunningServer) -> None:
    ended = check(
        "server", "--base-url", screenplay_server.base_url, "--foreign", "--pace", "0", "--run", "money/price"
    )
    assert ended.code == 2
    assert "it could not be told" in ended.out


def test_a_report_that_cannot_be_written_ends_with_2(
    check: Callable[..., Ended], screenplay_server: RunningServer, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    ended = check("server", "--base-url", screenplay_server.base_url, *SOME, "--report", "json=file/a.json")
    assert ended.code == 2
    assert "json=file/a.json cannot be written" in ended.err


def test_without_the_extra_it_says_what_to_install(check: Callable[..., Ended]) -> None:
    without = "import sys; sys.modules['schemathesis'] = None; from screenplay_contracts.cli import main; main()"
    ended = check("server", python=(sys.executable, "-c", without))
    assert ended.code == 2
    assert "pip install 'screenplay-mock[check]'" in ended.err
    assert check("server", "--list", python=(sys.executable, "-c", without)).code == 0


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
