"""The four operations on tasks, through the real server."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_schemas import validator

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENTED = {
    "mode": "short_drama",
    "episodes": {
        "1": "re_657739295220518912",
        "2": "re_657739295220518913",
        "3": "re_657739295220518914",
    },
    "config": {
        "language": "zh-CN",
        "use_face_recognition": True,
        "use_subtitle": False,
        "require_json": True,
        "require_xlsx": False,
        "require_merge_xlsx": False,
        "concurrency": 100,
    },
}


def submit_documented(api: Any) -> Any:
    return api.call("POST", "/screenplay/tasks", DOCUMENTED)


def test_the_documented_submission_gets_the_documented_answer(api: Any) -> None:
    answer = submit_documented(api)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert list(answer.json) == ["code", "msg", "data", "failed", "success"]
    outcome = {name: answer.json[name] for name in ("code", "msg", "failed", "success")}
    assert outcome == {"code": 200, "msg": "success", "failed": False, "success": True}
    assert answer.data["task_id"].startswith("ros-sd-20260313-")
    assert answer.data["status"] == "pending"
    assert answer.data["mode"] == "short_drama"
    assert answer.data["created_at"] == "2026-03-13T10:00:00Z"
    assert answer.data["total_duration_seconds"] > 0
    validator("submit-response").validate(answer.json)
    assert answer.violations == []


def test_a_task_goes_from_pending_through_growing_progress_to_completed(api: Any, screenplay: Any) -> None:
    task_id = submit_documented(api).data["task_id"]
    seen = []
    while not seen or seen[-1]["status"] != "completed":
        answer = api.status(task_id)
        validator("status-response").validate(answer.json)
        seen.append(answer.data)
        screenplay.advance(1)
    statuses = [data["status"] for data in seen]
    assert sorted(set(statuses), key=statuses.index) == ["pending", "running", "completed"]
    progress = [data["progress"]["completed_episodes"] for data in seen if data["status"] == "running"]
    assert progress == sorted(progress)
    assert set(progress) == {0, 1, 2}


def test_the_zip_holds_exactly_the_files_that_were_asked_for(api: Any, screenplay: Any) -> None:
    task_id = api.submitted("re_1", "re_2", require_json=True, require_xlsx=True, require_merge_xlsx=True)
    screenplay.advance_to_idle()
    answer = api.call("GET", f"/screenplay/tasks/{task_id}/download")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{task_id}.zip"'
    archive = zipfile.ZipFile(io.BytesIO(answer.body))
    assert archive.testzip() is None
    episodes = [f"{n}{part}" for n in (1, 2) for part in ("_transcript.json", "_storyboard.json", ".xlsx")]
    assert sorted(archive.namelist()) == sorted([*episodes, "namelist.json", "merged.xlsx"])


def test_a_download_is_charged_by_the_size_of_its_members_each_time(api: Any, screenplay: Any) -> None:
    task_id = api.submitted("re_1")
    screenplay.advance_to_idle()
    sizes = []
    for _ in range(2):
        archive = zipfile.ZipFile(io.BytesIO(api.call("GET", f"/screenplay/tasks/{task_id}/download").body))
        sizes.append(sum(member.file_size for member in archive.infolist()))
    charges = [charge for charge in screenplay.account["charges"] if charge["kind"] == "download"]
    assert [charge["micro_dollars"] for charge in charges] == [-(-size * 120_000 // 10**9) for size in sizes]
    assert [charge["task_id"] for charge in charges] == [task_id, task_id]


def test_an_account_that_cannot_pay_gets_no_download_and_is_not_charged(api: Any, screenplay: Any) -> None:
    task_id = api.submitted("re_1")
    screenplay.advance_to_idle()
    api.admin("PATCH", "/account", {"balance_micro_dollars": 0})
    answer = api.call("GET", f"/screenplay/tasks/{task_id}/download")
    assert answer.status == 402
    assert answer.msg == "Insufficient balance to download the resource. Please recharge and try again."
    assert [charge["kind"] for charge in screenplay.account["charges"]] == ["submit"]


@pytest.mark.screenplay(scenario="failing")
def test_status_and_webhook_tell_the_same_failure_and_nothing_can_be_downloaded(api: Any, screenplay: Any) -> None:
    assert screenplay.webhook.url
    task_id = api.submitted("re_1")
    screenplay.advance_to_idle()
    status = api.status(task_id)
    validator("status-response").validate(status.json)
    assert status.json["success"] is True
    assert status.data["status"] == "failed"
    (payload,) = screenplay.webhook.received
    validator("callback").validate(payload)
    assert payload["data"] == status.data
    download = api.call("GET", f"/screenplay/tasks/{task_id}/download")
    assert (download.status, download.msg) == (400, "Task is not completed yet, current status: failed")


def test_completion_is_told_once_with_both_task_ids(api: Any, screenplay: Any) -> None:
    assert screenplay.webhook.url
    task_id = api.submitted("re_1", "re_2", "re_3")
    screenplay.advance_to_idle()
    (payload,) = screenplay.webhook.received
    validator("callback").validate(payload)
    assert payload["data"] == {"task_id": task_id, "status": "completed"}
    assert payload["task_id"] != task_id
    (delivery,) = screenplay.deliveries
    assert [attempt["status"] for attempt in delivery["attempts"]] == [200]


def test_a_cancelled_task_stays_cancelled_calls_nobody_and_is_not_refunded(api: Any, screenplay: Any) -> None:
    assert screenplay.webhook.url
    task_id = api.submitted("re_1", "re_2")
    screenplay.advance(3)
    assert api.status(task_id).data["status"] == "running"
    answer = api.call("DELETE", f"/screenplay/tasks/{task_id}")
    assert (answer.status, answer.data) == (200, {"task_id": task_id, "status": "cancelled"})
    validator("cancel-response").validate(answer.json)
    screenplay.advance_to_idle()
    assert api.status(task_id).data == {"task_id": task_id, "status": "cancelled"}
    assert screenplay.webhook.received == []
    assert [charge["kind"] for charge in screenplay.account["charges"]] == ["submit"]
    again = api.call("DELETE", f"/screenplay/tasks/{task_id}")
    assert again.status == 400
    assert "cancelled" in again.msg


def test_what_is_pending_or_running_cannot_be_downloaded_yet(api: Any, screenplay: Any) -> None:
    task_id = api.submitted("re_1")
    for status in ("pending", "running"):
        answer = api.call("GET", f"/screenplay/tasks/{task_id}/download")
        assert (answer.status, answer.msg) == (400, f"Task is not completed yet, current status: {status}")
        screenplay.advance(3)


def test_another_key_neither_sees_nor_cancels_nor_downloads_a_task(
    api: Any, another_api: Callable[[str], Any], screenplay: Any
) -> None:
    task_id, other = api.submitted("re_1"), another_api("other")
    screenplay.advance_to_idle()
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/download")):
        answer = other.call(method, f"/screenplay/tasks/{task_id}{path}")
        assert (answer.status, answer.msg) == (400, f"Task not found for id: {task_id}")
    assert api.status(task_id).data["status"] == "completed"


def test_each_key_has_its_own_clock(api: Any, another_api: Callable[[str], Any], screenplay: Any) -> None:
    other = another_api("other")
    other.admin("PUT", "/clock", {"mode": "manual"})
    before = other.admin("GET", "/clock").json["now"]
    screenplay.advance(3600)
    assert other.admin("GET", "/clock").json["now"] == before
    assert api.admin("GET", "/clock").json["now"] != before


def story(api: Any, screenplay: Any) -> list[bytes]:
    """What a sandbox answers from its beginning."""
    bodies = [submit_documented(api).body, api.submit("re_7", require_xlsx=True).body]
    screenplay.advance_to_idle()
    for task in screenplay.tasks:
        path = f"/screenplay/tasks/{task['task_id']}"
        bodies += [api.call("GET", path).body, api.call("GET", f"{path}/download").body]
    return bodies


def test_one_seed_gives_the_same_answers_and_zip_bytes_and_another_seed_others(api: Any, screenplay: Any) -> None:
    first = story(api, screenplay)
    screenplay.reset()
    assert story(api, screenplay) == first
    api.admin("POST", "/reset", {"seed": 12345})
    assert story(api, screenplay) != first


def test_a_started_minute_of_each_episode_costs_a_dollar(api: Any, screenplay: Any) -> None:
    assets = [api.admin("POST", "/assets", {"duration_seconds": seconds}).json["asset_id"] for seconds in (60, 60.5, 1)]
    task_id = api.submitted(*assets)
    charge = {"task_id": task_id, "kind": "submit", "micro_dollars": 4_000_000, "at": "2026-03-13T10:00:00Z"}
    assert screenplay.account["charges"] == [charge]


@pytest.mark.screenplay(scenario="broke")
def test_a_broke_account_is_refused_with_402_and_charged_nothing(api: Any, screenplay: Any) -> None:
    answer = api.submit("re_1")
    assert answer.status == 402
    validator("error").validate(answer.json)
    assert (screenplay.tasks, screenplay.account["charges"]) == ([], [])


@pytest.mark.screenplay(scenario="stuck")
def test_a_stuck_task_runs_for_ever(api: Any, screenplay: Any) -> None:
    task_id = api.submitted("re_1")
    screenplay.advance_to_idle()
    screenplay.advance(10**6)
    assert api.status(task_id).data["status"] == "running"


def test_asking_lets_time_pass_under_a_poll_clock(api: Any) -> None:
    api.admin("PUT", "/clock", {"mode": "poll:1s"})
    task_id = api.submitted("re_1")
    seen = [api.status(task_id).data["status"] for _ in range(5)]
    assert seen == ["pending", "running", "running", "running", "completed"]
