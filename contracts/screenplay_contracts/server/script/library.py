"""Assets: upload, metadata, download, deletion; signed URLs, used in every way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.server import magic
from screenplay_contracts.server.account import CannotGoOn, data_of
from screenplay_contracts.server.media import TINY_MP3, VIDEO_SECONDS, tiny_mp4

if TYPE_CHECKING:
    from screenplay_contracts.server.account import Account
    from screenplay_contracts.server.session import Session

NO_KEY = {"Authorization": None}


def uploads(session: Session) -> None:
    account = session.account()
    for content, filename in ((tiny_mp4(VIDEO_SECONDS), "episode 1.mp4"), (TINY_MP3, "song.mp3")):
        asset_id = data_of(account.upload(content, filename)).get("asset_id")
        if isinstance(asset_id, str):
            account.look()
            _used(account, asset_id)
    if not session.target.foreign:
        account.upload(b"INT. KITCHEN - DAY\n", "script.txt")
    for prefix in ("", "/asset"):
        account.send("GET", f"{prefix}/{magic.NOBODYS_ASSET}/metadata")
    account.settle()


def _used(account: Account, asset_id: str) -> None:
    account.send("GET", f"/{asset_id}/metadata")
    account.send("GET", f"/asset/{asset_id}/metadata")
    account.send("GET", f"/{asset_id}/download")
    account.send("DELETE", f"/{asset_id}")
    for method, path in (("GET", "/metadata"), ("GET", "/download"), ("DELETE", "")):
        account.send(method, f"/{asset_id}{path}")


def signed_urls(session: Session) -> None:
    account = session.account()
    signed = data_of(account.send("POST", "/upload/signed-url", {"original_filename": "episode.mp4"}))
    asset_id, url = signed.get("asset_id"), signed.get("signed_url")
    if not isinstance(asset_id, str) or not isinstance(url, str) or "://" not in url:
        raise CannotGoOn("no signed URL was given")
    account.send("GET", f"/{asset_id}/metadata")
    account.send("GET", f"/{asset_id}/download")
    account.upload(tiny_mp4(VIDEO_SECONDS), "episode.mp4", path=url, headers=NO_KEY)
    account.send("GET", f"/{asset_id}/metadata")
    if session.target.foreign:
        account.send("DELETE", f"/{asset_id}")
        return
    account.send("GET", f"/{asset_id}/download")
    account.upload(tiny_mp4(VIDEO_SECONDS), "again.mp4", path=url, headers=NO_KEY)
    account.upload(tiny_mp4(VIDEO_SECONDS), "a.mp4", path="/storage/nobodys", headers=NO_KEY)
    if session.has_admin:
        _expired(account)
        account.settle()


def _expired(account: Account) -> None:
    signed = data_of(account.send("POST", "/upload/signed-url", {"original_filename": "late.mp4"}))
    url, seconds = signed.get("signed_url"), signed.get("expires_in")
    if isinstance(url, str) and "://" in url and isinstance(seconds, int):
        account.advance(seconds=seconds)
        account.upload(tiny_mp4(VIDEO_SECONDS), "late.mp4", path=url, headers=NO_KEY)
