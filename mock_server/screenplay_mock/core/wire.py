"""Values -> bodies of responses and webhook calls. The only place that knows the names of their members."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from screenplay_mock.core.assets import SIGNED_URL_SECONDS, Asset, status_at
from screenplay_mock.core.errors import status_of, text_of
from screenplay_mock.core.lifecycle import Status, Task
from screenplay_mock.core.scenario import Fails

if TYPE_CHECKING:
    from screenplay_mock.core.dialect import Dialect
    from screenplay_mock.core.errors import ApiError
    from screenplay_mock.core.plan import Record

Body = dict[str, Any]

LATEST = 253_402_300_799_000  # 9999-12-31T23:59:59Z in milliseconds, the last second that can be written down


def instant(at: int) -> str:
    """ISO 8601, UTC, whole seconds where they are whole: `2026-03-13T10:00:00Z`. What comes later than 9999 is then."""
    seconds, milliseconds = divmod(min(at, LATEST), 1000)
    return f"{_moment(seconds)}.{milliseconds:03d}Z" if milliseconds else f"{_moment(seconds)}Z"


@lru_cache(maxsize=64)
def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]


def success(dialect: Dialect, data: Body | None) -> Body:
    return {"code": dialect.success_code, "msg": "success", "data": data, "failed": False, "success": True}


def failure(dialect: Dialect, error: ApiError) -> Body:
    return refused(dialect, status_of(error, dialect), text_of(error, dialect))


def refused(dialect: Dialect, status: int, text: str) -> Body:
    code = str(status) if dialect.error_code_type == "string" else status
    body: Body = {"code": code, "msg": text, "data": None}
    return {**body, "failed": True, "success": False} if dialect.error_flags else body


def submitted(record: Record) -> Body:
    return {
        "task_id": record.id,
        "status": Status.PENDING.value,  # submit-task page: always "pending"
        "mode": record.mode,
        "created_at": instant(record.created_at // 1000 * 1000),
        "total_duration_seconds": record.total_duration / 1000,
    }


def status(task: Task) -> Body:
    body: Body = {"task_id": task.id, "status": task.status.value}
    if task.status is Status.RUNNING:
        body["progress"] = {
            "total_episodes": task.total_episodes,
            "completed_episodes": task.completed_episodes,
        }
    if task.status is Status.FAILED:
        body |= {"error_code": task.error_code, "error_message": task.error_message}
    return body


def cancelled(task: Task) -> Body:
    return {"task_id": task.id, "status": task.status.value}


def uploaded(asset: Asset) -> Body:
    return {"asset_id": asset.id}


def signed_url(asset: Asset, url: str) -> Body:
    return {"asset_id": asset.id, "signed_url": url, "expires_in": SIGNED_URL_SECONDS}


def metadata(dialect: Dialect, asset: Asset, now: int) -> Body:
    resource: Body = {
        "extension": asset.extension,
        "asset_id": asset.id,
        "original_filename": asset.filename,
        "file_size": str(asset.size),
        "upload_status": status_at(asset, now).value,
        "create_time": str(asset.created_at),
        "modify_time": str(max(asset.created_at, asset.stored_at or 0)),
    }
    if dialect.metadata_duration:
        resource["duration"] = asset.duration / 1000
    return {"total": 1, "resource": [resource]}


def callback(dialect: Dialect, record: Record, task: Task, *, status: str | None = None) -> Body:
    """
    The payload that tells how *task* is (submit-task page, webhooks page), or that it is in another *status*.

    docs silent: code and text when the task failed; here the call says 200, as for getTask, where the flags
    tell how the call went and `data.status` how the task went.
    """
    data: Body = {"task_id": record.id, "status": task.status.value if status is None else status}
    if data["status"] == Status.FAILED:
        lie = Fails()  # where it did not fail in truth
        data["error_code"] = lie.error_code if task.error_code is None else task.error_code
        data["error_message"] = lie.error_message if task.error_message is None else task.error_message
    return {
        "code": dialect.success_code,
        dialect.callback_text_member: "SUCCESS",
        "data": data,
        "task_id": record.request_id if dialect.callback_task_id == "request_id" else record.id,
    }
