"""`serve --ready-file`: other programs find the server by it, and it belongs to one server at a time."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    return tmp_path / "ready.json"


def content(pid: int) -> str:
    return json.dumps({"base_url": "http://127.0.0.1:1/serve/api/v2", "admin_url": "…", "pid": pid})


def dead() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    process.wait()
    return process.pid


def test_it_is_there_when_ready_is_said_and_gone_at_the_end(serve: Callable[..., Any], ready: Path) -> None:
    serving = serve("--ready-file", "ready.json")
    assert json.loads(serving.first_line and ready.read_text()) == {
        "base_url": serving.base_url,
        "admin_url": f"http://127.0.0.1:{serving.port}/__admin",
        "pid": serving.process.pid,
    }
    assert os.listdir(ready.parent) == ["ready.json"]  # noqa: PTH208 - nothing beside it
    assert serving.end().code == 0
    assert not ready.exists()


def test_that_of_a_living_process_is_refused_and_kept(serve: Callable[..., Any], ready: Path) -> None:
    ready.write_text(content(os.getpid()))
    ended = serve("--ready-file", "ready.json").ended()
    assert (ended.code, ended.out) == (2, "")
    assert f"process {os.getpid()} uses it" in ended.err
    assert ready.read_text() == content(os.getpid())


def test_the_same_command_twice_names_the_first_one(serve: Callable[..., Any], ready: Path) -> None:
    first = serve("--ready-file", "ready.json")
    ended = serve("--ready-file", "ready.json", port=str(first.port)).ended()
    assert ended.code == 2
    assert f"process {first.process.pid} uses it" in ended.err
    assert first.ask("GET", "/__admin/health")[0] == HTTPStatus.OK
    assert first.end(signal.SIGINT).code == 0
    assert not ready.exists()


@pytest.mark.parametrize("stale", [False, True])
def test_of_servers_started_at_once_one_gets_it(serve: Callable[..., Any], ready: Path, *, stale: bool) -> None:
    if stale:
        ready.write_text(content(dead()))
    both = [serve("--ready-file", "ready.json") for _ in range(2)]
    winner, loser = sorted(both, key=lambda one: one.first_line, reverse=True)
    ended = loser.ended()
    assert (ended.code, ended.out) == (2, "")
    assert f"process {winner.process.pid} uses it" in ended.err
    assert json.loads(ready.read_text())["pid"] == winner.process.pid
    assert os.listdir(ready.parent) == ["ready.json"]  # noqa: PTH208


def test_where_no_file_can_be_is_2(serve: Callable[..., Any]) -> None:
    ended = serve("--ready-file", "none/ready.json").ended()
    assert (ended.code, ended.out) == (2, "")
    assert "the ready file none/ready.json cannot be used: its folder does not exist" in ended.err


def test_a_server_that_cannot_bind_leaves_none(serve: Callable[..., Any], ready: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert serve("--ready-file", "ready.json", port=port).ended().code == 3
    assert not ready.exists()
