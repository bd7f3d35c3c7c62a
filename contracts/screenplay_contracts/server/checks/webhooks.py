"""When the account's webhook is called: by what came to a receiver, not by what the server says it sent."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import magic
from screenplay_contracts.server.checks.downloads import first_magic
from screenplay_contracts.server.checks.looking import MUST, SHOULD
from screenplay_contracts.server.checks.saying import kept, shown
from screenplay_contracts.server.recording import TERMINAL, told_task
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.exchange import Received
    from screenplay_contracts.server.recording import AccountHistory, Recording, TaskHistory
    from screenplay_contracts.verdict import Outcome

TOLD = frozenset({"completed", "failed"})  # submit-task page: the final status of a call
OK = 200


def known_task(recorded: Recording) -> Iterator[Outcome]:
    tasks = {(task.account, task.id) for task in recorded.tasks}
    lost = {call.account for call in recorded.of("submitTask") if call.status is None}
    for one in recorded.received:
        told = told_task(one.payload)
        if one.account not in lost:  # whose task is one that nobody was told of
            yield kept((one.account, told) in tasks, "data.task_id of a task of this account", shown(told), one)


def _ends(recorded: Recording) -> Iterator[tuple[TaskHistory, Received, dict[str, Any], dict[str, Any]]]:
    """(task, call, its data, data of the status) of each webhook call about a task that was seen to end."""
    for task in recorded.tasks:
        ends = (call for call, status in task.seen if status in TERMINAL and call.operation == "getTask")
        end = next(ends, None)
        for one in task.received:
            if end is not None and isinstance(one.payload.get("data"), dict):
                yield task, one, one.payload["data"], dict(end.data)


def agrees(recorded: Recording) -> Iterator[Outcome]:
    for _, one, told, seen in _ends(recorded):
        members = ("status", "error_code", "error_message")
        is_so = all(told.get(name) == seen.get(name) for name in members)
        yield kept(is_so, f"what the status call says: {shown(seen)}", shown(told), one)


def _settled(recorded: Recording) -> Iterator[tuple[AccountHistory, TaskHistory, str]]:
    """(account, task, its end) of each task that ended before all that was planned of its sandbox had happened."""
    for account in recorded.accounts:
        idle = [one.number for one in account.admin if _is_idle(one.path, one.sent) and one.status == OK]
        for task in recorded.tasks:
            if task.account == account.label and task.submission is not None and idle and _has_webhook(account, task):
                end = next(((call, status) for call, status in task.seen if status in TERMINAL), None)
                if end is not None and task.submission.number < idle[-1]:
                    yield account, task, end[1]


def _is_idle(path: str, sent: Any) -> bool:
    return path.endswith("/clock/advance") and isinstance(sent, dict) and sent.get("to") == "idle"


def _has_webhook(account: AccountHistory, task: TaskHistory) -> bool:
    """Whether the account had a webhook when the task was submitted, by what the admin API said last."""
    urls = [
        one.answer["webhook_url"]
        for one in account.admin
        if isinstance(one.answer, dict) and "webhook_url" in one.answer and one.number < _begin(task)
    ]
    return bool(urls) and urls[-1] is not None


def _begin(task: TaskHistory) -> int:
    return 0 if task.submission is None else task.submission.number


def _taken(task: TaskHistory) -> list[Received]:
    """The calls that were answered with 2xx."""
    return [one for one in task.received if 200 <= one.status < 300]  # noqa: PLR2004 - HTTP's successes


def called(recorded: Recording) -> Iterator[Outcome]:
    for _, task, end in _settled(recorded):
        if end in TOLD and first_magic(recorded, task) != magic.NO_WEBHOOK:
            evidence = () if task.submission is None else (task.submission,)
            yield kept(bool(task.received), f"a webhook call, since the task is {end}", "none", *evidence)


def once(recorded: Recording) -> Iterator[Outcome]:
    for task in recorded.tasks:
        taken = _taken(task)
        if taken and first_magic(recorded, task) != magic.FIVE_WEBHOOKS:
            yield kept(len(taken) == 1, "one call that was answered with 2xx", f"{len(taken)}", *taken)


def not_when_cancelled(recorded: Recording) -> Iterator[Outcome]:
    for _, task, end in _settled(recorded):
        if end == "cancelled":
            yield kept(
                not task.received, "no call, since the task was cancelled", f"{len(task.received)}", *task.received
            )


def retried(recorded: Recording) -> Iterator[Outcome]:
    for _, task, _ in _settled(recorded):
        refused = [one for one in task.received if one not in _taken(task)]
        if refused:
            later = [one for one in task.received if one.number > refused[0].number]
            is_so = bool(_taken(task)) and all(one.body == refused[0].body for one in later)
            yield kept(is_so, "the same call again until it is answered with 2xx", f"{len(later)} more", *task.received)


def no_redirects(recorded: Recording) -> Iterator[Outcome]:
    redirected = [one for one in recorded.received if 300 <= one.status < 400]  # noqa: PLR2004 - HTTP's redirects
    if redirected:
        followed = [one for one in recorded.received if "/elsewhere/" in one.path]
        yield kept(not followed, "no call at the place of a redirect", f"{len(followed)}", *redirected, *followed)


def deliveries(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        told = [one for one in account.admin if one.path.endswith("/deliveries") and one.method == "GET"]
        if not told or not isinstance(told[-1].answer, dict):
            continue
        came = Counter(shown(one.payload) for one in account.received if one.number < told[-1].number)
        listed: Counter[str] = Counter()
        for one in _objects(told[-1].answer.get("deliveries")):
            if attempts := len(_objects(one.get("attempts"))):
                listed[shown(one.get("payload"))] += attempts
        if listed or came:
            yield kept(listed == came, f"what came: {shown(came)}", f"deliveries {shown(listed)}", told[-1])


def _objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; none where *value* is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


RULES = (
    rule(
        "webhook/known-task", MUST, "submit-task page", "data.task_id is a task of the account.", known_task, Need.ADMIN
    ),
    rule(
        "webhook/agrees-with-status",
        MUST,
        "submit-task and get-task-status pages",
        "A call tells the same end, and the same error, as the status call.",
        agrees,
        Need.ADMIN,
    ),
    rule(
        "webhook/called",
        MUST,
        "webhooks page",
        "The webhook is called when a task completes or fails.",
        called,
        Need.ADMIN,
    ),
    rule(
        "webhook/once-per-task",
        SHOULD,
        "submit-task page: when the task ends; docs silent: duplicates",
        "Once a call was answered with 2xx, the task is told no more.",
        once,
        Need.ADMIN,
    ),
    rule(
        "webhook/not-when-cancelled",
        SHOULD,
        "docs silent: chosen, because the page names two final statuses",
        "A cancelled task calls nobody.",
        not_when_cancelled,
        Need.ADMIN,
    ),
    rule(
        "webhook/retried",
        SHOULD,
        "webhooks page: return 2xx on success; docs silent: retries",
        "A call that was not answered with 2xx is made again, with the same payload.",
        retried,
        Need.ADMIN,
    ),
    rule(
        "webhook/no-redirects",
        SHOULD,
        "docs silent: chosen, for safety",
        "A redirect is not followed.",
        no_redirects,
        Need.ADMIN,
    ),
    rule(
        "webhook/deliveries-listed",
        MUST,
        "docs silent: the fake's own admin API",
        "The admin API lists the calls that came, and no others.",
        deliveries,
        Need.ADMIN,
    ),
)
