"""Each invariant: a client that keeps it, one that breaks it, and what nobody can be blamed for."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_contracts.client.fuzz.invariants import INVARIANTS
from screenplay_contracts.client.fuzz.situation import combined
from screenplay_contracts.client.observation import (
    Charge,
    Delivery,
    Files,
    Observation,
    Process,
    Report,
    Request,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KEY = "sk-mai-canary"
TASK = "ros-sd-1"
PATH = "/serve/api/v2/screenplay/tasks"
METHODS = {"submitTask": "POST", "getTask": "GET", "cancelTask": "DELETE", "downloadTask": "GET"}
PAID, DOWNLOADED = Charge("submit", TASK, 3_000_000), Charge("download", TASK, 12)
CONTENT = {"1_transcript.json": b"{}", "namelist.json": b"[]"}


def zipped(content: Mapping[str, bytes] = CONTENT) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return file.getvalue()


def told(**data: Any) -> bytes:
    return json.dumps({"code": 200, "msg": "success", "data": {"task_id": TASK, **data}, "success": True}).encode()


def asked(*rows: tuple[Any, ...]) -> tuple[Request, ...]:
    """Requests of (operation, answer, what else is so of it), a tenth of a second apart, each answered at once."""
    made = []
    for number, (operation, answer, *rest) in enumerate(rows, start=1):
        target = PATH if operation == "submitTask" else f"{PATH}/{TASK}"
        at = number / 10
        usual = Request(
            number,
            at,
            "api",
            number,
            METHODS[operation],
            target + ("/download" if operation == "downloadTask" else ""),
            (("Authorization", KEY),),
            b"",
            operation=operation,
            task_id=None if operation == "submitTask" else TASK,
            status=200,
            answer=answer,
            answered_at=at + 0.01,
            over_at=at + 0.01,
        )
        made.append(replace(usual, **dict(*rest)))
    return tuple(made)


POST, PENDING = ("submitTask", told(status="pending")), ("getTask", told(status="pending"))
COMPLETED, FAILED = ("getTask", told(status="completed")), ("getTask", told(status="failed"))
TAKEN = ("downloadTask", zipped())
STRUCK = {"fault": "status 500", "status": 500}
LOST = {"fault": "close", "status": None, "answer": b"", "answered_at": None}
ENDED = Process(0.0, 0.6, 0, b"", b"", 0)
RESULT = Files(CONTENT, {})
WELL = Observation(
    combined(()).case("x.yaml", 2),
    KEY,
    "http://127.0.0.1:1/serve/api/v2",
    asked(POST, PENDING, COMPLETED, TAKEN),
    (),
    (),
    (ENDED,),
    (RESULT,),
    (PAID, DOWNLOADED),
    {TASK: "completed"},
    (Report("completed", TASK, None, None),),
)
FAILURE = replace(
    WELL,
    requests=asked(POST, FAILED),
    processes=(replace(ENDED, exit_code=1),),
    files=(Files(None, {}),),
    charges=(PAID,),
    tasks={TASK: "failed"},
    reports=(Report("failed", TASK, "PROCESSING_FAILED", "no"),),
)
IN_DOUBT = replace(
    FAILURE, requests=asked((*POST, LOST)), tasks={TASK: "running"}, reports=(Report("unknown", None, None, None),)
)


def broken(o: Observation) -> set[str]:
    return {one.name for one in INVARIANTS if one.finding(o) is not None}


def saying(outcome: str, task_id: str | None = TASK, *, of: Observation = FAILURE, code: int = 1) -> Observation:
    said = Report(outcome, task_id, None, None)
    return replace(of, reports=(said,), processes=(replace(of.processes[0], exit_code=code),))


def with_job(o: Observation, **job: Any) -> Observation:
    return replace(o, case=replace(o.case, job=replace(o.case.job, **job)))


def refused(**more: Any) -> Observation:
    """A submission that was answered with 400."""
    no = json.dumps({"code": 400, "msg": "no", "data": None}).encode()
    requests = asked(("submitTask", no, {"status": 400, **more}))
    return replace(FAILURE, requests=requests, charges=(), tasks={}, reports=(Report("rejected", None, None, None),))


@pytest.mark.parametrize("o", [WELL, FAILURE, IN_DOUBT, refused(), saying("timeout"), saying("error", of=IN_DOUBT)])
def test_who_does_nothing_wrong_breaks_nothing(o: Observation) -> None:
    assert broken(o) == set()


def test_without_a_report_only_deeds_count() -> None:
    assert broken(replace(WELL, reports=(None,))) == broken(replace(FAILURE, reports=(None,))) == set()


BREAKERS: list[tuple[str, Observation]] = [
    ("pays-once", replace(WELL, requests=asked(POST, POST, COMPLETED, TAKEN), charges=(PAID, PAID, DOWNLOADED))),
    ("downloads-once", replace(WELL, requests=asked(POST, COMPLETED, TAKEN, TAKEN))),
    (
        "downloads-once",
        with_job(replace(WELL, requests=asked(POST, PENDING, ("cancelTask", told()), TAKEN)), cancel_when="pending"),
    ),
    ("cancels-when-wished", replace(FAILURE, requests=asked(POST, PENDING, ("cancelTask", told())))),
    ("keeps-its-key", replace(WELL, processes=(replace(ENDED, said_key=True),))),
    ("keeps-its-key", replace(WELL, files=(replace(RESULT, with_key=("state.json",)),))),
    ("keeps-its-key", replace(WELL, requests=asked(POST, COMPLETED, (*TAKEN, {"listener": "other"})))),
    ("writes-inside", replace(WELL, files=(replace(RESULT, outside=("above/outside.txt",)),))),
    ("writes-inside", replace(WELL, files=(replace(RESULT, outside=("/tmp/outside.txt",)),))),  # noqa: S108 - a name
    ("ends-in-time", replace(FAILURE, processes=(replace(ENDED, exit_code=None, forced="6 s", ended_at=6.0),))),
    ("ends-in-time", saying("timeout", of=replace(FAILURE, requests=asked(POST, (*PENDING, {"at": 3.5}))))),
    ("tells-the-truth", saying("completed", code=0)),
    ("tells-the-truth", saying("completed", of=replace(FAILURE, requests=asked(POST)))),
    ("tells-the-truth", saying("failed", of=WELL, code=1)),
    ("tells-the-truth", saying("error")),
    ("tells-the-truth", saying("unknown")),
    ("tells-the-truth", saying("failed", None, of=replace(FAILURE, requests=asked(POST)))),
    ("tells-the-truth", saying("timeout", None)),
    ("tells-the-truth", saying("timeout", "another")),
    ("tells-the-truth", saying("rejected", None, of=IN_DOUBT)),
    ("tells-the-truth", saying("failed", of=WELL, code=0)),
    ("tells-the-truth", replace(WELL, files=(Files(None, {}),))),
    ("leaves-no-half", replace(FAILURE, files=(Files({}, {}),))),
    ("leaves-no-half", saying("error", of=replace(WELL, files=(Files({"namelist.json": b"[]"}, {}),)))),
    ("leaves-no-half", saying("error", of=replace(WELL, requests=asked(POST, ("downloadTask", zipped()[:-30]))))),
    ("stops-at-the-end", replace(WELL, requests=asked(POST, COMPLETED, COMPLETED, TAKEN))),
    ("stops-at-the-end", replace(WELL, requests=asked(POST, COMPLETED, TAKEN, COMPLETED))),
    ("asks-for-its-own", replace(WELL, requests=asked(POST, (*PENDING, {"task_id": "None"}), COMPLETED, TAKEN))),
]


@pytest.mark.parametrize(("name", "o"), BREAKERS)
def test_who_breaks_it_is_found(name: str, o: Observation) -> None:
    assert name in broken(o)


def test_every_invariant_has_somebody_who_breaks_it() -> None:
    assert {name for name, _ in BREAKERS} == {one.name for one in INVARIANTS}


def with_requests(o: Observation, *rows: tuple[Any, ...]) -> Observation:
    return replace(o, requests=asked(*rows))


BLAMELESS: dict[str, Callable[[], Observation]] = {
    "a download that was cut is repeated": lambda: with_requests(WELL, POST, COMPLETED, (*TAKEN, LOST), TAKEN),
    "a whole archive comes too late to be read": lambda: with_requests(
        WELL, POST, COMPLETED, (*TAKEN, {"answered_at": 1.0}), TAKEN
    ),
    "an end that was lost is asked for again": lambda: with_requests(
        WELL, POST, (*COMPLETED, {"fault": "short", "answered_at": None}), COMPLETED, TAKEN
    ),
    "the task is asked for behind a download that was refused": lambda: with_requests(
        WELL, POST, COMPLETED, (*TAKEN, STRUCK), COMPLETED, TAKEN
    ),
    "a result behind a lying archive": lambda: saying(
        "error", of=with_requests(WELL, POST, COMPLETED, (*TAKEN, {"fault": "zip slip"}))
    ),
    "a result from parts": lambda: with_requests(
        WELL, POST, COMPLETED, ("downloadTask", b"PK", {"headers": (("Range", "bytes=2-"),)})
    ),
    "rejected for a code that the pages contradict": lambda: saying(
        "rejected", None, of=with_requests(FAILURE, ("submitTask", told().replace(b"200", b'"0000"')))
    ),
    "unknown for a code that the pages contradict": lambda: saying(
        "unknown", None, of=with_requests(FAILURE, ("submitTask", told().replace(b"200", b'"0000"')))
    ),
    "no id where the answer had none": lambda: saying(
        "unknown", None, of=with_requests(FAILURE, (*POST, {"fault": "edit", "answer": b"{}"}))
    ),
    "a task of others, named by a webhook, is looked at": lambda: replace(
        with_requests(WELL, POST, (*PENDING, {"task_id": "strange"}), COMPLETED, TAKEN),
        deliveries=(Delivery(0.1, TASK, {"data": {"task_id": "strange"}}, 204, None, 0.01),),
    ),
    "a wished cancel": lambda: with_job(
        saying(
            "cancelled",
            of=replace(FAILURE, requests=asked(POST, PENDING, ("cancelTask", told())), tasks={TASK: "cancelled"}),
        ),
        cancel_when="pending",
    ),
    "a program's own files in its home": lambda: replace(WELL, files=(replace(RESULT, outside=("home/.cache",)),)),
}


@pytest.mark.parametrize("why", BLAMELESS)
def test_nobody_is_blamed(why: str) -> None:
    assert broken(BLAMELESS[why]()) == set()
