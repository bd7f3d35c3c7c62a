"""The model of the contract, rule by rule: how tasks may be, what is told of them, what agrees with what is allowed."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.contract_model import BEGIN, COMPLETES, FAKE, answered, success

from screenplay_contracts.exchange import Exchange
from screenplay_contracts.server import answers
from screenplay_contracts.server.answers import Refusal
from screenplay_contracts.server.model import submission, task
from screenplay_contracts.server.model.allowed import File, Success, Such, TurnedDown, agrees, mismatch
from screenplay_contracts.server.model.task import Standing, Task, standings
from screenplay_contracts.server.model.times import instant, moment, read
from screenplay_contracts.server.model.world import Charge, World

PLANNED = Task("ros-1", 3, COMPLETES, BEGIN)
UNPLANNED = Task("ros-1", 3)


def statuses(some: tuple[Standing, ...]) -> set[str]:
    return {one.status for one in some}


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
    assert statuses(standings(running, None)) == {"pending", "running", "completed", "failed"}
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
    assert task.to_cancel(PLANNED, BEGIN) == (Success({"task_id": "ros-1", "status": "cancelled"}),)
    assert task.to_cancel(PLANNED, BEGIN + 11_000) == (TurnedDown("the task is completed"),)
    assert task.to_cancel(replace(PLANNED, status="cancelled"), BEGIN) == (TurnedDown("the task is cancelled"),)


@pytest.mark.parametrize(("status", "msg"), [(400, answers.ended("completed").text), (409, "Too late")])
def test_where_the_documents_are_silent_any_refusal_is_allowed(status: int, msg: str) -> None:
    given = answered(status, {"msg": msg})
    assert mismatch(task.to_cancel(replace(UNPLANNED, status="completed"), None), given) is None
    assert mismatch(task.to_stranger(), given) is None
    assert mismatch(task.to_cancel(UNPLANNED, None), given) is None  # it may have ended by now


@pytest.mark.parametrize("status", [400, 404, 409])
def test_a_documented_text_is_asked_for_and_its_status_is_not(status: int) -> None:
    allowed = task.to_download(UNPLANNED, None)
    assert mismatch(allowed, answered(status, {"msg": answers.not_completed("running").text})) is None
    assert mismatch(allowed, answered(status, {"msg": "Please wait"})) is not None


@pytest.mark.parametrize(
    ("known", "seconds", "expected"),
    [
        (PLANNED, 0, answers.not_completed("pending")),
        (PLANNED, 2, answers.not_completed("running")),
        (PLANNED, 11, None),
        (replace(PLANNED, status="cancelled"), 11, answers.not_completed("cancelled")),
        (replace(PLANNED, status="failed"), 11, answers.not_completed("failed")),
        (replace(PLANNED, life=replace(COMPLETES, nothing=answers.NO_FILES)), 11, answers.NO_FILES),
    ],
)
def test_only_a_completed_task_has_a_result(known: Task, seconds: int, expected: Refusal | None) -> None:
    (allowed,) = task.to_download(known, BEGIN + seconds * 1000)
    if expected is None:
        assert allowed == File("application/zip")
    else:
        assert isinstance(allowed, TurnedDown)
        assert (allowed.status, allowed.text) == (None, expected.text)


def test_somebody_else_is_refused() -> None:
    assert mismatch(task.to_stranger(), success(task_id="ros-1", status="running")) is not None
    assert mismatch(task.to_stranger(), answered(403, {"msg": "Forbidden"})) is None


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


def test_a_time_of_the_api_without_a_zone_is_read_in_utc() -> None:
    assert read("2026-03-13T10:00:00") == read("2026-03-13T18:00:00+08:00") == BEGIN
    assert read("yesterday") is None


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
