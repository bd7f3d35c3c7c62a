"""The account behind a key: its balance, what it was charged, how fast it may call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class ChargeKind(StrEnum):
    SUBMIT = "submit"
    DOWNLOAD = "download"
    ASSET_DOWNLOAD = "asset_download"


@dataclass(frozen=True, slots=True)
class Charge:
    """Money taken: for which task or asset, how much, and when (milliseconds)."""

    subject: str
    kind: ChargeKind
    micro_dollars: int
    at: int


@dataclass(frozen=True, slots=True)
class Account:
    """None: an unlimited `balance`, no `rate_limit` (requests a second for each operation), no `webhook_url`."""

    balance: int | None = None  # micro-dollars
    rate_limit: float | None = None
    webhook_url: str | None = None
    disabled: bool = False


def affords(account: Account, price: int) -> bool:
    return account.balance is None or account.balance >= price


def paid(account: Account, price: int) -> Account:
    """*account* after paying *price* micro-dollars. Never refunded: see the cancel-task page."""
    return account if account.balance is None else replace(account, balance=account.balance - price)


def admitted(
    recent: Mapping[str, tuple[int, ...]], operation: str, rate_limit: float, now: int
) -> dict[str, tuple[int, ...]] | None:
    """
    The calls to remember once *operation* is let through at *now*, or None when it is too fast.

    At most `rate_limit` calls in any second (whole calls: 1.5 lets one through); below one a second, one call in
    each 1/rate_limit seconds.
    Calls that were refused do not count (docs silent).
    """
    window = 1_000 / min(rate_limit, 1)
    calls = tuple(at for at in recent.get(operation, ()) if at > now - window)
    if len(calls) >= max(int(rate_limit), 1):
        return None
    return {**recent, operation: (*calls, now)}
