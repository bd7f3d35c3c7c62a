"""Submissions whose outcome is not known, that were refused, or that were answered oddly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.client_builders import (
    BODY,
    KEY,
    OTHER_TASK,
    PATH,
    TASK,
    envelope,
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
from screenplay_contracts.client.observation import Charge, Files

if TYPE_CHECKING:
    from tests.unit.observed import Table

KEYED = {"Idempotency-Key": "a"}
RESTART = {"kill": Kill("KILL", "getTask", restart=True)}
KILLED = process(-9, signalled_at=0.5, ended_at=0.5, stdout=b"submitted\n")
AGAIN = process(0, started_at=0.6, ended_at=1.5)


def struck(fault: str, status: int | None, *more: Any, at: float = 0.1, **how: Any) -> Any:
    """A submission that was accepted and struck; what comes behind it."""
    lost = post(at, status=status, fault=fault, answer=b"" if status is None else refused(status, "trouble"))
    return run(lost, *more, code=how.pop("code", 1), **how)


def once(fault: str, status: int | None) -> tuple[Any, ...]:
    return (struck(fault, status),)


def twice(fault: str, status: int | None) -> tuple[Any, ...]:
    return (struck(fault, status, post(0.5)), struck(fault, status, post(0.1001)))


def limited(*times: float, wait: str | None = "1", **how: Any) -> Any:
    told = {} if wait is None else {"Retry-After": wait}
    first, *rest = times
    refusal = post(first, status=429, answer=refused(429, "Rate limit exceeded"), told=told, took=0.0)
    return run(refusal, *(post(at) for at in rest), **how)


def limited_as_400(*times: float, together: int = 1) -> Any:
    answer = refused(400, "Request has exceeded the limit.")
    return run(*(post(at, status=400, answer=answer, took=0.0) for at in times), code=1, case={"together": together})


def refusal(status: int, msg: str, *more: Any) -> Any:
    return run(post(status=status, answer=refused(status, msg)), *more, code=1)


def redirected(status: int, *more: Any) -> Any:
    return run(post(status=status, told={"Location": "/elsewhere"}), *more, code=1)


def elsewhere(**headers: str | None) -> Any:
    return request("POST", "/canary/x", 0.2, listener="other", status=401, body=BODY, headers=headers)


def answered(data: Any, *more: Any, **how: Any) -> Any:
    return run(post(answer=envelope(data, **how)), *more, code=1)


def restarted(*requests: Any, last: Any = AGAIN, **how: Any) -> Any:
    return run(*requests, case=RESTART, processes=(KILLED, last), **how)


def other_post(at: float, **how: Any) -> Any:
    """A submission of another job."""
    return post(at, task=OTHER_TASK, body=BODY | {"episodes": {"1": "re_c1"}}, **how)


def two_jobs(*requests: Any, **how: Any) -> Any:
    return run(*requests, case={"together": 2}, **how)


def killed(left: Files, *later: Any, known: bool = True, stdout: bytes = b"") -> Any:
    first = process(-9, signalled_at=0.5, ended_at=0.5, stdout=stdout)
    seen = (post(), poll("pending", 0.2)) if known else (post(),)
    tasks = {TASK: "completed", OTHER_TASK: "completed"}
    return run(*seen, *later, case=RESTART, processes=(first, AGAIN), files_when_killed=left, tasks=tasks)


def keyed(*keys: str | None, **how: Any) -> Any:
    return run(*(post(0.1 + n, headers={"Idempotency-Key": key}) for n, key in enumerate(keys)), **how)


def code(value: Any, *more: Any) -> Any:
    return run(post(answer=envelope({"task_id": TASK, "status": "pending"}, code=value)), *more, code=0 if more else 1)


RESET, CLOSE, LATE = "reset after acceptance", "close after acceptance", "latency after acceptance"
GATEWAY, ERROR = "status 504 after acceptance", "status 500 after acceptance"
PAID = tuple(Charge("submit", task, 2_000_000) for task in (TASK, OTHER_TASK))

KEEPS: Table = {
    "SUB-01": (
        run(),
        run(charges=PAID, case={"together": 2}),
        restarted(post(), post(0.9, task=OTHER_TASK), charges=PAID),
        two_jobs(post(task_id=TASK), other_post(0.2, task_id=OTHER_TASK), charges=PAID),
        limited(0.1, 1.2),
        run(post(status=200, answer=refused(402, "no")), post(0.5, task_id=TASK), charges=PAID[:1]),
    ),
    "SUB-02": once(RESET, None),
    "SUB-03": once(CLOSE, None),
    "SUB-04": (*once(LATE, None), *once(LATE, 200)),
    "SUB-05": once(GATEWAY, 504),
    "SUB-06": once(ERROR, 500),
    "SUB-07": (limited(0.1, 1.2), limited(0.1, code=1), limited(0.1, 0.2, wait=None)),
    "SUB-08": (limited_as_400(0.1, 0.3, 0.8), limited_as_400(0.1), limited_as_400(0.1, 0.1, 0.6, together=2)),
    "SUB-09": (run(), nothing(processes=(process(1),), files=(Files(None, {}),))),
    "SUB-10": (refusal(402, "no"), refusal(409, "no"), refusal(415, "no"), refusal(400, "Asset not found")),
    "SUB-11": (answered(None, success=False),),
    "SUB-12": (answered({"status": "pending"}), answered({"task_id": None}), answered({"task_id": ""})),
    "SUB-13": (struck(RESET, None, reports=(said("unknown"),)),),
    "SUB-14": (
        keyed("a"),
        keyed("a", "a"),
        keyed("a", "b", case={"together": 2}, tasks={TASK: "completed", OTHER_TASK: "completed"}),
    ),
    "SUB-15": (redirected(302), redirected(303, request("GET", f"{PATH}/screenplay/tasks", 0.2, status=405))),
    "SUB-16": (redirected(307), redirected(307, post(0.2)), redirected(308, elsewhere(Authorization=None))),
    "SUB-17": (
        restarted(post(), poll("pending", 0.2), poll("completed", 0.9)),
        restarted(post(), last=process(1, started_at=0.6)),
    ),
    "SUB-18": (
        killed(Files(None, {}), stdout=TASK.encode()),
        killed(Files(None, {"state.json": 40}, texts={"state.json": f'{{"id": "{TASK}"}}'.encode()})),
        killed(Files(None, {f"{TASK}.json": 0})),
        killed(Files(None, {f"{TASK}.json": 0}), post(0.7, task=OTHER_TASK), poll("", 0.8, task=OTHER_TASK)),
    ),
    "SUB-19": (refusal(400, "An async request requires at least one webhook."),),
    "SUB-20": (code(200, poll("pending", 0.2)), code("0000", poll("pending", 0.2))),
}
BREAKS: Table = {
    "SUB-01": (
        run(charges=PAID),
        run(charges=PAID, tasks={TASK: "failed", OTHER_TASK: "failed"}, code=1),
        restarted(post(0.1, task_id=TASK), post(0.3, task_id=OTHER_TASK), charges=PAID),
        two_jobs(post(task_id=TASK), post(0.2, task_id=OTHER_TASK), charges=PAID),
    ),
    "SUB-02": twice(RESET, None),
    "SUB-03": twice(CLOSE, None),
    "SUB-04": twice(LATE, None),
    "SUB-05": twice(GATEWAY, 504),
    "SUB-06": twice(ERROR, 500),
    "SUB-07": (limited(0.1, 0.9), limited(0.1, 1.2, charges=PAID)),
    "SUB-08": (limited_as_400(0.1, 0.2), limited_as_400(0.1, 0.15, 0.2, together=2)),
    "SUB-09": (run(charges=PAID),),
    "SUB-10": tuple(refusal(status, "no", post(5.0)) for status in (400, 402, 403, 409, 415)),
    "SUB-11": (answered(None, poll("pending", 0.3), success=False),),
    "SUB-12": (
        answered({"status": "pending"}, poll("", 0.2, task="None", status=400)),
        answered({"task_id": None}, poll("", 0.2, task="null", status=400)),
        answered({"task_id": ""}, request("GET", f"{PATH}/screenplay/tasks/", 0.2, status=404)),
        answered({"task_id": ""}, post(0.2)),
    ),
    "SUB-13": (struck(RESET, None, reports=(said("error"),)), struck(ERROR, 500, reports=(said("failed"),))),
    "SUB-14": (
        keyed("a", "b"),
        keyed("a", None),
        keyed("a", "a", case={"together": 2}, tasks={TASK: "completed", OTHER_TASK: "completed"}),
        run(
            post(headers={"Idempotency-Key": "a"}),
            post(0.5, body=BODY | {"mode": "x"}, headers={"Idempotency-Key": "a"}),
        ),
    ),
    "SUB-15": (redirected(302, post(0.2)), redirected(301, elsewhere(Authorization=None))),
    "SUB-16": (
        redirected(307, elsewhere()),
        redirected(307, post(0.2, body={})),
        redirected(308, request("GET", f"{PATH}/screenplay/tasks", 0.2, status=405)),
        redirected(307, elsewhere(Authorization=None, Cookie=f"key={KEY}")),
    ),
    "SUB-17": (
        restarted(post(), poll("pending", 0.2), post(0.9)),
        restarted(post(), poll("pending", 0.2), last=process(1, started_at=0.6)),
    ),
    "SUB-18": (killed(Files(None, {})), killed(Files(None, {"a.zip.part": 100}), stdout=b"submitted\n")),
    "SUB-19": (refusal(400, "An async request requires at least one webhook.", post(0.2)),),
    "SUB-20": (code(200),),
}
MISSES: Table = {
    "SUB-01": (nothing(),),
    "SUB-02": (run(), struck(CLOSE, None, post(0.5))),
    "SUB-07": (run(), limited_as_400(0.1, 0.1)),
    "SUB-08": (run(), refusal(400, "Asset not found", post(0.2))),
    "SUB-09": (nothing(), nothing(processes=(process(None),))),
    "SUB-10": (run(), limited_as_400(0.1, 0.1), limited(0.1, 0.2)),
    "SUB-13": (run(), run(post(fault=LATE))),
    "SUB-14": (nothing(),),
    "SUB-17": (nothing(), run(), run(processes=(KILLED,))),
    "SUB-18": (nothing(), run(), killed(Files(None, {}), known=False)),
    "SUB-20": (nothing(), refusal(400, "no")),
}
SKIPS: Table = {
    "SUB-01": (
        run(post(status=402, answer=refused(402, "no")), code=1),
        nothing(case=run(case={"may_be_silent": True}).case),
    ),
    "SUB-13": (struck(RESET, None),),
    "SUB-14": (run(), keyed(None, None)),
    "SUB-20": (code("0000"), code("200")),
}
