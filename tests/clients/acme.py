"""The client of docs/checking-clients.md: a small library, and a command. Standard library only."""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

ENDED = ("completed", "failed", "cancelled")
REJECTED = range(400, 500)


class Rejected(Exception):
    """The submission was refused."""


class Unanswered(Exception):
    """There was no answer that says anything."""


class Client:
    def __init__(self, url: str, key: str, *, timeout: float = 30) -> None:
        self._url, self._key, self._timeout, self._started = urlsplit(url), key.strip(), timeout, time.monotonic()

    def submit(self, body: dict[str, Any]) -> str:
        status, answer = self._ask("POST", "/screenplay/tasks", json.dumps(body).encode())
        told = _json(answer)
        if status in REJECTED:
            raise Rejected(told.get("msg"))
        task_id = (told.get("data") or {}).get("task_id")
        if status != http.client.OK or not told.get("success") or not task_id:
            raise Unanswered(f"HTTP {status} without a task")
        return str(task_id)

    def wait(self, task_id: str, *, every: float, at_most: float) -> str:
        while time.monotonic() - self._started < at_most:
            status, answer = self._ask("GET", f"/screenplay/tasks/{quote(task_id, safe='')}")
            task = _json(answer).get("data") if status == http.client.OK else None
            if isinstance(task, dict) and task.get("status") in ENDED:
                if task["status"] == "failed":
                    print(task.get("error_code"), task.get("error_message"), file=sys.stderr)
                return str(task["status"])
            time.sleep(every)
        raise TimeoutError

    def download(self, task_id: str, path: Path) -> None:
        status, answer = self._ask("GET", f"/screenplay/tasks/{quote(task_id, safe='')}/download")
        if status != http.client.OK:
            raise Unanswered(f"HTTP {status}")
        path.write_bytes(answer)

    def _ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(str(self._url.hostname), self._url.port, timeout=self._timeout)
        headers = {"Authorization": self._key, "User-Agent": "acme/1"}
        headers |= {} if body is None else {"Content-Type": "application/json"}
        try:
            connection.request(method, self._url.path + path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as problem:
            raise Unanswered(str(problem)) from None
        finally:
            connection.close()


def _json(answer: bytes) -> dict[str, Any]:
    try:
        told = json.loads(answer)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def main() -> int:
    """What the command does: submit FILE, wait ID --every S --for S, download ID FILE."""
    client = Client(os.environ["ACME_URL"], os.environ["ACME_KEY"])
    try:
        match sys.argv[1:]:
            case ["submit", file]:
                print(client.submit(json.loads(Path(file).read_text("utf-8"))))
            case ["wait", task_id, "--every", every, "--for", at_most]:
                print(client.wait(task_id, every=float(every), at_most=float(at_most)))
            case ["download", task_id, file]:
                client.download(task_id, Path(file))
    except Rejected as problem:
        print(problem, file=sys.stderr)
        return 2
    except (Unanswered, TimeoutError) as problem:
        print(problem or "the time is over", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
