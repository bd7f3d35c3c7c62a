"""One process of a client under test: started, watched, ended by force at its limits, with all that it has started."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screenplay_contracts.client import orphans, proc
from screenplay_contracts.client.observation import Process
from screenplay_contracts.client.output import Output
from screenplay_contracts.client.starting import cannot_start

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import IO

TICK = 0.05  # seconds between two looks
GRACE = 2.0  # seconds between TERM and KILL
LINGER = 0.1  # seconds that children may outlive the process: they may be about to end
ROUNDS = 20  # looks at whether all strays have ended
CHUNK = 64 * 1024

_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has only the latter, which is as hard there


class CannotStart(Exception):
    """The command is no program, or may not be run."""


class Running:
    """
    A started process. Times are those of the running event loop.

    *mark* is text of its environment that no other process has, *key* what it must not print.
    """

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str], folder: Path, *, mark: str, key: str
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._mark, self._folder = mark.encode(), Path(os.path.realpath(folder))
        self._outputs = Output(key.encode()), Output(key.encode())
        self.started_at = self._loop.time()
        try:
            self._process = orphans.started(partial(_popen, argv, environment, folder))
        except (OSError, ValueError) as error:
            raise CannotStart(cannot_start(argv[0], error)) from None
        self.signalled_at: float | None = None
        self._forced: str | None = None
        self._is_closed = False
        self._peak = 0
        self._left: tuple[str, ...] = ()
        self._ended: asyncio.Future[tuple[int, float]] = self._loop.create_future()
        self._closed = [self._loop.create_future() for _ in self._outputs]
        itself = proc.found(self._process.pid)
        self._since = 0 if itself is None else itself.started
        self._watch()

    @property
    def has_ended(self) -> bool:
        return self._ended.done()

    def signal(self, number: int) -> None:
        """Send a signal to the process and to all that it has started, as a terminal does."""
        if not self.has_ended:
            self.signalled_at = self._loop.time()
        self._send(number)

    async def watched(self, limit: float, excess: Callable[[], str | None]) -> None:
        """
        Wait for its end; by force after *limit* seconds, or once *excess* says of what there is too much.

        That is asked again and again, in a thread.
        """
        asking: asyncio.Task[str | None] | None = None
        while not self.has_ended:
            await asyncio.wait({self._ended}, timeout=TICK)
            self._peak = max(self._peak, proc.peak(self._process.pid))
            if self._loop.time() - self.started_at > limit:
                await self.ended_by_force(f"{limit:g} s")
            if asking is None or asking.done():
                if asking is not None and (too_much := asking.result()) is not None:
                    await self.ended_by_force(too_much)
                asking = asyncio.create_task(asyncio.to_thread(excess))
        if asking is not None:
            await asking
        await self._look_behind()

    async def ended_by_force(self, why: str) -> None:
        if self.has_ended:
            return
        self._forced = why
        self._send(signal.SIGTERM)
        await asyncio.wait({self._ended}, timeout=GRACE)
        self._send(_KILL)
        await self._ended

    async def _look_behind(self) -> None:
        """What has outlived it: processes, and where those listen."""
        first = self._living()
        if first:
            await asyncio.sleep(LINGER)
        left = set(first) & set(self._living())
        for one in sorted(left, key=lambda each: each.pid):
            self._left += (str(one), *(f"{one} listens at port {port}" for port in proc.ports(one.pid)))

    async def close(self) -> None:
        """End what is left of it, hard, and take in the last of its output; once, however often it is called."""
        if self._is_closed:
            return
        self._is_closed = True
        self._send(_KILL)
        await self._ended
        for _ in range(ROUNDS):
            strays = self._living()
            if not strays:
                break
            for one in strays:
                with suppress(OSError):
                    if proc.is_still_there(one):
                        os.kill(one.pid, _KILL)
            await asyncio.sleep(TICK)
        await asyncio.wait(self._closed, timeout=1)  # who escaped us may hold a pipe open for ever
        self._reap()

    def observed(self, started: float) -> Process:
        """What was seen of it, once it is closed; times from *started*."""
        code, ended_at = self._ended.result()
        out, err = self._outputs
        return Process(
            started_at=self.started_at - started,
            ended_at=ended_at - started,
            exit_code=None if self._forced else code,
            stdout=out.kept,
            stderr=err.kept,
            peak_bytes=self._peak,
            left_behind=self._left,
            signalled_at=None if self.signalled_at is None else self.signalled_at - started,
            forced=self._forced,
            said_key=any(output.has_canary for output in self._outputs),
            looked_behind=proc.AVAILABLE,
        )

    def _living(self) -> tuple[proc.Living, ...]:
        strays = orphans.claimed(self._since)
        return tuple({*proc.living(self._process.pid, self._mark, self._since, self._folder), *strays})

    def _send(self, number: int) -> None:
        # the group has the id of the process, which nobody else can get before that is reaped
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, number)
            else:
                self._process.send_signal(number)

    def _watch(self) -> None:
        pipes = (self._process.stdout, self._process.stderr)
        for pipe, output, closed in zip(pipes, self._outputs, self._closed, strict=True):
            assert pipe is not None, "it was asked for"
            self._in_background(partial(_read, pipe, output), closed)
        self._in_background(partial(_end_of, self._process), self._ended)

    def _in_background(self, work: Callable[[], Any], future: asyncio.Future[Any]) -> None:
        """Let a thread set *future* to what *work* returns."""

        def run() -> None:
            result = work()
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(_settle, future, result)

        # a daemon: one that waits for a pipe which is never closed must not hold up our own end
        threading.Thread(target=run, name="screenplay-check-client", daemon=True).start()

    def _reap(self) -> None:
        orphans.reaped(self._process.pid, self._wait)

    def _wait(self) -> None:
        if not hasattr(os, "wait4"):
            self._process.wait()
            return
        import resource

        with suppress(ChildProcessError):
            _, status, usage = os.wait4(self._process.pid, 0)
            self._process.returncode = os.waitstatus_to_exitcode(status)
            # a program inherits the peak of whoever started it: below our own this one says nothing
            if sys.platform == "linux" and usage.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
                self._peak = max(self._peak, usage.ru_maxrss * 1024)


def _popen(argv: Sequence[str], environment: Mapping[str, str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - running it is what we are for; there is no shell
        argv,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _settle(future: asyncio.Future[Any], result: object) -> None:
    if not future.done():
        future.set_result(result)


def _read(pipe: IO[bytes], output: Output) -> None:
    with pipe, suppress(OSError):
        while data := os.read(pipe.fileno(), CHUNK):
            output.add(data)


def _end_of(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """
    (exit code, time of its end), as soon as there is one; negative: the number of a signal.

    It is not reaped, where that can be: as long as it is not, its id and that of its group are its own.
    """
    if hasattr(os, "waitid"):
        end = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert end is not None, "it was waited for"
        code = end.si_status if end.si_code == os.CLD_EXITED else -end.si_status
    else:
        code = process.wait()
    return code, time.monotonic()  # the clock of event loops
