"""Bodies, member by member, as the vendor's pages show them; and by their schemas in every dialect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from screenplay_mock.core import wire
from screenplay_mock.core.assets import Asset, UploadStatus, derived_asset
from screenplay_mock.core.dialect import DIALECTS, DOCUMENTED, SWITCHES, Dialect
from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.core.lifecycle import TOLD, Completed, Failed, Progressed, Started, Status, Task
from screenplay_mock.core.plan import Episode, Record, task_at
from screenplay_mock.core.submission import Options
from screenplay_schemas import load, validator

TASK_ID = "ros-sd-20260313-a3f8c2b1"
REQUEST_ID = "1e8ae1075e054e8abb58e7598c53cbf1"
AT = 1_773_396_000_000  # 2026-03-13T10:00:00Z

EPISODES = (Episode("1", "re_1", 150_250), Episode("2", "re_2", 299_750), Episode("3", "re_3", 500))
RECORD = Record(
    TASK_ID, REQUEST_ID, "short_drama", AT, EPISODES, Options(), 0, (Started(AT), Progressed(AT, 1), Completed(AT))
)
TASKS = {
    Status.PENDING: Task(TASK_ID, 87),
    Status.RUNNING: Task(TASK_ID, 87, Status.RUNNING, 12),
    Status.COMPLETED: Task(TASK_ID, 87, Status.COMPLETED, 87, AT),
    Status.FAILED: Task(TASK_ID, 87, Status.FAILED, 12, AT, "PROCESSING_FAILED", "The video could not be processed."),
    Status.CANCELLED: Task(TASK_ID, 87, Status.CANCELLED, 12, AT),
}
ASSET = Asset(
    id="re_660729180626595840",
    kind="video",
    mime="video/mp4",
    filename="3",
    extension="mp4",
    size=133_652_816,
    duration=61_500,
    created_at=1_766_989_317_192,
    stored_at=1_766_989_317_192,
    status=UploadStatus.SUCCESS,
)
#: The named dialects, and each value of each switch alone.
READINGS: dict[str, Dialect] = {
    **DIALECTS,
    **{
        f"{switch}={value!r}": replace(DOCUMENTED, **{switch: value})
        for switch, allowed in SWITCHES.items()
        for value in allowed[1:]
    },
}


def example(schema: str, number: int = 0) -> Any:
    return load(schema)["examples"][number]


def test_a_submitted_task_is_answered_as_on_the_page() -> None:
    assert wire.success(DOCUMENTED, wire.submitted(RECORD)) == example("submit-response")


def test_the_total_duration_is_in_seconds_with_their_fraction() -> None:
    one = replace(RECORD, episodes=(Episode("1", "re_1", 1),))
    assert wire.submitted(one)["total_duration_seconds"] == 0.001
    assert wire.submitted(RECORD)["total_duration_seconds"] == 450.5


def test_a_task_was_created_at_a_whole_second_and_is_pending_at_first() -> None:
    at_once = replace(RECORD, created_at=AT + 999)
    assert wire.submitted(at_once)["created_at"] == "2026-03-13T10:00:00Z"
    assert task_at(at_once, AT + 999).status is Status.COMPLETED
    assert wire.submitted(at_once)["status"] == "pending"


def test_a_running_task_shows_its_progress_as_on_the_page() -> None:
    assert wire.success(DOCUMENTED, wire.status(TASKS[Status.RUNNING])) == example("status-response")


def test_a_failed_task_shows_its_error() -> None:
    assert wire.status(TASKS[Status.FAILED]) == {
        "task_id": TASK_ID,
        "status": "failed",
        "error_code": "PROCESSING_FAILED",
        "error_message": "The video could not be processed.",
    }


@pytest.mark.parametrize("status", [Status.PENDING, Status.COMPLETED, Status.CANCELLED])
def test_any_other_task_shows_its_status_alone(status: Status) -> None:
    assert wire.status(TASKS[status]) == {"task_id": TASK_ID, "status": status.value}


def test_a_cancelled_task_is_answered_as_on_the_page() -> None:
    assert wire.success(DOCUMENTED, wire.cancelled(TASKS[Status.CANCELLED])) == example("cancel-response")


def test_metadata_are_answered_as_on_the_page() -> None:
    assert wire.success(DOCUMENTED, wire.metadata(DOCUMENTED, ASSET, AT)) == example("metadata-response")


def test_an_asset_was_modified_when_its_content_arrived() -> None:
    (row,) = wire.metadata(DOCUMENTED, replace(ASSET, stored_at=1_766_989_317_193), AT)["resource"]
    assert (row["create_time"], row["modify_time"]) == ("1766989317192", "1766989317193")
    (row,) = wire.metadata(DOCUMENTED, replace(ASSET, stored_at=None, status=None), AT)["resource"]
    assert (row["modify_time"], row["upload_status"]) == ("1766989317192", "WAITING")


def test_the_duration_in_metadata_is_in_seconds() -> None:
    (row,) = wire.metadata(replace(DOCUMENTED, metadata_duration=True), ASSET, AT)["resource"]
    assert row["duration"] == 61.5


def test_uploads_are_answered_as_on_the_page() -> None:
    assert wire.success(DOCUMENTED, wire.uploaded(replace(ASSET, id="re_660727003963174912"))) == example(
        "upload-response"
    )
    signed = wire.signed_url(replace(ASSET, id="re_660736410386149376"), "http://127.0.0.1:1/serve/api/v2/storage/x")
    assert signed == {
        "asset_id": "re_660736410386149376",
        "signed_url": "http://127.0.0.1:1/serve/api/v2/storage/x",
        "expires_in": 93_600,
    }


def test_the_end_of_a_task_is_told_as_on_the_page() -> None:
    assert wire.callback(DOCUMENTED, RECORD, TASKS[Status.COMPLETED]) == example("callback")
    failed = wire.callback(DOCUMENTED, RECORD, TASKS[Status.FAILED])
    assert failed["data"] == example("callback", 1)["data"]
    assert (failed["code"], failed["message"], failed["task_id"]) == (200, "SUCCESS", REQUEST_ID)


def test_an_error_is_answered_as_on_the_page() -> None:
    error = ApiError(ErrorKind.UNAUTHORIZED)
    assert wire.failure(replace(DOCUMENTED, error_flags=False), error) == example("error")
    assert wire.failure(DOCUMENTED, error) == {**example("error"), "failed": True, "success": False}


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (AT, "2026-03-13T10:00:00Z"),
        (AT + 50, "2026-03-13T10:00:00.050Z"),
        (AT + 999, "2026-03-13T10:00:00.999Z"),
        (253_402_300_799_000, "9999-12-31T23:59:59Z"),
    ],
)
def test_an_instant_is_iso_8601_in_utc_with_milliseconds_only_where_there_are_some(at: int, text: str) -> None:
    assert wire.instant(at) == text


@pytest.mark.parametrize("dialect", READINGS.values(), ids=READINGS)
def test_every_success_keeps_its_schema_in_every_dialect(dialect: Dialect) -> None:
    derived = derived_asset("re_1")
    assert derived is not None
    bodies = [
        ("submit-response", wire.submitted(RECORD)),
        *(("status-response", wire.status(task)) for task in TASKS.values()),
        ("cancel-response", wire.cancelled(TASKS[Status.CANCELLED])),
        ("upload-response", wire.uploaded(ASSET)),
        ("signed-url-response", wire.signed_url(ASSET, "http://127.0.0.1:1/x")),
        *(("metadata-response", wire.metadata(dialect, asset, AT)) for asset in (ASSET, derived)),
        ("delete-response", None),
    ]
    for schema, data in bodies:
        validator(schema).validate(wire.success(dialect, data))


@pytest.mark.parametrize("dialect", READINGS.values(), ids=READINGS)
def test_every_error_keeps_the_schema_in_every_dialect(dialect: Dialect) -> None:
    for kind in ErrorKind:
        error = ApiError(kind, task_id=TASK_ID, status="running", reasons="because")
        validator("error").validate(wire.failure(dialect, error))


@pytest.mark.parametrize("dialect", READINGS.values(), ids=READINGS)
def test_every_callback_keeps_the_schema_in_every_dialect(dialect: Dialect) -> None:
    for status in TOLD:
        validator("callback").validate(wire.callback(dialect, RECORD, TASKS[status]))


def test_a_callback_tells_what_was_made_of_a_record() -> None:
    failed = replace(RECORD, events=(Started(AT), Failed(AT + 1, "E", "because")))
    data = wire.callback(DOCUMENTED, failed, task_at(failed, AT + 1))["data"]
    assert data == {"task_id": TASK_ID, "status": "failed", "error_code": "E", "error_message": "because"}


@pytest.mark.parametrize("status", ["completed", "running", "archived", ""])
def test_a_callback_can_lie_about_the_status_and_then_has_no_error(status: str) -> None:
    data = wire.callback(DOCUMENTED, RECORD, TASKS[Status.FAILED], status=status)["data"]
    assert data == {"task_id": TASK_ID, "status": status}


def test_a_callback_that_lies_about_a_failure_names_an_error_and_a_true_one_its_own() -> None:
    lie = wire.callback(DOCUMENTED, RECORD, TASKS[Status.COMPLETED], status="failed")["data"]
    error = {"error_code": "PROCESSING_FAILED", "error_message": "The video could not be processed."}
    assert lie == {"task_id": TASK_ID, "status": "failed", **error}
    failed = replace(TASKS[Status.FAILED], error_code="E", error_message="")
    truth = wire.callback(DOCUMENTED, RECORD, failed, status="failed")["data"]
    assert truth == {"task_id": TASK_ID, "status": "failed", "error_code": "E", "error_message": ""}
