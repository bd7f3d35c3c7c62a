"""One sandbox of a running fake, as its client sees it on the wire, and as its admin API tells it."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from tests.wire.raw import PATIENCE, Connection, Seen, connected, request
from tests.wire.receiver import Receiver

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.wire.raw import Address

BASE = "/serve/api/v2"
TASKS = f"{BASE}/screenplay/tasks"
JSON = {"Content-Type": "application/json"}


def address(url: str) -> Address:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


class World:
    """
    The sandbox of *key*; `context` is for the TLS that is spoken at *origin*, None for none.

    Its clock is manual: only what passes in answers and between bytes is real time.
    """

    def __init__(self, origin: str, admin_origin: str, key: str, ca_file: Path | None = None) -> None:
        self.address, self.admin_address, self.key, self.ca_file = address(origin), address(admin_origin), key, ca_file
        self.context: ssl.SSLContext | None = None
        self._opened = ExitStack()
        self._receiver: Receiver | None = None

    # What goes over the wire

    def connection(self) -> Connection:
        """A new one to the API; it ends with this world."""
        return self._opened.enter_context(connected(self.address, self.context))

    def bytes_of(self, method: str, target: str, body: Any = None, headers: dict[str, str] | None = None) -> bytes:
        """A request with the key; *body* is bytes, or JSON to be."""
        given = {"Host": "{}:{}".format(*self.address), "Authorization": self.key}
        if body is not None and not isinstance(body, bytes):
            body, given = json.dumps(body).encode(), given | JSON
        return request(method, target, given | (headers or {}), body or b"")

    def ask(
        self, method: str, target: str, body: Any = None, headers: dict[str, str] | None = None, **how: Any
    ) -> Seen:
        """What comes back on a connection of its own; *how* it is read says `Connection.read`."""
        with connected(self.address, self.context) as connection:
            connection.send(self.bytes_of(method, target, body, headers))
            return connection.read(**how)

    def submission(self, episodes: int = 1) -> dict[str, Any]:
        return {"mode": "short_drama", "episodes": {str(n): f"re_a{n}" for n in range(1, episodes + 1)}, "config": {}}

    def submit(self, episodes: int = 1, **how: Any) -> Seen:
        return self.ask("POST", TASKS, self.submission(episodes), **how)

    def submitted(self, episodes: int = 1) -> str:
        """The id of a new task."""
        seen = self.submit(episodes)
        assert seen.status == 200, seen
        return str(seen.task["task_id"])

    def poll(self, task_id: str, headers: dict[str, str] | None = None, **how: Any) -> Seen:
        return self.ask("GET", f"{TASKS}/{quote(task_id, safe='')}", headers=headers, **how)

    def polls(self, count: int, task_id: str | None = None) -> list[Seen]:
        """So many polls of a task, one after another; of a new one if none is named."""
        task_id = task_id or self.submitted()
        return [self.poll(task_id) for _ in range(count)]

    def status(self, task_id: str) -> str:
        return str(self.poll(task_id).task["status"])

    def cancel(self, task_id: str, **how: Any) -> Seen:
        return self.ask("DELETE", f"{TASKS}/{quote(task_id, safe='')}", **how)

    def download(self, task_id: str, headers: dict[str, str] | None = None, **how: Any) -> Seen:
        return self.ask("GET", f"{TASKS}/{quote(task_id, safe='')}/download", headers=headers, **how)

    def completed(self, episodes: int = 1) -> str:
        """The id of a task that has completed."""
        task_id = self.submitted(episodes)
        self.advance(to="idle")
        return task_id

    def downloaded(self, **how: Any) -> Seen:
        """The download of a task that has completed."""
        return self.download(self.completed(), **how)

    def at(self, url: str, *, key: bool = False) -> Seen:
        """A GET elsewhere, without the key unless it is asked for."""
        parts = urlsplit(url)
        headers = {"Host": parts.netloc} | ({"Authorization": self.key} if key else {})
        with connected(address(url), self.context if parts.scheme == "https" else None) as connection:
            connection.send(request("GET", f"{parts.path}?{parts.query}".rstrip("?"), headers))
            return connection.read()

    # What the admin API says, over the same kind of wire

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        seen = self.try_admin(method, path, body)
        assert seen.status == 200, seen
        return seen.json

    def try_admin(self, method: str, path: str, body: Any = None) -> Seen:
        given = {"Host": "{}:{}".format(*self.admin_address), "Authorization": self.key, **JSON}
        content = b"" if body is None else json.dumps(body).encode()
        with connected(self.admin_address) as connection:
            connection.send(request(method, f"/__admin{path}", given, content))
            return connection.read()

    def play(self, scenario: str | dict[str, Any]) -> None:
        self.admin("PUT", "/scenario", scenario)

    def advance(self, **how: Any) -> Any:
        """Let virtual time pass; when it returns, webhook calls that were due have been answered."""
        return self.admin("POST", "/clock/advance", how)

    @property
    def charges(self) -> list[str]:
        """The kinds of all charges so far."""
        return [charge["kind"] for charge in self.admin("GET", "/account")["charges"]]

    @property
    def tasks(self) -> list[Any]:
        return list(self.admin("GET", "/tasks")["tasks"])

    def journal(self, operation: str) -> list[Any]:
        return list(self.admin("POST", "/requests/find", {"operation": operation})["requests"])

    @property
    def receiver(self) -> Receiver:
        """A webhook receiver of this world. The first use makes it, and sets its URL as the account's."""
        if self._receiver is None:
            self._receiver = self._opened.enter_context(Receiver())
            self.admin("PATCH", "/account", {"webhook_url": self._receiver.url})
        return self._receiver

    def close(self) -> None:
        self._opened.close()
        self.admin("DELETE", "/sandbox")


@contextmanager
def opened(make: Callable[[], World]) -> Iterator[World]:
    world = make()
    try:
        world.admin("PUT", "/clock", {"mode": "manual"})
        world.admin("POST", "/reset")  # so that the clock begins where manual ones do
        yield world
    finally:
        world.close()


__all__ = ["BASE", "JSON", "PATIENCE", "TASKS", "World", "address", "opened"]
