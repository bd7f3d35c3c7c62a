"""Each switch of the contradictions, set alone by the admin API, with what a client sees under each of its values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_mock.core.dialect import SWITCHES

if TYPE_CHECKING:
    from collections.abc import Callable

UNKNOWN = "ros-sd-20260313-00000000"


def code_of_a_success(api: Any, _: Any) -> Any:
    return api.submit().json["code"]


def members_of_an_error(api: Any, _: Any) -> Any:
    return set(api.status(UNKNOWN).json)


def code_of_an_error(api: Any, _: Any) -> Any:
    return api.status(UNKNOWN).json["code"]


def second_call_in_a_second(api: Any, _: Any) -> Any:
    api.admin("PATCH", "/account", {"rate_limit": 1})
    api.submit()
    answer = api.submit()
    return answer.status, answer.msg


def unknown_asset(api: Any, _: Any) -> Any:
    answer = api.submit("re_900000000000000000")
    return answer.status, answer.msg


def unknown_task(api: Any, _: Any) -> Any:
    return api.status(UNKNOWN).status


def submission_without_a_webhook(api: Any, _: Any) -> Any:
    answer = api.submit()
    return answer.status, answer.msg


def callback(api: Any, screenplay: Any) -> tuple[str, dict[str, Any]]:
    """(task id, payload) of the webhook call that tells the end of a task."""
    webhook = screenplay.webhook
    task_id = api.submitted()
    screenplay.advance_to_idle()
    return task_id, webhook.received[0]


def top_level_id(api: Any, screenplay: Any) -> Any:
    task_id, payload = callback(api, screenplay)
    return payload["task_id"] == task_id


def text_member(api: Any, screenplay: Any) -> Any:
    return {"message", "msg"} & callback(api, screenplay)[1].keys()


def path_of_clients(api: Any, _: Any) -> Any:
    return api.call("GET", "/asset/re_1/metadata").status


def bearer(api: Any, _: Any) -> Any:
    return api.call("GET", "/re_1/metadata", Authorization=f"Bearer {api.key}").status


def duration_in_metadata(api: Any, _: Any) -> Any:
    return "duration" in api.call("GET", "/re_1/metadata").data["resource"][0]


LIMIT = "Request has exceeded the limit."
NO_WEBHOOK = "An async request requires at least one webhook."
THREE = {"code", "msg", "data"}

#: switch, what is looked at, and what is seen under each value, in the order of SWITCHES.
READINGS: dict[str, tuple[Callable[[Any, Any], Any], tuple[Any, ...]]] = {
    "success_code": (code_of_a_success, (200, "200", "0000")),
    "error_flags": (members_of_an_error, ({*THREE, "success", "failed"}, THREE)),
    "error_code_type": (code_of_an_error, (400, "400")),
    "rate_limit": (second_call_in_a_second, ((429, "Rate limit exceeded"), (400, LIMIT))),
    "unknown_asset": (unknown_asset, ((400, "Asset not found"), (400, LIMIT))),
    "not_found_status": (unknown_task, (400, 404)),
    "missing_webhook": (submission_without_a_webhook, ((200, "success"), (400, NO_WEBHOOK))),
    "callback_task_id": (top_level_id, (False, True)),
    "callback_text_member": (text_member, ({"message"}, {"msg"})),
    "asset_paths": (path_of_clients, (404, 200)),
    "bearer": (bearer, (401, 200)),
    "metadata_duration": (duration_in_metadata, (False, True)),
}


def test_every_switch_is_looked_at() -> None:
    assert {name: len(seen) for name, (_, seen) in READINGS.items()} == {
        name: len(values) for name, values in SWITCHES.items()
    }


@pytest.mark.parametrize(
    ("switch", "value", "seen"),
    [
        (switch, value, seen)
        for switch, (_, every) in READINGS.items()
        for value, seen in zip(SWITCHES[switch], every, strict=True)
    ],
)
def test_a_switch_set_alone_shows_its_reading(api: Any, screenplay: Any, switch: str, value: Any, seen: Any) -> None:
    answer = api.admin("PUT", "/dialect", {switch: value})
    assert json.loads(answer.body)["switches"][switch] == value
    look, _ = READINGS[switch]
    assert look(api, screenplay) == seen
