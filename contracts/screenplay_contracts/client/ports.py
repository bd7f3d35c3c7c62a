"""A port for the receiver of a client, and whether the client already listens there."""

from __future__ import annotations

import os
import socket
import threading
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
#: Below those that systems give out by themselves (from 32768 on Linux, 49152 elsewhere), so that no fake and no
#: outgoing connection takes one between its choice and its use.
RANGE = range(20_000, 32_000)

_lock = threading.Lock()
_start = os.getpid() * 61 % len(RANGE)  # two runs at a time begin at different places
_numbers: Iterator[int] = cycle((*RANGE[_start:], *RANGE[:_start]))


def free_port() -> int:
    """A port on loopback where nobody listens; another one at each call, until all have been used."""
    with _lock:
        while is_taken(port := next(_numbers)):
            pass
    return port


def is_taken(port: int) -> bool:
    """Whether somebody listens at *port* on loopback; told without a connection, which that one would see."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # old connections do not count
        try:
            one.bind((HOST, port))
        except OSError:
            return True
    return False
