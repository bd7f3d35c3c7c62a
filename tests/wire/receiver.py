"""A webhook receiver that is nothing but sockets: it keeps every byte of a call, and can hold its answers back."""

from __future__ import annotations

import json
import re
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.wire.raw import PATIENCE

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CHUNK = 1 << 20
_TYPE = re.compile(rb"\r\ncontent-type: *([^\r]*)", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


@dataclass(frozen=True)
class WebhookCall:
    head: bytes
    body: bytes

    @property
    def method(self) -> str:
        return self.head.partition(b" ")[0].decode()

    @property
    def content_type(self) -> bytes | None:
        found = _TYPE.search(self.head)
        return found and found[1]

    @property
    def is_json(self) -> bool:
        try:
            json.loads(self.body)
        except ValueError:
            return False
        return True

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def status(self) -> Any:
        """What it says of its task."""
        return self.json["data"]["status"]


class Receiver:
    """Answers 200, at once or, told to `hold(n)`, when n calls are there at the same time."""

    def __init__(self) -> None:
        self._calls: list[WebhookCall] = []
        self._held = 1
        self._ended = False
        self._changed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/hook"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.hold(0)
        self._ended = True
        socket.create_connection(self._listener.getsockname()).close()  # wakes up who waits for a call
        for thread in self._threads:
            thread.join(PATIENCE)
        self._listener.close()

    @property
    def calls(self) -> list[WebhookCall]:
        with self._changed:
            return list(self._calls)

    @property
    def statuses(self) -> list[Any]:
        """What each of the calls so far says of its task."""
        return [call.status for call in self.calls]

    def hold(self, count: int) -> None:
        """Answer nobody until there have been so many calls."""
        with self._changed:
            self._held = count
            self._changed.notify_all()

    def has(self, count: int, patience: float = PATIENCE) -> bool:
        """Whether there are so many calls, now or before *patience* is at its end."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._calls) >= count, patience)

    def _accept(self) -> None:
        while True:
            one, _ = self._listener.accept()
            if self._ended:
                one.close()
                return
            self._threads.append(threading.Thread(target=self._serve, args=(one,), daemon=True))
            self._threads[-1].start()

    def _serve(self, one: socket.socket) -> None:
        with one:
            one.settimeout(PATIENCE)
            data = bytearray()
            while not _is_whole(data):
                piece = one.recv(CHUNK)
                if not piece:
                    return
                data += piece
            head, _, body = bytes(data).partition(b"\r\n\r\n")
            with self._changed:
                self._calls.append(WebhookCall(head, body))
                self._changed.notify_all()
                self._changed.wait_for(lambda: len(self._calls) >= self._held, PATIENCE)
            one.sendall(ANSWER)


def _is_whole(data: bytearray) -> bool:
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return False
    length = _LENGTH.search(data, 0, end)
    return length is None or len(data) >= end + 4 + int(length[1])
