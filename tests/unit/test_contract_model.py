"""The model of the contract, rule by rule: what is allowed as the next answer."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from screenplay_contracts.exchange import Exchange
from screenplay_contracts.server import answers, magic
from screenplay_contracts.server.answers import Refusal
from screenplay_contracts.server.assets import Asset
from screenplay_contracts.server.dialect import DIALECTS
from screenplay_contracts.server.model import submission, task, upload
from screenplay_contracts.server.model.allowed import File, Reading, Success, Such, TurnedDown, agrees, mismatch
from screenplay_contracts.server.model.task import Life, Standing, Task, standings
from screenplay_contracts.server.model.times import instant, moment
from screenplay_contracts.server.model.upload import Upload
from screenplay_contracts.server.model.world import Charge, World

FAKE = Reading(DIALECTS["documented"], fake=True)
SOMEBODYS = Reading(DIALECTS["documented"], fake=False)
BEGIN = 1_773_396_000_000  # 2026-03-13T10:00:00Z
COMPLETES = Life(frozenset({"completed"}), pending_for=2_000, per_episode=3_000)
PLANNED = Task("ros-1", 3, COMPLETES, BEGIN)
UNPLANNED = Task("ros-1", 3)


def answered(status: int, body: Any = None, *, media_type: str = "application/json") -> Exchange:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = (("Content-Type", media_type),)
    return Exchange(1, "a", "GET", "http://a/b", status, response_headers=headers, response_body=content)


def success(**data: Any) -> Exchange:
    return answered(200, {"code": 200, "msg": "success", "data": data})


def statuses(some: tuple[Standing, ...]) -> set[str]:
    return {one.status for one in some}


def body_of(*assets: str, **config: Any) -> dict[str, Any]:
    episodes = {str(number): asset for number, asset in enumerate(assets, 1)}
    return {"mode": "short_drama", "episodes": episodes, "config": config}


def submitted(
    body: Any, states: Any, *, reading: Reading = FAKE, webhook: bool | None = True, now: int | None = None
) -> tuple[Any, ...]:
    return submission.to_submission(body, lambda asset_id: states[asset_id], reading, webhook=webhook, now=now)


READY = {"re_1": (Asset(seconds=61.0),), "re_2": (Asset(seconds=60.0),)}


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, Standing("pending")),
        (1.999, Standing("pending")),
        (2, Standing("running", 0, 0)),
        (4.999, Standing("running", 0, 0)),
        (5, Standing("running", 1, 1)),
        (8, Standing("running", 2, 2)),
        (10.999, Standing("running", 2, 2)),
        (11, Standing("completed")),
        (10**6, Standing("completed")),
    ],
)
def test_a_planned_task_is_at_each_moment_in_one_way_only(seconds: float, expected: Standing) -> None:
    assert standings(PLANNED, BEGIN + round(seconds * 1000)) == (expected,)


def test_half_of_the_work_is_when_a_task_fails_half_way() -> None:
    failing = replace(PLANNED, life=replace(COMPLETES, ends=frozenset({"failed"}), after=0.5))
    assert standings(failing, BEGIN + 6_499) == (Standing("running", 1, 1),)
    assert standings(failing, BEGIN + 6_500) == (Standing("failed"),)


def test_a_task_without_an_end_runs_for_ever() -> None:
    stuck = replace(PLANNED, life=replace(COMPLETES, ends=frozenset()))
    assert standings(stuck, BEGIN + 10**12) == (Standing("running", 0, 0),)
    assert stuck.ends_at is None


def test_where_no_plan_is_known_a_status_may_be_what_follows_what_was_seen() -> None:
    assert statuses(standings(UNPLANNED, None)) == {"pending", "running", "completed", "failed"}
    running = replace(UNPLANNED, status="running", done=2)
    assert statuses(standings(running, None)) == {"running", "completed", "failed"}
    assert Standing("running", 2, 3) in standings(running, None)


@pytest.mark.parametrize("end", ["completed", "failed", "cancelled"])
def test_an_end_is_for_ever(end: str) -> None:
    assert standings(replace(PLANNED, status=end), BEGIN) == (Standing(end),)
    assert standings(replace(UNPLANNED, status=end), None) == (Standing(end),)


def test_nothing_becomes_cancelled_without_a_cancel() -> None:
    assert all("cancelled" not in after for before, after in task.FOLLOWS.items() if before != "cancelled")


def test_a_refused_cancel_tells_that_the_task_has_ended() -> None:
    assert statuses(standings(task.refused_cancel(UNPLANNED), None)) == {"completed", "failed"}


def test_progress_is_there_only_while_running_and_errors_only_when_failed() -> None:
    (pending,) = task.to_status(PLANNED, BEGIN)
    (running,) = task.to_status(PLANNED, BEGIN + 5_000)
    progress = {"total_episodes": 3, "completed_episodes": 1}
    assert mismatch([pending], success(task_id="ros-1", status="pending")) is None
    assert mismatch([pending], success(task_id="ros-1", status="pending", progress=progress)) is not None
    assert mismatch([running], success(task_id="ros-1", status="running", progress=progress)) is None
    assert mismatch([running], success(task_id="ros-1", status="running")) is not None
    assert (
        mismatch([running], success(task_id="ros-1", status="running", progress=progress, error_code="X")) is not None
    )
    back = {"total_episodes": 3, "completed_episodes": 0}
    assert mismatch([running], success(task_id="ros-1", status="running", progress=back)) is not None


def test_a_failed_task_says_why() -> None:
    allowed = task.to_status(replace(UNPLANNED, status="failed"), None)
    assert mismatch(allowed, success(task_id="ros-1", status="failed", error_code="X", error_message="")) is None
    assert mismatch(allowed, success(task_id="ros-1", status="failed", error_code="", error_message="")) is not None
    assert mismatch(allowed, success(task_id="ros-1", status="failed", error_code="X")) is not None


def test_only_what_has_not_ended_can_be_cancelled() -> None:
    assert task.to_cancel(PLANNED, BEGIN, FAKE) == (Success({"task_id": "ros-1", "status": "cancelled"}),)
    assert task.to_cancel(PLANNED, BEGIN + 11_000, FAKE) == (answers.ended("completed"),)
    assert task.to_cancel(replace(PLANNED, status="cancelled"), BEGIN, FAKE) == (answers.ended("cancelled"),)


def test_the_words_of_a_choice_are_expected_of_a_fake_alone() -> None:
    ended = replace(UNPLANNED, status="completed")
    assert task.to_cancel(ended, None, FAKE) == (answers.ended("completed"),)
    assert task.to_cancel(ended, None, SOMEBODYS) == (TurnedDown("the task is completed"),)


@pytest.mark.parametrize(
    ("known", "seconds", "expected"),
    [
        (PLANNED, 0, answers.not_completed("pending")),
        (PLANNED, 2, answers.not_completed("running")),
        (PLANNED, 11, File("application/zip")),
        (replace(PLANNED, status="cancelled"), 11, answers.not_completed("cancelled")),
        (replace(PLANNED, status="failed"), 11, answers.not_completed("failed")),
        (replace(PLANNED, life=replace(COMPLETES, nothing=answers.NO_FILES)), 11, answers.NO_FILES),
    ],
)
def test_only_a_completed_task_has_a_result(known: Task, seconds: int, expected: Any) -> None:
    assert task.to_download(known, BEGIN + seconds * 1000) == (expected,)


def test_somebody_else_is_told_that_there_is_no_such_task() -> None:
    assert task.to_stranger("downloadTask", "ros-1", SOMEBODYS) == (answers.no_task(DIALECTS["documented"], "ros-1"),)
    (status,) = task.to_stranger("getTask", "ros-1", SOMEBODYS)
    assert isinstance(status, TurnedDown)


def test_a_submission_of_ready_videos_is_accepted_with_the_sum_of_their_lengths() -> None:
    (allowed,) = submitted(body_of("re_1", "re_2"), READY, now=BEGIN)
    data = {
        "task_id": "ros-1",
        "status": "pending",
        "mode": "short_drama",
        "created_at": "2026-03-13T10:00:00Z",
        "total_duration_seconds": 121.0,
    }
    assert mismatch([allowed], success(**data)) is None
    assert mismatch([allowed], success(**data | {"total_duration_seconds": 121})) is None
    for wrong in (
        {"status": "running"},
        {"mode": "korean_drama"},
        {"created_at": "2026-03-13T10:00:01Z"},
        {"created_at": "2026-03-13T10:00:00"},
        {"total_duration_seconds": 122.0},
        {"total_duration_seconds": "121.0"},
        {"task_id": ""},
    ):
        assert mismatch([allowed], success(**data | wrong)) is not None, wrong


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"mode": "short_drama", "episodes": {"1": "re_1"}},
        body_of("re_1") | {"mode": "long_drama"},
        body_of("re_1") | {"episodes": {}},
        body_of("re_1") | {"episodes": ["re_1"]},
        body_of("re_1") | {"config": []},
        body_of("re_1", require_json="true"),
        body_of("re_1", concurrency=0),
    ],
)
def test_what_the_page_rules_out_is_refused_by_every_server(body: Any) -> None:
    assert submitted(body, READY) == submitted(body, READY, reading=SOMEBODYS) == (answers.INVALID,)


@pytest.mark.parametrize("body", [[], body_of("re_1") | {"mode": "korean_drama"}, body_of("re_1", require_json=False)])
def test_what_the_fake_chose_to_refuse_another_server_may_refuse_in_its_own_words(body: Any) -> None:
    assert submitted(body, READY) == (answers.INVALID,)
    (elsewhere,) = submitted(body, READY, reading=SOMEBODYS)
    assert isinstance(elsewhere, TurnedDown)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (Asset(exists=False), Refusal(400, "Asset not found")),
        (Asset(status="UPLOADING"), answers.not_ready("UPLOADING")),
        (Asset(kind="audio"), answers.NOT_A_VIDEO),
        (Asset(seconds=300.0), answers.TOO_LONG),
    ],
)
def test_an_asset_that_cannot_be_an_episode_is_named_with_its_reason(state: Asset, expected: Refusal) -> None:
    assert submitted(body_of("re_3"), {"re_3": (state,)}) == (expected,)
    both = submitted(body_of("re_3", "re_3"), {"re_3": (state,)})
    assert both == (Refusal(400, f"Episode 1: {expected.text}; Episode 2: {expected.text}"),)


def test_an_asset_just_under_five_minutes_is_accepted() -> None:
    (allowed,) = submitted(body_of("re_3"), {"re_3": (Asset(seconds=299.999),)})
    assert isinstance(allowed, Success)


def test_an_asset_that_may_be_ready_or_not_allows_both_answers() -> None:
    allowed = submitted(body_of("re_3"), {"re_3": (Asset(status="UPLOADING"), Asset())}, reading=SOMEBODYS)
    assert {type(one) for one in allowed} == {Success, TurnedDown}


def test_the_dialect_decides_about_a_missing_webhook_and_an_unknown_asset() -> None:
    live = Reading(DIALECTS["live"], fake=True)
    assert submitted(body_of("re_1"), READY, reading=live, webhook=False) == (answers.NO_WEBHOOK,)
    assert isinstance(submitted(body_of("re_1"), READY, reading=live)[0], Success)
    assert isinstance(submitted(body_of("re_1"), READY, webhook=False)[0], Success)
    unknown = submitted(body_of("re_3"), {"re_3": (Asset(exists=False),)}, reading=live)
    assert unknown == (Refusal(400, "Request has exceeded the limit."),)


def test_where_nobody_knows_of_a_webhook_both_are_allowed() -> None:
    live = Reading(DIALECTS["live"], fake=False)
    allowed = submitted(body_of("re_1"), READY, reading=live, webhook=None)
    assert {type(one) for one in allowed} == {Refusal, Success}


def test_an_account_without_money_is_told_so() -> None:
    assert submitted(body_of(magic.BROKE), {}) == (answers.NO_BALANCE,)
    live = Reading(DIALECTS["live"], fake=True)
    without = submitted(body_of(magic.BROKE), {}, reading=live, webhook=False)
    assert set(without) == {answers.NO_WEBHOOK, answers.NO_BALANCE}  # docs silent: which is told first


@pytest.mark.parametrize(
    ("asset_id", "ends"),
    [
        ("re_1", {"completed"}),
        (magic.COMPLETES, {"completed"}),
        (magic.FAILS, {"failed"}),
        (magic.STUCK, set()),
        (magic.NO_RESULT, {"completed"}),
    ],
)
def test_a_magic_asset_decides_how_its_task_ends(asset_id: str, ends: set[str]) -> None:
    assert submission.life_of(body_of("re_2", asset_id), COMPLETES).ends == ends


def test_a_task_with_the_first_magic_asset_is_completed_at_once() -> None:
    at_once = Task("ros-1", 2, submission.life_of(body_of("re_2", magic.COMPLETES), COMPLETES), BEGIN)
    assert standings(at_once, BEGIN) == (Standing("completed"),)


@pytest.mark.parametrize(
    ("lengths", "total", "dollars"),
    [
        ([60.0], 60, (1, 1)),
        ([60.001], 60.001, (2, 2)),
        ([1.0, 61.0], 62, (3, 3)),
        ([None], 61.0, (2, 2)),
        ([None, None], 61.0, (2, 3)),
    ],
)
def test_each_episode_costs_its_begun_minutes(lengths: Any, total: float, dollars: tuple[int, int]) -> None:
    assert submission.price(lengths, total) == tuple(one * 1_000_000 for one in dollars)


STORED = Upload("re_9", "a.mp4", content=b"film", seconds=42.0, stored_at=BEGIN, ready_after=4_000, seen="UPLOADING")
SIGNED = Upload("re_9", "a.mp4", url="http://a/storage/1", expires_at=BEGIN + 1_000)


def test_an_upload_is_processed_and_then_ready() -> None:
    assert upload.statuses(STORED, BEGIN + 3_999) == ("UPLOADING",)
    assert upload.statuses(STORED, BEGIN + 4_000) == ("SUCCESS",)
    assert upload.statuses(replace(STORED, ready_after=None), None) == ("UPLOADING", "SUCCESS", "FAILED")
    assert upload.statuses(replace(STORED, ready_after=None, seen="SUCCESS"), None) == ("SUCCESS",)


def test_an_asset_waits_until_its_file_has_come() -> None:
    assert upload.statuses(SIGNED, BEGIN) == ("WAITING",)
    assert submitted(body_of("re_9"), {"re_9": upload.states(SIGNED, BEGIN)}) == (answers.not_ready("WAITING"),)


def test_a_signed_url_takes_one_file_while_it_lasts() -> None:
    assert upload.to_store(SIGNED, BEGIN + 999, FAKE) == (Success({"asset_id": "re_9"}),)
    assert upload.to_store(SIGNED, BEGIN + 1_000, FAKE) == (answers.URL_EXPIRED,)
    again = upload.stored(SIGNED, b"film", BEGIN)
    assert upload.to_store(again, BEGIN, FAKE) == (answers.ALREADY_STORED,)
    assert upload.to_store(replace(SIGNED, deleted=True), BEGIN, FAKE) == (answers.URL_UNKNOWN,)


def test_a_deleted_asset_is_gone_for_every_use() -> None:
    gone, nobodys = replace(STORED, deleted=True), (Refusal(400, "Asset not found"),)
    assert upload.to_metadata(gone, BEGIN, FAKE) == upload.to_delete(gone, FAKE) == nobodys
    assert (
        upload.to_fetch(gone, BEGIN, FAKE)
        == submitted(body_of("re_9"), {"re_9": upload.states(gone, BEGIN)})
        == nobodys
    )


def test_a_download_of_an_asset_brings_the_bytes_that_were_uploaded() -> None:
    allowed = upload.to_fetch(STORED, BEGIN + 4_000, FAKE)
    assert mismatch(allowed, answered(200, b"film", media_type="video/mp4")) is None
    assert mismatch(allowed, answered(200, b"other", media_type="video/mp4")) is not None
    assert upload.to_fetch(STORED, BEGIN, FAKE) == (answers.not_ready("UPLOADING"),)


def test_metadata_tell_name_size_and_status_of_an_upload() -> None:
    allowed = upload.to_metadata(STORED, BEGIN + 4_000, FAKE)
    row = {"asset_id": "re_9", "original_filename": "a.mp4", "file_size": "4", "upload_status": "SUCCESS"}
    assert mismatch(allowed, success(total=1, resource=[row])) is None
    assert mismatch(allowed, success(total=1, resource=[row | {"file_size": 4}])) is not None
    assert mismatch(allowed, success(total=1, resource=[row | {"upload_status": "UPLOADING"}])) is not None
    assert mismatch(allowed, success(total=2, resource=[row, row])) is not None


def test_what_ends_is_told_once_if_there_is_a_webhook_then() -> None:
    world = World(FAKE, BEGIN, webhook=True, tasks={"ros-1": PLANNED})
    assert world.passed(10_999).told == frozenset()
    told = world.passed(11_000)
    assert told.told == {("ros-1", "completed")} == told.passed(1).told
    without = replace(world, webhook=False).passed(11_000)
    assert without.told == replace(without, webhook=True).passed(10**6).told == frozenset()


def test_a_cancelled_task_tells_nothing() -> None:
    world = World(FAKE, BEGIN, webhook=True).with_task(replace(PLANNED, status="cancelled"))
    assert world.passed(10**9).told == frozenset()


def test_an_asset_that_was_not_given_is_a_video_of_a_fake_alone() -> None:
    fake, other = World(FAKE, BEGIN), World(SOMEBODYS)
    assert fake.states("re_abc") == (Asset(),)
    assert other.states("re_abc") == fake.states("re_912") == fake.states("a.mp4") == (Asset(exists=False),)
    assert fake.states(magic.TOO_LONG)[0].reason(FAKE.dialect) == answers.TOO_LONG
    assert fake.with_upload(STORED).states("re_9") == (Asset(status="UPLOADING", seconds=42.0),)


def test_charges_are_in_the_order_in_which_they_came() -> None:
    world = World(FAKE).charged("ros-1", "submit", 1, 2).charged("ros-1", "download", 3, 3)
    assert world.charges == (Charge("ros-1", "submit", 1, 2), Charge("ros-1", "download", 3, 3))


def test_no_answer_and_half_an_answer_are_never_allowed() -> None:
    allowed = (Success(None), TurnedDown("of this"), File())
    assert mismatch(allowed, Exchange(1, "a", "GET", "http://a/b", None, error="closed")) is not None
    cut = replace(answered(200, {"data": None}), error="the body was cut")
    assert mismatch(allowed, cut) is not None


def test_an_error_of_the_server_is_no_refusal() -> None:
    assert mismatch((TurnedDown("of this"),), answered(500, {"msg": "x"})) is not None
    assert mismatch((TurnedDown("of this"),), answered(409, {"msg": "x"})) is None


def test_a_mismatch_says_all_that_would_have_been_right() -> None:
    wrong = mismatch(
        (Success({"status": "cancelled"}, ("progress",)), Refusal(400, "no")), answered(404, {"msg": "no"})
    )
    assert wrong is not None
    assert wrong[0] == 'HTTP 200, data {"status": "cancelled"} without progress or HTTP 400, msg \'no\''
    assert wrong[1].startswith("HTTP 404")


def test_values_agree_when_they_are_of_one_type_and_objects_may_have_more() -> None:
    assert agrees({"a": 1}, {"a": 1, "b": 2})
    assert not agrees({"a": 1}, {"a": True})
    assert not agrees(1, 1.0)
    assert agrees([Such("anything", lambda _: True)], [None])
    assert not agrees([1], [1, 2])


@pytest.mark.parametrize("at", [BEGIN, BEGIN + 1, BEGIN + 999])
def test_a_moment_is_what_its_text_says(at: int) -> None:
    assert moment(instant(at)) == at


@pytest.mark.parametrize("text", ["2026-03-13T10:00:00", "yesterday", None, 7])
def test_a_text_without_a_zone_is_no_moment(text: Any) -> None:
    assert moment(text) is None


def test_the_model_knows_no_fake_and_reads_no_clock() -> None:
    home = Path(submission.__file__).parent
    for path in home.glob("*.py"):
        imported = {
            name
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        assert not {name.partition(".")[0] for name in imported} & {"screenplay_mock", "time", "random", "http", "os"}
