"""Whether a client's own report, where it prints one, says what is true: how the task has ended, and which it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviours.looking import (
    TERMINAL,
    answer,
    cancels,
    charged,
    clear,
    data,
    finals,
    jobs,
    sent,
    submits,
    succeeded,
    telling,
    told,
)
from screenplay_contracts.client.behaviours.saying import broken, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.client.observation import Observation, Process, Report, Request
    from screenplay_contracts.verdict import Outcome

SUCCESS = 200  # create-task page: the code of a success


def report_is_true(o: Observation) -> Iterator[Outcome]:
    for number, (said, process) in enumerate(zip(o.reports, finals(o), strict=False)):
        if said is not None and process.exit_code is not None:
            own = _of_client(o, number)
            yield _end_is_true(o, said, own) or _id_is_true(o, said, own, process)
            lies = process.exit_code == 0 and said.outcome != "completed"
            yield kept(o, not lies, "exit code 0 with the outcome completed only", f"with {said.outcome!r}")


def _of_client(o: Observation, number: int) -> tuple[Request, ...]:
    """The submissions of one of several clients, known by its episodes; all of them where it is alone."""
    if o.case.together == 1:
        return submits(o)
    episodes = jobs(o)[number].submit.get("episodes") if number < len(jobs(o)) else None
    return tuple(one for one in submits(o) if isinstance(body := sent(one), dict) and body.get("episodes") == episodes)


def _end_is_true(o: Observation, said: Report, own: tuple[Request, ...]) -> Outcome:
    if said.outcome in TERMINAL:
        truth = {o.tasks.get(said.task_id)} if said.task_id is not None else set(o.tasks.values())
        ends = ", ".join(sorted(end or "no such task" for end in truth)) or "no task"
        return kept(o, said.outcome in truth, f"the outcome as it is: {ends}", f"{said.outcome!r}")
    if said.outcome == "rejected" and all(map(_is_understood, own)):
        subjects, is_alone = {one.subject for one in charged(o)}, o.case.together == 1
        paid = bool(subjects) if is_alone else any(one.task_id in subjects for one in own)
        return kept(o, not paid, "rejected only where nothing was accepted", "rejected, and paid for", *own)
    if said.outcome == "unknown" and own and o.case.kill is None:  # who is started again may not know what it did
        lost = [one for one in own if not clear(o, one) or not _is_understood(one)]
        return kept(o, bool(lost), "what it was told, not unknown", "'unknown'", *own[:1])
    ids = {data(one).get("task_id") for one in own}
    for one in telling(o, "failed", "cancelled"):
        is_own = o.case.together == 1 or one.task_id in ids
        if is_own and clear(o, one) and not cancels(o) and said.outcome != "timeout":
            return broken(o, f"the outcome {told(one)!r}, as it was told", f"{said.outcome!r}", one)
    return None


def _id_is_true(o: Observation, said: Report, own: tuple[Request, ...], process: Process) -> Outcome:
    given = [one for one in own if clear(o, one) and _is_understood(one) and data(one).get("task_id")]
    ids = {str(data(one)["task_id"]) for one in given}
    if said.task_id is None:  # which only who was given none may say
        fits = not any(one.at >= process.started_at for one in given)
    else:
        fits = not ids or said.task_id in ids
    return kept(o, fits, f"the task {', '.join(sorted(ids))} in its report", f"{said.task_id!r}", *given)


def _is_understood(request: Request) -> bool:
    """Whether its answer has no other code of success than the screenplay pages: those may be taken for errors."""
    body = answer(request)
    code = body.get("code") if isinstance(body, dict) and succeeded(request) else SUCCESS
    return type(code) is int and code == SUCCESS
