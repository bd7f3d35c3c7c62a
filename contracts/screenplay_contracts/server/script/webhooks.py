"""What the account's webhook is told, how often, and what comes of a receiver that refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.server import magic
from screenplay_contracts.server.script.submissions import VIDEO

if TYPE_CHECKING:
    from screenplay_contracts.server.account import Account
    from screenplay_contracts.server.session import Session


def play(session: Session) -> None:
    account = session.account()
    _told(account, VIDEO)
    _told(account, magic.FAILS)
    session.receiver.answer(account.label, 500, 200)
    _told(account, VIDEO)
    session.receiver.answer(account.label, 302, 200)
    _told(account, VIDEO)
    cancelled = account.submitted(VIDEO)
    account.cancel(cancelled)
    account.settle()


def _told(account: Account, asset_id: str) -> None:
    task_id = account.submitted(asset_id)
    account.watch(task_id)
    account.settle()


def without(session: Session) -> None:
    """An account that has no webhook."""
    account = session.account(webhook=False)
    account.admin("PATCH", "/account", {"webhook_url": None})  # the server may have one for all
    task_id = account.submit(VIDEO)
    if task_id is not None:
        account.watch(task_id)
    account.settle()
