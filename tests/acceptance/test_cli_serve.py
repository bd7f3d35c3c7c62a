"""`screenplay-mock serve` as a process: what it says, and how it ends."""

from __future__ import annotations

import contextlib
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

BASE = "/serve/api/v2"
BODY = {"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}}
HEAVY = ("jsonschema", "pydantic", "yaml", "faker", "xlsxwriter")
PATIENCE = 30


def modules(importtime: str) -> set[str]:
    """The top-level modules that a process with `-X importtime` has imported."""
    lines = (line.split("|") for line in importtime.splitlines() if line.startswith("import time:"))
    return {parts[-1].strip().partition(".")[0] for parts in lines}


def test_the_first_line_on_stdout_is_the_base_url_and_nothing_follows_it(serve: Callable[..., Any]) -> None:
    serving = serve()
    assert serving.first_line == f"ready http://127.0.0.1:{serving.port}{BASE}\n"
    status, body = serving.ask("POST", f"{BASE}/screenplay/tasks", BODY, Authorization="sk-mai-test")
    assert (status, body["data"]["status"]) == (HTTPStatus.OK, "pending")
    ended = serving.end(signal.SIGTERM)
    assert (ended.code, ended.out) == (0, "")


def test_the_curl_line_of_the_banner_works_as_it_stands(serve: Callable[..., Any]) -> None:
    line = serve().error_line("  curl ")
    answer = subprocess.run(line, shell=True, capture_output=True, timeout=PATIENCE, check=True)  # noqa: S602
    assert json.loads(answer.stdout)["data"]["status"] == "pending"


def test_the_banner_says_what_runs_and_no_key(serve: Callable[..., Any]) -> None:
    serving = serve("--clock", "x60", "--seed", "7", "--dialect", "live", "--keys", "sk-secret,sk-other")
    ended = serving.end()
    for fact in (serving.base_url, "/__admin", "happy", "x60", "7", "live", "2 accepted", "Ctrl-C"):
        assert fact in ended.err
    assert "sk-secret" not in ended.err


def test_a_server_on_all_addresses_names_one_that_a_client_can_use(serve: Callable[..., Any]) -> None:
    serving = serve("--host", "0.0.0.0")  # noqa: S104
    assert serving.base_url.startswith("http://127.0.0.1:")


MALFORMED = (
    b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: sk-sec\0ret\r\n\r\n",
    b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",  # TLS, spoken to a port without
    b"WHAT IS THIS\r\n\r\n",
)


def test_of_malformed_requests_there_is_no_traceback_and_no_key_in_the_log(serve: Callable[..., Any]) -> None:
    serving = serve("--log-level", "debug", "--log-format", "json")
    for request in MALFORMED:
        with socket.create_connection(("127.0.0.1", serving.port), PATIENCE) as connection:
            connection.sendall(request)
            assert b" 400 " in connection.recv(1_000)
    lines = [json.loads(line) for line in serving.end().err.splitlines()]
    assert [line["message"] for line in lines] == ["ready"]
    assert lines[0]["base_url"] == serving.base_url
    assert lines[0]["level"] == "info"


def test_an_interrupt_ends_it_with_0_too(serve: Callable[..., Any]) -> None:
    assert serve().end(signal.SIGINT).code == 0


def slow_request(port: int) -> socket.socket:
    """A client that sends half a body, and waits; the server has read its head."""
    client = socket.create_connection(("127.0.0.1", port), PATIENCE)
    head = f"POST {BASE}/screenplay/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: k\r\nContent-Type: application/json\r\n"
    client.sendall(head.encode() + b"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n")
    assert b"100 Continue" in client.recv(1_000)
    client.sendall(b'{"mode": ')
    return client


def until_refused(port: int) -> None:
    """Return when nobody listens on *port* any more."""
    with contextlib.suppress(ConnectionRefusedError):
        while True:
            with contextlib.suppress(ConnectionResetError):  # it stood at the door when that was closed
                socket.create_connection(("127.0.0.1", port), PATIENCE).close()


def test_a_slow_request_does_not_keep_it_nor_does_a_second_signal_spoil_the_end(
    serve: Callable[..., Any], tmp_path: Path
) -> None:
    serving = serve("--ready-file", "ready.json")
    with slow_request(serving.port):
        serving.process.send_signal(signal.SIGTERM)
        until_refused(serving.port)
        serving.process.send_signal(signal.SIGINT)
        assert serving.ended().code == 0
    assert not (tmp_path / "ready.json").exists()


PROGRAM = """
import asyncio, os, signal, sys, threading
from screenplay_mock import serving
from screenplay_mock.settings import Settings

serving.LONGEST_STOP = 0.2

def announce(server):
    loop = asyncio.get_running_loop()
    print(type(loop).__module__)
    {more}
    os.kill(os.getpid(), signal.SIGTERM)

serving.run(Settings(port=0), announce)
"""


def test_uvloop_runs_it_where_it_is_installed() -> None:
    pytest.importorskip("uvloop")
    program = PROGRAM.format(more="")
    done = subprocess.run([sys.executable, "-c", program], timeout=PATIENCE, check=True, capture_output=True)
    assert done.stdout == b"uvloop\n"


def test_a_thread_that_never_ends_does_not_keep_it() -> None:
    program = PROGRAM.format(more="loop.run_in_executor(None, threading.Event().wait)")
    assert subprocess.run([sys.executable, "-c", program], timeout=PATIENCE, check=False).returncode == 0


def closed_pipe() -> int:
    """The end of a pipe that can be written to, and is read by nobody."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def test_it_serves_when_nobody_reads_its_stdout(serve: Callable[..., Any]) -> None:
    serving = serve(stdout=closed_pipe())
    serving.first_line = "ready " + serving.error_line("base url").split()[-1]
    assert serving.ask("GET", "/__admin/health")[0] == HTTPStatus.OK
    ended = serving.end()
    assert (ended.code, "Error" in ended.err) == (0, False)


def test_it_serves_when_nobody_reads_its_stderr(serve: Callable[..., Any]) -> None:
    serving = serve(stderr=closed_pipe())
    assert serving.ask("GET", "/__admin/health")[0] == HTTPStatus.OK
    assert serving.end().code == 0


def test_a_port_in_use_is_3_and_the_way_out_is_said(serve: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ended = serve(port=port).ended()
    assert (ended.code, ended.out) == (3, "")
    for word in (f"127.0.0.1:{port}", "Address already in use", "--port 0"):
        assert word in ended.err


def test_a_host_that_cannot_be_one_is_3_and_the_way_out_is_said(serve: Callable[..., Any]) -> None:
    ended = serve("--host", "a..b").ended()
    assert (ended.code, ended.out) == (3, "")
    assert "a..b" in ended.err
    assert "choose a --host" in ended.err


def test_starting_imports_nothing_heavy(serve: Callable[..., Any]) -> None:
    imported = modules(serve(python=("-X", "importtime")).end().err)
    assert imported.isdisjoint(HEAVY)
    assert "aiohttp" in imported


def test_it_serves_without_uvloop(serve: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "uvloop.py").write_text("raise ImportError('not installed')")
    serving = serve()  # `python -m` looks into the current folder first
    assert serving.ask("GET", "/__admin/health")[0] == HTTPStatus.OK
    assert serving.end().code == 0


def test_help_imports_no_web_server(run: Callable[..., Any]) -> None:
    done = run("serve", "--help", command=(sys.executable, "-X", "importtime", "-m", "screenplay_mock"))
    assert done.code == 0
    assert modules(done.err).isdisjoint({"aiohttp", "asyncio", *HEAVY})
