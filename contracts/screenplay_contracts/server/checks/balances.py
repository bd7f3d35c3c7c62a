"""Balances: how they fall, and what happens when they do not cover a price (error-codes page: 402)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from screenplay_contracts.server import answers, shapes
from screenplay_contracts.server.assets import Assets
from screenplay_contracts.server.checks.charges import looks, price_range
from screenplay_contracts.server.checks.looking import MUST, SHOULD, ordinary, says
from screenplay_contracts.server.checks.saying import answered, kept, shown
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome


def balance(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        every = looks(account)
        for before, after in pairwise(every):
            if before.balance is None or after.balance is None or after.exchange.method != "GET":
                continue
            amounts = [one.get("micro_dollars") for one in after.charges[len(before.charges) :]]
            spent = sum(one for one in amounts if isinstance(one, int))
            expected = before.balance - spent
            evidence = (before.exchange, after.exchange)
            yield kept(after.balance == expected, f"a balance of {expected}", f"{after.balance}", *evidence)


def _unaffordable(recorded: Recording) -> Iterator[tuple[Call, bool]]:
    """Submissions of videos of known length right after a look at the balance, and whether that covered them."""
    assets, accounts = Assets(recorded), {account.label: account for account in recorded.accounts}
    every = {label: looks(account) for label, account in accounts.items()}
    for call in ordinary(recorded, "submitTask"):
        before = [look for look in every[call.account] if look.exchange.number < call.number]
        if shapes.faults(call.sent) or not before or before[-1].balance is None:
            continue
        since = before[-1].exchange.number
        between = [one for one in accounts[call.account].calls if since < one.number < call.number]
        least, most = price_range(assets, call)
        if not any(one.succeeded for one in between) and least == most:
            yield call, before[-1].balance >= least


def not_enough(recorded: Recording) -> Iterator[Outcome]:
    for call, affordable in _unaffordable(recorded):
        if not affordable:
            yield kept(call.status == answers.NO_BALANCE.status, "HTTP 402", answered(call), call)


def just_enough(recorded: Recording) -> Iterator[Outcome]:
    for call, affordable in _unaffordable(recorded):
        if affordable:
            yield kept(call.succeeded, "a submission that the balance covers is accepted", answered(call), call)


def not_enough_text(recorded: Recording) -> Iterator[Outcome]:
    for call in ordinary(recorded, "submitTask"):
        if call.status == answers.NO_BALANCE.status:
            yield kept(call.msg == answers.NO_BALANCE.text, answers.NO_BALANCE.text, shown(call.msg), call)


def not_enough_to_download(recorded: Recording) -> Iterator[Outcome]:
    assets, tasks = Assets(recorded), {(task.account, task.id): task for task in recorded.tasks}
    for account in recorded.accounts:
        every = looks(account)
        for call in account.calls:
            before = [look for look in every if look.exchange.number < call.number]
            if not before or before[-1].balance != 0 or call.status is None:
                continue
            task = tasks.get((call.account, call.subject or "")) if call.operation == "downloadTask" else None
            asset = assets.at(call.account, call.subject or "", call.number)
            is_file = call.operation == "downloadAsset" and asset is not None and asset.sure and asset.size is not None
            if is_file or (task is not None and task.seen_before(call.number) == "completed"):
                yield says(call, answers.NO_BALANCE_TO_DOWNLOAD)


RULES = (
    rule("money/balance", MUST, "error-codes page: 402", "The balance falls by what is charged.", balance, Need.ADMIN),
    rule(
        "money/not-enough",
        MUST,
        "error-codes page: 402",
        "What the balance does not cover is refused with 402.",
        not_enough,
        Need.ADMIN,
    ),
    rule(
        "money/just-enough",
        MUST,
        "error-codes page: 402",
        "What the balance just covers is accepted.",
        just_enough,
        Need.ADMIN,
    ),
    rule(
        "money/not-enough-text",
        SHOULD,
        "docs silent: the text, modelled on the download page",
        f"The refusal says `{answers.NO_BALANCE.text}`",
        not_enough_text,
        Need.MAGIC,
    ),
    rule(
        "money/not-enough-to-download",
        MUST,
        "download-task-result and download pages: the text; docs silent: the status",
        f"A download that the balance does not cover says `{answers.NO_BALANCE_TO_DOWNLOAD.text}`",
        not_enough_to_download,
        Need.ADMIN,
    ),
)
