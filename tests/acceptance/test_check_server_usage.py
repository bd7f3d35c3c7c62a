"""`screenplay-check server` as somebody uses it who makes mistakes: what it says before it begins, and how it ends."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from tests.acceptance.checking import QUEUED, SOME
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory

from screenplay_mock.core.dialect import DIALECTS
from screenplay_mock.sandbox import Defaults
from screenplay_mock.serving import ServerThread
from screenplay_mock.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.acceptance.conftest import Ended

    from screenplay_mock.testing import RunningServer


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
