"""A client that is a Python callable: it gets what a command gets, and runs in a thread instead of a process."""

from __future__ import annotations

import asyncio
import ctypes
import inspect
import json
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from screenplay_contracts.client.observation import Process
from screenplay_contracts.client.output import Output
from screenplay_contracts.client.prints import PRINTS
from screenplay_contracts.client.process import TICK
from screenplay_contracts.client.seat import Seat

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from screenplay_contracts.client.command import Told
    from screenplay_contracts.client.process import Running

#: Called with the job, as it stands in the job file, and the environment that a command would have. What it returns is
#: the exit code: a number, or None for 0. Or it is a mapping, the report that a command prints as its last line; then
#: the exit code is its member `exit_code`, or else 0 where its `outcome` is completed, and 1 elsewhere. An awaitable is
#: awaited first, in an event loop of its own. SystemExit means what it means; any other exception is printed, and is 1.
Client = Callable[[Mapping[str, Any], Mapping[str, str]], object]

COMPLETED = "completed"
STOPS = 5  # how often a thread is told to end
STOP_SECONDS = 1.0  # between two times


class BadAdapter(TypeError):
    """What a callable returned is neither an exit code nor a report."""


class Called:
    """*client* at work: it has all that a seat uses of `Running`. Times are those of the running event loop."""

    def __init__(self, client: Client, job: Mapping[str, Any], variables: Mapping[str, str], *, key: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._client, self._job, self._variables = client, job, variables
        self._outputs = Output(key.encode()), Output(key.encode())
        self.signalled_at: float | None = None  # never: there is no process to signal
        self._forced: str | None = None
        self._wrong: BadAdapter | None = None
        self._ended: asyncio.Future[tuple[int, float]] = self._loop.create_future()
        # a daemon: one that hangs must not hold up our own end
        self._thread = threading.Thread(target=self._run, name="client-under-test", daemon=True)
        self._may_begin = threading.Event()
        self._thread.start()
        PRINTS.enter(self._thread.ident or 0, self._outputs)
        self.started_at = self._loop.time()
        self._may_begin.set()

    async def watched(self, limit: float, excess: Callable[[], str | None]) -> None:
        """
        Wait for its end, at most *limit* seconds, or until *excess* says of what there is too much.

        Raises BadAdapter.
        """
        while not (await asyncio.wait({self._ended}, timeout=TICK))[0]:
            late = f"{limit:g} s" if self._loop.time() - self.started_at > limit else None
            if (why := late or await asyncio.to_thread(excess)) is not None:
                self._give_up(why)
        if self._wrong is not None:
            raise self._wrong

    def _give_up(self, why: str) -> None:
        if not self._ended.done():
            self._forced = why
            self._ended.set_result((1, self._loop.time()))
            threading.Thread(target=self._stop, name="end of a client", daemon=True).start()

    def _stop(self) -> None:
        """No thread can be ended from outside; one that runs Python meets this, unless it is caught on its way."""
        for _ in range(STOPS):
            if not self._thread.is_alive():
                return
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(self._thread.ident or 0), ctypes.py_object(SystemExit)
            )
            self._thread.join(STOP_SECONDS)

    async def close(self) -> None:
        self._give_up("the end of the run")
        PRINTS.leave(self._thread.ident or 0)

    def observed(self, started: float) -> Process:
        """What was seen of it; times from *started*. Memory, and what outlives it, cannot be seen of a thread."""
        code, ended_at = self._ended.result()
        out, err = self._outputs
        return Process(
            started_at=self.started_at - started,
            ended_at=ended_at - started,
            exit_code=None if self._forced else code,
            stdout=out.kept,
            stderr=err.kept,
            peak_bytes=0,
            forced=self._forced,
            said_key=any(output.has_canary for output in self._outputs),
            looked_behind=False,
        )

    def _run(self) -> None:
        self._may_begin.wait()
        code = 1
        try:
            code = self._code(_awaited(self._client(self._job, self._variables)))
        except SystemExit as end:
            code = self._exit(end.code)
        except BadAdapter as wrong:
            self._wrong = wrong
        except BaseException:  # noqa: BLE001 - as an interpreter tells it at its end
            self._outputs[1].add(traceback.format_exc().encode("utf-8", "backslashreplace"))
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._end, code, self._loop.time())

    def _end(self, code: int, at: float) -> None:
        if not self._ended.done():
            self._ended.set_result((code, at))

    def _code(self, returned: object) -> int:
        if isinstance(returned, Mapping):
            line = json.dumps({**returned}, ensure_ascii=True, default=str)
            self._outputs[0].add(f"\n{line}\n".encode())
            code = returned.get("exit_code", 0 if returned.get("outcome") == COMPLETED else 1)
        else:
            code = 0 if returned is None else returned
        if not isinstance(code, int) or isinstance(code, bool):  # who returns True means success, which is 0
            raise BadAdapter(
                f"the client returned {returned!r:.200}; it returns an exit code, or a mapping such as"
                ' {"outcome": "completed", "task_id": …, "error_code": None, "error_message": None}'
            )
        return code

    def _exit(self, code: object) -> int:
        """What Python makes of SystemExit."""
        if code is None or isinstance(code, int):
            return code or 0
        self._outputs[1].add(f"{code}\n".encode("utf-8", "backslashreplace"))
        return 1


def _awaited(returned: object) -> object:
    if not inspect.isawaitable(returned):
        return returned

    async def wait(awaitable: Awaitable[object]) -> object:
        return await awaitable

    return asyncio.run(wait(returned))


class CallSeat(Seat):
    """Where a *client* sits that is a callable: with all the folders and files of a process."""

    def __init__(self, client: Client, *place: Any, **how: Any) -> None:
        super().__init__(*place, **how)
        self._client = client

    def start(self, argv: tuple[str, ...], path: str, told: Told) -> Running:  # noqa: ARG002 - there is no command
        called = Called(self._client, self.job.data(), self.variables(told, path), key=told.key.strip())
        self.processes.append(cast("Running", called))
        return self.processes[-1]
