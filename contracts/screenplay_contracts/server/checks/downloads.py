"""The download of a result: when there is one, and how it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.exchange import NOT_JSON
from screenplay_contracts.server import answers, magic, shapes
from screenplay_contracts.server.archives import LARGE, opened
from screenplay_contracts.server.checks.looking import MUST, SHOULD, has_status, ordinary, says
from screenplay_contracts.server.checks.saying import answered, kept
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.answers import Refusal
    from screenplay_contracts.server.recording import Call, Recording, TaskHistory
    from screenplay_contracts.verdict import Outcome

PAGE = "download-task-result page"


def _downloads(recorded: Recording) -> Iterator[tuple[TaskHistory, Call, str]]:
    """(task, download, status) where the status was the same before the download and after it, or final before."""
    simply = {call.number for call in ordinary(recorded, "downloadTask")}
    for task in recorded.tasks:
        for call in task.asked("downloadTask"):
            before = task.seen_before(call.number)
            after = next((status for other, status in task.seen if other.number > call.number), None)
            if call.number in simply and before is not None and before in (after, "completed"):
                yield task, call, before


def only_completed(recorded: Recording) -> Iterator[Outcome]:
    for _, call, status in _downloads(recorded):
        if status != "completed":
            yield kept(not call.succeeded, f"no result, since the task is {status}", answered(call), call)


def not_completed_text(recorded: Recording) -> Iterator[Outcome]:
    for _, call, status in _downloads(recorded):
        if status != "completed":
            yield says(call, answers.not_completed(status))


def completed_gives_result(recorded: Recording) -> Iterator[Outcome]:
    for _, call, status in _downloads(recorded):
        if status == "completed" and call.msg not in [one.text for one in _WITHOUT]:
            yield kept(call.succeeded, "the result, since the task is completed", answered(call), call)


_WITHOUT = (answers.NO_FILES, answers.NO_RESULT, answers.NO_BALANCE_TO_DOWNLOAD)


def _provoked(recorded: Recording, magic_id: str, expected: Refusal) -> Iterator[Outcome]:
    """The downloads of completed tasks whose first magic asset wants them to say *expected*."""
    for task, call, status in _downloads(recorded):
        if status == "completed" and first_magic(recorded, task) == magic_id:
            yield says(call, expected)


def first_magic(recorded: Recording, task: TaskHistory) -> str | None:
    """The magic asset that decides how *task* goes."""
    if not recorded.fake or task.submission is None or shapes.faults(task.submission.sent):
        return None
    ids = [asset_id for _, asset_id in shapes.episodes_of(task.submission.sent)]
    return next((one for one in ids if one in magic.DECIDING), None)


def no_files(recorded: Recording) -> Iterator[Outcome]:
    yield from _provoked(recorded, magic.NO_FILES, answers.NO_FILES)


def no_result(recorded: Recording) -> Iterator[Outcome]:
    yield from _provoked(recorded, magic.NO_RESULT, answers.NO_RESULT)


def refusal_status(recorded: Recording) -> Iterator[Outcome]:
    for call in ordinary(recorded, "downloadTask", "downloadAsset"):
        documented = (answers.no_task(recorded.dialect, ""), answers.not_completed(""), *_WITHOUT)
        expected = next(
            (one for one in documented if isinstance(call.msg, str) and call.msg.startswith(one.text)), None
        )
        if expected is not None and not call.succeeded:
            yield has_status(call, expected)


def results(recorded: Recording) -> Iterator[Call]:
    """Downloads that brought something."""
    for call in recorded.of("downloadTask"):
        if call.succeeded and call.exchange.response_body is not None:
            yield call


def media_type(recorded: Recording) -> Iterator[Outcome]:
    for call in results(recorded):
        given = call.exchange.header("Content-Type")
        yield kept(given == "application/zip", "Content-Type: application/zip", f"Content-Type: {given}", call)


def filename(recorded: Recording) -> Iterator[Outcome]:
    for call in results(recorded):
        expected, given = f'attachment; filename="{call.subject}.zip"', call.exchange.header("Content-Disposition")
        yield kept(given == expected, f"Content-Disposition: {expected}", f"Content-Disposition: {given}", call)


def is_zip(recorded: Recording) -> Iterator[Outcome]:
    for call in results(recorded):
        archive = opened(call.exchange.response_body or b"")
        problem = archive.problem if archive.problem != LARGE else None
        yield kept(problem is None and call.answer is NOT_JSON, "a whole zip", problem or answered(call), call)


def content_length(recorded: Recording) -> Iterator[Outcome]:
    for call in results(recorded):
        size, given = len(call.exchange.response_body or b""), call.exchange.header("Content-Length")
        yield kept(given == str(size), f"Content-Length: {size}", f"Content-Length: {given}", call)


def repeatable(recorded: Recording) -> Iterator[Outcome]:
    first: dict[tuple[str, str | None], Call] = {}
    for call in results(recorded):
        before = first.setdefault((call.account, call.subject), call)
        if before is not call:
            same = before.exchange.response_body == call.exchange.response_body
            yield kept(same, "the same bytes as before", "other bytes", before, call)


RULES = (
    rule(
        "download/only-completed",
        MUST,
        PAGE,
        "Only a completed task has a result.",
        only_completed,
        Need.MONEY,
    ),
    rule(
        "download/not-completed",
        MUST,
        f"{PAGE}: the text; docs silent: the status",
        "Before, and of another end, it says `Task is not completed yet, current status: …`.",
        not_completed_text,
        Need.MONEY,
    ),
    rule(
        "download/completed",
        MUST,
        PAGE,
        "A completed task's result can be downloaded.",
        completed_gives_result,
        Need.MONEY,
    ),
    rule("download/no-files", MUST, PAGE, f"Without files it says `{answers.NO_FILES.text}`", no_files, Need.MAGIC),
    rule("download/no-result", MUST, PAGE, f"Without data it says `{answers.NO_RESULT.text}`", no_result, Need.MAGIC),
    rule(
        "download/refusal-status",
        SHOULD,
        "docs silent: 402 chosen without a balance, 400 else (error-codes page); the switch not_found_status",
        "Each documented refusal of a download has the status that was chosen for it.",
        refusal_status,
    ),
    rule("download/media-type", MUST, PAGE, "A result is application/zip.", media_type, Need.MONEY),
    rule("download/filename", MUST, PAGE, "It is an attachment, and named as the task is.", filename, Need.MONEY),
    rule("download/is-zip", MUST, PAGE, "A result is a zip, whole and undamaged.", is_zip, Need.MONEY),
    rule(
        "download/content-length",
        SHOULD,
        "docs silent: documented for assets, not for results",
        "Content-Length is the size of the zip.",
        content_length,
        Need.MONEY,
    ),
    rule(
        "download/repeatable",
        SHOULD,
        "docs silent: a client whose transfer failed must get the same again",
        "The same task has the same result each time.",
        repeatable,
        Need.MONEY,
    ),
)
