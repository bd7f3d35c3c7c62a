"""Clients that are callables: a small careful one, and others that each do one thing wrong. Standard library only."""

from __future__ import annotations

import http.client
import io
import json
import socket
import threading
import time
import urllib.parse
import zipfile
import zlib
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path, PurePosixPath
from typing import Any

TASKS = "/screenplay/tasks"
ENDED = ("completed", "failed", "cancelled")
GOOD = (200, "200", "0000")  # codes of a success, on one page or another
REFUSALS = range(400, 500)
LARGEST = 5_000_000  # bytes of an answer


class Trouble(Exception):
    """The job is over, without a result."""

    def __init__(self, outcome: str, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.outcome, self.message, self.code = outcome, message, code


class Lost(Exception):
    """No answer came, or a part of one."""


class Careful:
    """One run: the task is paid for once, what is not known is said, and only a whole archive becomes a result."""

    def __init__(self, job: Any, environment: Any) -> None:
        self.job, self.out = job, Path(environment["SCREENPLAY_OUT"])
        self.key, self.base = environment["SCREENPLAY_API_KEY"].strip(), environment["SCREENPLAY_BASE_URL"]
        self.listen = environment.get("SCREENPLAY_WEBHOOK_LISTEN")
        self.deadline = time.monotonic() + job["deadline_seconds"]
        self.task_id: str | None = None
        self.cancelling = False

    def run(self) -> dict[str, Any]:
        receiver = self.receiver()
        try:
            self.submit()
            self.follow()
            if self.job["download"] and not self.cancelling:
                self.download()
            end = {"outcome": "completed", "error_code": None, "error_message": None}
        except Trouble as trouble:
            end = {"outcome": trouble.outcome, "error_code": trouble.code, "error_message": trouble.message}
        finally:
            if receiver is not None:
                receiver.shutdown()
                receiver.server_close()
        return {**end, "task_id": self.task_id, "exit_code": int(end["outcome"] != "completed" or self.cancelling)}

    def submit(self) -> None:
        try:
            status, answer = self.ask("POST", TASKS, json.dumps(self.job["submit"]).encode())
        except Lost as lost:
            return self.doubt(str(lost))
        body = parsed(answer)
        if status in REFUSALS and status != 408 and body:
            raise Trouble("rejected", str(body.get("msg")))
        if not is_good(status, body):
            return self.doubt(f"HTTP {status}")
        self.task_id = data_of(body).get("task_id")
        if not isinstance(self.task_id, str) or not self.task_id:
            self.task_id = None
            raise Trouble("unknown", "accepted, without a task id")
        return None

    def doubt(self, why: str) -> None:
        """The submission may have been accepted."""
        raise Trouble("unknown", f"it may be accepted: {why}")

    def follow(self) -> None:
        """Until the task is completed; cancel it on the way where that is wished."""
        while True:
            status, answer = self.looked()
            body = parsed(answer)
            task = data_of(body) if is_good(status, body) else {}
            if status in {401, 403}:
                raise Trouble("error", f"HTTP {status}")
            if task.get("status") == "completed":
                return
            if task.get("status") in ENDED:
                raise Trouble(task["status"], str(task.get("error_message")), task.get("error_code"))
            if self.job["cancel_when"] in {task.get("status")} - {None} and not self.cancelling:
                self.cancelling = True
                with suppress(Lost):
                    self.ask("DELETE", self.path)
            self.pause()

    def looked(self) -> tuple[int, bytes]:
        try:
            return self.ask("GET", self.path)
        except Lost:
            return 0, b""

    @property
    def path(self) -> str:
        return f"{TASKS}/{urllib.parse.quote(str(self.task_id), safe='')}"

    def pause(self) -> None:
        threading.Event().wait(min(self.job["poll_seconds"], max(0, self.deadline - time.monotonic())))

    def download(self) -> None:
        for last in (False, True):
            try:
                status, content = self.ask("GET", f"{self.path}/download")
                break
            except Lost as lost:
                if last:
                    raise Trouble("error", f"no result: {lost}") from None
        if status != 200:
            raise Trouble("error", f"no result: HTTP {status}")
        self.unpack(content)

    def unpack(self, content: bytes) -> None:
        partial = self.out / "partial"
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = [each.filename for each in archive.infolist()]
                if not names or len({*map(str.lower, names)}) < len(names) or not all(map(is_plain, names)):
                    raise Trouble("error", "an archive with names that I do not take")
                for name in names:
                    target = partial / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(archive.read(name))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise Trouble("error", f"a bad archive: {error!r}") from None
        partial.rename(self.out / "result")

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """(HTTP status, body); no redirect is followed. Raises Lost, and Trouble at the deadline."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Trouble("timeout", "the deadline is over")
        where, timeout = urllib.parse.urlsplit(self.base), self.job["request_timeout_seconds"]
        connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=timeout)
        headers = {"Authorization": self.key, "User-Agent": "careful/1"}
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        timer = threading.Timer(left + timeout, lambda: hang_up(connection))  # whoever drips never times out
        timer.start()
        try:
            connection.request(method, where.path + path, body, headers)
            response = connection.getresponse()
            return response.status, response.read(LARGEST) + (response.read() if response.length else b"")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Lost(repr(error)) from None
        finally:
            timer.cancel()
            connection.close()

    def receiver(self) -> HTTPServer | None:
        """Takes every webhook, and believes none: polls tell the truth."""
        if self.listen is None:
            return None
        host, port = self.listen.split(":")
        server = HTTPServer((host, int(port)), _Taker)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server


class _Taker(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def hang_up(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def parsed(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def data_of(body: dict[str, Any]) -> dict[str, Any]:
    data = body.get("data")
    return data if isinstance(data, dict) else {}


def is_good(status: int, body: dict[str, Any]) -> bool:
    refused = body.get("success") is False or body.get("failed") is True
    return 200 <= status < 300 and body.get("code") in GOOD and not refused


def is_plain(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.isprintable() and not name.startswith("/") and ".." not in parts and not {*name} & {"\\", ":"}


def careful(job: Any, environment: Any) -> object:
    return Careful(job, environment).run()


class SubmitsAgain(Careful):
    """Takes every trouble with a submission for a reason to repeat it."""

    tries = 0

    def doubt(self, why: str) -> None:
        self.tries += 1
        if self.tries > 3:
            raise Trouble("unknown", why)
        self.pause()
        self.submit()


class LosesTheId(Careful):
    """Forgets its task when a poll is answered with 500."""

    def looked(self) -> tuple[int, bytes]:
        status, answer = super().looked()
        if status == 500:
            self.task_id = None
            raise Trouble("error", "where is my task?")
        return status, answer


class PollsOn(Careful):
    """Looks once more when all is over."""

    def follow(self) -> None:
        try:
            super().follow()
        finally:
            self.looked()


class TrustsSuccess(Careful):
    """Takes `success` for that of the task."""

    def follow(self) -> None:
        while True:
            body = parsed(self.looked()[1])
            if body.get("success") is True and data_of(body).get("status") in ENDED:
                return
            self.pause()


def submits_again(job: Any, environment: Any) -> object:
    return SubmitsAgain(job, environment).run()


def loses_the_id(job: Any, environment: Any) -> object:
    return LosesTheId(job, environment).run()


def polls_on(job: Any, environment: Any) -> object:
    return PollsOn(job, environment).run()


def trusts_success(job: Any, environment: Any) -> object:
    return TrustsSuccess(job, environment).run()
