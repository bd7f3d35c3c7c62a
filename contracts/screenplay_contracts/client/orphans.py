"""
Processes whose parents have ended. On Linux they can become ours, so that none gets away, whatever it has cut off.

What a process is to this end concerns the whole of ours: so there is one state, for all clients that run.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from screenplay_contracts.client import proc

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

PR_SET_CHILD_SUBREAPER = 36  # include/uapi/linux/prctl.h
ROUNDS, PAUSE = 20, 0.05  # looks at whether all have ended, and seconds between them

_LOCK = threading.Lock()  # a child that is not known yet must not be taken for an orphan
_clients: set[int] = set()  # those that are not reaped
_others: set[int] = set()  # children that were there before
_is_adopting = False


@contextmanager
def adopted() -> Iterator[None]:
    """Orphans become children of ours while the block lasts; at its end those that nobody has claimed are ended."""
    global _is_adopting  # noqa: PLW0603 - as said above
    if not _subreaper(on=True):
        yield
        return
    _others.update(proc.children(os.getpid()))
    _is_adopting = True
    try:
        yield
    finally:
        _end()
        _is_adopting = False
        _subreaper(on=False)
        _others.clear()


def started(start: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """The process of a client that *start* starts: it is no orphan."""
    with _LOCK:
        process = start()
        _clients.add(process.pid)
    return process


def reaped(pid: int, reap: Callable[[], None]) -> None:
    """Call *reap*, which waits for the client *pid*, that has ended."""
    with _LOCK:
        try:
            reap()
        finally:
            _clients.discard(pid)


def claimed(since: int) -> tuple[proc.Living, ...]:
    """Orphans that were started *since* then by the one client that is running; of several nobody knows by which."""
    if len(_clients) != 1:
        return ()
    return tuple(one for one in map(proc.found, _orphans()) if one is not None and one.started >= since)


def _orphans() -> list[int]:
    """Adopted children; those that have ended are reaped."""
    with _LOCK:
        found = [pid for pid in proc.children(os.getpid()) if pid not in _clients | _others] if _is_adopting else []
        for pid in found:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
    return found


def _end() -> None:
    for _ in range(ROUNDS):
        found = [one for one in map(proc.found, _orphans()) if one is not None]
        if not found:
            return
        for one in found:
            with suppress(OSError):
                os.kill(one.pid, signal.SIGKILL)
        time.sleep(PAUSE)


def _subreaper(*, on: bool) -> bool:
    """Whether it could be said to the system."""
    if sys.platform != "linux" or not proc.AVAILABLE:
        return False
    with suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(on), 0, 0, 0) == 0)
    return False
