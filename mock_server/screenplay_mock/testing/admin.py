"""The admin API of a running server, over HTTP."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

BASE = "/serve/api/v2"
ADMIN = "/__admin"
PATIENCE = 300  # seconds: an advance waits for receivers, each of which may take 10 s


class AdminError(Exception):
    """What the admin API refused; the text says what would have been right. `status` is the HTTP status."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class ServerNotFound(Exception):
    """There is no screenplay-mock where one was said to be."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """Where a server is. `origin` is like http://127.0.0.1:8787; clients need `base_url`."""

    origin: str
    admin_token: str | None = field(default=None, repr=False, kw_only=True)

    @property
    def base_url(self) -> str:
        return self.origin + BASE

    @property
    def admin_url(self) -> str:
        return self.origin + ADMIN

    @classmethod
    def found(cls, url: str, *, admin_token: str | None = None) -> Self:
        """The server at *url*, an origin or a base URL. Raises ServerNotFound."""
        server = cls(url.rstrip("/").removesuffix(BASE), admin_token=admin_token)
        way_out = "start one with `screenplay-mock serve`, or name none, and each test process starts its own"
        try:
            about = Admin(server).call("GET", "/version")
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise ServerNotFound(f"no screenplay-mock answers at {url}: {error}; {way_out}") from None
        except AdminError as error:
            raise ServerNotFound(f"the server at {url} refuses to be asked: {error}") from None
        if not isinstance(about, dict) or about.get("name") != "screenplay-mock":
            raise ServerNotFound(f"what answers at {url} is no screenplay-mock; {way_out}")
        return server


class Admin:
    """The sandbox of *key*, or the server itself. Each call has its own connection, so threads may share this."""

    def __init__(self, server: RunningServer, *, key: str | None = None) -> None:
        self._url = urlsplit(server.admin_url)
        self._headers = {"Content-Type": "application/json"}
        if key is not None:
            self._headers["Authorization"] = key
        if server.admin_token is not None:
            self._headers["X-Admin-Token"] = server.admin_token

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """
        The JSON answer to *method* on *path* below /__admin, with *body* as JSON unless it is None.

        Raises AdminError, OSError and http.client.HTTPException when nobody answers, and ValueError for a URL that
        is none or an answer that is not JSON.
        """
        content = None if body is None else json.dumps(body).encode()
        connection = self._connection()
        try:
            connection.request(method, self._url.path + path, content, self._headers)
            response = connection.getresponse()
            status, answer = response.status, response.read()
        finally:
            connection.close()
        if status != http.client.OK:
            raise AdminError(status, _detail(status, answer))
        return json.loads(answer)

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname, self._url.port
        if self._url.scheme not in {"http", "https"} or not host:
            raise ValueError("it must be an http or https URL")
        if self._url.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=PATIENCE)
        return http.client.HTTPConnection(host, port, timeout=PATIENCE)


def _detail(status: int, answer: bytes) -> str:
    try:
        return str(json.loads(answer)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {status}: {answer[:500].decode('utf-8', 'replace')}"
