"""A webhook receiver for tests: a real HTTP server on loopback, in a thread of its own."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from itertools import chain, repeat
from socketserver import ThreadingTCPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

LOOK_EVERY = 0.01  # seconds between two looks at whether to stop
SILENCE = 5.0  # seconds without a byte after which a caller is given up


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """One call as it came, and the HTTP status it was answered with. `headers["content-type"]`: case is ignored."""

    path: str
    headers: Message
    body: bytes
    status: int


class Receiver:
    """Listens at `url` as soon as it is made, and answers 200 unless it is told otherwise. To be closed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[WebhookRequest] = []
        self._payloads: list[Any] = []
        self._statuses: Iterator[int] = repeat(200)
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(LOOK_EVERY,), name="screenplay-webhook", daemon=True
        )
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhook"

    @property
    def received(self) -> list[Any]:
        """The JSON payloads, in the order in which they arrived; whatever the answer was."""
        with self._lock:
            return list(self._payloads)

    @property
    def requests(self) -> list[WebhookRequest]:
        """All calls as they came, also those whose body is not JSON."""
        with self._lock:
            return list(self._requests)

    def answer(self, status: int, *, times: int | None = None) -> None:
        """Answer the next *times* calls with HTTP *status* and later ones with 200; by default all that follow."""
        if not 200 <= status <= 599:  # noqa: PLR2004 - HTTP's final statuses
            raise ValueError(f"a receiver answers with a status from 200 to 599, not {status}")
        if times is not None and times < 1:
            raise ValueError(f"times must be at least 1, not {times}")
        with self._lock:
            self._statuses = repeat(status) if times is None else chain(repeat(status, times), repeat(200))

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _take(self, path: str, headers: Message, body: bytes) -> int:
        """Write a call down; the status to answer."""
        with self._lock:
            status = next(self._statuses)
            self._requests.append(WebhookRequest(path, headers, body, status))
            with suppress(ValueError):  # what is no JSON is among the requests only
                self._payloads.append(json.loads(body))
            return status


class _Server(ThreadingTCPServer):
    # not http.server.HTTPServer, which asks the DNS for this machine's name: seconds, on some machines
    allow_reuse_address = True
    request_queue_size = 128
    daemon_threads = False  # so that closing waits for them

    def __init__(self, receiver: Receiver) -> None:
        self.take = receiver._take  # noqa: SLF001 - one object in two classes, because socketserver wants its own
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = SILENCE

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.server.take(self.path, self.headers, body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Say nothing: the journal and `requests` know."""
