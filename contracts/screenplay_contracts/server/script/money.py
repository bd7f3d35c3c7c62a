"""What is charged, and what happens when the balance does not cover it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import magic
from screenplay_contracts.server.account import CannotGoOn
from screenplay_contracts.server.media import VIDEO_SECONDS, tiny_mp4

if TYPE_CHECKING:
    from screenplay_contracts.server.account import Account
    from screenplay_contracts.server.session import Session

DOLLAR = 1_000_000


def added(account: Account, seconds: float) -> str:
    """A video of that length, made by the admin API."""
    answer = account.admin("POST", "/assets", {"duration_seconds": seconds}).answer
    asset_id = answer.get("asset_id") if isinstance(answer, dict) else None
    if not isinstance(asset_id, str):
        raise CannotGoOn("the admin API made no asset")
    account.knows_length(asset_id, seconds)
    return asset_id


def prices(session: Session) -> None:
    account = session.account()
    for lengths in ((60,), (60.1,), (0.5,), (299.9,), (30, 30), (61, 119.9, 120)):
        account.submit(*[added(account, seconds) for seconds in lengths])
    account.submit(magic.LOST)
    account.submit(magic.UNKNOWN)
    account.settle()


def balance(session: Session) -> None:
    account = session.account()
    one, two = added(account, 45), added(account, 90)
    _has(account, 2 * DOLLAR - 1)
    account.submit(two)
    _has(account, 2 * DOLLAR)
    task_id = account.submitted(two)
    account.look()
    account.submit(one)
    account.watch(task_id)
    account.download(task_id)
    uploaded = account.uploaded(tiny_mp4(VIDEO_SECONDS), "episode.mp4")
    if uploaded is not None:
        account.send("GET", f"/{uploaded}/download")
        _has(account, DOLLAR)
        account.send("GET", f"/{uploaded}/download")
    account.look()
    account.download(task_id)
    account.look()
    account.download(task_id)
    account.settle()


def _has(account: Account, micro_dollars: Any) -> None:
    account.admin("PATCH", "/account", {"balance_micro_dollars": micro_dollars})
