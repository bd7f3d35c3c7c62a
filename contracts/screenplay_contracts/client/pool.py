"""Many cases, some at a time: each in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from typing import TYPE_CHECKING

from screenplay_contracts.client.playing import play

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from screenplay_contracts.client.case import Case
    from screenplay_contracts.client.playing import Played, Setup

LOOK_EVERY = 0.2  # seconds between two looks at whether the user wants to stop
STOP_SECONDS = 10.0  # for all that has to be ended and cleared away then

#: A case, and what came of it.
Done = tuple["Case", "Played | Exception"]


def play_all(cases: Iterable[Case], setup: Setup, *, jobs: int) -> Generator[Done]:
    """
    Play them, at most so many at a time; then, one by one, those that measure time. They come as they are done.

    When it is closed early all clients are ended, and everything is cleared away.
    """
    every = tuple(cases)
    yield from _played([case for case in every if not case.alone], setup, jobs)
    yield from _played([case for case in every if case.alone], setup, 1)


def _played(cases: list[Case], setup: Setup, jobs: int) -> Iterator[Done]:
    waiting, done = deque(cases), queue.SimpleQueue[Done]()
    workers = [_Worker(waiting, done, setup) for _ in range(min(jobs, len(cases)))]
    try:
        for worker in workers:
            worker.start()
        for _ in cases:
            yield _next(done)
    finally:
        waiting.clear()
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join(STOP_SECONDS)


def _next(done: queue.SimpleQueue[Done]) -> Done:
    while True:
        try:
            return done.get(timeout=LOOK_EVERY)  # without one, some systems would let no signal through
        except queue.Empty:
            continue


class _Worker(threading.Thread):
    def __init__(self, waiting: deque[Case], done: queue.SimpleQueue[Done], setup: Setup) -> None:
        super().__init__(name="screenplay-check", daemon=True)
        self._waiting, self._done, self._setup = waiting, done, setup
        self._lock, self._is_stopped = threading.Lock(), False
        self._playing: tuple[asyncio.AbstractEventLoop, asyncio.Task[Played]] | None = None

    def run(self) -> None:
        while True:
            try:
                case = self._waiting.popleft()
            except IndexError:
                return
            try:
                self._done.put((case, asyncio.run(self._play(case))))
            except asyncio.CancelledError:
                return
            except Exception as problem:  # noqa: BLE001 - it is told to whoever waits for the case
                self._done.put((case, problem))

    async def _play(self, case: Case) -> Played:
        task = asyncio.create_task(play(case, self._setup))
        with self._lock:
            self._playing = asyncio.get_running_loop(), task
            if self._is_stopped:
                task.cancel()
        try:
            return await task
        finally:
            with self._lock:
                self._playing = None

    def stop(self) -> None:
        """Break off the case that is being played, if there is one."""
        with self._lock:
            self._is_stopped = True
            if self._playing is not None:
                loop, task = self._playing
                loop.call_soon_threadsafe(task.cancel)
