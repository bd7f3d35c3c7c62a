"""Observations by hand: a run in which all goes well, and what is to be different."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zipfile import ZipFile

from screenplay_contracts.client.case import Case
from screenplay_contracts.client.job import Job, submission
from screenplay_contracts.client.observation import (
    Charge,
    Connection,
    Delivery,
    Files,
    Observation,
    Process,
    Report,
    Request,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = "sk-mai-0123456789abcdef0123456789abcdef"
BASE = "http://127.0.0.1:8787/serve/api/v2"
PATH = "/serve/api/v2"
TASK = "ros-sd-20260313-a3f8c2b1"
OTHER_TASK = "ros-sd-20260313-00000002"
BODY = submission()
HEADERS = {"Host": "127.0.0.1:8787", "Authorization": KEY, "User-Agent": "careful/1.0", "Accept": "*/*"}
CONTENT = {"1_transcript.json": b'{"episode": "1"}', "namelist.json": b'{"names": []}'}
RETRY_AFTER = "Retry-After"
JOB = {"poll_seconds": 0.2, "deadline_seconds": 10, "request_timeout_seconds": 2}


def archive(content: Mapping[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as made:
        for name, data in content.items():
            made.writestr(name, data)
    return file.getvalue()


ZIP = archive(CONTENT)


def request(method: str, target: str, at: float, /, **how: Any) -> Request:
    """*headers* are added to the usual ones (None removes one); *told* are headers of the answer, *took* seconds."""
    headers = HEADERS | how.pop("headers", {})
    told, took = how.pop("told", {}), how.pop("took", 0.01)
    answered = how.pop("answered", how.get("status", 200) is not None)
    answer = how.pop("answer", b"")
    body = how.pop("body", b"")
    given: dict[str, Any] = {
        "number": 0,
        "at": at,
        "listener": "api",
        "connection": 1,
        "method": method,
        "target": target,
        "headers": tuple((name, value) for name, value in headers.items() if value is not None),
        "body": body if isinstance(body, bytes) else json.dumps(body).encode(),
        "status": 200,
        "answer": answer if isinstance(answer, bytes) else json.dumps(answer).encode(),
        "answer_headers": tuple(told.items()),
        "answered_at": at + took if answered else None,
        "over_at": at + took,
        "sent": 100 if how.get("status", 200) is not None else 0,
    }
    made = Request(**(given | how))
    return replace(made, size=how.get("size", len(made.body)))


def envelope(data: Any, *, code: Any = 200, msg: str = "success", success: bool = True) -> dict[str, Any]:
    return {"code": code, "msg": msg, "data": data, "success": success, "failed": not success}


def refused(code: int, msg: str) -> dict[str, Any]:
    return envelope(None, code=code, msg=msg, success=False)


def post(at: float = 0.1, *, task: Any = TASK, **how: Any) -> Request:
    """A submission."""
    answer = envelope({"task_id": task, "status": "pending", "mode": "short_drama"})
    headers = {"Content-Type": "application/json"} | how.pop("headers", {})
    given: dict[str, Any] = {"operation": "submitTask", "body": BODY, "answer": answer, "headers": headers}
    return request("POST", f"{PATH}/screenplay/tasks", at, **(given | how))


def poll(status: str, at: float, /, *, task: str = TASK, more: Mapping[str, Any] | None = None, **how: Any) -> Request:
    """A poll that is told *status*, with *more* members of `data`."""
    answer = envelope({"task_id": task, "status": status, **(more or {})})
    given: dict[str, Any] = {"operation": "getTask", "task_id": task, "answer": answer}
    return request("GET", f"{PATH}/screenplay/tasks/{quote(task, safe='')}", at, **(given | how))


def bad_poll(at: float, status: int | None, fault: str = "status", **how: Any) -> Request:
    """A poll that a fault has struck."""
    answer = b"" if status is None else refused(status, "trouble")
    return poll("", at, **({"status": status, "fault": fault, "answer": answer} | how))


def fetch(at: float = 1.1, *, task: str = TASK, **how: Any) -> Request:
    """A download."""
    given: dict[str, Any] = {
        "operation": "downloadTask",
        "task_id": task,
        "answer": ZIP,
        "told": {"Content-Type": "application/zip"},
    }
    return request("GET", f"{PATH}/screenplay/tasks/{quote(task, safe='')}/download", at, **(given | how))


def drop(at: float = 0.6, *, task: str = TASK, **how: Any) -> Request:
    """A cancel."""
    given: dict[str, Any] = {
        "operation": "cancelTask",
        "task_id": task,
        "answer": envelope({"task_id": task, "status": "cancelled"}),
    }
    return request("DELETE", f"{PATH}/screenplay/tasks/{task}", at, **(given | how))


def hook(at: float = 1.0, status: str = "completed", **how: Any) -> Delivery:
    """A webhook call that is answered."""
    task = how.pop("task", TASK)
    payload = {"code": 200, "message": "SUCCESS", "data": {"task_id": task, "status": status}, "task_id": "f00d"}
    payload |= how.pop("more", {})
    given: dict[str, Any] = {"task_id": TASK, "payload": payload, "status": 200, "error": None, "seconds": 0.01}
    return Delivery(at, **(given | how))


def process(code: int | None = 0, **how: Any) -> Process:
    given: dict[str, Any] = {
        "started_at": 0.0,
        "ended_at": 1.3,
        "stdout": b"",
        "stderr": b"done\n",
        "peak_bytes": 30_000_000,
    }
    return Process(exit_code=code, **(given | how))


def line(number: int, opened: float = 0.0, ended: float | None = 2.0) -> Connection:
    return Connection(number, "api", opened, ended, "client", reset=False, received=100, sent=100)


def said(outcome: str | None, **how: Any) -> Report:
    return Report(outcome, **({"task_id": TASK, "error_code": None, "error_message": None} | how))


WELL = (post(), poll("pending", 0.12), poll("running", 0.4), poll("completed", 1.0), fetch())


def run(*requests: Request, code: int | None = 0, case: Mapping[str, Any] | None = None, **how: Any) -> Observation:
    """
    What is seen of a client that sends *requests*, by default those of a run in which all goes well.

    It ends with *code*. *case* has members of the case and of its job; *how* those of the observation, and `result`.
    """
    about = dict(case or {})
    job = Job(about.pop("submit", BODY), **(JOB | {name: about.pop(name) for name in Job.__slots__ if name in about}))
    sent = sorted(requests or WELL, key=lambda one: one.at)
    posts = [one for one in sent if one.operation == "submitTask" and (one.status == 200 or one.fault)]
    result = how.pop("result", CONTENT if code == 0 else None)
    given: dict[str, Any] = {
        "case": Case(about.pop("name", "poll/ok"), ("SUB-01",), job, **about),
        "key": KEY,
        "base_url": BASE,
        "requests": tuple(replace(one, number=number) for number, one in enumerate(sent, start=1)),
        "connections": (line(1),),
        "deliveries": (),
        "processes": (process(code),),
        "files": (Files(result, {}),),
        "charges": tuple(Charge("submit", TASK, 2_000_000) for _ in posts),
        "tasks": {TASK: "completed"} if posts else {},
    }
    return Observation(**(given | how))


def nothing(**how: Any) -> Observation:
    """Where nothing was seen at all, not even a client."""
    given: dict[str, Any] = {
        "requests": (),
        "connections": (),
        "processes": (),
        "files": (),
        "charges": (),
        "tasks": {},
    }
    return replace(run(), **(given | how))
