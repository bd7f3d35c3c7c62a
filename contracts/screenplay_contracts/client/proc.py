"""What Linux tells of other processes in /proc: who lives, how much memory they take, who listens at which port."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROC = Path("/proc")
AVAILABLE = (PROC / "self" / "stat").exists()  # elsewhere nothing of this can be seen

_LISTENING = "0A"  # TCP_LISTEN in include/net/tcp_states.h
_HIGHEST = re.compile(rb"^VmHWM:\s+(\d+) kB", re.MULTILINE)  # the most that was resident since the last exec
_SOCKET = re.compile(r"socket:\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Living:
    """A process; with the time of its start, its id means nobody else (ids are used again)."""

    pid: int
    name: str
    session: int
    started: int

    def __str__(self) -> str:
        return f"process {self.pid} ({self.name})"


def living(session: int, mark: bytes, since: int, folder: Path) -> tuple[Living, ...]:
    """
    Who started *since* then, and belongs to *session*, or has left it but has *mark* in its environment, or works in
    *folder*.
    """
    return tuple(
        one
        for one in _all()
        if one.started >= since
        and (one.session == session or mark in _content(one.pid, "environ") or _works_in(one.pid, folder))
    )


def _works_in(pid: int, folder: Path) -> bool:
    with suppress(OSError):
        return (PROC / str(pid) / "cwd").readlink().is_relative_to(folder)
    return False


def _all() -> Iterator[Living]:
    if not AVAILABLE:
        return
    for name in os.listdir(PROC):  # noqa: PTH208 - a Path for each takes as long again as all the rest
        one = found(int(name)) if name.isdigit() else None
        if one is not None:
            yield one


def found(pid: int) -> Living | None:
    """The process, unless it has ended."""
    line = _content(pid, "stat").decode("utf-8", "replace")
    name, _, rest = line.partition("(")[2].rpartition(")")  # a name may have spaces and parentheses
    fields = rest.split()  # from field 3 on: state, parent, group, session, … start (22)
    if len(fields) < 20 or fields[0] in "ZX":  # noqa: PLR2004 - the fields of proc(5)
        return None
    return Living(pid, name, int(fields[3]), int(fields[19]))


def is_still_there(one: Living) -> bool:
    return found(one.pid) == one


def peak(pid: int) -> int:
    """The most memory that *pid* or one of its descendants has had resident so far, in bytes; 0: unknown."""
    return max((_own_peak(each) for each in _family(pid)), default=0)


def _own_peak(pid: int) -> int:
    match = _HIGHEST.search(_content(pid, "status"))
    return 0 if match is None else int(match[1]) * 1024


def _family(pid: int) -> Iterator[int]:
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += children(one)


def children(pid: int) -> list[int]:
    """Those of *pid*, also those that have ended and wait to be reaped."""
    found: list[int] = []
    with suppress(OSError):
        for task in (PROC / str(pid) / "task").iterdir():
            with suppress(OSError):  # a thread that has ended meanwhile
                found += map(int, (task / "children").read_bytes().split())
    return found


def ports(pid: int) -> tuple[int, ...]:
    """Where *pid* listens."""
    listening, numbers = _listening(), set()
    with suppress(OSError):
        for entry in (PROC / str(pid) / "fd").iterdir():
            with suppress(OSError):
                socket = _SOCKET.fullmatch(str(entry.readlink()))
                if socket is not None and socket[1] in listening:
                    numbers.add(listening[socket[1]])
    return tuple(sorted(numbers))


def _listening() -> dict[str, int]:
    """Ports by the inodes of the sockets that listen there."""
    inodes = {}
    for name in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (PROC / "net" / name).read_text("ascii").splitlines()[1:]:
                fields = line.split()
                if len(fields) > 9 and fields[3] == _LISTENING:  # noqa: PLR2004 - local address 1, state 3, inode 9
                    inodes[fields[9]] = int(fields[1].rpartition(":")[2], 16)
    return inodes


def _content(pid: int, name: str) -> bytes:
    """A file about *pid*; empty if it has ended or is somebody else's."""
    try:
        return (PROC / str(pid) / name).read_bytes()
    except OSError:
        return b""
