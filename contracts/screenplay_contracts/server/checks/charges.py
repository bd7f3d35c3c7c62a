"""What an account is charged (submit-task, cancel-task and download pages), as the admin API of a fake tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import archives, money, shapes
from screenplay_contracts.server.assets import Assets
from screenplay_contracts.server.checks.looking import MUST, SHOULD
from screenplay_contracts.server.checks.saying import kept, shown
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.server.recording import AccountHistory, Call, Recording
    from screenplay_contracts.verdict import Outcome

Charge = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """What the admin API said of an account at one place of the recording."""

    exchange: Exchange
    balance: int | None
    charges: tuple[Charge, ...]

    def of(self, kind: str, subject: str) -> list[Any]:
        """The amounts of one kind for one task or asset."""
        whose = "asset_id" if kind == "asset_download" else "task_id"
        return [
            one.get("micro_dollars") for one in self.charges if one.get("kind") == kind and one.get(whose) == subject
        ]


def looks(account: AccountHistory) -> tuple[Look, ...]:
    found = []
    for exchange in account.admin:
        answer = exchange.answer if isinstance(exchange.answer, dict) else {}
        charges = answer.get("charges")
        if exchange.path.endswith("/account") and isinstance(charges, list):
            balance = answer.get("balance_micro_dollars")
            known = tuple(one for one in charges if isinstance(one, dict))
            found.append(Look(exchange, balance if type(balance) is int else None, known))
    return tuple(found)


def _after(account: AccountHistory) -> Iterator[tuple[Look, Mapping[str, list[Call]]]]:
    """The last look at an account, and what had succeeded by then: submissions and downloads by task or asset."""
    last = next(reversed(looks(account)), None)
    if last is None:
        return
    done: dict[str, list[Call]] = {"submitTask": [], "downloadTask": [], "downloadAsset": []}
    for call in account.calls:
        if call.operation in done and call.succeeded and call.number < last.exchange.number:
            done[call.operation].append(call)
    yield last, done


def price_range(assets: Assets, call: Call) -> tuple[int, int]:
    """The least and the most that an accepted submission costs, by what is known of its videos."""
    if shapes.faults(call.sent):
        return 0, 0
    known = [assets.at(call.account, asset_id, call.number) for _, asset_id in shapes.episodes_of(call.sent)]
    seconds = [None if one is None else one.seconds for one in known]
    lengths = [one for one in seconds if one is not None]
    total = call.data.get("total_duration_seconds")
    if len(lengths) == len(seconds):
        return price_of(lengths)
    if not isinstance(total, int | float):
        return 0, 5 * money.DOLLAR * len(seconds)
    least = money.price_of_episodes([max(total, 0.001)])
    return least, least if len(seconds) == 1 else least + (len(seconds) - 1) * money.DOLLAR


def price_of(lengths: Sequence[float]) -> tuple[int, int]:
    """The least and the most that episodes cost. Docs silent: whether 60.0 s are one minute or two."""
    exact = money.price_of_episodes(lengths)
    return exact, exact + money.DOLLAR * sum(_is_whole(one) for one in lengths)


def _is_whole(seconds: float) -> bool:
    """Whether it is so many minutes, to the millisecond."""
    return seconds > 0 and round(seconds * 1000) % 60_000 == 0


def charged_once(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        for look, done in _after(account):
            for call in done["submitTask"]:
                amounts = look.of("submit", str(call.data.get("task_id")))
                yield kept(len(amounts) == 1, "one charge for the task", f"charges {amounts}", call, look.exchange)


def price(recorded: Recording) -> Iterator[Outcome]:
    assets = Assets(recorded)
    for account in recorded.accounts:
        for look, done in _after(account):
            for call in done["submitTask"]:
                if shapes.faults(call.sent):
                    continue  # which should not have been accepted
                least, most = price_range(assets, call)
                for amount in look.of("submit", str(call.data.get("task_id")))[:1]:
                    is_so = type(amount) is int and least <= amount <= most
                    expected = f"{least} micro-dollars" if least == most else f"{least} to {most} micro-dollars"
                    yield kept(is_so, expected, f"{amount}", call, look.exchange)


def whole_minutes(recorded: Recording) -> Iterator[Outcome]:
    assets = Assets(recorded)
    for account in recorded.accounts:
        for look, done in _after(account):
            for call in done["submitTask"]:
                least, _ = price_range(assets, call)
                amounts = look.of("submit", str(call.data.get("task_id")))
                if _is_of_whole_minutes(assets, call) and amounts:
                    yield kept(amounts[0] == least, f"{least} micro-dollars", f"{amounts[0]}", call, look.exchange)


def _is_of_whole_minutes(assets: Assets, call: Call) -> bool:
    known = [] if shapes.faults(call.sent) else [asset_id for _, asset_id in shapes.episodes_of(call.sent)]
    found = [assets.at(call.account, asset_id, call.number) for asset_id in known]
    lengths = [one.seconds for one in found if one is not None and one.seconds is not None]
    return len(lengths) == len(known) and any(map(_is_whole, lengths))


def refused_is_free(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        for look, done in _after(account):
            paid = {str(one.get("task_id")) for one in look.charges if one.get("kind") == "submit"}
            known = {str(call.data.get("task_id")) for call in done["submitTask"]}
            asked = [call for call in account.calls if call.operation == "submitTask"]
            asked = [call for call in asked if call.number < look.exchange.number]
            lost = sum(call.status is None for call in asked)
            if any(call.status is not None and not call.succeeded for call in asked):
                strangers = sorted(paid - known)
                yield kept(len(strangers) <= lost, "no charge for what was refused", shown(strangers), look.exchange)


def lost_is_charged(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        for look, done in _after(account):
            asked = [call for call in account.calls if call.operation == "submitTask" and call.status is None]
            if asked:
                known = {str(call.data.get("task_id")) for call in done["submitTask"]}
                paid = {str(one.get("task_id")) for one in look.charges if one.get("kind") == "submit"} - known
                yield kept(
                    len(paid) == len(asked), f"{len(asked)} charges whose answer was lost", shown(sorted(paid)), *asked
                )


def no_refund(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        cancelled = [call for call in account.calls if call.operation == "cancelTask" and call.succeeded]
        for look, _ in _after(account):
            for call in (one for one in cancelled if one.number < look.exchange.number):
                amounts = look.of("submit", call.subject or "")
                is_so = bool(amounts) and all(type(one) is int and one > 0 for one in amounts)
                yield kept(
                    is_so, "the charge of the cancelled task, not refunded", f"charges {amounts}", call, look.exchange
                )


def download_price(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        for look, done in _after(account):
            for task_id in {call.subject for call in done["downloadTask"]}:
                calls = [call for call in done["downloadTask"] if call.subject == task_id]
                if any(call.exchange.response_body is None for call in calls):
                    continue
                sizes = [archives.opened(call.exchange.response_body or b"").size for call in calls]
                expected = [money.price_of_download(size) for size in sizes]
                amounts = look.of("download", task_id or "")
                yield kept(amounts == expected, f"charges {expected}", f"{amounts}", *calls, look.exchange)


def asset_download_price(recorded: Recording) -> Iterator[Outcome]:
    for account in recorded.accounts:
        for look, done in _after(account):
            for asset_id in {call.subject for call in done["downloadAsset"]}:
                calls = [call for call in done["downloadAsset"] if call.subject == asset_id]
                expected = [money.price_of_download(len(call.exchange.response_body or b"")) for call in calls]
                amounts = look.of("asset_download", asset_id or "")
                yield kept(amounts == expected, f"charges {expected}", f"{amounts}", *calls, look.exchange)


SUBMIT, RESULT = "submit-task page: $1.00 a minute", "download-task-result page: $0.12 a GB of original sizes"

RULES = (
    rule("submit/charged-once", MUST, SUBMIT, "A task that was accepted is charged once.", charged_once, Need.ADMIN),
    rule(
        "money/price",
        MUST,
        f"{SUBMIT}, rounded up per episode; docs silent: whether 60.0 s are one minute",
        "Each started minute of each episode costs a dollar.",
        price,
        Need.ADMIN,
    ),
    rule(
        "money/whole-minutes",
        SHOULD,
        "docs silent: 60.0 s are one minute chosen",
        "Whole minutes cost a dollar each, and none more.",
        whole_minutes,
        Need.ADMIN,
    ),
    rule(
        "money/refused-is-free",
        MUST,
        SUBMIT,
        "A submission that was refused costs nothing.",
        refused_is_free,
        Need.ADMIN,
    ),
    rule(
        "money/lost-is-charged",
        MUST,
        "docs silent: the fake's own magic asset, so that clients can be tested",
        "A submission whose answer was lost has been charged.",
        lost_is_charged,
        Need.ADMIN,
    ),
    rule(
        "money/no-refund",
        MUST,
        "cancel-task page",
        "What was charged is not refunded on cancel.",
        no_refund,
        Need.ADMIN,
    ),
    rule(
        "money/download-price",
        MUST,
        f"{RESULT}; docs silent: each download is charged, rounded up to a micro-dollar",
        "Each download of a result is charged by the sizes of its files.",
        download_price,
        Need.ADMIN,
    ),
    rule(
        "money/asset-download-price",
        MUST,
        "download page: $0.12 a GB",
        "Each download of an asset is charged by its size.",
        asset_download_price,
        Need.ADMIN,
    ),
)
