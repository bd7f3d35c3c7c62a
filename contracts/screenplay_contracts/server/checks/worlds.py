"""Magic assets, which provoke an outcome, and seeds, which bring the same again: only a fake has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.server import answers, magic, shapes
from screenplay_contracts.server.checks.downloads import first_magic
from screenplay_contracts.server.checks.looking import MUST, credential
from screenplay_contracts.server.checks.saying import answered, kept, shown
from screenplay_contracts.server.recording import TERMINAL
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

FAKE = "docs silent: the fake's own"


def _submissions(recorded: Recording, *magic_ids: str) -> Iterator[tuple[Call, str, bool]]:
    """(submission, its magic id, whether it is the first with that id) of those with one episode, a magic one."""
    seen: set[tuple[str, str]] = set()
    for call in recorded.of("submitTask"):
        if recorded.fake and not shapes.faults(call.sent) and credential(recorded, call) == "good":
            ids = [asset_id for _, asset_id in shapes.episodes_of(call.sent)]
            if len(ids) == 1 and ids[0] in magic_ids:
                yield call, ids[0], (call.account, ids[0]) not in seen
                seen.add((call.account, ids[0]))


def submissions(recorded: Recording) -> Iterator[Outcome]:
    always = {magic.BROKE: answers.NO_BALANCE.status}
    first = {magic.LIMITED: answers.limited(recorded.dialect).status, magic.ERROR: answers.INTERNAL.status}
    for call, magic_id, is_first in _submissions(recorded, *always, *first):
        status = always.get(magic_id) or (first[magic_id] if is_first else 200)
        if call.msg == answers.NO_WEBHOOK.text:
            continue  # docs silent: what is told first, where there is no webhook either
        yield kept(call.status == status, f"HTTP {status}, by the magic asset {magic_id}", answered(call), call)


def lost_answers(recorded: Recording) -> Iterator[Outcome]:
    for call, _, _ in _submissions(recorded, magic.LOST):
        yield kept(call.status is None, "a connection that closes without an answer", answered(call), call)


def tasks(recorded: Recording) -> Iterator[Outcome]:
    ends = {magic.COMPLETES: "completed", magic.FAILS: "failed", magic.STUCK: "running"}
    ends |= dict.fromkeys((magic.NO_FILES, magic.NO_RESULT, magic.NO_WEBHOOK, magic.FIVE_WEBHOOKS), "completed")
    for task in recorded.tasks:
        expected = ends.get(first_magic(recorded, task) or "")
        seen = [(call, status) for call, status in task.seen if status in TERMINAL and call.operation == "getTask"]
        if expected == "running":
            others = [(call, status) for call, status in seen if status != "cancelled"]
            if task.asked("getTask"):
                yield kept(
                    not others,
                    "a task that never ends",
                    shown([status for _, status in others]),
                    *(c for c, _ in others),
                )
        elif expected is not None and seen and seen[0][1] != "cancelled":
            call, status = seen[0]
            code = call.data.get("error_code", magic.FAILURE_CODE)
            yield kept(status == expected and code == magic.FAILURE_CODE, f"{expected}", shown(call.data), call)


def at_once(recorded: Recording) -> Iterator[Outcome]:
    for task in recorded.tasks:
        polls = task.asked("getTask")
        if first_magic(recorded, task) == magic.COMPLETES and polls and polls[0].succeeded:
            status = polls[0].data.get("status")
            yield kept(status == "completed", "completed, at the first look", shown(status), polls[0])


def webhooks(recorded: Recording) -> Iterator[Outcome]:
    counts = {magic.NO_WEBHOOK: 0, magic.FIVE_WEBHOOKS: 5}
    idle = {
        one.account: one.number
        for one in recorded.admin
        if isinstance(one.sent, dict) and one.sent.get("to") == "idle" and one.path.endswith("/clock/advance")
    }
    for task in recorded.tasks:
        expected = counts.get(first_magic(recorded, task) or "")
        settled = task.submission is not None and idle.get(task.account, 0) > task.submission.number
        if expected is not None and settled:
            yield kept(
                len(task.received) == expected, f"{expected} webhook calls", f"{len(task.received)}", *task.received
            )


def same_again(recorded: Recording) -> Iterator[Outcome]:
    accounts = {account.label: account for account in recorded.accounts}
    for label, account in accounts.items():
        again = accounts.get(f"{label}-again")
        if again is None:
            continue
        for before, after in zip(account.calls, again.calls, strict=False):
            first, second = before.exchange, after.exchange
            is_so = (first.status, first.response_body) == (second.status, second.response_body)
            yield kept(is_so, "the same answer as before the sandbox began anew", answered(after), before, after)


RULES = (
    rule(
        "magic/submissions", MUST, FAKE, "Magic assets refuse a submission as the table says.", submissions, Need.MAGIC
    ),
    rule("magic/lost-answer", MUST, FAKE, "One accepts it and closes the connection.", lost_answers, Need.MAGIC),
    rule("magic/tasks", MUST, FAKE, "Magic assets lead a task to the end that the table says.", tasks, Need.MAGIC),
    rule("magic/at-once", MUST, FAKE, "One completes a task at once.", at_once, Need.MAGIC),
    rule("magic/webhooks", MUST, FAKE, "One calls no webhook, one five times.", webhooks, Need.ADMIN),
    rule(
        "seed/same-again",
        MUST,
        FAKE,
        "The same seed and the same requests bring the same answers.",
        same_again,
        Need.ADMIN,
    ),
)
