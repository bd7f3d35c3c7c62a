"""The installed command as a process of its own: started, talked to, ended."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from threading import Timer
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from tests.acceptance import checking
from tests.acceptance.checking import COMMAND, ENVIRONMENT
from tests.broken_servers.proxy import Proxy

from screenplay_contracts.server.operations import BASE_PATH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.broken_servers.proxy import Fault

    from screenplay_mock.testing import RunningServer

PATIENCE = 30  # real seconds after which a process that should have said something, or ended, is killed
PREFIX = "SCREENPLAY_MOCK_"
MODULE = (sys.executable, "-m", "screenplay_mock")


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of the tests, in which the settings of the fake are *settings*, and streams have buffers."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "PYTHONUNBUFFERED"))}
    return rest | {PREFIX + name: value for name, value in settings.items()}


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


class Serving:
    """A `serve` that is on its way, or up."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._guard = Timer(PATIENCE, process.kill)
        self._guard.daemon = True
        self._guard.start()

    @cached_property
    def first_line(self) -> str:
        """The first line on stdout, waited for; empty if the process ends without one."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    @property
    def base_url(self) -> str:
        word, url = self.first_line.split()
        assert word == "ready"
        return url

    @property
    def port(self) -> int:
        port = urlsplit(self.base_url).port
        assert port is not None
        return port

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of the answer to a request. Underscores in the names of headers are dashes."""
        connection = http.client.HTTPConnection(urlsplit(self.base_url).netloc, timeout=PATIENCE)
        try:
            content = None if body is None else json.dumps(body)
            json_type = {} if body is None else {"Content-Type": "application/json"}
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, content, json_type | named)
            answer = connection.getresponse()
            return answer.status, json.load(answer)
        finally:
            connection.close()

    def error_line(self, *words: str) -> str:
        """The next line on stderr that has all *words* in it, waited for."""
        assert self.process.stderr is not None
        lines = iter(self.process.stderr.readline, "")
        return next(line for line in lines if all(word in line for word in words))

    def end(self, number: signal.Signals = signal.SIGTERM) -> Ended:
        """Send a signal once it is up, and wait for its end."""
        assert self.first_line
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> Ended:
        """What it left, once it has ended by itself; stdout without the line that was read."""
        out, err = self.process.communicate(timeout=PATIENCE)
        self._guard.cancel()
        return Ended(self.process.returncode, out, err or "")

    def abandon(self) -> None:
        self._guard.cancel()
        self.process.kill()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        self.process.wait(PATIENCE)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Serving]]:
    """
    Start `screenplay-mock serve` in an empty folder, on a free port unless `port` says another, or None.

    `settings` are environment variables without their prefix, `python` options of the interpreter.
    """
    started: list[Serving] = []

    def start(
        *arguments: str,
        python: tuple[str, ...] = (),
        port: str | None = "0",
        settings: Mapping[str, str] = MappingProxyType({}),
        **given: Any,
    ) -> Serving:
        command = [sys.executable, *python, "-m", "screenplay_mock", "serve", *arguments]
        command += [] if port is None else ["--port", port]
        given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | given
        process = subprocess.Popen(command, text=True, env=environment(settings), cwd=tmp_path, **given)
        started.append(Serving(process))
        return started[-1]

    yield start
    for one in started:
        one.abandon()


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Ended]:
    """Run `screenplay-mock` with arguments to its end, in an empty folder."""

    def to_its_end(
        *arguments: str,
        command: tuple[str, ...] = MODULE,
        settings: Mapping[str, str] = MappingProxyType({}),
        stdin: str = "",
    ) -> Ended:
        done = subprocess.run(
            [*command, *arguments],
            input=stdin,
            env=environment(settings),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return to_its_end


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
            timeout=checking.PATIENCE,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return to_its_end


@pytest.fixture
def broken_server(screenplay_server: RunningServer) -> Iterator[Callable[[Fault], str]]:
    """The base URL of the fake with a fault."""
    with ExitStack() as opened:
        yield lambda fault: opened.enter_context(Proxy(screenplay_server.origin, fault)).url + BASE_PATH
