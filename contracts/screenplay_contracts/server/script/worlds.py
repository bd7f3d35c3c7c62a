"""What only a fake has: magic assets, a rate limit that is set, clocks, a sandbox that begins anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.server import magic
from screenplay_contracts.server.script.submissions import VIDEO

if TYPE_CHECKING:
    from screenplay_contracts.server.account import Account
    from screenplay_contracts.server.session import Session


def magic_assets(session: Session) -> None:
    if session.target.foreign:
        return
    account = session.account()
    for magic_id in (magic.BROKE, magic.LIMITED, magic.LIMITED, magic.ERROR, magic.ERROR):
        task_id = account.submit(magic_id)
        if task_id is not None:
            account.cancel(task_id)
    account.submit(magic.LOST)
    told = (magic.NO_WEBHOOK, magic.FIVE_WEBHOOKS) if session.has_admin else ()
    for magic_id in (magic.COMPLETES, magic.FAILS, magic.NO_FILES, magic.NO_RESULT, *told):
        task_id = account.submitted(magic_id)
        account.watch(task_id)
        account.download(task_id)
    stuck = account.submitted(magic.STUCK)
    account.watch(stuck, until=("running",))
    if session.has_admin:
        account.advance(seconds=86_400)
    account.status(stuck)
    account.cancel(stuck)
    account.settle()


def limit(session: Session) -> None:
    account = session.account()
    task_id = account.submitted(VIDEO)
    account.admin("PATCH", "/account", {"rate_limit": 1})
    for seconds in (0, 0.5, 0.5, 1):
        account.advance(seconds=seconds)
        account.status(task_id)
        account.submit(VIDEO)
    account.status(task_id)
    account.admin("PATCH", "/account", {"rate_limit": None})
    account.settle()


def clock(session: Session) -> None:
    account, other = session.account(), session.account()
    account.admin("GET", "/clock")
    other.advance(seconds=3_600)
    account.admin("GET", "/clock")
    account.advance(seconds=90.5)
    now = account.client.virtual_at
    task_id = account.submit(VIDEO)
    account.admin("PUT", "/clock", {"now": "2020-01-01T00:00:00Z"})
    account.admin("GET", "/clock")
    if task_id is not None and now is not None:
        account.status(task_id)
        account.watch(task_id)
    account.settle()


def again(session: Session) -> None:
    """The same requests in a sandbox and in the same one after it began anew, with the same seed."""
    account = session.account()
    _some_life(account)
    session.note = "again"
    _some_life(session.account(again=account))


def _some_life(account: Account) -> None:
    task_id = account.submitted(VIDEO, "re_abc002")
    account.upload(b"not really a film", "a.mp4")
    account.send("POST", "/upload/signed-url", {"original_filename": "b.mp4"})
    account.watch(task_id)
    account.download(task_id)
    account.settle()
