"""The rate limit: when it strikes, and how it says so (rate-limit page)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from screenplay_contracts.server import answers
from screenplay_contracts.server.checks.looking import MUST, SHOULD, TOO_MANY, is_limited, refused
from screenplay_contracts.server.checks.saying import answered, kept
from screenplay_contracts.server.checks.times import moment
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from screenplay_contracts.server.recording import AccountHistory, Call, Recording
    from screenplay_contracts.verdict import Outcome

A_SECOND = timedelta(seconds=1)


def _limited_calls(account: AccountHistory) -> Iterator[tuple[Call, datetime, datetime | None]]:
    """
    (call, its time, the time of the last one of its operation that was let through) while the limit is one a second.

    Times are those of the sandbox.
    """
    limits = [
        (one.number, one.answer.get("rate_limit"))
        for one in account.admin
        if isinstance(one.answer, dict) and "rate_limit" in one.answer
    ]
    last: dict[str, datetime] = {}
    for call in account.calls:
        before = [limit for number, limit in limits if number < call.number]
        at = moment(call.exchange.virtual_at)
        if not before or before[-1] != 1 or at is None or call.operation is None or call.status is None:
            continue
        yield call, at, last.get(call.operation)
        if call.succeeded:
            last[call.operation] = at


def strikes(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        for call, at, last in _limited_calls(account):
            if last is not None and at - last < A_SECOND:
                expected = answers.limited(recorded.dialect)
                yield kept(is_limited(recorded, call), str(expected), answered(call), call)


def lets_through(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        for call, at, last in _limited_calls(account):
            if last is None or at - last >= A_SECOND:
                yield kept(not is_limited(recorded, call), "a call a second later is let through", answered(call), call)


def says_so(recorded: Recording) -> Iterator[Outcome]:
    expected = answers.limited(recorded.dialect)
    for call in recorded.calls:
        if call.status == TOO_MANY or is_limited(recorded, call):
            yield refused(call, expected)


SOURCE = "rate-limit page: 429; upload page: 400 and another text: the switch rate_limit"

RULES = (
    rule(
        "limit/strikes",
        MUST,
        f"{SOURCE}; one request a second",
        "A second call within a second is refused.",
        strikes,
        Need.ADMIN,
    ),
    rule(
        "limit/lets-through",
        MUST,
        "rate-limit page: one request a second",
        "A call a second later is not.",
        lets_through,
        Need.ADMIN,
    ),
    rule(
        "limit/answer",
        SHOULD,
        f"{SOURCE}; the text of the 429 is known from a third party alone",
        "What comes too fast is answered as the dialect says, with its text.",
        says_so,
        Need.MAGIC,
    ),
)
