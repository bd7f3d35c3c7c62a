"""Settings of `serve`: each has its effect, flags beat environment beats file, and errors name their source."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TASKS = "/serve/api/v2/screenplay/tasks"
FILE = "screenplay-mock.toml"


def test_flags_beat_environment_beats_file(serve: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('seed = 1\nclock = "manual"\ndialect = "live"\nlog-format = "json"\n')
    serving = serve("--seed", "3", settings={"SEED": "2", "CLOCK": "x60"})
    banner = json.loads(serving.end().err)
    assert {name: banner[name] for name in ("seed", "clock", "dialect", "scenario")} == {
        "seed": 3,
        "clock": "x60",
        "dialect": "live",
        "scenario": "happy",
    }


EVERYTHING = """
host = "localhost"
port = 0
scenario = "mine.yaml"
clock = "poll:30s"
seed = -5
dialect = "legacy"
keys = ["sk-a", "sk-b"]
webhook_url = "http://127.0.0.1:9/hook"  # an underscore will do
journal-max = 1
allowed-host = ["Mock.Test", "[::2]"]
admin-token = 12345
strict = true
log-format = "json"
log-level = "error"
quiet = true
ready-file = "ready.json"
"""


def test_every_setting_of_the_file_has_its_effect(serve: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(EVERYTHING)
    (tmp_path / "mine.yaml").write_text("tasks:\n  pending_for: 1h\n")
    serving = serve("--config", "other.toml", port=None)
    assert serving.base_url.startswith("http://localhost:")
    assert json.loads((tmp_path / "ready.json").read_text())["base_url"] == serving.base_url
    admin: dict[str, str] = {"X_Admin_Token": "12345", "Host": "mock.test"}

    assert serving.ask("POST", TASKS, {}, Authorization="sk-c")[0] == HTTPStatus.UNAUTHORIZED
    assert serving.ask("GET", "/__admin/clock", Host="mock.test")[0] == HTTPStatus.UNAUTHORIZED
    assert serving.ask("GET", "/__admin/clock", X_Admin_Token="12345", Host="x.test")[0] == HTTPStatus.FORBIDDEN
    assert serving.ask("GET", "/__admin/clock", **admin)[1]["mode"] == "poll:30s"
    assert serving.ask("GET", "/__admin/clock", **admin | {"Host": "[::2]:80"})[0] == HTTPStatus.OK
    assert serving.ask("GET", "/__admin/account", **admin)[1]["webhook_url"] == "http://127.0.0.1:9/hook"

    status, body = serving.ask("GET", f"{TASKS}/none?page=1", Authorization="sk-a")
    assert (status, body["code"]) == (HTTPStatus.BAD_REQUEST, "400"), "strict, and the legacy dialect"
    status, body = serving.ask("GET", f"{TASKS}/none", Authorization="sk-b")
    assert body["msg"] == "Task not found for id: none"
    serving.ask("GET", f"{TASKS}/none", Authorization="sk-b")
    kept = serving.ask("GET", "/__admin/requests", Authorization="sk-b", **admin)[1]["requests"]
    assert [one["id"] for one in kept] == ["2"]
    ended = serving.end()
    assert (ended.code, ended.err) == (0, "")


NONE: dict[str, str] = {}
BAD: list[tuple[list[str], dict[str, str], str, list[str]]] = [
    (["--port", "70000"], NONE, "", ["'--port'", "'70000'", "from 0 to 65535"]),
    ([], {"PORT": "http"}, "", ["environment variable SCREENPLAY_MOCK_PORT", "'http'", "whole number"]),
    ([], NONE, '# mine\nseed = 1\nport = "x"\n', ["screenplay-mock.toml:3:8", "'x'", "from 0 to 65535"]),
    ([], NONE, 'port = 1\n  hots = "x"\n', ["screenplay-mock.toml:2:3", "'hots'", "'host'"]),
    ([], {"CONFIG": "none.toml"}, "", ["environment variable SCREENPLAY_MOCK_CONFIG", "'none.toml'"]),
    (["--scenario", "hapy"], NONE, "", ["'hapy'", "did you mean 'happy'?"]),
    ([], {"DIALECT": "legasy"}, "", ["SCREENPLAY_MOCK_DIALECT", "'legasy'", "did you mean 'legacy'?"]),
    (["--prot", "1"], NONE, "", ["'--prot'", "'--port'"]),
    (["--webhook-url", "/hook"], NONE, "", ["'--webhook-url'", "'/hook'", "http://"]),
]


@pytest.mark.parametrize("bad", BAD, ids=[words[0] for *_, words in BAD])
def test_a_bad_value_is_2_and_its_source_is_named(
    run: Callable[..., Any], tmp_path: Path, bad: tuple[list[str], dict[str, str], str, list[str]]
) -> None:
    arguments, settings, toml, words = bad
    if toml:
        (tmp_path / FILE).write_text(toml)
    done = run("serve", *arguments, settings=settings)
    assert (done.code, done.out) == (2, "")
    assert [word for word in words if word not in done.err] == []


def test_every_mistake_in_a_scenario_file_is_printed(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("tasks:\n  pending_for: 3\nacount: 1\n")
    done = run("serve", "--scenario", "mine.yaml")
    assert done.code == 2
    assert "\nmine.yaml:2:16: " in done.err
    assert "\nmine.yaml:3:1: " in done.err
