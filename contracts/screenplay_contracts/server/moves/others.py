"""Moves of somebody else, who must not see anything; the passing of time; the webhook; the bill."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from screenplay_contracts.server.account import TASKS
from screenplay_contracts.server.assets import Asset
from screenplay_contracts.server.model import submission, task, upload
from screenplay_contracts.server.model.promises import CHARGES, CLOCK, ISOLATION, WEBHOOK
from screenplay_contracts.server.model.times import instant, moment
from screenplay_contracts.server.moves import tasks

if TYPE_CHECKING:
    from screenplay_contracts.server.moves.stage import Stage

A_LONG_TIME = 86_400_000  # milliseconds
OF_TASKS = {"getTask": ("GET", ""), "cancelTask": ("DELETE", ""), "downloadTask": ("GET", "/download")}
OF_ASSETS = {"metadata": ("GET", "/metadata"), "deletion": ("DELETE", ""), "content": ("GET", "/download")}


def spy_on_task(stage: Stage, operation: str, task_id: str) -> None:
    """Somebody else asks for a task."""
    stranger, (method, rest) = stage.stranger(), OF_TASKS[operation]
    if stranger is not None:
        path = f"{TASKS}/{quote(task_id, safe='')}{rest}"
        words = f"as somebody else, {operation} of {task_id}"
        stage.ask(ISOLATION, words, task.to_stranger(), lambda: stranger.send(method, path), by=stranger)


def spy_on_asset(stage: Stage, operation: str, asset_id: str) -> None:
    """Somebody else asks for an asset."""
    stranger, (method, rest) = stage.stranger(), OF_ASSETS[operation]
    if stranger is not None:
        words = f"as somebody else, ask for the {operation} of {asset_id}"
        stage.ask(
            ISOLATION, words, upload.to_stranger(), lambda: stranger.send(method, f"/{asset_id}{rest}"), by=stranger
        )


def submit_foreign(stage: Stage, asset_id: str) -> None:
    """Somebody else makes an episode of an asset."""
    stranger, world = stage.stranger(), stage.world
    if stranger is not None:
        body: dict[str, Any] = {"mode": "short_drama", "episodes": {"1": asset_id}, "config": {}}
        webhook = None if world.webhook is None else True
        allowed = submission.to_submission(
            body, lambda _: (Asset(exists=False),), stage.reading, webhook=webhook, now=world.now
        )
        words = f"as somebody else, submit {asset_id}"
        stage.ask(ISOLATION, words, allowed, lambda: stranger.send("POST", TASKS, body), by=stranger)


def settle(stage: Stage) -> None:
    """Let a long time pass, and see how everything is then; where time passes by itself, as it is now."""
    if stage.has_time:
        wait(stage, A_LONG_TIME)
    for task_id in stage.world.tasks:
        tasks.poll(stage, task_id)
    if stage.has_time:
        see_the_bill(stage)


def wait(stage: Stage, milliseconds: int) -> None:
    """Let time pass; where it passes by itself, a moment of it."""
    if not stage.has_time:
        time.sleep(stage.account.target.polls_every if stage.world.tasks else 0)
        return
    stage.account.client.note = words = f"let {milliseconds / 1000:g} s pass"
    exchange = stage.account.advance(seconds=milliseconds / 1000)
    stage.note(words, exchange)
    world = stage.world = stage.world.passed(milliseconds)
    assert world.now is not None
    given = exchange.answer.get("now") if isinstance(exchange.answer, dict) else None
    stage.judge(CLOCK, None if moment(given) == world.now else (f"now {instant(world.now)}", f"{given}"))
    _hear(stage)


def _hear(stage: Stage) -> None:
    """The webhook was told so far what the model says. Docs silent: how often, and what of cancelled tasks."""
    label, world = stage.account.label, stage.world
    received = [one for one in stage.session.recorder.received if one.account == label]
    cancelled = {task_id for task_id, known in world.tasks.items() if known.status == "cancelled"}
    told = {end for end in (_ending(one.payload) for one in received) if end[0] not in cancelled}
    if told == {end for end in world.told if end[0] not in cancelled}:
        stage.judge(WEBHOOK, None)
        return
    stage.note("look at what the webhook was told", *received)
    stage.judge(WEBHOOK, (f"calls for {_listed(world.told)}", f"calls for {_listed(told)}"))


def _ending(payload: Any) -> tuple[str, str]:
    data = payload.get("data") if isinstance(payload, dict) else None
    told = data if isinstance(data, dict) else {}
    return str(told.get("task_id")), str(told.get("status"))


def _listed(ends: Any) -> str:
    return ", ".join(f"{task_id} {status}" for task_id, status in sorted(ends)) or "nothing"


def change_webhook(stage: Stage) -> None:
    """Take the account's webhook away, or give it back."""
    wait(stage, 0)  # what is due is on its way
    account, with_it = stage.account, not stage.world.webhook
    words = "set the webhook" if with_it else "take the webhook away"
    account.client.note = words
    url = stage.session.receiver.url(account.label) if with_it else None
    stage.note(words, account.admin("PATCH", "/account", {"webhook_url": url}))
    stage.world = replace(stage.world, webhook=with_it)


def see_the_bill(stage: Stage) -> None:
    """What the account was charged is what the model says."""
    exchange = stage.account.admin("GET", "/account")
    stage.note("look at the bill", exchange)
    given = exchange.answer.get("charges") if isinstance(exchange.answer, dict) else None
    charges = [
        (one.get("task_id") or one.get("asset_id"), one.get("kind"), one.get("micro_dollars")) for one in given or ()
    ]
    expected = stage.world.charges
    agrees = len(charges) == len(expected) and all(
        (subject, kind) == (one.subject, one.kind) and type(price) is int and one.least <= price <= one.most
        for (subject, kind, price), one in zip(charges, expected, strict=True)
    )
    words = ", ".join(
        f"{one.kind} {one.subject} {one.least}{'' if one.least == one.most else f' to {one.most}'}" for one in expected
    )
    observed = ", ".join(f"{kind} {subject} {price}" for subject, kind, price in charges)
    stage.judge(CHARGES, None if agrees else (f"charges {words or 'none'}", f"charges {observed or 'none'}"))
