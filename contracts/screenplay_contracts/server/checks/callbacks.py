"""What a webhook call says (submit-task and webhooks pages)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server.checks.looking import MUST, SHOULD
from screenplay_contracts.server.checks.saying import kept, shown
from screenplay_contracts.server.recording import told_task
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.exchange import Received
    from screenplay_contracts.server.recording import Recording
    from screenplay_contracts.verdict import Outcome

PAGES = "submit-task and webhooks pages"
SUCCESS = "SUCCESS"  # webhooks page, example


def payload(recorded: Recording) -> Iterator[Outcome]:
    from screenplay_schemas import validator

    for one in recorded.received:
        problem = next(validator("callback").iter_errors(one.payload), None)
        wrong = "" if problem is None else f"{problem.json_path}: {problem.message[:200]}, in {shown(one.payload)}"
        yield kept(problem is None, "a payload of the shape callback", wrong, one)


def form(recorded: Recording) -> Iterator[Outcome]:
    for one in recorded.received:
        is_so = one.method == "POST" and isinstance(one.payload, dict)
        yield kept(is_so, "POST, an object in JSON", f"{one.method}, {shown(one.payload)}", one)


def media_type(recorded: Recording) -> Iterator[Outcome]:
    for one in recorded.received:
        given = (one.header("Content-Type") or "").partition(";")[0].strip().lower()
        yield kept(given == "application/json", "Content-Type: application/json", f"Content-Type: {given}", one)


def _told(recorded: Recording, *, failed: bool | None = None) -> Iterator[tuple[Received, dict[str, Any]]]:
    """Calls with their payloads: of tasks that failed, of those that did not, or all."""
    for one in recorded.received:
        if isinstance(one.payload, dict):
            data = one.payload.get("data")
            status = data.get("status") if isinstance(data, dict) else None
            if failed is None or failed is (status == "failed"):
                yield one, one.payload


def _code(recorded: Recording, *, failed: bool) -> Iterator[Outcome]:
    for one, told in _told(recorded, failed=failed):
        code = told.get("code")
        is_so = any(type(code) is type(each) and code == each for each in recorded.dialect.success_codes)
        yield kept(is_so, f"code {' or '.join(map(shown, recorded.dialect.success_codes))}", f"code {shown(code)}", one)


def text_member(recorded: Recording) -> Iterator[Outcome]:
    name = recorded.dialect.callback_text_member
    for one in recorded.received:
        text = one.payload.get(name) if isinstance(one.payload, dict) else None
        yield kept(isinstance(text, str), f"the text in {name}", shown(one.payload), one)


def text(recorded: Recording) -> Iterator[Outcome]:
    for one, told in _told(recorded):
        given = told.get(recorded.dialect.callback_text_member)
        yield kept(given == SUCCESS, f'the text "{SUCCESS}"', f"the text {shown(given)}", one)


def request_id(recorded: Recording) -> Iterator[Outcome]:
    for one in recorded.received:
        given = one.payload.get("task_id") if isinstance(one.payload, dict) else None
        is_tasks = given == told_task(one.payload)
        if recorded.dialect.callback_task_id == "task_id":
            yield kept(is_tasks, "the task's id at the top, too", shown(one.payload), one)
        else:
            is_so = isinstance(given, str) and given != "" and not is_tasks
            yield kept(is_so, "another id at the top than the task's", shown(one.payload), one)


def own_request_id(recorded: Recording) -> Iterator[Outcome]:
    whose: dict[tuple[str, str], str] = {}
    ids: dict[tuple[str, str], str] = {}
    for one, told in _told(recorded):
        given, task_id = told.get("task_id"), told_task(told)
        if isinstance(given, str) and task_id:
            owner = whose.setdefault((one.account, given), task_id)
            known = ids.setdefault((one.account, task_id), given)
            expected = f"task_id {known} for {task_id} alone"
            yield kept(owner == task_id and known == given, expected, f"task_id {given} for {owner}", one)


RULES = (
    rule(
        "webhook/payload", MUST, PAGES, "A call has the documented payload, and no result in it.", payload, Need.ADMIN
    ),
    rule("webhook/form", MUST, "webhooks page", "A call is a POST with a JSON body.", form, Need.ADMIN),
    rule(
        "webhook/media-type",
        SHOULD,
        "docs silent: the Content-Type of what is JSON",
        "A call says that it is application/json.",
        media_type,
        Need.ADMIN,
    ),
    rule(
        "webhook/code",
        MUST,
        "submit-task page: 200 = success; the switch success_code",
        "The code of a call about a completed task is that of a success.",
        partial(_code, failed=False),
        Need.ADMIN,
    ),
    rule(
        "webhook/code-of-failure",
        SHOULD,
        "docs silent: the code of a failed task; that of a success chosen, since the call was made",
        "The code of a call about a failed task is that of a success, too.",
        partial(_code, failed=True),
        Need.ADMIN,
    ),
    rule(
        "webhook/text-member",
        MUST,
        "webhooks page has message, the oldest callbacks msg: the switch callback_text_member",
        "The text stands in the member that the dialect has.",
        text_member,
        Need.ADMIN,
    ),
    rule(
        "webhook/request-id",
        MUST,
        "submit-task page: another id; webhooks page: the one that was returned: the switch callback_task_id",
        "The id at the top is another one than the task's, or the same, as the dialect says.",
        request_id,
        Need.ADMIN,
    ),
    rule(
        "webhook/text",
        SHOULD,
        'webhooks page: "SUCCESS", for example; docs silent: of a failed task',
        f"The text of a call is {SUCCESS}.",
        text,
        Need.ADMIN,
    ),
    rule(
        "webhook/own-request-id",
        SHOULD,
        "submit-task and webhooks pages: the id of the original request; docs silent: its form",
        "Each task has an id at the top of its own, the same in every call about it.",
        own_request_id,
        Need.ADMIN,
    ),
)
