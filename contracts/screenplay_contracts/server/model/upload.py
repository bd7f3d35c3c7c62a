"""
An asset that an account has been given: how it may be, and what it may be answered for.

Times are whole milliseconds of the clock of its account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import answers
from screenplay_contracts.server.assets import READY, Asset
from screenplay_contracts.server.model.allowed import ANY_TEXT, Done, File, Success, Such, TurnedDown

if TYPE_CHECKING:
    from screenplay_contracts.server.model.allowed import Allowed, Reading

UNSTORED = "WAITING"
PROCESSED = (
    "UPLOADING",
    READY,
    "FAILED",
)  # upload page: what a file that has come may be, in any order but the last two


@dataclass(frozen=True, slots=True)
class Upload:
    """
    `kind` video, audio or other; `seconds` long, by what was put into its header. `content` None: it has not come.

    `ready_after` is the time from then to SUCCESS, None: nobody knows. `expires_at` is when its signed URL ends.
    """

    id: str
    filename: str
    kind: str = "video"
    seconds: float | None = None
    content: bytes | None = None
    stored_at: int | None = None
    ready_after: int | None = None
    seen: str = UNSTORED
    deleted: bool = False
    url: str | None = None
    expires_at: int | None = None


def statuses(upload: Upload, now: int | None) -> tuple[str, ...]:
    """All the upload statuses that it may have at *now*."""
    if upload.content is None:
        return (UNSTORED,)
    if now is not None and upload.stored_at is not None and upload.ready_after is not None:
        return (READY if now >= upload.stored_at + upload.ready_after else "UPLOADING",)
    return PROCESSED if upload.seen not in PROCESSED[1:] else (upload.seen,)


def states(upload: Upload, now: int | None) -> tuple[Asset, ...]:
    """All the ways in which it may be, for whoever wants to make an episode of it."""
    if upload.deleted:
        return (Asset(exists=False),)
    return tuple(Asset(kind=upload.kind, seconds=upload.seconds, status=status) for status in statuses(upload, now))


def to_upload(kind: str) -> tuple[Allowed, ...]:
    """Upload page; docs silent: whether a file that is no medium is refused (a public client uploads a text)."""
    accepted = Success({"asset_id": ANY_TEXT})
    return (accepted,) if kind != "other" else (accepted, TurnedDown("it is no medium"))


def to_sign() -> tuple[Allowed, ...]:
    return (Success({"asset_id": ANY_TEXT, "signed_url": ANY_TEXT, "expires_in": _SECONDS}),)


_SECONDS = Such("a number of seconds", lambda value: type(value) is int and value > 0)


def to_store(upload: Upload, now: int | None) -> tuple[Allowed, ...]:
    """Docs silent: the whole step; a URL takes the first file, as long as it and its asset last, and perhaps later."""
    if upload.deleted:
        return (TurnedDown("its asset is deleted"), Done())
    if None not in {now, upload.expires_at} and now >= upload.expires_at:  # type: ignore[operator]
        return (TurnedDown("the signed URL has expired"), Done())
    return (Done(),)


def stored(upload: Upload, content: bytes, now: int | None) -> Upload:
    return replace(upload, content=content, stored_at=now)


def to_metadata(upload: Upload, now: int | None, reading: Reading) -> tuple[Allowed, ...]:
    """Get-metadata page: one row, the size in bytes as a text."""
    if upload.deleted:
        return _gone(reading)
    row: dict[str, Any] = {"asset_id": upload.id}
    if upload.filename.isascii():  # docs silent: how others come through a multipart head
        row["original_filename"] = upload.filename
    if upload.content is not None:
        row["file_size"] = str(len(upload.content))
    rows = ({**row, "upload_status": status} for status in statuses(upload, now))
    return tuple(Success({"total": 1, "resource": [each]}) for each in rows)


def to_delete(upload: Upload, reading: Reading) -> tuple[Allowed, ...]:
    """Delete page: an error if it does not exist."""
    return _gone(reading) if upload.deleted else (Success(None),)


def to_fetch(upload: Upload, now: int | None, reading: Reading) -> tuple[Allowed, ...]:
    """Download page: the file as it was uploaded; docs silent: before it is ready."""
    if upload.deleted:
        return _gone(reading)
    is_ready = set(statuses(upload, now)) == {READY}
    return (File(content=upload.content),) if is_ready else (File(), TurnedDown("it is not ready"))


def _gone(reading: Reading) -> tuple[Allowed, ...]:
    """Error-codes page: 400 of an asset that does not exist; docs silent: the text of each call."""
    return (TurnedDown("there is no such asset", answers.no_asset(reading.dialect).status),)


def to_stranger() -> tuple[Allowed, ...]:
    """What somebody is answered for an asset that is not his. Docs silent: how he is refused."""
    return (TurnedDown("it is somebody else's"),)
