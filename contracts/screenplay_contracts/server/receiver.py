"""A webhook receiver on loopback that writes down what comes, for any number of accounts: each has its own path."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, unquote

from screenplay_contracts.exchange import Received
from screenplay_contracts.recorder import wall_now

if TYPE_CHECKING:
    from types import TracebackType

    from screenplay_contracts.recorder import Recorder

LOOK_EVERY = 0.01  # seconds between two looks at whether to stop
SILENCE = 5.0  # seconds without a byte after which a caller is given up
OK = 200


class Receiver:
    """Answers 200 unless told otherwise, and redirects to its own /elsewhere where it answers 3xx."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self._answers: dict[str, deque[int]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(LOOK_EVERY,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, account: str) -> str:
        """The webhook URL of *account*."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook/{quote(account, safe='')}"

    def answer(self, account: str, *statuses: int) -> None:
        """The next calls for *account* get these statuses, later ones 200."""
        with self._lock:
            self._answers[account].extend(statuses)

    def take(self, method: str, path: str, headers: tuple[tuple[str, str], ...], body: bytes) -> int:
        account = unquote(path.rpartition("/")[2])
        with self._lock:
            answers = self._answers[account]
            status = answers.popleft() if answers else OK
        self.recorder.receive(Received(0, account, path, method, headers, body, status, wall_now()))
        return status


class _Server(ThreadingTCPServer):
    # not http.server.HTTPServer, which asks the DNS for this machine's name
    allow_reuse_address = True
    request_queue_size = 128
    daemon_threads = False  # so that closing waits for them

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = SILENCE

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status = self.server.receiver.take(self.command, self.path, tuple(self.headers.items()), body)
        self.send_response(status)
        if 300 <= status < 400:  # noqa: PLR2004 - HTTP's redirects
            self.send_header("Location", self.path.replace("/hook/", "/elsewhere/"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing: the recorder knows."""
