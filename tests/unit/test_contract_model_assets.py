"""The model of the contract, rule by rule: which submissions are accepted, what they cost, how assets may be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.contract_model import BEGIN, COMPLETES, FAKE, SOMEBODYS, answered, body_of, submitted, success

from screenplay_contracts.server import answers, magic, shapes
from screenplay_contracts.server.answers import Refusal
from screenplay_contracts.server.assets import Asset
from screenplay_contracts.server.dialect import DIALECTS
from screenplay_contracts.server.model import submission, upload
from screenplay_contracts.server.model.allowed import File, Reading, Success, TurnedDown, mismatch
from screenplay_contracts.server.model.task import Standing, Task, standings
from screenplay_contracts.server.model.upload import Upload
from screenplay_contracts.server.model.world import World
from screenplay_contracts.server.moves.bodies import wrong_body, wrongs

READY = {"re_1": (Asset(seconds=61.0),), "re_2": (Asset(seconds=60.0),)}


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
    assert mismatch([allowed], success(**data | {"created_at": "2026-03-13T10:00:00"})) is None  # docs silent: the zone
    for wrong in (
        {"status": "running"},
        {"mode": "korean_drama"},
        {"created_at": "2026-03-13T10:00:01Z"},
        {"created_at": "2026-03-13 at ten"},
        {"total_duration_seconds": 122.1},
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
        body_of("re_1", concurrency="1"),
    ],
)
def test_what_the_page_rules_out_is_refused_by_every_server_in_its_own_words(body: Any) -> None:
    assert submitted(body, READY) == submitted(body, READY, reading=SOMEBODYS)
    refused_alone(submitted(body, READY))


def refused_alone(allowed: tuple[Any, ...]) -> None:
    """Fail unless any refusal is allowed, and nothing else."""
    assert {type(one) for one in allowed} == {TurnedDown}
    assert {(one.status, one.text) for one in allowed} == {(None, None)}


def test_nothing_wrong_is_sent_that_the_page_does_not_rule_out() -> None:
    kinds = {kind for what in wrongs(FAKE) for kind in shapes.faults(wrong_body(what, "re_1"))}
    assert kinds <= submission.RULED_OUT


@pytest.mark.parametrize(
    "state", [Asset(exists=False), Asset(status="UPLOADING"), Asset(kind="audio"), Asset(seconds=300.0)]
)
def test_an_asset_that_cannot_be_an_episode_is_refused_in_whatever_words(state: Asset) -> None:
    refused_alone(submitted(body_of("re_3"), {"re_3": (state,)}))
    refused_alone(submitted(body_of("re_3", "re_3"), {"re_3": (state,)}))


@pytest.mark.parametrize(
    "body", [body_of("re_1", "re_1"), body_of("re_1", language="fr"), body_of("re_1") | {"episodes": {"7": "re_1"}}]
)
def test_what_no_page_shows_may_be_accepted_or_refused(body: Any) -> None:
    assert {type(one) for one in submitted(body, READY)} == {Success, TurnedDown}


def test_an_asset_just_under_five_minutes_is_accepted() -> None:
    (allowed,) = submitted(body_of("re_3"), {"re_3": (Asset(seconds=299.999),)})
    assert isinstance(allowed, Success)


def test_an_asset_that_may_be_ready_or_not_allows_both_answers() -> None:
    allowed = submitted(body_of("re_3"), {"re_3": (Asset(status="UPLOADING"), Asset())}, reading=SOMEBODYS)
    assert {type(one) for one in allowed} == {Success, TurnedDown}


def test_the_dialect_decides_about_a_missing_webhook() -> None:
    live = Reading(DIALECTS["live"], fake=True)
    assert submitted(body_of("re_1"), READY, reading=live, webhook=False) == (answers.NO_WEBHOOK,)
    assert isinstance(submitted(body_of("re_1"), READY, reading=live)[0], Success)
    assert isinstance(submitted(body_of("re_1"), READY, webhook=False)[0], Success)


def test_where_nobody_knows_of_a_webhook_both_are_allowed() -> None:
    live = Reading(DIALECTS["live"], fake=False)
    allowed = submitted(body_of("re_1"), READY, reading=live, webhook=None)
    assert {type(one) for one in allowed} == {Refusal, Success}


def test_an_account_without_money_is_told_so() -> None:
    (allowed,) = submitted(body_of(magic.BROKE), {})
    assert (allowed.status, allowed.text) == (402, None)
    live = Reading(DIALECTS["live"], fake=True)
    without = submitted(body_of(magic.BROKE), {}, reading=live, webhook=False)
    assert set(without) == {answers.NO_WEBHOOK, allowed}  # docs silent: which is told first


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
        ([59.999], 59.999, (1, 1)),
        ([60.0], 60, (1, 2)),  # docs silent
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
    refused_alone(submitted(body_of("re_9"), {"re_9": upload.states(SIGNED, BEGIN)}))


def test_a_signed_url_takes_a_file_while_it_lasts_and_perhaps_later() -> None:
    stored, refused = answered(204, b""), answered(403, {"msg": "x"})
    assert mismatch(upload.to_store(SIGNED, BEGIN + 999), stored) is None
    assert mismatch(upload.to_store(SIGNED, BEGIN + 999), refused) is not None
    for late in (upload.to_store(SIGNED, BEGIN + 1_000), upload.to_store(replace(SIGNED, deleted=True), BEGIN)):
        assert mismatch(late, stored) is mismatch(late, refused) is None
        assert mismatch(late, answered(302)) is not None


def test_a_deleted_asset_is_gone_for_every_use() -> None:
    gone = replace(STORED, deleted=True)
    for allowed in (
        upload.to_metadata(gone, BEGIN, FAKE),
        upload.to_delete(gone, FAKE),
        upload.to_fetch(gone, BEGIN, FAKE),
    ):
        assert mismatch(allowed, answered(400, {"msg": "No such asset"})) is None
        assert mismatch(allowed, answered(404, {"msg": "Asset not found"})) is not None  # error-codes page: 400
    refused_alone(submitted(body_of("re_9"), {"re_9": upload.states(gone, BEGIN)}))


def test_a_download_of_an_asset_brings_the_bytes_that_were_uploaded() -> None:
    allowed = upload.to_fetch(STORED, BEGIN + 4_000, FAKE)
    assert mismatch(allowed, answered(200, b"film", media_type="video/mp4")) is None
    assert mismatch(allowed, answered(200, b"other", media_type="video/mp4")) is not None
    early = upload.to_fetch(STORED, BEGIN, FAKE)
    assert {type(one) for one in early} == {File, TurnedDown}  # docs silent: before it is ready


def test_metadata_tell_name_size_and_status_of_an_upload() -> None:
    allowed = upload.to_metadata(STORED, BEGIN + 4_000, FAKE)
    row = {"asset_id": "re_9", "original_filename": "a.mp4", "file_size": "4", "upload_status": "SUCCESS"}
    assert mismatch(allowed, success(total=1, resource=[row])) is None
    assert mismatch(allowed, success(total=1, resource=[row | {"file_size": 4}])) is not None
    assert mismatch(allowed, success(total=1, resource=[row | {"upload_status": "UPLOADING"}])) is not None
    assert mismatch(allowed, success(total=2, resource=[row, row])) is not None


def test_an_asset_that_was_not_given_is_a_video_of_a_fake_alone() -> None:
    fake, other = World(FAKE, BEGIN), World(SOMEBODYS)
    assert fake.states("re_abc") == (Asset(),)
    assert other.states("re_abc") == fake.states("re_912") == fake.states("a.mp4") == (Asset(exists=False),)
    assert fake.states(magic.TOO_LONG)[0].reason(FAKE.dialect) == answers.TOO_LONG
    assert fake.with_upload(STORED).states("re_9") == (Asset(status="UPLOADING", seconds=42.0),)
