"""Magic asset ids over HTTP: what each provokes, whatever the scenario, and what decides a mixed submission."""

from __future__ import annotations

import asyncio
import http.client
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.core.plan import Record
from screenplay_mock.core.submission import submission
from screenplay_mock.sandbox import Defaults
from screenplay_mock.settings import Settings
from screenplay_mock.testing import journal_text
from screenplay_mock.web.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import HandWall

#: Scenarios under which a magic id must do the same.
SCENARIOS: list[Any] = [
    "happy",
    {"assets": "strict"},
    {"tasks": {"outcome": "failed", "result": "no_files", "pending_for": "1h"}, "rules": [{"tasks": {}}]},
    {"rules": [{"tasks": {"outcome": "stuck"}}]},
]
COMPLETES = ("001", "004", "005", "006", "007")


def magic(number: str) -> str:
    return f"re_000000000000000{number}"


@pytest.fixture(params=SCENARIOS, ids=str)
def in_any_scenario(request: pytest.FixtureRequest, screenplay: Any) -> None:
    screenplay.use(request.param)


def charges(screenplay: Any) -> list[str]:
    return [charge["kind"] for charge in screenplay.account["charges"]]


@pytest.mark.usefixtures("in_any_scenario")
@pytest.mark.parametrize("number", COMPLETES)
def test_a_task_completes(api: Any, screenplay: Any, number: str) -> None:
    task_id = api.submitted(magic(number))
    screenplay.advance_to_idle()
    assert api.status(task_id).data == {"task_id": task_id, "status": "completed"}
    assert charges(screenplay) == ["submit"]


@pytest.mark.usefixtures("in_any_scenario")
def test_001_completes_at_once_and_is_told(api: Any, screenplay: Any) -> None:
    assert screenplay.webhook.url
    answer = api.submit(magic("001"))
    assert answer.data["status"] == "pending"
    assert api.status(answer.data["task_id"]).data["status"] == "completed"
    screenplay.advance(0)
    assert [one["data"]["status"] for one in screenplay.webhook.received] == ["completed"]


@pytest.mark.usefixtures("in_any_scenario")
def test_002_fails_half_way(api: Any, screenplay: Any) -> None:
    task_id = api.submitted(magic("002"), magic("002"))
    screenplay.advance_to_idle()
    data = api.status(task_id).data
    assert (data["status"], data["error_code"]) == ("failed", "PROCESSING_FAILED")
    start, end = (datetime.fromisoformat(event["at"]) for event in screenplay.tasks[0]["past"])
    assert (end - start).total_seconds() == 3  # of three seconds for each episode


@pytest.mark.usefixtures("in_any_scenario")
def test_003_runs_for_ever(api: Any, screenplay: Any) -> None:
    task_id = api.submitted(magic("003"))
    screenplay.advance(10**8)
    assert api.status(task_id).data["status"] == "running"


@pytest.mark.usefixtures("in_any_scenario")
@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("004", "No downloadable files found for this task."),
        ("005", "No result data available for this task."),
    ],
)
def test_004_and_005_complete_and_have_nothing_to_download_or_pay(
    api: Any, screenplay: Any, number: str, text: str
) -> None:
    task_id = api.submitted(magic(number))
    early = api.call("GET", f"/screenplay/tasks/{task_id}/download")
    assert early.msg == "Task is not completed yet, current status: pending"
    screenplay.advance_to_idle()
    answer = api.call("GET", f"/screenplay/tasks/{task_id}/download")
    assert (answer.status, answer.msg, answer.data) == (400, text, None)
    assert charges(screenplay) == ["submit"]


@pytest.mark.usefixtures("in_any_scenario")
@pytest.mark.parametrize(("number", "times"), [("006", 0), ("007", 5)])
def test_006_and_007_complete_and_are_told_never_or_five_times(
    api: Any, screenplay: Any, number: str, times: int
) -> None:
    assert screenplay.webhook.url
    task_id = api.submitted(magic(number))
    screenplay.advance_to_idle()
    told = [payload["data"] for payload in screenplay.webhook.received]
    assert told == [{"task_id": task_id, "status": "completed"}] * times
    assert len(screenplay.deliveries) == times


STATES = {
    "400": "Asset not found",
    "409": "Asset is not ready, current upload status: UPLOADING",
    "413": "Video must be under 5 minutes",
    "415": "Asset is not a video",
}


@pytest.mark.usefixtures("in_any_scenario")
@pytest.mark.parametrize(("number", "text"), STATES.items())
def test_an_asset_in_a_state_is_refused_with_its_reason(api: Any, screenplay: Any, number: str, text: str) -> None:
    for _ in range(2):
        answer = api.submit(magic(number))
        assert (answer.status, answer.msg) == (400, text)
    assert (screenplay.tasks, charges(screenplay)) == ([], [])


def test_the_metadata_of_a_magic_id_show_its_state(api: Any) -> None:
    def resource(number: str) -> Any:
        return api.call("GET", f"/{magic(number)}/metadata").data["resource"][0]

    assert [resource(number)["upload_status"] for number in ("001", "409", "413", "503")] == [
        *("SUCCESS", "UPLOADING", "SUCCESS", "SUCCESS")
    ]
    assert (resource("415")["extension"], resource("001")["extension"]) == ("mp3", "mp4")
    assert api.call("GET", f"/{magic('400')}/metadata").msg == "Asset not found"
    assert api.call("GET", f"/{magic('409')}/download").msg.startswith("Asset is not ready")


def test_a_magic_id_that_was_deleted_exists_no_more(api: Any) -> None:
    assert api.call("DELETE", f"/{magic('001')}").status == 200
    assert api.submit(magic("001")).msg == "Asset not found"


@pytest.mark.usefixtures("in_any_scenario")
def test_402_is_refused_always_and_charges_nothing(api: Any, screenplay: Any) -> None:
    for _ in range(2):
        answer = api.submit(magic("402"))
        assert (answer.status, answer.msg) == (402, "Insufficient balance. Please recharge and try again.")
    assert (screenplay.tasks, charges(screenplay)) == ([], [])


@pytest.mark.usefixtures("in_any_scenario")
@pytest.mark.parametrize(("status", "text"), [(429, "Rate limit exceeded"), (500, "Internal server error")])
def test_429_and_500_are_refused_the_first_time_in_a_sandbox_and_then_accepted(
    api: Any, screenplay: Any, another_api: Callable[[str], Any], status: int, text: str
) -> None:
    asset = magic(str(status))
    first = api.submit(asset)
    assert (first.status, first.msg, charges(screenplay)) == (status, text, [])
    assert [api.submit(asset).status for _ in range(2)] == [200, 200]
    assert charges(screenplay) == ["submit", "submit"]
    assert another_api("other").submit(asset).status == status
    screenplay.reset()
    assert api.submit(asset).status == status


def test_each_of_them_has_its_own_first_time_and_the_dialect_words_it(api: Any, screenplay: Any) -> None:
    screenplay.use_dialect("live")
    assert api.submit(magic("500")).status == 500
    answer = api.submit(magic("429"))
    assert (answer.status, answer.msg) == (400, "Request has exceeded the limit.")


@pytest.mark.usefixtures("in_any_scenario")
def test_503_is_accepted_and_charged_and_nobody_hears_of_it(api: Any, screenplay: Any) -> None:
    for _ in range(2):
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            api.submit(magic("503"))
    assert (len(screenplay.tasks), charges(screenplay)) == (2, ["submit", "submit"])
    assert "without an answer" in journal_text(screenplay)


def test_the_first_magic_episode_decides_and_the_others_are_ordinary_videos(api: Any, screenplay: Any) -> None:
    task_id = api.submitted("re_a1", magic("003"), *(magic(number) for number in (*STATES, "402", "429", "500", "503")))
    screenplay.advance(10**8)
    assert api.status(task_id).data["status"] == "running"
    assert charges(screenplay) == ["submit"]


def test_episodes_are_in_the_order_of_their_numbers(api: Any) -> None:
    episodes = {"10": magic("402"), "9": magic("003")}
    body = {"mode": "short_drama", "episodes": episodes, "config": {}}
    assert api.call("POST", "/screenplay/tasks", body).status == 200


def test_a_state_that_decides_is_reported_with_all_that_is_wrong(api: Any, screenplay: Any) -> None:
    answer = api.submit(magic("409"), magic("003"), "re_a1", magic("413"), "re_9", magic("402"))
    assert answer.status == 400
    assert answer.msg == (
        "Episode 1: Asset is not ready, current upload status: UPLOADING; "
        "Episode 4: Video must be under 5 minutes; Episode 5: Asset not found"
    )
    assert screenplay.tasks == []


@pytest.mark.parametrize("unknown", ["re_000000000000000999", "re_000000000000000", "re_0000000000000000001"])
def test_other_ids_with_fifteen_zeros_never_exist(api: Any, screenplay: Any, unknown: str) -> None:
    assert api.submit(unknown).msg == "Asset not found"
    assert api.submit(unknown, magic("001")).msg == "Asset not found"
    assert api.submit(magic("402"), unknown).msg == "Asset not found"
    assert api.call("GET", f"/{unknown}/metadata").msg == "Asset not found"
    assert screenplay.tasks == []


def test_assets_that_were_given_are_as_they_were_added(api: Any, screenplay: Any) -> None:
    added = screenplay.add_asset(upload_status="FAILED")
    assert api.submit(magic("003"), added).msg == "Asset is not ready, current upload status: FAILED"


async def test_of_ten_first_times_at_once_one_is_refused(any_store: Any, hand_wall: HandWall) -> None:
    services = Services(Settings(defaults=Defaults(clock="manual")), store=any_store, wall=hand_wall)
    wanted = submission({"mode": "short_drama", "episodes": {"1": magic("429")}, "config": {}})
    submits = (services.engine.submit("k", wanted) for _ in range(10))
    results = await asyncio.gather(*submits, return_exceptions=True)
    assert sum(isinstance(result, Record) for result in results) == 9
    assert [result.kind for result in results if isinstance(result, ApiError)] == [ErrorKind.RATE_LIMITED]
    await services.close()
    assert getattr(any_store, "complaints", []) == []


async def test_what_a_magic_id_decided_is_kept_with_the_task_in_any_store(any_store: Any, hand_wall: HandWall) -> None:
    services = Services(Settings(defaults=Defaults(clock="manual")), store=any_store, wall=hand_wall)
    kept = []
    for number in ("004", "503", "429"):
        wanted = submission({"mode": "short_drama", "episodes": {"1": "re_1", "2": magic(number)}, "config": {}})
        try:
            record = await services.engine.submit("k", wanted)
        except ApiError:
            record = await services.engine.submit("k", wanted)
        _, space = await services.sandboxes.read("k")
        assert await space.task(record.id) == record
        kept.append((record.result, record.answer_lost))
    assert kept == [("no_files", False), ("zip", True), ("zip", False)]
    await services.close()
