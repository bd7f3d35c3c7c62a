"""
Writes down what happens in a run, in order: what the client's opener sends and gets, what its log and its clock say,
which webhooks come. What the vendor did meanwhile it reads from the journal and the account.
"""

from __future__ import annotations

from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import BaseHandler

from screenplay_mock.demo import wording
from screenplay_mock.demo.timeline import Event, Way
from screenplay_mock.testing import AdminError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from http.client import HTTPResponse
    from urllib.request import Request

    from screenplay_mock.testing import Screenplay

Json = dict[str, Any]
MOST_REQUESTS = 500  # of a job: a client that loops without a pause must not keep the tour from ending


class Curtain(BaseException):
    """The job would not end, so the tour ends it. Not an Exception: clients catch those."""


class Chronicle(BaseHandler):
    """
    The `events` of a run so far; `at` is the time, in milliseconds since its beginning.

    As a handler of urllib it sees every request of an opener, those after redirects too.
    """

    def __init__(self, sandbox: Screenplay) -> None:
        self._sandbox = sandbox
        self._lock = RLock()  # webhooks come in another thread
        self._open: int | None = None  # where the request is that has no answer yet
        self._answered = False
        self._charges = 0  # told so far
        self._requests = 0  # of this job
        self.at = 0
        self.events: list[Event] = []

    def begin_job(self) -> int:
        """When it begins."""
        self._requests = 0
        return self.at

    def http_request(self, request: Request) -> Request:
        with self._lock:
            self.settle()
            self._requests += 1
            if self._requests > MOST_REQUESTS:
                raise Curtain
            text = wording.request(request.get_method(), urlsplit(request.full_url).path)
            self._open, self._answered = len(self.events), False
            self.events.append(Event(self.at, Way.REQUEST, text))
        return request

    def http_response(self, _: Request, response: HTTPResponse) -> HTTPResponse:
        with self._lock:
            self._answered = True
        return response

    def said(self, text: str) -> None:
        with self._lock:
            self.settle()
            self.events.append(Event(self.at, Way.SAID, wording.short(text)))

    def waits(self, seconds: float) -> None:
        with self._lock:
            self.settle()
            self.events.append(Event(self.at, Way.WAITED, seconds=seconds))

    def called(self, at: int, payload: Any) -> None:
        """A webhook has come. The vendor's side says what is true, where that is something else."""
        told = payload["data"]
        truth = self._truth(told["task_id"])
        with self._lock:
            self.at = max(self.at, at)
            if self._answered:
                self.settle()
            false = truth != told["status"]
            note = f"in truth it is {truth}" if false else ""
            text = f"webhook: {wording.short(told['task_id'])} {told['status']}"
            self.events.append(Event(self.at, Way.WEBHOOK, text, note, bad=false))

    def noted(self, text: str) -> None:
        with self._lock:
            self.settle()
            self.events.append(Event(self.at, Way.NOTED, text, bad=True))

    def settle(self) -> None:
        """Complete the request that is open, if one is: by now its answer has come, or is lost."""
        if self._open is None:
            return
        exchange = self._sandbox.admin("GET", "/requests?limit=1")["requests"][-1]
        charges = self._sandbox.account["charges"]
        before, new = charges[: self._charges], charges[self._charges :]
        did = [wording.charge(one) for one in new]
        again = _has_submission(new) and _has_submission(before)
        leaked = wording.leaked(exchange)
        did = ["sees the API key", *did] if leaked else did
        self._charges = len(charges)
        asked = self.events[self._open]
        self.events[self._open] = replace(asked, vendor="; ".join(did), bad=leaked or again)
        answered = self._answered and exchange["response"]["status"] is not None
        fault = f"({exchange['fault']})" if exchange["fault"] else ""
        lost = Event(self.at, Way.LOST, "the connection breaks", fault, bad=True)
        self.events.append(Event(self.at, Way.ANSWER, wording.answer(exchange), fault) if answered else lost)
        self._open = None

    def _truth(self, task_id: str) -> str:
        try:
            return str(self._sandbox.admin("GET", f"/tasks/{task_id}")["status"])
        except AdminError:
            return "nobody's"


def _has_submission(charges: Sequence[Json]) -> bool:
    return any(one["kind"] == "submit" for one in charges)
