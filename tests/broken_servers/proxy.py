"""A proxy before the fake that breaks one thing: a request, an answer, or a webhook call on its way."""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from screenplay_contracts.server.operations import ADMIN, BASE_PATH, found

if TYPE_CHECKING:
    from collections.abc import Callable

HOOK = "/__hook/"


@dataclass
class Ask:
    """A request on its way to the fake; to be changed in place."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Below the base path of the API; that of the admin API is whole."""
        return self.target.partition("?")[0].removeprefix(BASE_PATH)

    @property
    def operation(self) -> str | None:
        match = found(self.method, self.path) if self.target.startswith(BASE_PATH) else None
        return None if match is None else match[0].id

    @property
    def subject(self) -> str | None:
        match = found(self.method, self.path)
        return None if match is None else match[1]

    @property
    def key(self) -> str:
        return self.headers.get("Authorization", "")

    @property
    def json(self) -> Any:
        try:
            return None if b"NaN" in self.body else json.loads(self.body)
        except ValueError:
            return None

    @json.setter
    def json(self, value: Any) -> None:
        self.body = json.dumps(value).encode()


@dataclass
class Answer:
    """An answer on its way back; to be changed in place. `status` None: the connection closes instead."""

    status: int | None
    headers: dict[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @json.setter
    def json(self, value: Any) -> None:
        self.body = json.dumps(value, ensure_ascii=False).encode()

    def become(self, status: int, body: Any) -> None:
        self.status, self.json = status, body
        self.headers = {name: value for name, value in self.headers.items() if name.startswith("X-")}
        self.headers["Content-Type"] = "application/json"


class Memory(dict[Any, Any]):
    """What a fault remembers from one request to the next; `upstream` asks the fake something of its own."""

    upstream: Callable[[Ask], Answer]
    call_webhook: Callable[[str, bytes, str], int]

    def count(self, what: Any) -> int:
        """How often this has been asked for *what*, this time included."""
        self[what] = self.get(what, 0) + 1
        return int(self[what])


@dataclass
class Hook:
    """A webhook call on its way: how often it is passed on, and what the fake is told (None: what was answered)."""

    payload: Any
    content_type: str = "application/json"
    times: int = 1
    told: int | None = None
    follow: bool = False
    method: str = "POST"


@dataclass(frozen=True)
class Fault:
    """What is broken. Each changes what it gets in place."""

    request: Callable[[Ask, Memory], None] | None = None
    answer: Callable[[Ask, Answer, Memory], None] | None = None
    webhook: Callable[[Hook, Memory], None] | None = None


@dataclass
class Proxy:
    """Before the fake at *origin*, as long as the context lasts; `origin` of the proxy itself is `url`."""

    origin: str
    fault: Fault
    memory: Memory = field(default_factory=Memory)

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), self)
        self._hooks: list[str] = []
        self.memory.upstream = self._forward
        self.memory.call_webhook = self._post
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def handle(self, ask: Ask) -> Answer:
        if ask.target.startswith(HOOK):
            return self._webhook(ask)
        if self.fault.webhook is not None and ask.method == "PATCH" and ask.path == f"{ADMIN}/account":
            self._reroute(ask)
        original = Ask(ask.method, ask.target, dict(ask.headers), ask.body)
        if self.fault.request is not None:
            self.fault.request(ask, self.memory)
        answer = self._forward(ask)
        if self.fault.answer is not None:
            self.fault.answer(original, answer, self.memory)
        return answer

    def _reroute(self, ask: Ask) -> None:
        """Let webhook calls come to the proxy."""
        body = ask.json
        if isinstance(body, dict) and isinstance(body.get("webhook_url"), str):
            self._hooks.append(body["webhook_url"])
            ask.json = body | {"webhook_url": f"{self.url}{HOOK}{len(self._hooks) - 1}"}

    def _webhook(self, ask: Ask) -> Answer:
        assert self.fault.webhook is not None
        hook = Hook(ask.json, ask.headers.get("Content-Type", ""))
        self.fault.webhook(hook, self.memory)
        url, status = self._hooks[int(ask.target.removeprefix(HOOK))], 200
        for _ in range(hook.times):
            status = self._post(url, json.dumps(hook.payload).encode(), hook.content_type, hook.method)
            if hook.follow and status == 302:
                status = self._post(url.replace("/hook/", "/elsewhere/"), ask.body, hook.content_type)
        return Answer(hook.told or status, {}, b"")

    def _post(self, url: str, body: bytes, content_type: str, method: str = "POST") -> int:
        parts = urlsplit(url)
        answer = _asked(parts.netloc, Ask(method, parts.path, {"Content-Type": content_type}, body))
        assert answer.status is not None
        return answer.status

    def _forward(self, ask: Ask) -> Answer:
        return _asked(urlsplit(self.origin).netloc, ask)


_connections = threading.local()


def _asked(netloc: str, ask: Ask) -> Answer:
    """What the server at *netloc* answers to *ask*; one connection for each thread."""
    known: dict[str, http.client.HTTPConnection] = _connections.__dict__.setdefault("known", {})
    connection = known.setdefault(netloc, http.client.HTTPConnection(netloc, timeout=20))
    dropped = {"content-length", "connection", "accept-encoding"}  # not Host: by it the fake knows its own address
    headers = {name: value for name, value in ask.headers.items() if name.lower() not in dropped}
    try:
        connection.request(ask.method, ask.target, ask.body or None, headers)
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    except (OSError, http.client.HTTPException):
        connection.close()
        return Answer(None, {}, b"")


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False  # so that closing waits for them
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], proxy: Proxy) -> None:
        self.proxy = proxy
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.server.proxy.handle(Ask(self.command, self.path, dict(self.headers.items()), body))
        if answer.status is None:
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        length = [value for name, value in answer.headers.items() if name.lower() == "content-length"]
        for name, value in answer.headers.items():
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        if self.command == "HEAD" or length or answer.body == b"" or "json" in answer.headers.get("Content-Type", ""):
            self.send_header("Content-Length", str(len(answer.body)))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - http.server's names

    def finish(self) -> None:
        super().finish()
        for connection in _connections.__dict__.pop("known", {}).values():
            connection.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
