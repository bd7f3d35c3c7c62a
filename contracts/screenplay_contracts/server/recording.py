"""What was recorded of a server, sorted for checks: by operation, by account, by task."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server.dialect import DIALECTS, Dialect
from screenplay_contracts.server.operations import ADMIN, BASE_PATH, below, found

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from screenplay_contracts.exchange import Exchange, Received

TERMINAL = frozenset({"completed", "failed", "cancelled"})
FILES = frozenset({"downloadTask", "downloadAsset"})
ROUNDED = 0.001  # seconds by which a recorded time may be too early


@dataclass(frozen=True, slots=True)
class Call:
    """
    An exchange with the API. `operation` None: no operation has this method and path.

    `path` is below the base path; `subject` is the task id, asset id or token that it is about.
    """

    exchange: Exchange
    path: str
    operation: str | None
    subject: str | None
    legacy: bool = False

    @property
    def number(self) -> int:
        return self.exchange.number

    @property
    def account(self) -> str:
        return self.exchange.account

    @property
    def status(self) -> int | None:
        return self.exchange.status

    @property
    def succeeded(self) -> bool:
        """Whether the HTTP status says so."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP's successes

    @property
    def sent(self) -> Any:
        return self.exchange.sent

    @property
    def answer(self) -> Any:
        return self.exchange.answer

    @property
    def data(self) -> Mapping[str, Any]:
        """`data` of the answer; empty where it is no object."""
        data = self.answer.get("data") if isinstance(self.answer, dict) else None
        return data if isinstance(data, dict) else {}

    @property
    def msg(self) -> Any:
        return self.answer.get("msg") if isinstance(self.answer, dict) else None


@dataclass(frozen=True, slots=True)
class TaskHistory:
    """
    All that one account's task was asked, in order, and what its webhook was told of it.

    `submission` None: it was accepted before the recording began. `unordered` are the numbers of calls that were under
    way at the same time as another one about the task: which was answered first is not known.
    """

    account: str
    id: str
    submission: Call | None
    calls: tuple[Call, ...]
    received: tuple[Received, ...] = ()
    unordered: frozenset[int] = frozenset()

    @property
    def seen(self) -> tuple[tuple[Call, str], ...]:
        """(call, status) for each answer that says how the task is, the submission's included, in order."""
        first = () if self.submission is None else (self.submission,)
        ordered = (call for call in (*first, *self.calls) if call.number not in self.unordered)
        said = ((call, call.data.get("status")) for call in ordered if call.succeeded)
        return tuple((call, status) for call, status in said if isinstance(status, str))

    def seen_before(self, number: int) -> str | None:
        """The status that was last told before the place *number* of the recording."""
        return next((status for call, status in reversed(self.seen) if call.number < number), None)

    def asked(self, operation: str) -> tuple[Call, ...]:
        return tuple(call for call in self.calls if call.operation == operation)


@dataclass(frozen=True, slots=True)
class AccountHistory:
    """What one account asked the API, and the admin API of a fake, in order; and what its webhook was told."""

    label: str
    calls: tuple[Call, ...]
    admin: tuple[Exchange, ...]
    received: tuple[Received, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """
    `fake` says that the server is known to have magic assets and keys, `shows_keys` that the recording tells which
    calls came with a key.
    """

    dialect: Dialect
    calls: tuple[Call, ...]
    admin: tuple[Exchange, ...] = ()
    received: tuple[Received, ...] = ()
    fake: bool = False
    shows_keys: bool = True
    tasks: tuple[TaskHistory, ...] = ()
    accounts: tuple[AccountHistory, ...] = ()
    _by_operation: Mapping[str | None, tuple[Call, ...]] = field(default_factory=dict, repr=False)

    def of(self, *operations: str | None) -> tuple[Call, ...]:
        """The calls of some operations, in order."""
        if len(operations) == 1:
            return self._by_operation.get(operations[0], ())
        return tuple(call for call in self.calls if call.operation in operations)


def recording(
    exchanges: Iterable[Exchange],
    received: Iterable[Received] = (),
    *,
    dialect: Dialect = DIALECTS["documented"],
    base_path: str = BASE_PATH,
    fake: bool = False,
) -> Recording:
    """What can be said of *exchanges*, in the order of their numbers; those that are not the API's are left out."""
    calls: list[Call] = []
    admin: list[Exchange] = []
    for exchange in sorted(exchanges, key=lambda one: one.number):
        path = exchange.path
        rest = below(path, base_path)
        if rest is not None:
            calls += _known(_call(exchange, rest))
        elif path.startswith(ADMIN):
            admin.append(exchange)
    deliveries = tuple(sorted(received, key=lambda one: one.number))
    by_operation: dict[str | None, list[Call]] = defaultdict(list)
    for call in calls:
        by_operation[call.operation].append(call)
    return Recording(
        dialect,
        tuple(calls),
        tuple(admin),
        deliveries,
        fake,
        any(call.exchange.sent_header("Authorization") for call in calls),
        _tasks(calls, deliveries),
        _accounts(calls, admin, deliveries),
        {operation: tuple(some) for operation, some in by_operation.items()},
    )


def _known(call: Call) -> tuple[Call, ...]:
    """*call*, unless its answer was not recorded: only of a file it is enough to know that it came."""
    is_file = call.succeeded and call.operation in FILES
    return (call,) if call.exchange.response_body is not None or call.status is None or is_file else ()


def _call(exchange: Exchange, path: str) -> Call:
    match = found(exchange.method, path)
    if match is None:
        return Call(exchange, path, None, None)
    operation, subject = match
    return Call(exchange, path, operation.id, subject, operation.legacy)


def _tasks(calls: Iterable[Call], received: Iterable[Received]) -> tuple[TaskHistory, ...]:
    """A task is known by its submission, or by a status that its account was told."""
    submissions: dict[tuple[str, str], Call | None] = {}
    asked: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in calls:
        told = call.data.get("task_id")
        if call.operation == "submitTask":
            if call.succeeded and isinstance(told, str):
                submissions.setdefault((call.account, told), call)
        elif call.operation in {"getTask", "cancelTask", "downloadTask"} and call.subject is not None:
            asked[call.account, call.subject].append(call)
            if call.succeeded:
                submissions.setdefault((call.account, call.subject), None)
    heard: dict[tuple[str, str], list[Received]] = defaultdict(list)
    for one in received:
        heard[one.account, told_task(one.payload)].append(one)
    return tuple(
        TaskHistory(
            account,
            task_id,
            submission,
            tuple(asked[account, task_id]),
            tuple(heard[account, task_id]),
            _unordered(asked[account, task_id]),
        )
        for (account, task_id), submission in submissions.items()
    )


def _unordered(calls: Iterable[Call]) -> frozenset[int]:
    """The numbers of those *calls* that were under way together with another one."""
    found: set[int] = set()
    last: tuple[float, int] | None = None  # the latest end so far, and whose it is
    for begin, end, number in sorted(_span(call.exchange) for call in calls if call.exchange.at):
        if last is not None and begin < last[0] - ROUNDED:
            found |= {number, last[1]}
        if last is None or end > last[0]:
            last = (end, number)
    return frozenset(found)


def _span(exchange: Exchange) -> tuple[float, float, int]:
    """From when to when *exchange* was under way, in seconds; where that is unreadable, at no time."""
    try:
        begin = datetime.fromisoformat(exchange.at).timestamp()
    except (ValueError, OverflowError):
        begin = float("inf")
    return begin, begin + exchange.seconds, exchange.number


def told_task(payload: Any) -> str:
    """The task of which a webhook call tells (`data.task_id`); empty where it tells of none."""
    data = payload.get("data") if isinstance(payload, dict) else None
    task_id = data.get("task_id") if isinstance(data, dict) else None
    return task_id if isinstance(task_id, str) else ""


def _accounts(
    calls: Iterable[Call], admin: Iterable[Exchange], received: Iterable[Received]
) -> tuple[AccountHistory, ...]:
    kept: dict[str, tuple[list[Call], list[Exchange], list[Received]]] = defaultdict(lambda: ([], [], []))
    for call in calls:
        kept[call.account][0].append(call)
    for exchange in admin:
        kept[exchange.account][1].append(exchange)
    for one in received:
        kept[one.account][2].append(one)
    return tuple(
        AccountHistory(label, tuple(some), tuple(asked), tuple(heard)) for label, (some, asked, heard) in kept.items()
    )
