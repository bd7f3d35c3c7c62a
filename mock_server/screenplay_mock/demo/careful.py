"""A client that knows what a call costs, believes only what it has checked, and says what it does not know."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from screenplay_mock.demo.unpacking import BadArchive, unpack

if TYPE_CHECKING:
    from email.message import Message
    from http.client import HTTPMessage, HTTPResponse
    from pathlib import Path
    from typing import IO

    from screenplay_mock.demo.machine import Machine

TASKS = "/screenplay/tasks"
SILENCE = 10  # real seconds without a byte, after which a call is given up
DEADLINE = 30 * 60  # seconds for the whole job
FIRST_PAUSE, LONGEST_PAUSE = 10, 60  # seconds between two polls; each is twice the one before
TRIES = 6  # of one call, with pauses of 2, 4, 8, 16 and 32 s
TOO_MANY = 429
SERVER_ERROR = 500  # and above

Json = dict[str, Any]


class Lost(Exception):
    """No usable answer came. What the call has done is not known."""


class GivesUp(Exception):
    """The job ends without its result: as `outcome`, for a reason that the user should read."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` is that of the vendor's envelope, empty unless the call succeeded in every respect."""

    status: int
    data: Json
    text: str
    retry_after: float

    @property
    def may_pass(self) -> bool:
        return self.status == TOO_MANY or self.status >= SERVER_ERROR


class Careful:
    name = "careful"

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._opener = build_opener(_KeyStaysHome, *machine.handlers)
        self._mine: set[str] = set()
        self._heard: list[str] = []  # the task ids in webhooks, of strangers too: anybody can send one

    def run(self, job: Json) -> str:
        """Do *job*, and return how it ended: completed, cancelled, failed, rejected, unknown, timeout or error."""
        deadline = self._machine.now() + DEADLINE
        try:
            task = self._submitted(job, deadline)
            self._mine.add(task["task_id"])
            status = self._end_of(task, deadline)
            if status == "completed":
                self._fetch(task["task_id"])
        except GivesUp as end:
            self._machine.say(str(end))
            return end.outcome
        return status

    def on_webhook(self, payload: Json) -> None:
        """Only a hint, from anybody: what is true says the API."""
        self._heard.append(payload["data"]["task_id"])

    def _submitted(self, job: Json, deadline: float) -> Json:
        """The task for *job*, `{task_id, status}`. It is submitted once: who repeats a POST may pay again."""
        self._heard.clear()
        for attempt in range(1, TRIES + 1):
            try:
                answer = self._ask("POST", TASKS, job)
            except Lost as error:
                return self._in_doubt(f"No answer: {error}", deadline)
            if answer.status >= SERVER_ERROR:
                return self._in_doubt(f"HTTP {answer.status}", deadline)
            if answer.status != TOO_MANY:
                break
            self._pause(answer, attempt)  # 429 comes before anything is accepted
        if not answer.data:
            raise GivesUp("rejected", f"{answer.status} {answer.text}. Nothing was accepted.")
        task_id = answer.data.get("task_id")
        if not isinstance(task_id, str) or not task_id:
            raise GivesUp("unknown", "Accepted, but without a task id. I do not submit again.")
        return answer.data

    def _in_doubt(self, why: str, deadline: float) -> Json:
        """The task of a submission that may have been accepted, by the webhook, if there is one."""
        doubt = f"{why}. The job may be accepted, and paid for, so I do not submit it again."
        if not self._machine.has_webhook:
            raise GivesUp("unknown", f"{doubt} Somebody has to look.")
        self._machine.say(f"{doubt} The webhook may tell me its id.")
        while self._machine.now() < deadline:
            for task_id in dict.fromkeys(self._heard):
                if task_id not in self._mine and (task := self._steadily(_of(task_id)).data):
                    return task  # it exists for this account, and no other job of ours has it
            self._machine.sleep(FIRST_PAUSE)
        raise GivesUp("unknown", f"{why}, and no webhook came. The job may be accepted, and paid for.")

    def _end_of(self, task: Json, deadline: float) -> str:
        """The terminal status of *task*, which is asked for less and less often."""
        pause, path = FIRST_PAUSE, _of(task["task_id"])
        while task.get("status") not in ("completed", "cancelled"):
            if task.get("status") == "failed":
                raise GivesUp("failed", f"The task failed: {task.get('error_code')}, {task.get('error_message')}")
            if self._machine.now() + pause > deadline:
                raise GivesUp("timeout", f"Not over after {DEADLINE // 60} minutes. I keep the id, to ask again later.")
            self._machine.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            task = self._steadily(path).data
            if not task:
                raise GivesUp("error", "The vendor does not know the task that it accepted.")
        return str(task["status"])

    def _steadily(self, path: str) -> Answer:
        """The answer to GET *path*, which costs nothing, in spite of trouble that passes."""
        for attempt in range(1, TRIES + 1):
            try:
                answer = self._ask("GET", path)
            except Lost:
                answer = Answer(SERVER_ERROR, {}, "no answer", 0)
            if not answer.may_pass:
                return answer
            self._pause(answer, attempt)
        raise GivesUp("error", f"Still {answer.text} after {TRIES} tries. I keep the id of the task.")

    def _pause(self, answer: Answer, attempt: int) -> None:
        """Before the next try, if there is one: as long as the vendor asks for, and longer each time."""
        if attempt < TRIES:
            self._machine.sleep(max(answer.retry_after, 2**attempt))

    def _fetch(self, task_id: str) -> None:
        """Download and unpack. Only what was cut on the way is fetched again, once: every download is billed."""
        archive = self._machine.folder / "result.zip.part"
        for last in (False, True):
            try:
                self._download(task_id, archive)
                unpack(archive, self._machine.folder / "result")
            except (Lost, BadArchive) as error:
                if last or not (isinstance(error, Lost) or error.is_cut):
                    raise GivesUp("error", f"A bad archive: {error}. I keep nothing of it.") from None
                self._machine.say(f"{error}: it was cut on the way. Once more, but not twice: each is billed.")
            else:
                return
            finally:
                archive.unlink(missing_ok=True)

    def _download(self, task_id: str, archive: Path) -> None:
        try:
            with self._open("GET", f"{_of(task_id)}/download") as response, archive.open("wb") as file:
                shutil.copyfileobj(response, file)
                if response.length:
                    raise Lost(f"{response.length} bytes are missing")
        except HTTPError as error:
            raise GivesUp("error", f"HTTP {error.code} instead of an archive.") from None
        except (OSError, HTTPException) as error:
            raise Lost(_words(error)) from None

    def _ask(self, method: str, path: str, body: Json | None = None) -> Answer:
        """Raises Lost."""
        try:
            try:
                response = self._open(method, path, body)
            except HTTPError as error:
                response = error  # type: ignore[assignment]  # an answer, too
            with response:
                return _answer(response.status, response.headers, response.read())
        except (OSError, HTTPException) as error:
            raise Lost(_words(error)) from None

    def _open(self, method: str, path: str, body: Json | None = None) -> HTTPResponse:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": self._machine.key, "User-Agent": "careful/1.0"}
        headers |= {} if body is None else {"Content-Type": "application/json"}
        request = Request(self._machine.base_url + path, content, headers, method=method)  # noqa: S310 - http
        response: HTTPResponse = self._opener.open(request, timeout=SILENCE)
        return response


class _KeyStaysHome(HTTPRedirectHandler):
    """Follows redirects of a GET only, and to another origin without the key (RFC 9110, 15.4)."""

    def redirect_request(  # noqa: PLR0913, PLR0917 - urllib's
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if req.get_method() != "GET":
            return None
        there = super().redirect_request(req, fp, code, msg, headers, newurl)
        if there is not None and urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            there.remove_header("Authorization")
        return there


def _of(task_id: str) -> str:
    return f"{TASKS}/{quote(task_id, safe='')}"


def _answer(status: int, headers: Message, content: bytes) -> Answer:
    """Raises Lost for a body that is not the vendor's, unless the status says enough."""
    try:
        body = json.loads(content)
        good = status == 200 and body["success"] is True and str(body["code"]) in ("200", "0000")  # noqa: PLR2004
        data, text = (body["data"] if good and isinstance(body["data"], dict) else {}), str(body["msg"])
    except (ValueError, KeyError, TypeError):
        if status < 400:  # noqa: PLR2004 - HTTP's first error
            raise Lost("an answer that cannot be read") from None
        data, text = {}, f"HTTP {status}"
    return Answer(status, data, text, _retry_after(headers))


def _retry_after(headers: Message) -> float:
    """Seconds; 0 where the header says nothing that can be understood, and never more than LONGEST_PAUSE."""
    text = headers.get("Retry-After", "")
    try:
        if text.isdecimal():
            return min(int(text), LONGEST_PAUSE)
        wait = (parsedate_to_datetime(text) - parsedate_to_datetime(headers["Date"])).total_seconds()
    except (TypeError, ValueError):
        return 0
    return min(max(wait, 0), LONGEST_PAUSE)


def _words(error: Exception) -> str:
    return str(getattr(error, "reason", "") or error) or type(error).__name__
