"""Clients that misbehave as processes: whatever they do, there is an end and a description of it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screenplay_contracts.client import orphans, proc
from screenplay_contracts.client.process import CannotStart, Running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from screenplay_contracts.client.observation import Process

KEY = "sk-mai-0123456789abcdef"
LONG = 20.0  # seconds that no test takes


async def observed(
    folder: Path,
    program: str,
    *,
    limit: float = LONG,
    excess: Callable[[], str | None] = lambda: None,
    meanwhile: Callable[[Running], object] = lambda _: None,
) -> Process:
    environment = {"PATH": os.defpath, "MARK": str(folder)}
    running = Running((sys.executable, "-c", program), environment, folder, mark=f"MARK={folder}", key=KEY)
    try:
        meanwhile(running)
        await running.watched(limit, excess)
    finally:
        await running.close()
    return running.observed(running.started_at)


async def test_exit_code_and_output_are_as_the_process_has_them(tmp_path: Path) -> None:
    seen = await observed(tmp_path, "import sys; print('out'); sys.stderr.write('err'); sys.exit(3)")
    assert (seen.exit_code, seen.stdout, seen.stderr) == (3, b"out\n", b"err")
    assert (seen.started_at, seen.left_behind, seen.forced, seen.said_key) == (0.0, (), None, False)
    assert 0 < seen.ended_at < LONG


async def test_it_has_an_empty_stdin_the_given_folder_and_environment(tmp_path: Path) -> None:
    program = "import os, sys; print(repr(sys.stdin.read()), os.getcwd(), *sorted({*os.environ} - {'LC_CTYPE'}))"
    seen = await observed(tmp_path, program)  # LC_CTYPE is Python's own doing
    assert seen.stdout.decode() == f"'' {tmp_path} MARK PATH\n"


async def test_the_number_of_the_signal_that_ends_it_is_told(tmp_path: Path) -> None:
    seen = await observed(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGABRT)")
    assert (seen.exit_code, seen.forced, seen.signalled_at) == (-6, None, None)


async def test_one_that_hangs_is_ended_by_force_at_its_limit(tmp_path: Path) -> None:
    seen = await observed(tmp_path, "import threading; threading.Event().wait()", limit=0.3)
    assert (seen.exit_code, seen.forced) == (None, "0.3 s")


async def test_one_that_will_not_hear_of_term_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, threading; signal.signal(signal.SIGTERM, signal.SIG_IGN); threading.Event().wait()"
    seen = await observed(tmp_path, deaf, limit=0.3)
    assert (seen.exit_code, seen.forced) == (None, "0.3 s")


async def test_one_that_fills_its_folder_is_ended(tmp_path: Path) -> None:
    def excess() -> str | None:
        big = tmp_path / "big"
        return "a megabyte written" if big.exists() and big.stat().st_size > 1_000_000 else None

    seen = await observed(
        tmp_path, "with open('big', 'wb') as file:\n  while True: file.write(bytes(1000))", excess=excess
    )
    assert (seen.exit_code, seen.forced) == (None, "a megabyte written")


async def test_a_hundred_megabytes_of_output_are_read_and_not_kept(tmp_path: Path) -> None:
    program = (
        "import os\nos.write(1, b'beginning')\nfor _ in range(100): os.write(1, b'x' * 1_000_000)\n"
        f"os.write(1, b'{KEY}')\nfor _ in range(2): os.write(1, b'x' * 1_000_000)\nos.write(1, b'end')"
    )
    seen = await observed(tmp_path, program)
    assert seen.exit_code == 0
    assert seen.stdout.startswith(b"beginning")
    assert seen.stdout.endswith(b"end")
    assert b" bytes left out here " in seen.stdout
    assert len(seen.stdout) < 600_000
    assert seen.said_key, "it is looked for in what is not kept, too"


def is_alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return False


CHILD = "import threading; print('up', flush=True); threading.Event().wait()"
LEAVING = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {child!r}], stdout=subprocess.PIPE, {how})
child.stdout.readline()
"""


@pytest.mark.skipif(not proc.AVAILABLE, reason="who is left cannot be seen without /proc")
@pytest.mark.parametrize("how", ["", "start_new_session=True", "process_group=0"])
async def test_children_that_outlive_it_are_named_and_ended(tmp_path: Path, how: str) -> None:
    seen = await observed(tmp_path, LEAVING.format(child=CHILD, how=how))
    assert seen.exit_code == 0
    (left,) = seen.left_behind
    number, name = left.removeprefix("process ").split(" ", 1)
    assert name.startswith("(python")
    assert not is_alive(int(number))


CUT_OFF = "start_new_session=True, env={}"


@pytest.mark.skipif(not proc.AVAILABLE, reason="who is left cannot be seen without /proc")
async def test_one_that_has_left_session_and_environment_is_known_by_its_folder(tmp_path: Path) -> None:
    seen = await observed(tmp_path, LEAVING.format(child=CHILD, how=CUT_OFF) + "print(child.pid)")
    (left,) = seen.left_behind
    assert left.startswith(f"process {int(seen.stdout)} ")
    assert not is_alive(int(seen.stdout))


@pytest.fixture
def own() -> Iterator[subprocess.Popen[bytes]]:
    """A child that waits until its stdin is closed."""
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as process:
        yield process


NOWHERE = f"{CUT_OFF}, cwd='/'"


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux")
async def test_one_that_has_cut_off_everything_is_an_orphan_of_the_only_client(tmp_path: Path) -> None:
    with orphans.adopted():
        seen = await observed(tmp_path, LEAVING.format(child=CHILD, how=NOWHERE) + "print(child.pid)")
    (left,) = seen.left_behind
    assert left.startswith(f"process {int(seen.stdout)} ")
    assert not is_alive(int(seen.stdout))


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux")
async def test_an_orphan_that_may_be_of_several_is_blamed_on_nobody_and_ended_at_last(tmp_path: Path) -> None:
    other, folder = tmp_path / "other", tmp_path / "folder"
    other.mkdir()
    folder.mkdir()
    argv, environment = (sys.executable, "-c", "import threading; threading.Event().wait()"), {"MARK": str(other)}
    with orphans.adopted():
        running = Running(argv, environment, other, mark=f"MARK={other}", key=KEY)
        seen = await observed(folder, LEAVING.format(child=CHILD, how=NOWHERE) + "print(child.pid)")
        was_alive = is_alive(int(seen.stdout))
        await running.close()
    assert (seen.left_behind, was_alive, is_alive(int(seen.stdout))) == ((), True, False)


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux")
async def test_children_of_our_own_are_no_orphans(tmp_path: Path, own: subprocess.Popen[bytes]) -> None:
    with orphans.adopted():
        seen = await observed(tmp_path, "pass")
    assert (seen.left_behind, own.poll()) == ((), None)


@pytest.mark.skipif(not proc.AVAILABLE, reason="who is left cannot be seen without /proc")
async def test_a_port_where_a_child_still_listens_is_named(tmp_path: Path) -> None:
    child = (
        "import socket, threading; s = socket.create_server(('127.0.0.1', 0)); "
        "print(s.getsockname(), flush=True); threading.Event().wait()"
    )
    seen = await observed(tmp_path, LEAVING.format(child=child, how="") + "print(child.pid)")
    process, port = seen.left_behind
    assert port.startswith(f"{process} listens at port ")


@pytest.mark.skipif(not proc.AVAILABLE, reason="memory cannot be seen without /proc")
async def test_its_peak_of_memory_is_seen(tmp_path: Path) -> None:
    small = await observed(tmp_path, "import sys; sys.stdin.read()")
    filling = "import time; b = bytearray(150_000_000); b[::4096] = b'x' * len(b[::4096]); time.sleep(1)"
    large = await observed(tmp_path, filling)
    assert small.peak_bytes < 100_000_000
    assert 150_000_000 < large.peak_bytes < 400_000_000


async def test_a_signal_reaches_it_and_is_no_force(tmp_path: Path) -> None:
    program = (
        "import pathlib, signal, sys; signal.signal(signal.SIGINT, lambda *_: sys.exit(7)); "
        "pathlib.Path('up').touch(); signal.pause()"
    )

    async def interrupt(running: Running) -> None:
        while not (tmp_path / "up").exists():  # noqa: ASYNC110 - it is another process that will make it
            await asyncio.sleep(0)
        running.signal(signal.SIGINT)

    seen = await observed(tmp_path, program, meanwhile=lambda running: asyncio.create_task(interrupt(running)))
    assert (seen.exit_code, seen.forced) == (7, None)
    assert seen.signalled_at is not None
    assert seen.signalled_at <= seen.ended_at


CRLF = b"#!/bin/sh\r\nexit 0\r\n"
SCRIPTS = [
    (CRLF, "the interpreter '/bin/sh\\r' that its first line names does not exist, since its lines end as in Windows"),
    (b"#!/nonexistent/sh -e\nexit 0\n", "the interpreter '/nonexistent/sh' that its first line names does not exist"),
    (b"exit 0\n", "Exec format error; a script begins with #! and its interpreter"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="first lines name interpreters where there is exec")
@pytest.mark.parametrize(("content", "why"), SCRIPTS)
async def test_why_a_script_cannot_be_started_is_said(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "client.sh").write_bytes(content)
    (tmp_path / "client.sh").chmod(0o755)
    with pytest.raises(CannotStart, match=re.escape(f"{tmp_path}/client.sh cannot be started: {why}")):
        Running((str(tmp_path / "client.sh"),), {}, tmp_path, mark="MARK=x", key=KEY)


async def test_what_cannot_be_started_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="/nowhere/client cannot be started: No such file or directory"):
        Running(("/nowhere/client",), {}, tmp_path, mark="MARK=x", key=KEY)
