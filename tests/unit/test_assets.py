"""Where an asset stands at an instant, why it is refused, and which assets exist that nobody uploaded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from screenplay_mock.core.assets import (
    LONGEST_VIDEO,
    Asset,
    UploadStatus,
    derived_asset,
    plausible_video,
    reason_against,
    status_at,
)
from screenplay_mock.core.errors import ErrorKind

READY = Asset(
    id="re_900000000000000001",
    kind="video",
    mime="video/mp4",
    filename="ep1.mp4",
    extension="mp4",
    size=1_000,
    duration=60_000,
    created_at=100,
    stored_at=200,
    ready_at=300,
)


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (100, UploadStatus.WAITING),
        (199, UploadStatus.WAITING),
        (200, UploadStatus.UPLOADING),
        (299, UploadStatus.UPLOADING),
        (300, UploadStatus.SUCCESS),
        (10**15, UploadStatus.SUCCESS),
    ],
)
def test_an_asset_waits_is_processed_and_is_ready(now: int, status: UploadStatus) -> None:
    assert status_at(READY, now) is status


def test_an_asset_without_content_waits_for_ever() -> None:
    assert status_at(replace(READY, stored_at=None, ready_at=None), 10**15) is UploadStatus.WAITING


@pytest.mark.parametrize("status", UploadStatus)
def test_a_status_that_was_set_holds_at_any_time(status: UploadStatus) -> None:
    fixed = replace(READY, status=status)
    assert [status_at(fixed, now) for now in (0, 250, 10**15)] == [status] * 3


def test_a_ready_video_of_less_than_five_minutes_is_taken() -> None:
    assert reason_against(READY, 300) is None
    assert reason_against(replace(READY, duration=LONGEST_VIDEO - 1), 300) is None


@pytest.mark.parametrize(
    ("asset", "text"),
    [
        (None, "Asset not found"),
        (replace(READY, deleted=True), "Asset not found"),
        (replace(READY, status=UploadStatus.FAILED), "Asset is not ready, current upload status: FAILED"),
        (replace(READY, stored_at=None), "Asset is not ready, current upload status: WAITING"),
        (replace(READY, ready_at=301), "Asset is not ready, current upload status: UPLOADING"),
        (replace(READY, kind="audio"), "Asset is not a video"),
        (replace(READY, kind="image"), "Asset is not a video"),
        (replace(READY, kind="other"), "Asset is not a video"),
        (replace(READY, duration=LONGEST_VIDEO), "Video must be under 5 minutes"),
    ],
)
def test_a_refused_asset_has_a_reason(asset: Asset | None, text: str) -> None:
    assert str(reason_against(asset, 300)) == text


def test_of_several_reasons_the_one_that_can_be_known_first_is_given() -> None:
    unready = replace(READY, ready_at=400, kind="audio", duration=LONGEST_VIDEO)
    assert str(reason_against(unready, 300)) == "Asset is not ready, current upload status: UPLOADING"
    long_audio = replace(unready, ready_at=300)
    assert getattr(reason_against(long_audio, 300), "kind", None) is ErrorKind.ASSET_NOT_VIDEO


@pytest.mark.parametrize("asset_id", ["re_1", "re_abc001", "re_657739295220518912", "re_A", "re_00000000000000"])
def test_any_other_id_is_an_uploaded_video_that_can_be_submitted(asset_id: str) -> None:
    asset = derived_asset(asset_id)
    assert asset is not None
    assert asset.id == asset_id
    assert status_at(asset, 0) is UploadStatus.SUCCESS
    assert reason_against(asset, 0) is None


@pytest.mark.parametrize(
    "asset_id",
    [
        *("", "re_", "re", "x", "im_1", "RE_1", "re_a-b", "re_a b", "re_1\n", "\nre_1", "re_\u00e9", "re_\u0661"),
        *("re_9", "re_900000000000000001", "re_9abc"),
        *("re_000000000000000", "re_000000000000000001", "re_000000000000000999", "re_0000000000000000000"),
    ],
)
def test_ids_that_uploads_are_given_magic_ids_and_what_is_no_id_exist_only_if_given(asset_id: str) -> None:
    assert derived_asset(asset_id) is None


def test_derived_videos_have_plausible_lengths_that_differ() -> None:
    assets = [derived_asset(f"re_a{number}") for number in range(1_000)]
    durations = [asset.duration for asset in assets if asset is not None]
    assert len(durations) == 1_000
    assert all(45_000 <= duration < 180_000 < LONGEST_VIDEO for duration in durations)
    assert all(duration % 100 == 0 for duration in durations)
    assert len(set(durations)) > 400


def test_a_derived_video_depends_on_its_id_alone() -> None:
    before = derived_asset("re_1")
    for cached in (derived_asset, plausible_video):
        cached.cache_clear()
    after = derived_asset("re_1")
    assert after == before
    assert after is not before
