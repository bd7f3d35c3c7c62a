"""Moves with assets: upload, signed upload, look at, delete, fetch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from screenplay_contracts.server import money
from screenplay_contracts.server.account import data_of, succeeded
from screenplay_contracts.server.media import TINY_MP3, tiny_mp4
from screenplay_contracts.server.model import upload as model
from screenplay_contracts.server.model.promises import ASSETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.server.moves.stage import Stage

#: What can be uploaded: (content, file name, what it is, its length in seconds), by what it is in words.
FILES: Mapping[str, tuple[bytes, str, str, float | None]] = {
    "a film of 42 s": (tiny_mp4(42), "a.mp4", "video", 42),
    "a film of 60 s": (tiny_mp4(60), "b.mp4", "video", 60),
    "a film of 60.001 s": (tiny_mp4(60.001), "第一集.mp4", "video", 60.001),
    "a film of 299.999 s": (tiny_mp4(299.999), "a b.mp4", "video", 299.999),
    "a film of 300 s": (tiny_mp4(300), "c.mp4", "video", 300),
    "a sound": (TINY_MP3, "a.mp3", "audio", None),
    "a text": (b"INT. KITCHEN - DAY\n", "a.txt", "other", None),
}


def upload(stage: Stage, what: str) -> str | None:
    """The id of the new asset."""
    (content, filename, kind, seconds), account = FILES[what], stage.account
    allowed = model.to_upload(kind)
    exchange = stage.ask(ASSETS, f"upload {what}", allowed, lambda: account.upload(content, filename), by=account)
    if exchange is None or not succeeded(exchange):
        return None
    new = model.Upload(
        _new_id(stage, exchange), filename, kind, seconds, ready_after=stage.world.ready_after, seen="UPLOADING"
    )
    _stored(stage, new, content)
    return new.id


def _stored(stage: Stage, known: model.Upload, content: bytes) -> None:
    stage.world = stage.world.with_upload(model.stored(known, content, stage.world.now))
    if known.seconds is not None:
        stage.account.knows_length(known.id, known.seconds)  # so that no more of the budget is held for it


def _new_id(stage: Stage, exchange: Exchange) -> str:
    asset_id: str = data_of(exchange)["asset_id"]
    is_known = asset_id in stage.world.uploads
    stage.judge(ASSETS, ("an id that no other asset has", f"asset_id {asset_id}") if is_known else None)
    return asset_id


def sign(stage: Stage, filename: str) -> str | None:
    """The id of the asset that is to be uploaded to a signed URL."""
    account, world = stage.account, stage.world
    body = {"original_filename": filename}
    words = f"ask for a signed URL for {filename}"
    exchange = stage.ask(
        ASSETS, words, model.to_sign(), lambda: account.send("POST", "/upload/signed-url", body), by=account
    )
    if exchange is None:
        return None
    data = data_of(exchange)
    expires_at = None if world.now is None else world.now + 1000 * data["expires_in"]
    new = model.Upload(
        _new_id(stage, exchange),
        filename,
        url=data["signed_url"],
        expires_at=expires_at,
        ready_after=world.ready_after,
    )
    stage.world = world.with_upload(new)
    return new.id


def store(stage: Stage, asset_id: str, what: str) -> None:
    """Upload to the signed URL of an asset, if it has one. Docs silent: a second file; there is a check of its own."""
    known, (content, filename, kind, seconds) = stage.world.uploads[asset_id], FILES[what]
    account, url = stage.account, known.url
    if url is None or known.content is not None:
        return
    allowed = model.to_store(known, stage.world.now)
    nobody: dict[str, str | None] = {"Authorization": None}  # get-upload-signed-url page, example: without a key
    words = f"upload {what} to the signed URL of {asset_id}"
    exchange = stage.ask(
        ASSETS, words, allowed, lambda: account.upload(content, filename, path=url, headers=nobody), by=account
    )
    if exchange is not None and succeeded(exchange):
        _stored(stage, replace(known, kind=kind, seconds=seconds, seen="UPLOADING"), content)


def look_at(stage: Stage, asset_id: str) -> None:
    known, account = stage.world.uploads[asset_id], stage.account
    allowed = model.to_metadata(known, stage.world.now, stage.reading)
    exchange = stage.ask(
        ASSETS,
        f"look at the metadata of {asset_id}",
        allowed,
        lambda: account.send("GET", f"/{asset_id}/metadata"),
        by=account,
    )
    if exchange is not None and succeeded(exchange):
        status = data_of(exchange)["resource"][0]["upload_status"]
        stage.world = stage.world.with_upload(replace(known, seen=status))


def delete(stage: Stage, asset_id: str) -> None:
    known, account = stage.world.uploads[asset_id], stage.account
    allowed = model.to_delete(known, stage.reading)
    words = f"delete {asset_id}"
    exchange = stage.ask(ASSETS, words, allowed, lambda: account.send("DELETE", f"/{asset_id}"), by=account)
    if exchange is not None and succeeded(exchange):
        stage.world = stage.world.with_upload(replace(known, deleted=True))


def fetch(stage: Stage, asset_id: str) -> None:
    known, account = stage.world.uploads[asset_id], stage.account
    allowed = model.to_fetch(known, stage.world.now, stage.reading)
    words = f"download {asset_id}"
    exchange = stage.ask(ASSETS, words, allowed, lambda: account.send("GET", f"/{asset_id}/download"), by=account)
    if exchange is not None and succeeded(exchange):
        price = money.price_of_download(len(exchange.response_body or b""))
        stage.world = stage.world.charged(asset_id, "asset_download", price, price)
