"""Tasks that fail, tasks that are cancelled, and what other accounts see of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.server import magic
from screenplay_contracts.server.media import VIDEO_SECONDS, tiny_mp4
from screenplay_contracts.server.script.lives import A_DAY, videos

if TYPE_CHECKING:
    from screenplay_contracts.server.account import Account
    from screenplay_contracts.server.session import Session

REASON = {"error_code": "NO_SPEECH", "error_message": "Nobody speaks. 没有人说话"}


def failure(session: Session) -> None:
    if session.target.foreign:
        return  # nothing can make a task fail there
    account = session.account()
    failing = [account.submitted(magic.FAILS)]
    if session.has_admin:
        failing.append(account.submitted(*videos(session, account, 2)))
        account.admin("POST", f"/tasks/{failing[1]}/fail", REASON)
    for task_id in failing:
        account.watch(task_id)
        account.download(task_id)
        account.cancel(task_id)
        account.status(task_id)
    account.settle()


def cancel(session: Session) -> None:
    account = session.account()
    pending = account.submitted(*videos(session, account, 2))
    _cancelled(account, pending)
    if not session.target.foreign:
        running = account.submitted(magic.STUCK)
        account.watch(running, until=("running",))
        _cancelled(account, running)
    if session.has_admin:
        account.advance(seconds=A_DAY)
        account.status(pending)
        account.settle()


def _cancelled(account: Account, task_id: str) -> None:
    account.cancel(task_id)
    account.status(task_id)
    account.cancel(task_id)
    account.download(task_id)
    account.status(task_id)


def others(session: Session) -> None:
    """Another account asks for a task and an asset that are not its own, and cannot do anything to them."""
    stranger = session.other()
    if stranger is None:
        return
    account = session.account()
    task_id = account.submitted(*videos(session, account, 2))
    asset_id = account.uploaded(tiny_mp4(VIDEO_SECONDS), "mine.mp4")
    account.status(task_id)
    stranger.status(task_id)
    stranger.cancel(task_id)
    stranger.download(task_id)
    account.watch(task_id)
    stranger.status(task_id)
    stranger.download(task_id)
    if asset_id is not None:
        for method, path in (("GET", "/metadata"), ("GET", "/download"), ("DELETE", "")):
            stranger.send(method, f"/{asset_id}{path}")
        account.send("GET", f"/{asset_id}/metadata")
    account.settle()
