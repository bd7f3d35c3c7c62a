"""Assets: uploaded files, where each stands at an instant, and those that exist without ever having been uploaded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.core.identity import fraction

LONGEST_VIDEO = 5 * 60_000  # milliseconds; submit-task page: under five minutes
SIGNED_URL_SECONDS = 93_600  # signed-url page, example: expires_in

_ANY_ID = re.compile(r"re_[A-Za-z0-9]+").fullmatch
#: Ids that uploads are given: one that was never given does not exist.
GIVEN = "re_9"
#: Ids set apart for provoking outcomes: one that provokes nothing does not exist.
MAGIC = "re_000000000000000"


class UploadStatus(StrEnum):
    """The four names of the upload page."""

    WAITING = "WAITING"
    UPLOADING = "UPLOADING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Asset:
    """
    One asset. Times are milliseconds; `duration` too.

    `stored_at` is when its content arrived (None: not yet), `ready_at` when it is processed; `status` overrides
    both. `content` names its bytes in the store (None: they are made up from `duration` and `size`).
    """

    id: str
    kind: str  # video, audio, image or other
    mime: str
    filename: str
    extension: str
    size: int
    duration: int
    created_at: int
    stored_at: int | None = None
    ready_at: int | None = None
    status: UploadStatus | None = None
    deleted: bool = False
    content: str | None = None
    token: str | None = None
    expires_at: int | None = None


def status_at(asset: Asset, now: int) -> UploadStatus:
    if asset.status is not None:
        return asset.status
    if asset.stored_at is None or asset.stored_at > now:
        return UploadStatus.WAITING
    return UploadStatus.SUCCESS if (asset.ready_at or 0) <= now else UploadStatus.UPLOADING


def extension_of(filename: str) -> str:
    """What stands behind the last dot, in lower case; empty without one."""
    return filename.rpartition(".")[2].lower() if "." in filename else ""


def derived_duration(seed: str) -> int:
    """A plausible length of a short-drama episode in milliseconds: 45 to 179.9 s, from *seed* alone."""
    return 45_000 + int(fraction("duration", seed) * 1_350) * 100


@lru_cache(maxsize=1024)
def derived_asset(asset_id: str) -> Asset | None:
    """The uploaded video that *asset_id* stands for although nobody uploaded it, or None."""
    if not _ANY_ID(asset_id) or asset_id.startswith((GIVEN, MAGIC)):
        return None
    return plausible_video(asset_id)


@lru_cache(maxsize=1024)
def plausible_video(asset_id: str) -> Asset:
    """A ready video under five minutes with that id; all about it depends on the id alone."""
    duration = derived_duration(asset_id)
    return Asset(
        id=asset_id,
        kind="video",
        mime="video/mp4",
        filename=f"{asset_id}.mp4",
        extension="mp4",
        size=duration * 2,  # bytes: small, since it is really sent when somebody downloads it
        duration=duration,
        created_at=1_766_989_317_192,  # metadata page, example: create_time
        stored_at=0,
        ready_at=0,
    )


def reason_against(asset: Asset | None, now: int) -> ApiError | None:
    """Why *asset* cannot be an episode at *now* (submit-task page, asset validation), or None."""
    if asset is None or asset.deleted:
        return ApiError(ErrorKind.ASSET_NOT_FOUND)
    if (status := status_at(asset, now)) is not UploadStatus.SUCCESS:
        return ApiError(ErrorKind.ASSET_NOT_READY, status=status)
    if asset.kind != "video":
        return ApiError(ErrorKind.ASSET_NOT_VIDEO)
    if asset.duration >= LONGEST_VIDEO:
        return ApiError(ErrorKind.ASSET_TOO_LONG)
    return None
