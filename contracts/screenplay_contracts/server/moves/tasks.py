"""Moves with tasks: submit, poll, cancel, download."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from screenplay_contracts.server import money, shapes
from screenplay_contracts.server.account import TASKS, data_of, succeeded
from screenplay_contracts.server.archives import opened
from screenplay_contracts.server.model import submission, task
from screenplay_contracts.server.model.promises import CANCEL, DOWNLOAD, STATUS, SUBMIT

if TYPE_CHECKING:
    from screenplay_contracts.server.moves.stage import Stage


def submit(stage: Stage, words: str, body: Any) -> str | None:
    """The id of the new task; None if it was refused."""
    world, account = stage.world, stage.account
    allowed = submission.to_submission(body, world.states, stage.reading, webhook=world.webhook, now=world.now)
    exchange = stage.ask(SUBMIT, words, allowed, lambda: account.send("POST", TASKS, body), by=account)
    if exchange is None or not succeeded(exchange):
        return None
    data = data_of(exchange)
    task_id: str = data["task_id"]
    known = sorted(world.tasks)
    stage.judge(SUBMIT, ("an id that no other task has", f"task_id {task_id}") if task_id in known else None)
    lengths = [world.states(asset_id)[0].seconds for _, asset_id in shapes.episodes_of(body)]
    least, most = submission.price(lengths, data["total_duration_seconds"])
    life = submission.life_of(body, world.usual)
    new = task.Task(task_id, len(lengths), life, world.now)
    stage.world = world.with_task(new).charged(task_id, "submit", least, most)
    return task_id


def poll(stage: Stage, task_id: str) -> None:
    known, account = stage.world.tasks[task_id], stage.account
    allowed = task.to_status(known, stage.world.now)
    path = f"{TASKS}/{quote(task_id, safe='')}"
    exchange = stage.ask(STATUS, f"ask how {task_id} is", allowed, lambda: account.send("GET", path), by=account)
    if exchange is not None:
        stage.world = stage.world.with_task(task.seen(known, data_of(exchange)))


def cancel(stage: Stage, task_id: str) -> None:
    known, account = stage.world.tasks[task_id], stage.account
    allowed = task.to_cancel(known, stage.world.now)
    exchange = stage.ask(CANCEL, f"cancel {task_id}", allowed, lambda: account.cancel(task_id), by=account)
    if exchange is not None:
        after = replace(known, status="cancelled") if succeeded(exchange) else task.refused_cancel(known)
        stage.world = stage.world.with_task(after)


def download(stage: Stage, task_id: str) -> None:
    known, account = stage.world.tasks[task_id], stage.account
    allowed = task.to_download(known, stage.world.now)
    words = f"download the result of {task_id}"
    exchange = stage.ask(DOWNLOAD, words, allowed, lambda: account.download(task_id), by=account)
    if exchange is not None and succeeded(exchange):
        price = money.price_of_download(opened(exchange.response_body or b"").size)
        stage.world = stage.world.with_task(replace(known, status="completed"))
        stage.world = stage.world.charged(task_id, "download", price, price)
