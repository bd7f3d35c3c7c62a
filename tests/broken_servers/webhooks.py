"""Servers that tell the account's webhook too much, too little, or something else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.broken_servers.edits import admin, broken, put
from tests.broken_servers.proxy import Answer, Ask, Fault, Hook, Memory
from tests.broken_servers.row import row

if TYPE_CHECKING:
    from collections.abc import Callable

LISTED, CODE_OF_FAILURE = "webhook/deliveries-listed", "webhook/code-of-failure"
OTHER = "ros-sd-20260313-00000000"


def _told(change: Callable[[dict[str, Any]], None]) -> Fault:
    """The fault that a call says something else."""

    def webhook(hook: Hook, _: Memory) -> None:
        change(hook.payload)

    return Fault(webhook=webhook)


def _form(change: Callable[[Hook], None]) -> Fault:
    def webhook(hook: Hook, _: Memory) -> None:
        change(hook)

    return Fault(webhook=webhook)


def _failed(payload: dict[str, Any]) -> None:
    if payload["data"]["status"] == "completed":
        payload["data"].update(status="failed", error_code="NO", error_message="No.")


def _code_of_failure(payload: dict[str, Any]) -> None:
    if payload["data"]["status"] == "failed":
        payload["code"] = 500


def _code_of_success(payload: dict[str, Any]) -> None:
    if payload["data"]["status"] == "completed":
        payload["code"] = 0


def _four_times(hook: Hook, memory: Memory) -> None:
    """The fifth call about a task does not come."""
    if memory.count(hook.payload["data"]["task_id"]) == 5:
        hook.times = 0


def _cancelled(ask: Ask, answer: Answer, memory: Memory) -> None:
    """A cancel calls the webhook."""
    if ask.method == "PATCH" and isinstance(ask.json, dict) and ask.json.get("webhook_url"):
        memory[ask.key] = ask.json["webhook_url"]
    if ask.operation == "cancelTask" and answer.ok and ask.key in memory:
        data = {"task_id": ask.subject, "status": "completed"}
        payload = {"code": 200, "message": "SUCCESS", "data": data, "task_id": "1e8ae1075e054e8abb58e7598c53cbf1"}
        memory.call_webhook(memory[ask.key], json.dumps(payload).encode(), "application/json")


ROWS = (
    row(
        "a call has no code",
        "webhook/payload",
        "webhooks",
        _told(lambda payload: payload.pop("code")),
        "webhook/code",
        CODE_OF_FAILURE,
        LISTED,
    ),
    row("a call is a GET", "webhook/form", "webhooks", _form(lambda hook: setattr(hook, "method", "GET"))),
    row(
        "a call is text",
        "webhook/media-type",
        "webhooks",
        _form(lambda hook: setattr(hook, "content_type", "text/plain")),
    ),
    row("a call says code 500 of a failed task", CODE_OF_FAILURE, "webhooks", _told(_code_of_failure), LISTED),
    row(
        "a call says code 0 of a completed task",
        "webhook/code",
        "webhooks",
        _told(_code_of_success),
        "webhook/payload",
        LISTED,
    ),
    row(
        "a call says FAILED of a completed task",
        "webhook/text",
        "webhooks",
        _told(lambda payload: payload.update(message="FAILED")),
        LISTED,
    ),
    row(
        "a call says nothing",
        "webhook/text",
        "webhooks",
        _told(lambda payload: payload.update(message="")),
        LISTED,
    ),
    row(
        "all calls have one id at the top",
        "webhook/own-request-id",
        "webhooks",
        _told(lambda payload: payload.update(task_id="1e8ae1075e054e8abb58e7598c53cbf1")),
        LISTED,
    ),
    row(
        "the text stands in msg",
        "webhook/text-member",
        "webhooks",
        _told(lambda payload: payload.update(msg=payload.pop("message"))),
        "webhook/text",
        LISTED,
    ),
    row(
        "the id at the top is the task's",
        "webhook/request-id",
        "webhooks",
        _told(lambda payload: payload.update(task_id=payload["data"]["task_id"])),
        LISTED,
    ),
    row(
        "a call is about nobody's task",
        "webhook/known-task",
        "webhooks",
        _told(lambda payload: payload["data"].update(task_id=OTHER)),
        "webhook/own-request-id",
        "webhook/called",
        "magic/webhooks",
        LISTED,
    ),
    row("a call disagrees with the status", "webhook/agrees-with-status", "webhooks", _told(_failed), LISTED),
    row(
        "nobody is called",
        "webhook/called",
        "webhooks",
        _form(lambda hook: setattr(hook, "times", 0)),
        "magic/webhooks",
        LISTED,
    ),
    row(
        "every call comes twice",
        "webhook/once-per-task",
        "webhooks",
        _form(lambda hook: setattr(hook, "times", 2)),
        "magic/webhooks",
        LISTED,
    ),
    row(
        "a cancelled task calls",
        "webhook/not-when-cancelled",
        "webhooks",
        Fault(answer=_cancelled),
        "webhook/own-request-id",
        "webhook/agrees-with-status",
        "webhook/known-task",
        LISTED,
    ),
    row(
        "a call that was refused is not made again",
        "webhook/retried",
        "webhooks",
        _form(lambda hook: setattr(hook, "told", 200)),
    ),
    row(
        "redirects are followed",
        "webhook/no-redirects",
        "webhooks",
        _form(lambda hook: setattr(hook, "follow", True)),
        "webhook/once-per-task",
        "webhook/retried",
        LISTED,
    ),
    row(
        "what was called is not listed",
        LISTED,
        "webhooks",
        broken(admin("GET", "/deliveries"), put("deliveries", [])),
    ),
    row("a magic asset calls four times", "magic/webhooks", "magic", Fault(webhook=_four_times), LISTED),
)
