"""
What clients print that run in threads of this process: each has streams of its own in the place of sys.stdout and
sys.stderr. What writes to the numbers 1 and 2 themselves is not seen.
"""

from __future__ import annotations

import io
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import TextIO

    from screenplay_contracts.client.output import Output

    Outputs = tuple[Output, Output]

OUT, ERR = 0, 1


class _Sink(io.BufferedIOBase):
    """Takes what is printed to whoever prints it."""

    def __init__(self, prints: Prints, which: int, real: TextIO) -> None:
        self._prints, self._which, self._real = prints, which, real

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        owners = self._prints.owners()
        for outputs in owners:
            outputs[self._which].add(bytes(data))
        if not owners:
            self._real.write(bytes(data).decode("utf-8", "replace"))
        return len(data)


class Prints:
    """
    Of a thread that has come with `enter` the outputs are its own. Threads that were there before have none; those that
    came since are of some client, nobody knows of which, and print for all.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()  # who is interrupted in it may print
        self._outputs: dict[int, Outputs] = {}
        self._older: frozenset[threading.Thread] = frozenset()
        self._real: tuple[TextIO, TextIO] | None = None

    def enter(self, thread: int, outputs: Outputs) -> None:
        with self._lock:
            if self._real is None:
                self._older = frozenset(threading.enumerate())
                self._real = sys.stdout, sys.stderr
                sys.stdout, sys.stderr = (self._stream(which) for which in (OUT, ERR))
            self._outputs[thread] = outputs

    def leave(self, thread: int) -> None:
        with self._lock:
            self._outputs.pop(thread, None)
            if not self._outputs and self._real is not None:
                (sys.stdout, sys.stderr), self._real = self._real, None

    def owners(self) -> tuple[Outputs, ...]:
        """Those for whom the running thread prints."""
        thread = threading.current_thread()
        with self._lock:
            own = self._outputs.get(thread.ident or 0)
            if own is not None:
                return (own,)
            return () if thread in self._older else tuple(self._outputs.values())

    def _stream(self, which: int) -> TextIO:
        assert self._real is not None, "it is set before"
        sink: Any = _Sink(self, which, self._real[which])  # a buffer, as far as is needed here
        return io.TextIOWrapper(sink, "utf-8", "backslashreplace", write_through=True)


#: There is one sys.stdout in a process.
PRINTS = Prints()
