"""Where webhooks arrive: a small HTTP server that hands each to the client, one after the other."""

from __future__ import annotations

import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_EVERY = 0.01  # seconds between two looks at whether to stop


class Receiver(TCPServer):
    """*take* gets each payload and returns the HTTP status of the answer. Listens from the start, at `url`."""

    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, take: Callable[[Any], int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.take = take
        self.url = f"http://127.0.0.1:{self.server_address[1]}/webhook"
        self._thread = threading.Thread(target=self.serve_forever, args=(LOOK_EVERY,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Receiver
    timeout = 5.0  # seconds without a byte

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            payload = json.loads(body)
        except ValueError:
            self.send_response(HTTPStatus.BAD_REQUEST)
        else:
            self.send_response(self.server.take(payload))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Say nothing: the chronicle knows."""
