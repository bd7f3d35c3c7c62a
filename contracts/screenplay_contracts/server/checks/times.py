"""Timestamps, and virtual time, which only a fake has."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server.checks.looking import MUST, SHOULD
from screenplay_contracts.server.checks.saying import kept, shown
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Recording
    from screenplay_contracts.verdict import Outcome

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?").fullmatch
A_DAY = timedelta(days=1)
OK, CONFLICT = 200, 409


def moment(text: Any) -> datetime | None:
    """*text* as a point in time; None where it is no ISO 8601. Docs silent: the zone; where there is none it is UTC."""
    if not isinstance(text, str) or not ISO(text):
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def created_at(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.of("submitTask"):
        if call.succeeded:
            given = call.data.get("created_at")
            yield kept(moment(given) is not None, "created_at, ISO 8601", f"created_at {shown(given)}", call)


def created_at_zone(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.of("submitTask"):
        given = call.data.get("created_at")
        if call.succeeded and isinstance(given, str) and moment(given) is not None:
            yield kept(given.endswith("Z"), "created_at in UTC, with Z", f"created_at {shown(given)}", call)


def created_now(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.of("submitTask"):
        created, now = moment(call.data.get("created_at")), moment(call.exchange.virtual_at)
        if call.succeeded and created is not None and now is not None:
            is_so = abs(now - created) < timedelta(seconds=1)
            yield kept(is_so, f"created_at {call.exchange.virtual_at}, the time of the sandbox", f"{created}", call)


def stands_still(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        moved = [one.number for one in account.admin if one.method != "GET"]
        for task in recorded.tasks:
            if task.account != account.label:
                continue
            answers = [call for call in task.calls if call.succeeded and call.operation in {"getTask", "cancelTask"}]
            for before, after in pairwise(answers):
                asked = before.operation == after.operation == "getTask" and before.exchange.virtual_at is not None
                if asked and not any(before.number < one < after.number for one in moved):
                    between = [call for call in task.calls if before.number < call.number < after.number]
                    if not any(call.operation == "cancelTask" for call in between):
                        same = before.data == after.data
                        yield kept(same, "the same answer, since no time has passed", shown(after.data), before, after)


def advances(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        for exchange in account.admin:
            sent = exchange.sent if isinstance(exchange.sent, dict) else {}
            seconds, before = sent.get("seconds"), moment(exchange.virtual_at)
            is_advance = exchange.path.endswith("/clock/advance") and exchange.status == OK
            if is_advance and before is not None and isinstance(seconds, int | float):
                now = moment(exchange.answer.get("now") if isinstance(exchange.answer, dict) else None)
                yield kept(now == before + timedelta(seconds=seconds), f"{seconds} s later", f"{now}", exchange)


def never_back(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        for exchange in account.admin:
            sent = exchange.sent if isinstance(exchange.sent, dict) else {}
            wanted, now = moment(sent.get("now")), moment(exchange.virtual_at)
            if exchange.path.endswith("/clock") and wanted is not None and now is not None and wanted < now:
                yield kept(exchange.status == CONFLICT, "409: no clock goes back", f"HTTP {exchange.status}", exchange)


def own_clock(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        shows = [one for one in account.admin if one.path.endswith("/clock") and one.method == "GET"]
        changes = [one.number for one in account.admin if one.method != "GET"]
        for before, after in pairwise(shows):
            others = [one for one in recorded.admin if before.number < one.number < after.number]
            moved = [one for one in others if one.account != account.label and one.path.endswith("/clock/advance")]
            if moved and not any(before.number < one < after.number for one in changes):
                same = before.answer == after.answer
                yield kept(
                    same, f"{shown(before.answer)}: only another clock has moved", shown(after.answer), *moved, after
                )


def date_is_wall_time(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.calls:
        at, given = moment(call.exchange.at), call.exchange.header("Date")
        if given is not None and at is not None:
            date = _date(given)
            is_so = date is not None and abs(date - at) < A_DAY
            yield kept(is_so, f"Date near {call.exchange.at}", f"Date: {given}", call)


def _date(text: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(text or "")
    except (ValueError, TypeError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date


FAKE = "docs silent: the fake's own virtual time"

RULES = (
    rule(
        "time/created-at",
        MUST,
        "submit-task page: ISO 8601",
        "created_at is ISO 8601.",
        created_at,
        Need.MONEY,
    ),
    rule(
        "time/created-at-zone",
        SHOULD,
        "docs silent: the zone; that of the submit-task page's example",
        "created_at is in UTC, and says so with Z.",
        created_at_zone,
        Need.MONEY,
    ),
    rule("time/created-now", MUST, FAKE, "created_at is the time of the sandbox.", created_now, Need.ADMIN),
    rule("time/stands-still", MUST, FAKE, "While no time passes, nothing happens to a task.", stands_still, Need.ADMIN),
    rule("time/advances", MUST, FAKE, "An advance moves the clock by as much as was asked for.", advances, Need.ADMIN),
    rule("time/never-back", MUST, FAKE, "No clock goes back.", never_back, Need.ADMIN),
    rule("time/own-clock", MUST, FAKE, "The clock of one sandbox does not move another's.", own_clock, Need.ADMIN),
    rule(
        "time/date-is-wall-time",
        SHOULD,
        "RFC 9110, 6.6.1; docs silent: what a client compares with its own clock is wall time",
        "The header Date is the time of the world.",
        date_is_wall_time,
    ),
)
