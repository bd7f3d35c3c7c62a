#!/usr/bin/env python3
"""
A careful client of the Screenplay API: uploads, submits, waits, downloads; pays once, and loses nothing it paid for.

Needs Python 3.11 and requests. Capabilities: webhook, cancel, upload, resume. To see it judged:

    screenplay-check client --capability webhook,cancel,upload,resume -- python examples/clients/careful.py

The SCREENPLAY_* variables and a job file tell it what to do. SIGINT and SIGTERM end it and cancel nothing: the task
goes on, SCREENPLAY_OUT/state.json has its id, and the same command takes it up again.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import os
import random
import re
import secrets
import select
import shutil
import signal
import socket
import ssl
import stat
import sys
import threading
import time
import unicodedata
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urljoin, urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import requests
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")

STARTED = time.monotonic() - time.process_time()  # all that it has done so far is to compute
KEY = os.environ.get("SCREENPLAY_API_KEY", "").strip()  # files and shells like to add a line end
JSON = "application/json"
ZIP = {"Accept": f"application/zip, {JSON}", "Accept-Encoding": "identity"}  # headers
CHUNK = 2**16  # bytes read at a time
MOST_JSON, MOST_EVENT, MOST_RESULT = 10 * 2**20, 2**20, 2**30  # bytes of an answer, a webhook call, a result
MOST_FILES, MOST_RATIO = 10_000, 100  # a thousand episodes have 3,002 files
POSTS, ROUNDS, GRACE, HOPS = 4, 10, 4, 5  # attempts of a POST, of a GET, of one that finds no task; redirects in a row
MOST_WAIT = 3600  # seconds; who asks for more in Retry-After does not mean it
QUIET, LINGER = 1, 3  # seconds without a webhook call, and in all, that the receiver outlives the last request
USABLE, UNUSABLE = 200, 0  # codes of an Answer
LIMIT, NOT_READY, NOT_FOUND = "exceeded the limit", "Task is not completed yet", "Task not found"  # documented texts
ENDS = {"completed", "failed", "cancelled"}


class Ended(Exception):
    """The job is over, and not well."""

    def __init__(self, outcome: str, message: str, code: object = None) -> None:
        super().__init__(message)
        self.outcome, self.message, self.code = outcome, message, code or None


class Lost(Exception):
    """
    No answer, or half of one; `is_final`: it will be so again.

    `sent`: the request may have taken effect. `cut`: a zip was on its way.
    """

    def __init__(self, error: BaseException, *, sent: bool = True, cut: bool = False) -> None:
        while (cause := error.__cause__ or error.__context__) is not None:
            error = cause
        super().__init__(f"{type(error).__name__}: {error}")
        self.sent, self.cut = sent, cut
        self.is_final = isinstance(error, ssl.SSLError if not sent else ssl.SSLCertVerificationError)


class Stopped(BaseException):
    """A signal came: its number."""


class Deadline:
    """When all has to be over, by a clock that nobody sets."""

    def __init__(self, seconds: float) -> None:
        self._end = STARTED + seconds

    @property
    def left(self) -> float:
        return self._end - time.monotonic()

    def check(self) -> None:
        if self.left <= 0:
            raise Ended("timeout", "the deadline is over")

    def wait(self, seconds: float, wake: threading.Event | None = None) -> None:
        """Let *seconds* pass, fewer once *wake* is set. Raises Ended if they are more than are left."""
        enough = seconds < self.left
        if not (wake or threading.Event()).wait(max(0, min(seconds, self.left))) and not enough:
            raise Ended("timeout", "the deadline is over")


def growing(seconds: float, attempt: int) -> float:
    """The pause after so many attempts before: doubling up to 32 s, longer than the last, no two clients alike."""
    return min(seconds * 2.0**attempt, max(seconds, 32)) * random.uniform(1, 1.25)  # noqa: S311 - no secret


def redacted(text: str) -> str:
    """*text* without the key: servers echo things."""
    return text.replace(KEY, "[key]") if KEY else text


def say(text: str) -> None:
    print(redacted(text), file=sys.stderr, flush=True)


# ------------------------------------------------------------------------------------------------------- the answers


def parsed(body: bytes) -> dict[str, Any]:
    """The JSON object in *body*, {} if there is none: UTF-8 whatever its type says (RFC 8259), perhaps with a BOM."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: HTTP's status and headers, and the envelope, {} where there is none."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def code(self) -> int:
        """
        One number for HTTP's status, the body's code and its flags, which may disagree: the worst of them counts.

        A success is 200, "200" or "0000" on the vendor's pages.
        """
        if not 200 <= self.status < 300:
            return self.status
        if not self.body:
            return UNUSABLE
        code = self.body.get("code")
        denied = self.body.get("success") is False or self.body.get("failed") is True
        if code in (None, 200, "200", "0000") and not denied:
            return USABLE
        number = re.fullmatch(r"0?([45]\d\d)", str(code), re.ASCII)
        return int(number[1]) if number else 400

    @property
    def message(self) -> str:
        texts = (self.body.get(name) for name in ("msg", "message", "error"))
        return next((text for text in texts if isinstance(text, str)), "")

    @property
    def data(self) -> dict[str, Any]:
        data = self.body.get("data")
        return data if isinstance(data, dict) else {}

    @property
    def is_limited(self) -> bool:
        """Refused before it was looked at, in either of the documented ways."""
        return self.code == 429 or (self.code == 400 and LIMIT in self.message)

    @property
    def may_pass(self) -> bool:
        """Whether the same question may soon be answered otherwise."""
        code = self.code
        return self.is_limited or code in {UNUSABLE, 304, 408, 425} or (code >= 500 and code not in {501, 505})

    @property
    def retry_after(self) -> float:
        """Seconds that the server asks us to wait; 0 for nothing, nonsense, and more than MOST_WAIT."""
        text = self.headers.get("Retry-After", "").strip()
        try:
            wait = int(text) if text.isdecimal() else (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return 0
        return wait if 0 < wait <= MOST_WAIT else 0

    def __str__(self) -> str:
        return f"HTTP {self.status}, {f'code {self.code}: {self.message}' if self.body else 'no usable body'}"


# --------------------------------------------------------------------------------------------------------- the wire


class Body:
    """A request body from several sources, read while it is sent. `begun`: some of it may have left."""

    def __init__(self, *sources: bytes | Path) -> None:
        self._size = sum(one.stat().st_size if isinstance(one, Path) else len(one) for one in sources)
        self._files = [one.open("rb") if isinstance(one, Path) else io.BytesIO(one) for one in sources]
        self.begun = False

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.read(CHUNK), b"")

    def read(self, size: int) -> bytes:
        self.begun = True
        return next((data for file in self._files if (data := file.read(size))), b"")

    def close(self) -> None:
        for file in self._files:
            file.close()


class FinalResponse(http.client.HTTPResponse):
    """http.client takes 102 and 103 for answers, though they only precede one (RFC 9110, 15.2)."""

    def begin(self) -> None:
        super().begin()
        while 101 < self.status < 200:
            self.headers = self.msg = None  # type: ignore[assignment]  # so that it begins again
            super().begin()


class Plain(HTTPConnection):
    response_class = FinalResponse

    def send(self, data: Any) -> None:
        """Stop sending once there is an answer, such as 413 (RFC 9112, 9.5); after this error urllib3 reads it."""
        if self.sock is not None and select.select([self.sock], [], [], 0)[0]:
            raise BrokenPipeError
        super().send(data)


class Encrypted(HTTPSConnection):
    response_class = FinalResponse  # what there is to read may be TLS's own: no sign of an answer


HTTPConnectionPool.ConnectionCls, HTTPSConnectionPool.ConnectionCls = Plain, Encrypted


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url!r} is no http(s) URL")
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """As `auth`: without one, requests would replace our key by what ~/.netrc has for the host."""
    return request


class Api:
    """
    The API at *base*, whose origin alone gets the key. Nothing is sent after the deadline.

    *timeout* is for connecting and for silence, *gap* the least time between an answer and the next question: seconds.
    """

    def __init__(self, base: str, deadline: Deadline, timeout: float, gap: float) -> None:
        self.deadline, self.gap = deadline, gap
        self._base, self._home, self._timeout, self._session = base, origin(base), timeout, requests.Session()

    def _open(
        self, session: requests.Session, method: str, url: str, headers: Mapping[str, str], body: Body | None = None
    ) -> requests.Response:
        """One request and the head of its answer; no redirect is followed. Raises Lost, Ended."""
        self.deadline.check()
        headers = {"User-Agent": "careful/1.0", "Accept": JSON, "Accept-Encoding": "gzip", **headers}
        rest: Any = {"allow_redirects": False, "stream": True, "timeout": self._timeout}
        try:
            return session.request(method, url, headers=headers, data=body, auth=unchanged, **rest)
        except OSError as error:  # which all errors of requests are
            raise Lost(error, sent=body is None or body.begun) from error

    def _read(self, response: requests.Response, begin: bytes = b"", chunks: Iterator[bytes] | None = None) -> Answer:
        """The answer, as if it had no body if that is larger than MOST_JSON. Raises Lost."""
        body = bytearray(begin)
        with response:
            try:
                for chunk in chunks or response.iter_content(CHUNK):
                    body += chunk
                    if len(body) > MOST_JSON:
                        return Answer(response.status_code, response.headers, {})
            except OSError as error:
                raise Lost(error) from error
        return Answer(response.status_code, response.headers, parsed(bytes(body)))

    def _target(self, response: requests.Response, url: str, *, abroad: bool = False) -> str | None:
        """Where *response* sends us on to; None: it does not. Raises Ended where we do not go."""
        location = self._session.get_redirect_target(response)
        if location is None:
            return None
        response.close()
        try:
            target = urljoin(url, location)
            there = origin(target)
        except ValueError as error:
            raise Ended("error", f"a redirect was refused: {error}") from None
        if (there != self._home and not abroad) or (urlsplit(url).scheme == "https" and there[0] == "http"):
            raise Ended("error", f"a redirect to {there[0]}://{there[1]}:{there[2]} was refused")
        return target

    def _get(
        self, path: str, *, abroad: bool = False, headers: Mapping[str, str] | None = None
    ) -> tuple[requests.Response, bool]:
        """
        The head of an answer, and whether another origin gave it, which is only asked if *abroad* allows it.

        Once a redirect has led abroad the key stays at home, even if the next one leads back. Raises Lost, Ended.
        """
        url, key = self._base + path, {"Authorization": KEY}
        for _ in range(HOPS):
            response = self._open(self._session, "GET", url, {**(headers or {}), **key})
            target = self._target(response, url, abroad=abroad)
            if target is None:
                return response, not key
            url, key = target, key if origin(target) == self._home else {}
        raise Ended("error", f"more than {HOPS} redirects in a row")

    def ask(self, path: str, find: Callable[[dict[str, Any]], T | None]) -> T:
        """What *find* finds in the data of a GET. Trouble that may pass is outlived ROUNDS times. Raises Ended."""
        for attempt in range(ROUNDS):
            wait: float = 0
            try:
                answer = self._read(self._get(path)[0])
            except Lost as lost:
                if lost.is_final:
                    raise Ended("error", str(lost)) from lost
                trouble = str(lost)
            else:
                if answer.code == USABLE and (found := find(answer.data)) is not None:
                    return found
                unseen = attempt < GRACE and (answer.code == 404 or NOT_FOUND in answer.message)  # replicas lag behind
                if not (answer.may_pass or answer.code == USABLE or unseen):
                    raise Ended("error", str(answer), answer.code)
                trouble, wait = str(answer), answer.retry_after
            say(f"asking again: {trouble}")
            self.deadline.wait(max(wait, growing(self.gap, attempt)))
        raise Ended("error", f"gave up after {ROUNDS} attempts: {trouble}")

    def post(self, path: str, make_body: Callable[[], Body], kind: str) -> Answer:
        """
        POST, and again only if the last one cannot have been accepted: none of its body left, the limit refused it,
        or it was sent on within the origin by 307 or 308. Raises Lost, Ended.
        """
        url = self._base + path
        for attempt in range(POSTS):
            body, wait, last = make_body(), 0.0, attempt == POSTS - 1
            try:
                answer, target = self._posted(url, body, kind)
            except Lost as lost:
                if lost.sent or lost.is_final or last:
                    raise
                trouble = str(lost)
            else:
                if target is not None:
                    url = target
                    continue
                if not answer.is_limited or last:
                    return answer
                trouble, wait = str(answer), answer.retry_after
            finally:
                body.close()
            say(f"not accepted, so it is sent again: {trouble}")
            self.deadline.wait(max(wait, growing(1, attempt)))
        raise Ended("error", "too many redirects in a row")

    def _posted(self, url: str, body: Body, kind: str) -> tuple[Answer, str | None]:
        """The answer to one POST, and where it sends us on to. Raises Lost, Ended."""
        # on a connection of its own: one that was kept may die under it, and nobody would know what came of it
        with requests.Session() as session:
            headers = {"Authorization": KEY, "Content-Type": kind, "Connection": "close"}
            response = self._open(session, "POST", url, headers, body)
            target = self._target(response, url)
            if target is not None and response.status_code not in {307, 308}:
                raise Ended("error", f"a redirect of a POST by {response.status_code} was refused")
            return (Answer(0, {}, {}) if target else self._read(response)), target

    def delete(self, path: str) -> Answer:
        """Raises Lost, Ended."""
        return self._read(self._open(self._session, "DELETE", self._base + path, {"Authorization": KEY}))

    def download(self, path: str, file: Path) -> tuple[Answer | None, bool]:
        """
        Stream a zip to *file*, whatever its headers call it: (None, …). What is no zip is the answer, and whether
        another origin gave it. Raises Lost, Ended.
        """
        response, abroad = self._get(path, abroad=True, headers=ZIP)
        begin, chunks = b"", response.iter_content(CHUNK)
        try:
            while response.ok and len(begin) < 4 and (chunk := next(chunks, b"")):
                begin += chunk
            if not begin.startswith((b"PK\3\4", b"PK\5\6")):
                return self._read(response, begin, chunks), abroad
            with response, file.open("wb") as target:
                size = target.write(begin)
                for chunk in chunks:
                    size += target.write(chunk)
                    if size > MOST_RESULT:
                        raise Ended("error", f"the result has more than {MOST_RESULT} bytes")
        except requests.RequestException as error:
            raise Lost(error, cut=True) from error
        return None, abroad


# ------------------------------------------------------------------------------------------------------ the receiver


class Receiver(ThreadingTCPServer):
    """Takes webhook calls. None is believed: one that names our task only makes us ask sooner."""

    allow_reuse_address = daemon_threads = True
    request_queue_size = 128  # calls that come at once

    def __init__(self, listen: str) -> None:
        host, _, port = listen.rpartition(":")
        super().__init__((host, int(port)), Call)
        self.wake, self._lock, self._told, self._ours = threading.Event(), threading.Lock(), set[str](), ""
        self._heard_at = time.monotonic()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, body: bytes) -> int:
        """The status to answer. A call may come before the submission's answer: what it names is kept."""
        event = parsed(body)
        data = event.get("data")
        task_id = data.get("task_id") if isinstance(data, dict) else None  # the one beside data is the vendor's own
        with self._lock:
            self._heard_at = time.monotonic()
            if isinstance(task_id, str) and len(self._told) < 1000:
                self._told.add(task_id)
            if task_id == self._ours:
                self.wake.set()
        return 200 if event else 400

    def expect(self, task_id: str) -> None:
        with self._lock:
            self._ours = task_id
            if task_id in self._told:
                self.wake.set()

    def linger(self) -> None:
        """Stay a moment for calls that come late, or again."""
        since = self._heard_at = time.monotonic()
        while (left := min(since + LINGER, self._heard_at + QUIET) - time.monotonic()) > 0:
            time.sleep(left)

    def handle_error(self, *_: object) -> None:
        """A caller that hangs up is no trouble of ours."""


class Call(BaseHTTPRequestHandler):
    """One webhook call."""

    server: Receiver
    timeout = 5  # seconds of silence

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if urlsplit(self.path).path != "/webhook":
            self._answer(404)
        elif "json" not in self.headers.get("Content-Type", "json").lower():
            self._answer(415)
        elif not length.isdecimal():
            self._answer(411)
        elif len(length) > 9 or int(length) > MOST_EVENT:
            self._answer(413)
        else:
            self._answer(self.server.take(self.rfile.read(int(length))))

    def do_GET(self) -> None:
        self._answer(405)

    do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Allow", "POST")
        self.end_headers()
        # what is still to come is read for a moment: an end with unread data is a reset (RFC 9112, 9.6)
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(1)
        end = time.monotonic() + 1
        while time.monotonic() < end and self.connection.recv(CHUNK):
            pass

    def log_message(self, *_: object) -> None:
        """Say nothing."""


# -------------------------------------------------------------------------------------------------------- the result

REFUSALS = (BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError)


def unpack(file: Path, folder: Path) -> list[str]:
    """
    Unpack the zip *file* into *folder*; the names. Raises REFUSALS.

    An entry that is read to its end has the right CRC, and zipfile reads no more of it than the directory says.
    """
    with ZipFile(file) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        names = [local_name(entry) for entry in entries]
        size, packed = sum(entry.file_size for entry in entries), file.stat().st_size
        if len(entries) > MOST_FILES or size > MOST_RESULT or size > 10 * 2**20 + packed * MOST_RATIO:
            raise ValueError(f"{len(entries)} files with {size} bytes are too many for {packed}")
        if len({unicodedata.normalize("NFC", name).casefold() for name in names}) < len(names):
            raise ValueError("two files have the same name, at least for some systems")
        for name, entry in zip(names, entries, strict=True):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, (folder / name).open("xb") as target:
                shutil.copyfileobj(source, target, CHUNK)
    return names


def local_name(entry: ZipInfo) -> str:
    """The path of *entry* below the result. Raises ValueError if it leads elsewhere, or *entry* is no plain file."""
    name = entry.filename
    if not entry.flag_bits & 0x800:  # not marked as UTF-8: often it is, all the same
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    if "\\" in entry.orig_filename or re.match("[A-Za-z]:", name) or not {"", ".", ".."}.isdisjoint(name.split("/")):
        raise ValueError(f"the name {name!r} leads out of the result")
    is_plain = stat.S_IFMT(entry.external_attr >> 16) in {0, stat.S_IFREG} and not entry.flag_bits & 1
    if not is_plain or entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise ValueError(f"{name!r} is a link, encrypted, or compressed in an unusual way")
    return name


def missing(names: list[str], episodes: int, config: Mapping[str, Any]) -> list[str]:
    """What the flags of *config* promise and *names* have not (vendor page: download-task-result)."""
    wanted = {}
    if config.get("require_json", True):
        wanted = {"_transcript.json": episodes, "_storyboard.json": episodes, "namelist.json": 1}
    if config.get("require_merge_xlsx"):
        wanted["merged.xlsx"] = 1
    if config.get("require_xlsx"):
        wanted[".xlsx"] = episodes + wanted.get("merged.xlsx", 0)
    return [f"*{end}" for end, times in wanted.items() if sum(name.endswith(end) for name in names) < times]


# ----------------------------------------------------------------------------------------------------------- the job


class State:
    """What must survive the process, in a file that is never half written."""

    def __init__(self, path: Path, job: bytes) -> None:
        self._path, this = path, hashlib.sha256(job).hexdigest()
        self.values: dict[str, Any] = parsed(path.read_bytes()) if path.exists() else {"job": this}
        if self.values.get("job") != this:
            raise Ended("error", f"{path} is damaged, or of another job")

    def keep(self, **values: Any) -> None:
        self.values |= values
        new = self._path.with_suffix(".new")
        with new.open("w") as file:
            json.dump(self.values, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)


@dataclass(frozen=True, slots=True)
class Status:
    """How a task stands; "": we have not asked yet."""

    name: str
    code: object = None
    message: object = None


def status_in(data: dict[str, Any]) -> Status | None:
    name = data.get("status")
    return Status(name, data.get("error_code"), data.get("error_message")) if isinstance(name, str) else None


def upload_status_in(data: dict[str, Any]) -> str | None:
    rows = data.get("resource")
    row = rows[0] if isinstance(rows, list) and rows else None
    return str(row["upload_status"]) if isinstance(row, dict) and "upload_status" in row else None


def id_in(answer: Answer, name: str) -> str | None:
    """The id of what was accepted, if there is one that can stand in a path."""
    value = answer.data.get(name)
    return value if answer.code == USABLE and isinstance(value, str) and value.strip(" .") else None


def segment(text: str) -> str:
    """*text* as one segment of a path (RFC 3986, 3.3)."""
    return quote(text, safe="", errors="surrogatepass")


def in_order(episodes: Mapping[str, Any]) -> dict[str, Any]:
    """*episodes* with 2 before 10."""
    return dict(sorted(episodes.items(), key=lambda one: (int(one[0]) if one[0].isdecimal() else sys.maxsize, one[0])))


class Job:
    """One run of a job: what its file says, and where everything goes."""

    def __init__(self, job: Mapping[str, Any], api: Api, receiver: Receiver | None, out: Path, state: State) -> None:
        self._job, self._api, self._receiver, self._out, self._state = job, api, receiver, out, state
        self._uploads: Mapping[str, str] = in_order(job.get("uploads") or {})
        self._episodes: Mapping[str, str] = job["submit"].get("episodes") or {}
        self.cancelling = False

    @property
    def task_id(self) -> str | None:
        return self._state.values.get("task_id")

    @property
    def is_unknown(self) -> bool:
        """Whether a submission has left of which nobody knows what came."""
        return bool(self._state.values.get("submitting"))

    @property
    def _path(self) -> str:
        return f"/screenplay/tasks/{segment(self.task_id or '')}"

    def run(self) -> Status:
        """How the task ended; its result is in place if it is completed and that is wanted. Raises Ended."""
        if (self._out / "result").exists():  # since before we were started again
            return Status("completed")
        if self.is_unknown:
            raise Ended("unknown", "a submission left before; if it is not in the console, delete state.json")
        status = Status("") if self.task_id else self._submit(self._uploaded())
        if self._receiver is not None:
            self._receiver.expect(self.task_id or "")
        for attempt in range(ROUNDS):
            status = self._followed(status)
            if status.name != "completed" or self.cancelling or not self._job.get("download", True) or self._fetched():
                return status
            self._api.deadline.wait(growing(self._api.gap, attempt))
            status = Status("")
        raise Ended("error", "the task is completed, but not when its result is asked for")

    def _uploaded(self) -> dict[str, str]:
        """The assets of the episodes, those that had to be uploaded among them, ready to be used."""
        assets = dict(self._state.values.get("assets", {}))
        for number, path in self._uploads.items():
            if number not in assets:
                assets[number] = self._upload(Path(path))
                self._state.keep(assets=assets)
        for asset_id in assets.values():
            while (status := self._api.ask(f"/{segment(asset_id)}/metadata", upload_status_in)) != "SUCCESS":
                if status == "FAILED":
                    raise Ended("error", f"the upload {asset_id!r} cannot be used")
                self._api.deadline.wait(self._api.gap)
        return in_order({**self._episodes, **assets})

    def _upload(self, path: Path) -> str:
        boundary = secrets.token_hex(16)
        name = path.name.translate({ord(sign): f"%{ord(sign):02X}" for sign in '"\r\n'})  # in UTF-8, as browsers do
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        head += "Content-Type: application/octet-stream\r\n\r\n"
        parts = head.encode(errors="replace"), path, f"\r\n--{boundary}--\r\n".encode()
        try:
            answer = self._api.post("/upload", lambda: Body(*parts), f"multipart/form-data; boundary={boundary}")
        except (Lost, OSError) as error:
            raise Ended("error", f"{path.name} was not uploaded: {error}") from error
        if (asset_id := id_in(answer, "asset_id")) is None:
            raise Ended("error", f"{path.name} was not uploaded: {answer}", answer.code)
        return asset_id

    def _submit(self, episodes: dict[str, str]) -> Status:
        """Pay. That it may happen is written down before, and the task's id before anything else is done."""
        content = json.dumps({**self._job["submit"], "episodes": episodes}).encode()
        self._state.keep(submitting=True)
        try:
            answer = self._api.post("/screenplay/tasks", lambda: Body(content), JSON)
        except Lost as lost:
            if lost.sent:
                raise Ended("unknown", f"the submission left, and its answer was lost: {lost}") from lost
            self._state.keep(submitting=False)
            raise Ended("error", f"nothing was sent: {lost}") from lost
        except Ended:  # a redirect that we refused, or the deadline behind an attempt that was not accepted
            self._state.keep(submitting=False)
            raise
        if task_id := id_in(answer, "task_id"):
            self._state.keep(submitting=False, task_id=task_id)
            say(f"submitted as {task_id!r}")
            return status_in(answer.data) or Status("")
        if answer.body and 400 <= answer.code < 500 and answer.code != 408:
            self._state.keep(submitting=False)
            raise Ended("rejected", answer.message or str(answer), answer.code)
        raise Ended("unknown", f"the submission left, and its answer names no task: {answer}", answer.code)

    def _followed(self, status: Status) -> Status:
        """How the task ends. It is cancelled once *status*, or a later one, is the one at which that is wished."""
        deletes_left = 3
        while status.name not in ENDS:
            if status.name == self._job.get("cancel_when") and deletes_left:
                is_refused, end = self._cancelled()
                if end is not None:
                    return end
                deletes_left = 0 if is_refused else deletes_left - 1
            self._wait(status)
            status = self._api.ask(self._path, status_in)
            say(f"{self.task_id!r} is {status.name!r}")
        return status

    def _cancelled(self) -> tuple[bool, Status | None]:
        """
        Whether the server refuses to cancel for good, and the task's end if it tells it; GET tells what is not clear.

        Whatever it says there will be no download, and the money is gone.
        """
        self.cancelling = True
        try:
            answer = self._api.delete(self._path)
        except Lost as lost:
            say(f"the answer to the cancel was lost: {lost}")
            return False, None
        say(f"the answer to the cancel: {answer}")
        self._api.deadline.wait(answer.retry_after)
        status = status_in(answer.data) if answer.code == USABLE else None
        return not answer.may_pass, status if status is not None and status.name in ENDS else None

    def _wait(self, status: Status) -> None:
        """Until it is time to ask: at once if we never did; a webhook shortens only what is beyond the gap."""
        self._api.deadline.wait(self._api.gap if status.name else 0)
        if self._receiver is not None and self._job.get("wait") == "webhook":
            self._api.deadline.wait(4 * self._api.gap, self._receiver.wake)
            self._receiver.wake.clear()

    def _fetched(self) -> bool:
        """Put the result in place. False: it is not completed yet, after all. Raises Ended."""
        unfinished = self._out / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)  # of a process that was killed
        try:
            (unfinished / "result").mkdir(parents=True)
            file = unfinished / "result.zip"
            if not self._downloaded(file):
                return False
            try:
                names = unpack(file, unfinished / "result")
                episodes = len({*self._episodes, *self._uploads})
                if lacking := missing(names, episodes, self._job["submit"].get("config") or {}):
                    raise ValueError(f"it lacks {', '.join(lacking)}")
            except REFUSALS as error:
                file.replace(self._out / "refused.zip")  # it is paid for: people may make something of it
                raise Ended("error", f"the result was refused, see refused.zip: {error}") from error
            (unfinished / "result").rename(self._out / "result")
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return True

    def _downloaded(self, file: Path) -> bool:
        """Save the zip. It is billed: a transfer that broke is repeated once. False: not completed. Raises Ended."""
        broken = expired = False
        for attempt in range(POSTS):
            wait = 0.0
            try:
                answer, abroad = self._api.download(f"{self._path}/download", file)
            except Lost as lost:
                if lost.is_final or (lost.cut and broken):
                    raise Ended("error", f"the download broke: {lost}") from lost
                broken, trouble = broken or lost.cut, str(lost)
            else:
                if answer is None or NOT_READY in answer.message:
                    return answer is None
                is_old = abroad and 400 <= answer.code < 500 and not expired  # a signed URL; the next may be a new one
                if not is_old and (answer.code in {USABLE, UNUSABLE} or not answer.may_pass):
                    raise Ended("error", answer.message or f"no result: {answer}", answer.code)
                expired, trouble, wait = expired or is_old, str(answer), answer.retry_after
            say(f"downloading again: {trouble}")
            self._api.deadline.wait(max(wait, growing(self._api.gap, attempt)))
        raise Ended("error", f"gave up the download after {POSTS} attempts: {trouble}")


# ----------------------------------------------------------------------------------------------------------- the run


def started(receivers: list[Receiver]) -> Job:
    """The job that the environment names, and its receiver; from now on it will be stopped. Raises Ended and others."""
    base, out = os.environ["SCREENPLAY_BASE_URL"].rstrip("/"), Path(os.environ["SCREENPLAY_OUT"])
    content = Path(os.environ["SCREENPLAY_JOB"]).read_bytes()
    job = parsed(content)
    if not (KEY and KEY.isascii() and KEY.isprintable() and " " not in KEY):
        raise Ended("error", "SCREENPLAY_API_KEY is no key")
    deadline, timeout = Deadline(job.get("deadline_seconds", 3600)), job.get("request_timeout_seconds", 30)
    if hasattr(signal, "setitimer"):  # a server can drip for ever, a byte before each timeout
        signal.setitimer(signal.ITIMER_REAL, max(deadline.left + timeout, 0.01))
    api = Api(base, deadline, timeout, job.get("poll_seconds", 5))
    receivers += [Receiver(listen)] if (listen := os.environ.get("SCREENPLAY_WEBHOOK_LISTEN")) else []
    return Job(job, api, receivers[0] if receivers else None, out, State(out / "state.json", base.encode() + content))


def ended(receivers: list[Receiver]) -> tuple[int, dict[str, Any]]:
    """Run the job: the exit code, 0 only if all went as it was wished, and what the last line says."""
    job, exit_code = None, 1
    end: tuple[str, object, object]
    try:
        job = started(receivers)
        status = job.run()
        end = status.name, status.code, status.message
        exit_code = 0 if status.name == "completed" and not job.cancelling else 1
    except Ended as over:
        end = over.outcome, over.code, over.message
    except Stopped as stopped:
        is_late = stopped.args[0] == getattr(signal, "SIGALRM", None)
        end = ("timeout", None, "the deadline is over") if is_late else ("error", None, "stopped by a signal")
        exit_code = 1 if is_late else 128 + stopped.args[0]
    except Exception as error:  # noqa: BLE001 - people get a sentence, whatever it is
        end = "error", None, f"{type(error).__name__}: {error}"
    code, message = (None if text is None else redacted(str(text)) for text in end[1:])
    outcome = "unknown" if job is not None and job.is_unknown else end[0]
    task_id = None if job is None else job.task_id
    return exit_code, {"outcome": outcome, "task_id": task_id, "error_code": code, "error_message": message}


def stop(number: int, _: object) -> None:
    raise Stopped(number)


def main() -> int:
    for name in ("SIGINT", "SIGTERM", "SIGALRM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)
    receivers: list[Receiver] = []
    exit_code, line = ended(receivers)
    with suppress(Stopped):
        for receiver in receivers if line["outcome"] in ENDS else ():
            receiver.linger()
    print(json.dumps(line))  # in ASCII, which no encoding and no terminal spoils
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
