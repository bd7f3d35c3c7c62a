"""Cancelling, signals, uploads, and what belongs to every case."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.unit.client_builders import (
    BODY,
    CONTENT,
    KEY,
    OTHER_TASK,
    PATH,
    TASK,
    drop,
    envelope,
    fetch,
    hook,
    nothing,
    poll,
    post,
    process,
    refused,
    request,
    run,
    said,
)

from screenplay_contracts.client.case import Kill
from screenplay_contracts.client.job import Job, submission
from screenplay_contracts.client.observation import Files

if TYPE_CHECKING:
    from tests.unit.observed import Table

HANGING = process(None, ended_at=20.0, forced="17 s")
TRACE = b"Traceback (most recent call last):\n  File ...\nKeyError: 'status'\n"
BEFORE = post(), poll("running", 0.5)
FORM = {"Content-Type": "multipart/form-data; boundary=xyz"}
PART = 'Content-Disposition: form-data; name="{}"; filename="{}"\r\nContent-Type: video/mp4'
FILE = PART.format("file", "第一集.mp4")
TWELVE = submission(12)
SORTED_AS_TEXT = {"episodes": dict(sorted(TWELVE["episodes"].items()))}


def cancelled(*more: Any, code: int = 1, **how: Any) -> Any:
    members = ("status", "fault", "answer", "took", "answered")
    one = drop(**{name: how.pop(name) for name in members if name in how})
    return run(*BEFORE, one, *more, code=code, **({"tasks": {TASK: "cancelled"}} | how))


def too_late(*more: Any, fault: str = "meanwhile completed", **how: Any) -> Any:
    refusal: dict[str, Any] = {"status": 400, "answer": refused(400, "Task cannot be cancelled"), "fault": fault}
    return cancelled(*more, **(refusal | {"tasks": {TASK: "completed"}} | how))


def signalled(code: int | None, ended_at: float) -> Any:
    ends = (process(code, signalled_at=0.5, ended_at=ended_at),)
    return run(*BEFORE, code=code, processes=ends, case={"kill": Kill("INT", "getTask", restart=False)})


def form(head: str = FILE, *, headers: Any = None, end: str = "--xyz--\r\n", **how: Any) -> Any:
    """An upload."""
    body = f"--xyz\r\n{head}\r\n\r\nvideo\r\n{end}".encode()
    about = {"operation": "uploadAsset", "body": body, "headers": FORM if headers is None else headers}
    return request("POST", f"{PATH}/upload", how.pop("at", 0.1), **(about | how))


def stored(**headers: Any) -> Any:
    return form(target=f"{PATH}/storage/abc", operation="storeAsset", headers=FORM | headers)


def uploading(*requests: Any, code: int = 0, **how: Any) -> Any:
    return run(*requests, code=code, case={"submit": BODY, "uploads": {"1": "第一集.mp4"}}, **how)


def metadata(status: str, at: float) -> Any:
    answer = envelope({"total": 1, "resource": [{"asset_id": "re_9", "upload_status": status}]})
    return request("GET", f"{PATH}/re_9/metadata", at, operation="getAssetMetadata", answer=answer)


def limited(*more: Any, code: int = 0) -> Any:
    refusal = post(0.2, status=429, answer=refused(429, "Rate limit exceeded"))
    return uploading(form(), refusal, *more, code=code)


def left(**members: Any) -> Any:
    return run(files=(replace(run().files[0], **members),))


def failed(report: Any) -> Any:
    """A client whose task failed, with what it reports."""
    return run(post(), poll("failed", 0.5), code=1, tasks={TASK: "failed"}, reports=(report,))


def both(*reports: Any) -> Any:
    """Two clients, whose tasks both completed."""
    other = {"episodes": {"1": "re_c1"}}
    mine, others = submission(), submission() | other
    return run(
        post(body=mine),
        post(0.2, task=OTHER_TASK, body=others),
        case={"together": 2},
        jobs=(Job(mine), Job(others)),
        processes=(process(), process()),
        files=(Files(CONTENT, {}),) * 2,
        tasks={TASK: "completed", OTHER_TASK: "completed"},
        reports=reports,
    )


def restarted(report: Any) -> Any:
    ends = process(-9, signalled_at=0.5, ended_at=0.5), process(1, started_at=0.6)
    return run(
        post(), code=1, case={"kill": Kill("KILL", "submitTask", restart=True)}, processes=ends, reports=(report,)
    )


def left_at(path: str) -> Any:
    return left(outside=(path,))


def ordered(submit: Any, sent: Any) -> Any:
    return run(post(body=sent), case={"submit": submit})


def ending(**members: Any) -> Any:
    return run(processes=(process(members.pop("code", 0), **members),))


ELSEWHERE = request("GET", "/canary/x", 1.2, listener="other", headers={"Authorization": None})

KEEPS: Table = {
    "CAN-01": (cancelled(), cancelled(drop(0.8), status=None, fault="close"), cancelled(drop(0.8), status=500)),
    "CAN-02": (too_late(), too_late(fetch(), code=0), too_late(reports=(said("completed"),))),
    "CAN-03": (too_late(), too_late(fetch(), code=0), too_late(reports=(said("completed"),))),
    "CAN-04": (cancelled(), cancelled(poll("cancelled", 0.8))),
    "CAN-05": (cancelled(poll("cancelled", 0.8), status=500, fault="status 500 after acceptance"),),
    "CAN-06": (cancelled(took=0.5, deliveries=(hook(0.9),)),),
    "CAN-07": (signalled(130, 0.8), signalled(1, 5.4), signalled(-15, 0.5)),
    "AST-01": (
        uploading(form()),
        uploading(form(PART.format("file", "%E7%AC%AC.mp4"))),
        uploading(form("content-disposition: form-data; name=file; filename*=UTF-8''%E7.mp4")),
        uploading(form(headers={"Content-Type": 'Multipart/Form-Data; boundary="xyz"'})),
        uploading(form(end="", size=4_000_000)),
    ),
    "AST-02": (uploading(stored(Authorization=None)),),
    "AST-03": (uploading(form(status=None, fault="receive part", complete=False), code=1),),
    "AST-04": (uploading(form(), metadata("UPLOADING", 0.3), metadata("SUCCESS", 0.6), post(0.8)),),
    "AST-05": (limited(post(1.5)),),
    "AST-06": (ordered(TWELVE, TWELVE),),
    "HYG-01": (run(), ending(stderr=f"key {KEY[:8]}...{KEY[-4:]}\n".encode())),
    "HYG-02": (run(), run(post(), ELSEWHERE)),
    "HYG-03": (
        run(),
        run(code=1),
        ending(code=-9, signalled_at=0.5),
        run(case={"download": False}, result=None),
        run(result={"renamed.json": CONTENT["namelist.json"], "t": CONTENT["1_transcript.json"]}),
        run(case={"together": 2}, processes=(process(0), process(1)), files=(Files(CONTENT, {}), Files(None, {}))),
        run(reports=(said("completed"),)),
        failed(said("failed")),
        failed(said("timeout")),
        run(post(status=402, answer=refused(402, "no")), code=1, reports=(said("rejected", task_id=None),)),
        run(post(status=None, fault="close"), code=1, reports=(said("unknown", task_id=None),)),
        both(said("completed"), said("completed", task_id=OTHER_TASK)),
        both(said("completed"), None),
        restarted(said("unknown", task_id=None)),
    ),
    "HYG-04": (run(code=1), ending(code=1, stderr=b"error: the balance is not sufficient\n")),
    "HYG-05": (
        run(),
        left(others={"state.json": 9}),
        left(outside=("home/.cache/x", "work/log.txt")),
        left(outside=("above/outside.txt", "above/evil.zip")),  # DLD-08 and DLD-17 tell it
    ),
}
BREAKS: Table = {
    "CAN-01": (cancelled(drop(0.8)), cancelled(*(drop(0.8 + n / 5) for n in range(3)), status=None, fault="close")),
    "CAN-02": (
        too_late(processes=(process(1, stderr=TRACE),)),
        too_late(processes=(HANGING,)),
        too_late(reports=(said("cancelled"),)),
    ),
    "CAN-03": (
        too_late(code=0, result=None),
        too_late(reports=(said("cancelled"),)),
        too_late(processes=(HANGING,)),
    ),
    "CAN-04": (cancelled(fetch(0.9, status=400)),),
    "CAN-05": (cancelled(status=500, fault="status 500 after acceptance"), cancelled(status=None, fault="close")),
    "CAN-06": (
        cancelled(fetch(1.3, status=400), took=0.5, deliveries=(hook(0.9),)),
        cancelled(took=0.5, deliveries=(replace(hook(0.9), status=500),)),
    ),
    "CAN-07": (signalled(1, 9.0), signalled(None, 9.0)),
    "AST-01": (
        uploading(form(PART.format("video", "file"))),
        uploading(form('Content-Disposition: form-data; name="file"')),
        uploading(form(headers={"Content-Type": "video/mp4"})),
        uploading(form(headers={"Content-Type": "multipart/form-data; boundary=abc"})),
        uploading(form(end="")),
    ),
    "AST-02": (uploading(stored()), uploading(stored(Authorization="Bearer x"))),
    "AST-03": (uploading(form(status=None, fault="receive part", complete=False), post(0.5)),),
    "AST-04": (uploading(form(), post(0.3)), uploading(form(), metadata("UPLOADING", 0.2), post(0.3))),
    "AST-05": (limited(form(at=1.3), post(1.5)),),
    "AST-06": (ordered(TWELVE, TWELVE | SORTED_AS_TEXT),),
    "HYG-01": (
        ending(stderr=f"using {KEY}\n".encode()),
        ending(said_key=True),
        ending(stderr=b"Basic " + b64encode(f"user:{KEY}".encode())),
        ending(stdout=f"key {KEY[:-4]}****\n".encode()),
        left(with_key=("log.txt",)),
    ),
    "HYG-02": (
        run(post(), replace(ELSEWHERE, headers=(("X-Key", f"Bearer {KEY}"),))),
        run(post(), replace(ELSEWHERE, target=f"/canary/x?key={KEY}")),
        run(post(), replace(ELSEWHERE, body=KEY.encode())),
        run(
            post(), replace(ELSEWHERE, headers=(("Authorization", f"Basic {b64encode(f'u:{KEY}'.encode()).decode()}"),))
        ),
    ),
    "HYG-03": (
        run(processes=(HANGING,)),
        run(tasks={TASK: "failed"}),
        run(tasks={}),
        run(result=None),
        run(result={}),
        run(result={"namelist.json": CONTENT["namelist.json"]}),
        run(case={"together": 2}, processes=(process(0), process(0)), files=(Files(CONTENT, {}),) * 2),
        failed(said("completed")),
        failed(said("error")),
        failed(said("failed", task_id=TASK[:-1])),
        failed(said("failed", task_id=None)),
        run(reports=(said("failed"),)),
        run(code=1, reports=(said("rejected"),)),
        run(code=1, reports=(said("unknown"),)),
        both(said("completed", task_id=OTHER_TASK), said("completed", task_id=TASK)),
        restarted(said("error", task_id=OTHER_TASK)),
    ),
    "HYG-04": (
        ending(code=1, stderr=TRACE),
        ending(code=1, stderr=b'Exception in thread "main" java.lang.NullPointerException\n'),
        ending(code=1, stderr=b"    at Job.run(Job.java:31)\n"),
        ending(code=1, stderr=b"    at run (file:///home/x/client.mjs:12:3)\n"),
        ending(code=2, stderr=b"panic: runtime error\n\ngoroutine 1 [running]:\n"),
        ending(code=101, stderr=b"thread 'main' panicked at src/main.rs:3:5:\n"),
    ),
    "HYG-05": (ending(left_behind=("sleep 100 (4711)",)), *map(left_at, ("tmp/x.zip", "above/x", "/x"))),
}
MISSES: Table = {
    "CAN-02": (run(), cancelled()),
    "CAN-03": (run(), cancelled(), too_late(fault="latency")),
    "CAN-05": (run(), cancelled(), too_late()),
    "CAN-06": (run(), cancelled(), cancelled(deliveries=(hook(0.5),))),
    "AST-01": (run(), uploading(form(complete=False))),
    "AST-03": (run(), uploading(form(), post(0.5))),
    "AST-04": (run(), uploading(form(), code=1)),
    "AST-05": (run(), uploading(form(), post(0.5)), run(post(status=429), post(1.5))),
    "AST-06": (run(), ordered(BODY, BODY)),
    "HYG-01": (nothing(),),
    "HYG-02": (nothing(),),
    "HYG-03": (nothing(),),
    "HYG-04": (nothing(),),
    "HYG-05": (nothing(),),
}
SKIPS: Table = {
    "CAN-06": (cancelled(deliveries=(replace(hook(0.9), status=None),)),),
    "AST-02": (uploading(form()),),
    "AST-05": (limited(code=1),),
    "HYG-05": (ending(looked_behind=False),),
}
