"""
A client the way it is written on the first afternoon. It works, as long as everything else does.

Its faults are on purpose, each of a kind that is found in real programs: see the comments.
"""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.request import HTTPErrorProcessor, Request, build_opener

if TYPE_CHECKING:
    from http.client import HTTPResponse

    from screenplay_mock.demo.machine import Machine

ATTEMPTS = 3
EVERY = 30  # seconds between two polls

Json = dict[str, Any]


class Naive:
    name = "naive"

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._opener = build_opener(_TakesAnyStatus, *machine.handlers)
        self._archive = machine.folder / "result.zip"
        self._job: Json = {}
        self._tasks: list[str] = []  # of this job
        self._is_done = False

    def run(self, job: Json) -> str:
        """Do *job*, and return how it ended."""
        self._job, self._tasks, self._is_done = job, [], False
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._get_result()
                break
            except Exception as error:  # noqa: BLE001 - on purpose: whatever it was, and whatever it has cost
                trouble = f"{type(error).__name__}: {error}"
            if attempt == ATTEMPTS:
                self._machine.say(f"{trouble}. I give up.")
                return "error"
            self._machine.say(f"{trouble}. From the top!")
            self._machine.sleep(attempt)
        self._unpack()
        return "completed"

    def on_webhook(self, payload: Json) -> None:
        told = payload["data"]
        if told["task_id"] not in self._tasks:
            return  # on purpose: strangers are forgotten
        if told["status"] == "completed":
            self._download(told["task_id"])  # on purpose: each time
            self._is_done = True
        elif len(self._tasks) < ATTEMPTS:
            self._submit()  # on purpose: believes it

    def _get_result(self) -> None:
        task_id = self._submit()
        if self._machine.has_webhook:
            while not self._is_done:
                self._machine.sleep(EVERY)  # on purpose: no deadline, and the webhook alone is waited for
            return
        while self._call("GET", f"/screenplay/tasks/{task_id}")["data"]["status"] in ("pending", "running"):
            self._machine.sleep(EVERY)  # on purpose: no deadline here either
        self._download(task_id)  # on purpose: what is over must have gone well

    def _submit(self) -> str:
        task_id: str = self._call("POST", "/screenplay/tasks", self._job)["data"]["task_id"]
        self._tasks.append(task_id)
        return task_id

    def _call(self, method: str, path: str, body: Json | None = None) -> Any:
        with self._open(method, path, body) as response:
            return json.load(response)

    def _download(self, task_id: str) -> None:
        with self._open("GET", f"/screenplay/tasks/{task_id}/download") as response:
            self._archive.write_bytes(response.read())  # on purpose: whatever it is

    def _open(self, method: str, path: str, body: Json | None = None) -> HTTPResponse:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": self._machine.key, "Content-Type": "application/json"}
        request = Request(self._machine.base_url + path, content, headers, method=method)  # noqa: S310 - http
        return self._opener.open(request)  # type: ignore[no-any-return]  # on purpose: no timeout, and see below

    def _unpack(self) -> None:
        with zipfile.ZipFile(self._archive) as opened:
            for name in opened.namelist():
                target = self._machine.folder / "result" / name  # on purpose: wherever that leads
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(opened.read(name))


class _TakesAnyStatus(HTTPErrorProcessor):
    """No exception for 4xx and 5xx, as in most HTTP libraries. Redirects urllib follows, wherever, with the key."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        if 300 <= response.status < 400:  # noqa: PLR2004 - HTTP's redirects
            response = super().http_response(request, response)
        return response
