"""Admin operations on what is in a sandbox: tasks, assets, the journal, deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_mock.core import lifecycle
from screenplay_mock.core.assets import Asset, UploadStatus, extension_of, status_at
from screenplay_mock.core.lifecycle import IllegalTransition
from screenplay_mock.core.plan import past, planned, task_at
from screenplay_mock.core.scenario import Fails
from screenplay_mock.core.wire import instant
from screenplay_mock.journal import Exchange, rendered, violation_data
from screenplay_mock.timekeeper import NeverSettles
from screenplay_mock.web.admin.asking import Asking, Json, nearest
from screenplay_mock.web.admin.problems import Problem
from screenplay_mock.web.bodies import MOST_FILENAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from screenplay_mock.core.delivery import Delivery
    from screenplay_mock.core.lifecycle import Event
    from screenplay_mock.core.plan import Record

KINDS = ("video", "audio", "image")
LONGEST_ASSET = 24 * 3600  # seconds


async def tasks(asking: Asking) -> Json:
    sandbox, space = await asking.services.sandboxes.read(asking.key)
    now = asking.services.sandboxes.now(sandbox)
    return {"tasks": [_task(record, now) for record in asking.newest(await space.tasks())]}


async def task(asking: Asking) -> Json:
    sandbox, space = await asking.services.sandboxes.read(asking.key)
    record = await space.task(asking.part("task_id"))
    if record is None:
        ids = tuple(record.id for record in await space.tasks())
        raise Problem(
            404,
            f"this sandbox has no task {asking.part('task_id')!r}; {nearest(asking.part('task_id'), ids)}",
        )
    return _task(record, asking.services.sandboxes.now(sandbox))


def _task(record: Record, now: int) -> Json:
    return {
        "task_id": record.id,
        "request_id": record.request_id,
        "status": task_at(record, now).status.value,
        "created_at": instant(record.created_at),
        "past": [_event(event) for event in past(record, now)],
        "planned": [_event(event) for event in planned(record, now)],
    }


def _event(event: Event) -> Json:
    rest = {name: getattr(event, name) for name in event.__slots__ if name != "at"}
    return {"event": type(event).__name__.lower(), "at": instant(event.at), **rest}


async def start(asking: Asking) -> Json:
    return await _force(asking, lifecycle.Started)


async def complete(asking: Asking) -> Json:
    return await _force(asking, lifecycle.Completed)


async def cancel(asking: Asking) -> Json:
    return await _force(asking, lifecycle.Cancelled)


async def fail(asking: Asking) -> Json:
    defaults = Fails()
    body = await asking.body("error_code", "error_message")
    for name, value in body.items():
        if not isinstance(value, str) or not value:
            raise Problem(400, f"{name} must be a non-empty string, not {value!r}")
    return await _force(
        asking,
        lifecycle.Failed,
        error_code=body.get("error_code", defaults.error_code),
        error_message=body.get("error_message", defaults.error_message),
    )


async def _force(asking: Asking, kind: type[Event], **details: str) -> Json:
    await task(asking)  # says which task is meant when there is none
    try:
        await asking.services.engine.force(asking.key, asking.part("task_id"), kind, **details)
        await asking.services.timekeeper.settle(asking.key, asking.part("task_id"))
    except (IllegalTransition, NeverSettles) as conflict:
        raise Problem(409, str(conflict)) from None
    return await task(asking)


async def assets(asking: Asking) -> Json:
    sandbox, space = await asking.services.sandboxes.read(asking.key)
    now = asking.services.sandboxes.now(sandbox)
    return {"assets": [_asset(asset, now) for asset in await space.assets() if not asset.deleted]}


def _asset(asset: Asset, now: int) -> Json:
    return {
        "asset_id": asset.id,
        "kind": asset.kind,
        "duration_seconds": asset.duration / 1000,
        "upload_status": status_at(asset, now).value,
        "original_filename": asset.filename,
        "file_size": asset.size,
        "created_at": instant(asset.created_at),
    }


async def add_asset(asking: Asking) -> Json:
    body = await asking.body("duration_seconds", "kind", "upload_status", "original_filename")
    kind, status = body.get("kind", "video"), body.get("upload_status", "SUCCESS")
    seconds, filename = body.get("duration_seconds", 60), body.get("original_filename", "video.mp4")
    if kind not in KINDS:
        raise Problem(400, f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
    if status not in list(UploadStatus):
        raise Problem(400, f"upload_status must be one of {', '.join(UploadStatus)}, not {status!r}")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST_ASSET:
        raise Problem(400, f"duration_seconds must be a number from 0 to {LONGEST_ASSET}, not {seconds!r}")
    if not isinstance(filename, str) or not 0 < len(filename) <= MOST_FILENAME:
        raise Problem(400, f"original_filename must be a string of 1 to {MOST_FILENAME} characters, not {filename!r}")
    from screenplay_mock.media import SMALLEST_MP4

    added = await asking.services.library.add(
        asking.key,
        Asset(
            id="",
            kind=kind,
            mime={"video": "video/mp4", "audio": "audio/mpeg", "image": "image/png"}[kind],
            filename=filename,
            extension=extension_of(filename),
            size=SMALLEST_MP4 + round(seconds) * 1000,
            duration=round(seconds * 1000),
            created_at=0,
            status=UploadStatus(status),
        ),
    )
    return {"asset_id": added.id}


async def requests(asking: Asking) -> Json:
    exchanges = await asking.services.store.journal.exchanges(asking.key)
    return {"requests": [rendered(exchange) for exchange in asking.newest(exchanges)]}


async def one_request(asking: Asking) -> Json:
    exchanges = await asking.services.store.journal.exchanges(asking.key)
    found = next((one for one in exchanges if str(one.id) == asking.part("id")), None)
    if found is None:
        kept = f"those from {exchanges[0].id} to {exchanges[-1].id}" if exchanges else "none"
        raise Problem(404, f"this sandbox's journal has no request {asking.part('id')!r}; it keeps {kept}")
    return rendered(found)


async def find_requests(asking: Asking) -> Json:
    return {"requests": [rendered(exchange) for exchange in await _found(asking)]}


async def count_requests(asking: Asking) -> Json:
    return {"count": len(await _found(asking))}


#: What a search may ask for, and how an exchange answers.
CRITERIA: dict[str, Callable[[Exchange], Any]] = {
    "operation": lambda exchange: exchange.operation,
    "method": lambda exchange: exchange.method,
    "path": lambda exchange: exchange.target.partition("?")[0],
    "status": lambda exchange: exchange.status,
    "task_id": lambda exchange: exchange.task_id,
    "violations": lambda exchange: bool(exchange.violations),
}


async def _found(asking: Asking) -> list[Exchange]:
    wanted = await asking.body(*CRITERIA)
    exchanges = await asking.services.store.journal.exchanges(asking.key)
    return [
        exchange for exchange in exchanges if all(CRITERIA[name](exchange) == value for name, value in wanted.items())
    ]


async def forget_requests(asking: Asking) -> Json:
    await asking.services.store.journal.clear(asking.key)
    return {"requests": []}


async def violations(asking: Asking) -> Json:
    exchanges = await asking.services.store.journal.exchanges(asking.key)
    return {
        "violations": [
            {"request_id": str(exchange.id), "operation": exchange.operation, **violation_data(violation)}
            for exchange in exchanges
            for violation in exchange.violations
        ]
    }


async def deliveries(asking: Asking) -> Json:
    """What was sent, in the order in which it was owed; what is not due yet is not there yet."""
    _, space = await asking.services.sandboxes.read(asking.key)
    return {"deliveries": [_delivery(one) for one in await space.deliveries() if one.attempts]}


async def redeliver(asking: Asking) -> Json:
    _, space = await asking.services.sandboxes.read(asking.key)
    delivery = await space.delivery(asking.part("id"))
    if delivery is None or not delivery.attempts:
        ids = tuple(one.id for one in await space.deliveries() if one.attempts)
        raise Problem(
            404, f"this sandbox has sent no delivery {asking.part('id')!r}; {nearest(asking.part('id'), ids)}"
        )
    try:
        return _delivery(await asking.services.deliveries.redeliver(asking.key, delivery))
    except LookupError as error:
        raise Problem(409, str(error)) from None


def _delivery(delivery: Delivery) -> Json:
    return {
        "id": delivery.id,
        "task_id": delivery.task_id,
        "url": delivery.url,
        "payload": delivery.payload,
        "attempts": [
            {
                "at": instant(attempt.at),
                "status": attempt.status,
                "error": attempt.error,
                "seconds": attempt.took / 1000,
            }
            for attempt in delivery.attempts
        ],
        "next_attempt_at": None if delivery.due_at is None else instant(delivery.due_at),
    }
