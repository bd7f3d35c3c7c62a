"""A webhook receiver on loopback that writes down what comes, for any number of accounts: each has its own path."""

from __future__ import annotations

import re
import threading
from collections import defaultdict, deque
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, unquote

from screenplay_contracts.exchange import Received, masked, redacted, without
from screenplay_contracts.recorder import wall_now

if TYPE_CHECKING:
    from email.message import Message
    from io import BufferedIOBase
    from types import TracebackType

    from screenplay_contracts.recorder import Recorder

LOOK_EVERY = 0.01  # seconds between two looks at whether to stop
SILENCE = 5.0  # seconds without a byte after which a caller is given up
MOST = 2**20  # bytes of a body that are read
LONGEST_LINE, MOST_LINES = 4096, 100  # of a chunked body: bytes, and how many lines may follow the last chunk
OK, BAD_REQUEST, TOO_LARGE = 200, 400, 413

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n").fullmatch


class Receiver:
    """
    Answers 200 unless told otherwise, and redirects to its own /elsewhere where it answers 3xx.

    A body whose length cannot be told is answered 400, a larger one than MOST 413; what came of it is written down.
    `secrets` are written down nowhere.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.secrets: tuple[str, ...] = ()
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

    def take(
        self, method: str, path: str, headers: tuple[tuple[str, str], ...], body: bytes, refused: int | None = None
    ) -> int:
        """Write a call down; the status that it gets: *refused*, or that of its turn."""
        account, secrets = unquote(path.rpartition("/")[2]), self.secrets
        with self._lock:
            answers = self._answers[account]
            status = refused or (answers.popleft() if answers else OK)
        self.recorder.receive(
            Received(
                number=0,
                account=without(account, *secrets),
                path=without(path, *secrets),
                method=method,
                headers=redacted(headers, *secrets),
                body=masked(body, *secrets),
                status=status,
                at=wall_now(),
            )
        )
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
        body, refused = _body(self.headers, self.rfile)
        headers = tuple(self.headers.items())
        status = self.server.receiver.take(self.command, self.path, headers, body, refused)
        self.send_response(status)
        if 300 <= status < 400:  # noqa: PLR2004 - HTTP's redirects
            self.send_header("Location", self.path.replace("/hook/", "/elsewhere/"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing: the recorder knows."""


def _body(headers: Message, stream: BufferedIOBase) -> tuple[bytes, int | None]:
    """The body of a request, as much of it as there is; the status with which it is refused if something is wrong."""
    coding = headers.get("Transfer-Encoding")
    if coding is not None:  # RFC 9112, 6.3: it counts more than a length
        return _unchunked(stream) if coding.strip().lower() == "chunked" else (b"", BAD_REQUEST)
    length = headers.get("Content-Length", "0").strip()
    if not (length.isascii() and length.isdigit()):
        return b"", BAD_REQUEST
    size = MOST + 1 if len(length) > len(str(MOST)) else int(length)
    body = stream.read(min(size, MOST))
    return body, TOO_LARGE if size > MOST else BAD_REQUEST if len(body) < size else None


def _unchunked(stream: BufferedIOBase) -> tuple[bytes, int | None]:
    """As `_body`, of one in chunks (RFC 9112, 7.1)."""
    body = b""
    while (match := _CHUNK(stream.readline(LONGEST_LINE))) is not None:
        size = int(match[1], 16)
        if size == 0:
            lines = (stream.readline(LONGEST_LINE) for _ in range(MOST_LINES))
            return body, None if any(line in {b"\r\n", b"\n"} for line in lines) else BAD_REQUEST
        if len(body) + size > MOST:
            return body + stream.read(MOST - len(body)), TOO_LARGE
        chunk = stream.read(size)
        body += chunk
        if len(chunk) < size or stream.readline(3) not in {b"\r\n", b"\n"}:
            break
    return body, BAD_REQUEST
