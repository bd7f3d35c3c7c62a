"""Is an adapter well made? Some cases in which nothing is in the way, and in words what an adapter has got wrong."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from screenplay_contracts.client.case import Case
from screenplay_contracts.client.job import Job, submission
from screenplay_contracts.client.reporting import OUTCOMES
from screenplay_contracts.client.silence import ending, hint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from screenplay_contracts.client.case import Capability
    from screenplay_contracts.client.observation import Observation, Request

    Look = Callable[[Observation], Iterator[str]]

UPLOADS = ("uploadAsset", "storeAsset")
TOO_FAST = 0.5  # of the configured interval: below it, it was not read
MOST = 5  # files that are named
LONGEST = 200  # characters of what a client sent or said

OK = Case("smoke/ok", (), Job(submission(2)), scenario="quick")
FAILED = Case("smoke/failed", (), Job(submission(1)), scenario="poll/failed")
WEBHOOK = Case("smoke/webhook", (), Job(submission(1), wait="webhook"), scenario="webhook/ok", webhook=True)
UPLOAD = Case("smoke/upload", (), Job(submission(0), {"1": "第一集.mp4"}), scenario="upload/ok")
CANCEL = Case("smoke/cancel", (), Job(submission(1), cancel_when="running"), scenario="cancel/ok")


def problems(seen: Observation) -> tuple[str, ...]:
    """What an adapter did wrong in one of the cases of `cases`, each with what it should do; nothing: it is fine."""
    if not any(one.listener == "api" for one in seen.requests):
        return tuple(_silent(seen))
    looks: tuple[Look, ...] = (_reading, _ending, _leaving, *_LOOKS[seen.case.name])
    return tuple(said for look in looks for said in look(seen))


def cases(declared: frozenset[Capability]) -> tuple[Case, ...]:
    """What is tried with a client that declares these capabilities."""
    optional: tuple[tuple[Capability, Case], ...] = (("webhook", WEBHOOK), ("upload", UPLOAD), ("cancel", CANCEL))
    return OK, FAILED, *(case for capability, case in optional if capability in declared)


def _silent(seen: Observation) -> Iterator[str]:
    yield f"it sent nothing to SCREENPLAY_BASE_URL, which was {seen.base_url}; {ending(seen)}"
    if (said := hint(seen)) is not None:
        yield f"hint: {said}"


def _reading(seen: Observation) -> Iterator[str]:
    """Whether it uses what it was told."""
    for one in seen.requests:
        if one.operation is None and one.listener == "api":
            yield (
                f"it asked for {one.method} {one.target[:LONGEST]}, which is no operation: paths such as"
                f" /screenplay/tasks stand behind SCREENPLAY_BASE_URL, which was {seen.base_url}"
            )
            break
    keys = {one.header("Authorization") for one in seen.of("submitTask", "getTask", *UPLOADS)}
    if keys not in ({seen.key}, set()):
        yield "it did not send SCREENPLAY_API_KEY as it is in the header Authorization, without Bearer"
    if not seen.of("submitTask"):
        yield f"it submitted nothing; {ending(seen)}"
    wanted = dict(seen.case.job.submit)
    for one in seen.of("submitTask")[:1]:
        sent = _json(one.body)
        if isinstance(sent, dict) and seen.case.job.uploads:
            sent = {**sent, "episodes": wanted["episodes"]}
        if sent != wanted:
            yield (
                f"it submitted {one.body[:LONGEST]!r} and not `submit` of the job file SCREENPLAY_JOB, as it is:"
                f" {json.dumps(wanted)}"
            )
    if _polls_too_fast(seen.of("getTask"), seen.case.job.poll_seconds):
        yield f"it polled faster than every {seen.case.job.poll_seconds:g} s, which `poll_seconds` of the job file says"


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _polls_too_fast(polls: tuple[Request, ...], interval: float) -> bool:
    gaps = [after.at - (before.over_at or before.at) for before, after in pairwise(polls)]
    return len([gap for gap in gaps if gap < TOO_FAST * interval]) > 1  # a webhook is a reason for one


def _ending(seen: Observation) -> Iterator[str]:
    """Whether it ends, and says how."""
    process, (report, *_) = seen.processes[-1], seen.reports
    if process.exit_code is None:
        yield f"it did not end: after {process.forced} it was ended by force"
    if report is None:
        yield (
            "hint: its last line on stdout is no report such as"
            ' {"outcome": "completed", "task_id": "…", "error_code": null, "error_message": null};'
            " checks that need one will be skipped"
        )
    elif report.outcome not in OUTCOMES:
        yield f"the outcome {report.outcome!r} that it prints is none of: {', '.join(sorted(OUTCOMES))}"


def _leaving(seen: Observation) -> Iterator[str]:
    """What it leaves, and where."""
    (files,) = seen.files
    if files.misplaced:
        yield f"it wrote outside of SCREENPLAY_OUT, where all its files belong: {', '.join(files.misplaced[:MOST])}"
    if temporary := [path for path in files.outside if path.startswith("tmp/")]:
        yield f"hint: it left temporary files, of which the checks will warn: {', '.join(temporary[:MOST])}"
    if files.result is not None and files.result.keys() and all(_is_zip(each) for each in files.result.values()):
        yield "SCREENPLAY_OUT/result has the zip in it: what is in the zip should be there, unpacked"
    if seen.processes[-1].left_behind:
        yield f"it left behind: {', '.join(seen.processes[-1].left_behind)}"


def _is_zip(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def _completed(seen: Observation) -> Iterator[str]:
    process, (files,), (report, *_) = seen.processes[-1], seen.files, seen.reports
    if "completed" not in seen.tasks.values():
        for task_id, status in seen.tasks.items():
            yield f"it ended while its task {task_id} was {status}: it should wait until that has ended; {ending(seen)}"
        return
    if process.exit_code not in (0, None):
        yield f"the task was completed, and yet it did not exit with 0; {ending(seen)}"
    if not seen.of("downloadTask"):
        yield "it did not download the result, though `download` of the job file is true"
    elif not files.result:
        what = "is empty" if files.result is not None else "is not there"
        yield f"SCREENPLAY_OUT/result {what}: the files of the result belong there, unpacked"
    if report is not None and report.outcome in OUTCOMES - {"completed"}:
        yield f"it reports {report.outcome!r}, though the task was completed"


def _failed(seen: Observation) -> Iterator[str]:
    process, (files,), (report, *_) = seen.processes[-1], seen.files, seen.reports
    if not seen.tasks:
        return
    if process.exit_code == 0:
        yield "it exited with 0 though the task failed: 0 means that the job is completed and its result is there"
    if files.result is not None:
        yield "there is SCREENPLAY_OUT/result, though the task failed: it must not exist unless it is complete"
    if report is not None and report.outcome in OUTCOMES - {"failed"}:
        yield f"it reports {report.outcome!r}, though the task failed"


def _listening(seen: Observation) -> Iterator[str]:
    submits = seen.of("submitTask")
    if submits and (seen.ready_at is None or seen.ready_at > submits[0].at):
        yield "nobody listened at SCREENPLAY_WEBHOOK_LISTEN when it submitted; its receiver has to be there before"
    refused = [one.status for one in seen.deliveries if one.status is not None and not 200 <= one.status < 300]  # noqa: PLR2004
    if refused:
        yield f"its receiver answered {refused[0]} to a POST to /webhook; 2xx is right"


def _uploading(seen: Observation) -> Iterator[str]:
    submits = seen.of("submitTask")
    if not seen.of(*UPLOADS):
        yield "it uploaded nothing, though `uploads` of the job file names a file for episode 1"
    elif submits and "1" not in ((_json(submits[0].body) or {}).get("episodes") or {}):
        yield "it submitted without the uploaded episode: the id of its asset joins `episodes`"


def _cancelling(seen: Observation) -> Iterator[str]:
    if seen.of("submitTask") and not seen.of("cancelTask"):
        yield "it did not cancel the task when its status was running, as `cancel_when` of the job file wishes"
    elif seen.of("cancelTask") and seen.processes[-1].exit_code == 0:
        yield "it exited with 0 after it had cancelled the task: a wished cancel exits with 1"


_LOOKS: dict[str, tuple[Look, ...]] = {
    OK.name: (_completed,),
    FAILED.name: (_failed,),
    WEBHOOK.name: (_completed, _listening),
    UPLOAD.name: (_completed, _uploading),
    CANCEL.name: (_cancelling,),
}
