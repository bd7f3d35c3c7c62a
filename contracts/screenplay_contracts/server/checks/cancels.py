"""Who may cancel what, what becomes of it, and what is said of tasks that do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.server import answers, magic
from screenplay_contracts.server.checks.looking import MUST, SHOULD, ordinary, refused, says, turned_down
from screenplay_contracts.server.checks.saying import answered, kept, shown
from screenplay_contracts.server.recording import TERMINAL
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording, TaskHistory
    from screenplay_contracts.verdict import Outcome

CANCEL = "cancel-task page"


def _unknown(recorded: Recording, operation: str) -> Iterator[Outcome]:
    """Nobody's task, and those of other accounts."""
    owners = {task.id: task.account for task in recorded.tasks if task.submission is not None}
    for call in ordinary(recorded, operation):
        owner = owners.get(call.subject or "", call.account)
        if call.subject == magic.NOBODYS_TASK or owner.removesuffix("-again") != call.account.removesuffix("-again"):
            yield refused(call, answers.no_task(recorded.dialect, call.subject or ""))


def unknown_status(recorded: Recording) -> Iterator[Outcome]:
    yield from _unknown(recorded, "getTask")


def unknown_cancel(recorded: Recording) -> Iterator[Outcome]:
    yield from _unknown(recorded, "cancelTask")


def unknown_download(recorded: Recording) -> Iterator[Outcome]:
    for call in ordinary(recorded, "downloadTask"):
        if call.subject == magic.NOBODYS_TASK:
            yield says(call, answers.no_task(recorded.dialect, call.subject))


def foreign_download(recorded: Recording) -> Iterator[Outcome]:
    yield from _unknown(recorded, "downloadTask")


def _cancels(recorded: Recording) -> Iterator[tuple[TaskHistory, Call, str, str | None]]:
    """(task, call, status before it, status after it) of each cancel of a known task."""
    answered_simply = {call.number for call in ordinary(recorded, "cancelTask")}
    for task in recorded.tasks:
        for call in task.asked("cancelTask"):
            before = task.seen_before(call.number)
            after = next((status for other, status in task.seen if other.number > call.number), None)
            if before is not None and call.number in answered_simply:
                yield task, call, before, after


def cancels_unfinished(recorded: Recording) -> Iterator[Outcome]:
    moved = _moments(recorded)
    for task, call, before, after in _cancels(recorded):
        # where time passes by itself the task may have ended unseen
        unfinished = _at_once(moved, task, call) or after in {"pending", "running"}
        if before not in TERMINAL and (call.succeeded or unfinished):
            yield kept(call.succeeded, f"a cancelled task, since it was {before}", answered(call), call)


def _moments(recorded: Recording) -> dict[str, list[int]]:
    """Where in the recording the admin API was told something for an account, by which time may have passed."""
    moved: dict[str, list[int]] = {}
    for one in recorded.admin:
        if one.method != "GET":
            moved.setdefault(one.account, []).append(one.number)
    return moved


def _at_once(moved: dict[str, list[int]], task: TaskHistory, call: Call) -> bool:
    """Whether *call* came at the same virtual time as the last answer about *task* before it."""
    last = next((other for other, _ in reversed(task.seen) if other.number < call.number), None)
    now = call.exchange.virtual_at
    if last is None or now is None or last.exchange.virtual_at != now:
        return False
    if last is task.submission and magic.COMPLETES.encode() in (last.exchange.request_body or b""):
        return False  # it is told to be pending, as all are, and has ended by then
    return not any(last.number < number < call.number for number in moved.get(call.account, ()))


def only_unfinished(recorded: Recording) -> Iterator[Outcome]:
    for _, call, before, _ in _cancels(recorded):
        if before in TERMINAL:
            yield turned_down(call, f"the task is {before}")


def cancel_text(recorded: Recording) -> Iterator[Outcome]:
    for _, call, before, _ in _cancels(recorded):
        if before in TERMINAL and not call.succeeded:
            yield refused(call, answers.ended(before))


def cancel_answer(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.of("cancelTask"):
        if call.succeeded:
            yield kept(call.data.get("status") == "cancelled", 'status "cancelled"', shown(call.data), call)


def cancel_is_seen(recorded: Recording) -> Iterator[Outcome]:
    for task in recorded.tasks:
        cancels = [call for call in task.asked("cancelTask") if call.succeeded]
        for call in task.asked("getTask"):
            if call.succeeded and cancels and call.number > cancels[0].number:
                status = call.data.get("status")
                yield kept(status == "cancelled", 'status "cancelled"', f"status {shown(status)}", cancels[0], call)


RULES = (
    rule(
        "status/unknown-task",
        SHOULD,
        "docs silent: text and status; those of the download page chosen, the switch not_found_status",
        "A task that does not exist is told so.",
        unknown_status,
    ),
    rule(
        "cancel/unfinished", MUST, CANCEL, "A pending or running task can be cancelled.", cancels_unfinished, Need.MONEY
    ),
    rule(
        "cancel/only-unfinished",
        MUST,
        f"{CANCEL}: only pending or running tasks",
        "A task that has ended cannot be cancelled, nor can it twice.",
        only_unfinished,
        Need.MONEY,
    ),
    rule(
        "cancel/refusal",
        SHOULD,
        "docs silent: text and status",
        "The refusal says how the task is.",
        cancel_text,
        Need.MONEY,
    ),
    rule("cancel/answer", MUST, CANCEL, 'The answer to a cancel has status "cancelled".', cancel_answer, Need.MONEY),
    rule("cancel/is-seen", MUST, CANCEL, "Afterwards the status of the task is cancelled.", cancel_is_seen, Need.MONEY),
    rule(
        "cancel/unknown-task",
        SHOULD,
        "docs silent: text and status; those of the download page chosen",
        "A task that does not exist cannot be cancelled, and is told so.",
        unknown_cancel,
    ),
    rule(
        "download/unknown-task",
        MUST,
        "download-task-result page: the text; docs silent: the status",
        "The download of a task that does not exist says `Task not found for id: …`.",
        unknown_download,
    ),
    rule(
        "download/foreign-task",
        SHOULD,
        "docs silent: the answer to another account; that of an unknown task chosen; the switch not_found_status",
        "The download of another account's task is answered as that of an unknown one.",
        foreign_download,
        Need.OTHER_KEY,
        Need.MONEY,
    ),
)
