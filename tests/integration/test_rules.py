"""Rules give single tasks another life, and what a scenario says of results, ids and the account is so over HTTP."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from urllib.parse import quote

import pytest

TASKS = "/screenplay/tasks"


def statuses(api: Any, screenplay: Any, *submissions: tuple[str, ...]) -> list[str]:
    """How tasks of these episodes end, one after the other."""
    task_ids = [api.submitted(*assets) for assets in submissions]
    screenplay.advance(10**6)
    return [api.status(task_id).data["status"] for task_id in task_ids]


@pytest.mark.parametrize(
    ("when", "ends"),
    [
        ({"assets": ["re_b", "re_c"]}, ["completed", "failed", "completed", "failed"]),
        ({"at_least_episodes": 2}, ["completed", "completed", "failed", "failed"]),
        ({"at_most_episodes": 1}, ["failed", "failed", "completed", "completed"]),
        ({"nth": 3}, ["completed", "completed", "failed", "completed"]),
        ({"first": 2}, ["failed", "failed", "completed", "completed"]),
        ({"every": 2}, ["completed", "failed", "completed", "failed"]),
        ({"every": 2, "at_least_episodes": 2}, ["completed", "completed", "completed", "failed"]),
        ({}, ["failed"] * 4),
    ],
    ids=str,
)
def test_a_rule_picks_tasks_by_their_episodes_and_their_place(
    api: Any, screenplay: Any, when: dict[str, Any], ends: list[str]
) -> None:
    screenplay.use({"rules": [{"when": when, "tasks": {"outcome": "failed"}}]})
    assert statuses(api, screenplay, ("re_a",), ("re_b",), ("re_a", "re_d"), ("re_a", "re_c")) == ends


def test_the_first_rule_that_picks_a_task_counts(api: Any, screenplay: Any) -> None:
    rules = [
        {"when": {"nth": 2}, "tasks": {"outcome": "stuck"}},
        {"when": {"first": 3}, "tasks": {"outcome": "cancelled"}},
    ]
    screenplay.use({"rules": rules})
    assert statuses(api, screenplay, *[("re_1",)] * 4) == ["cancelled", "running", "cancelled", "completed"]


def test_refused_submissions_have_no_place_and_a_reset_counts_anew(api: Any, screenplay: Any) -> None:
    screenplay.use({"rules": [{"when": {"nth": 2}, "tasks": {"outcome": "failed"}}]})
    api.submit("re_9")
    assert statuses(api, screenplay, ("re_1",), ("re_1",), ("re_1",)) == ["completed", "failed", "completed"]
    screenplay.reset()
    assert statuses(api, screenplay, ("re_1",), ("re_1",)) == ["completed", "failed"]


def test_a_rule_changes_what_a_receiver_is_told_of_its_tasks_alone(api: Any, screenplay: Any) -> None:
    assert screenplay.webhook.url
    screenplay.use({"rules": [{"when": {"nth": 1}, "webhook": {"calls": [{"copies": 2}]}}]})
    first, second = api.submitted(), api.submitted()
    screenplay.advance_to_idle()
    told = [payload["data"]["task_id"] for payload in screenplay.webhook.received]
    assert told == [first, first, second]


def test_an_accepted_task_keeps_its_life_under_another_scenario(api: Any, screenplay: Any) -> None:
    screenplay.use({"tasks": {"result": "no_result"}})
    before = api.submitted()
    screenplay.use({"tasks": {"outcome": "stuck"}})
    screenplay.advance(60)
    assert api.status(before).data["status"] == "completed"
    assert api.call("GET", f"{TASKS}/{before}/download").msg == "No result data available for this task."


@pytest.mark.parametrize("clock", ["manual", "poll:10s"])
def test_a_vendor_that_cancels_is_seen_as_a_cancelled_task(api: Any, screenplay: Any, clock: str) -> None:
    screenplay.use({"tasks": {"outcome": "cancelled"}})
    api.admin("PUT", "/clock", {"mode": clock})
    task_id = api.submitted()
    screenplay.advance_to_idle()
    assert api.status(task_id).data == {"task_id": task_id, "status": "cancelled"}
    assert api.call("DELETE", f"{TASKS}/{task_id}").msg == "Task cannot be cancelled, current status: cancelled"
    download = api.call("GET", f"{TASKS}/{task_id}/download")
    assert download.msg == "Task is not completed yet, current status: cancelled"


@pytest.mark.parametrize(
    ("suffix", "filename"),
    [
        ("-x", "-x.zip"),
        ("/b?c#d e%2F", "_b?c#d e%2F.zip"),
        ('"; filename="../x', "_; filename=_.._x.zip"),
        ("\\..\\x", "_.._x.zip"),
        ("%00%0d%0a", "%00%0d%0a.zip"),
    ],
)
def test_any_task_id_works_as_one_segment_of_a_path_and_names_a_file_safely(
    api: Any, screenplay: Any, suffix: str, filename: str
) -> None:
    assert screenplay.webhook.url
    screenplay.use({"tasks": {"id_suffix": suffix}})
    task_id = api.submitted()
    assert task_id.endswith(suffix)
    path = f"{TASKS}/{quote(task_id, safe='')}"
    assert api.call("GET", path).data["task_id"] == task_id
    screenplay.advance_to_idle()
    download = api.call("GET", f"{path}/download")
    assert zipfile.ZipFile(io.BytesIO(download.body)).testzip() is None
    plain = download.headers["Content-Disposition"].partition("; filename*=")[0]
    assert plain == f'attachment; filename="{task_id.removesuffix(suffix)}{filename}"'
    assert screenplay.webhook.received[0]["data"]["task_id"] == task_id
    assert screenplay.complete(api.submitted())["status"] == "completed"
    assert screenplay.account["charges"][1]["task_id"] == task_id


def test_a_slash_in_a_task_id_that_is_not_encoded_leads_elsewhere(api: Any, screenplay: Any) -> None:
    screenplay.use({"tasks": {"id_suffix": "/b"}})
    task_id = api.submitted()
    assert api.call("GET", f"{TASKS}/{task_id}").status == 404


def test_a_scenario_can_disable_the_account_also_after_a_reset(api: Any, screenplay: Any) -> None:
    screenplay.use({"account": {"disabled": True}})
    assert (api.submit().status, screenplay.account["disabled"]) == (403, True)
    screenplay.reset()
    assert api.submit().status == 403
    screenplay.use("happy")
    assert api.submit().status == 200
    screenplay.set_account(disabled=True)
    screenplay.use("happy")
    assert api.submit().status == 200
