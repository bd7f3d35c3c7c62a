"""A task from its submission to its result, looked at all the time; and results of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_contracts.server.account import CannotGoOn, data_of, succeeded
from screenplay_contracts.server.media import VIDEO_SECONDS, tiny_mp4
from screenplay_contracts.server.script.submissions import VIDEO

if TYPE_CHECKING:
    from screenplay_contracts.server.account import Account
    from screenplay_contracts.server.session import Session

A_DAY = 86_400
OUTPUTS: tuple[dict[str, Any], ...] = (
    {"language": "en", "require_json": True},
    {"language": "zh-CN", "require_json": False, "require_xlsx": True},
    {"language": "ja", "require_json": False, "require_merge_xlsx": True},
    {"language": "ko", "require_xlsx": True, "require_merge_xlsx": True},
)


def videos(session: Session, account: Account, count: int) -> list[str]:
    """Ids of videos that can be submitted; somebody else's server must be given one first."""
    if not session.target.foreign:
        return [f"re_abc00{number}" for number in range(1, count + 1)]
    asset_id = account.uploaded(tiny_mp4(VIDEO_SECONDS), "episode.mp4")
    if asset_id is None:
        raise CannotGoOn("no video could be uploaded, or the budget did not allow it")
    account.knows_length(asset_id, VIDEO_SECONDS)
    return [asset_id]  # one is enough, where each costs a dollar


def play(session: Session) -> None:
    account = session.account()
    task_id = account.submitted(*videos(session, account, 3))
    account.download(task_id)
    if account.status(task_id) == "pending":
        account.status(task_id)
    _run(account, task_id)
    account.watch(task_id)
    account.download(task_id)
    account.status(task_id)
    account.cancel(task_id)
    account.status(task_id)
    if session.has_admin:
        account.advance(seconds=A_DAY)
    account.status(task_id)
    if not session.target.foreign:
        account.download(task_id)
    account.settle()


def _run(account: Account, task_id: str) -> None:
    """Look at it while it is running."""
    if account.watch(task_id, until=("running",)) == "running":
        account.download(task_id)
        account.status(task_id)


def outputs(session: Session) -> None:
    if session.target.foreign:
        return  # each would cost a dollar, and what one result shows is enough
    account = session.account()
    tasks = [account.submitted(VIDEO, "re_abc002", config=config) for config in OUTPUTS]
    body = {"mode": "short_drama", "episodes": {"10": VIDEO, "2": "re_abc002"}, "config": {}}
    exchange = account.send("POST", "/screenplay/tasks", body)
    if succeeded(exchange):
        tasks.append(str(data_of(exchange).get("task_id")))
    for task_id in tasks:
        if account.watch(task_id) == "completed":
            account.download(task_id)
    account.settle()
