"""The operations on assets (vendor pages: upload, get-upload-signed-url, get-metadata, delete, download)."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from screenplay_mock.core import wire
from screenplay_mock.core.account import ChargeKind
from screenplay_mock.core.assets import UploadStatus, status_at
from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.journal import Violation
from screenplay_mock.library import Full
from screenplay_mock.streams import made_while_read
from screenplay_mock.web.addresses import origin_of
from screenplay_mock.web.attachment import attachment
from screenplay_mock.web.bodies import MOST_FILENAME, json_body, uploaded_file
from screenplay_mock.web.exchange import Answer, Call, success

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_mock.core.assets import Asset


async def upload(call: Call) -> Answer:
    received = await uploaded_file(call)
    with received.file, _says_what_is_full(call):
        return success(call, wire.uploaded(await call.services.library.upload(call.key, received)))


async def sign(call: Call) -> Answer:
    body = await json_body(call, "signed-url-request", _names_a_file)
    for name in body:
        if name != "original_filename":
            call.note(f"$.{name}", "schema/unknown-member", "the vendor documents no such member")
    # docs silent: the vendor's signed URLs are on a host of its storage; ours must be reachable as the fake is
    origin = origin_of(call.request)
    with _says_what_is_full(call):
        asset = await call.services.library.promise(call.key, body["original_filename"])
    base = call.request.path.removesuffix("/upload/signed-url")
    return success(call, wire.signed_url(asset, f"{origin}{base}/storage/{asset.token}"))


def _names_a_file(body: Any) -> bool:
    name = body.get("original_filename") if isinstance(body, dict) else None
    return isinstance(name, str) and 0 < len(name) <= MOST_FILENAME


async def store(call: Call) -> Answer:
    """Take the content for a signed URL. docs silent: the whole step; the URL alone says whose asset it is."""
    asset_id = call.asset_id
    assert asset_id is not None, "an operation that needs no key has been told by the URL whose it is"
    await call.services.library.check_open(call.key, asset_id)
    if "Authorization" in call.request.headers:
        message = "a signed URL needs no key, and the vendor's storage is another host: do not send it there"
        call.note("header Authorization", "auth/key-to-storage", message)
    received = await uploaded_file(call)
    with received.file, _says_what_is_full(call):
        return success(call, wire.uploaded(await call.services.library.store(call.key, asset_id, received)))


async def metadata(call: Call) -> Answer:
    asset, now = await call.services.library.asset(call.key, call.request.match_info["asset_id"])
    return success(call, wire.metadata(call.sandbox.dialect, asset, now))


async def delete(call: Call) -> Answer:
    with _says_what_is_full(call):
        await call.services.library.delete(call.key, call.request.match_info["asset_id"])
    return success(call, None)


@contextmanager
def _says_what_is_full(call: Call) -> Iterator[None]:
    try:
        yield
    except Full as full:
        raise call.refuse(full.kind, Violation("sandbox", "sandbox/full", full.message)) from None


async def download(call: Call) -> Answer:
    asset, now = await call.services.library.asset(call.key, call.request.match_info["asset_id"])
    if (status := status_at(asset, now)) is not UploadStatus.SUCCESS:
        raise ApiError(ErrorKind.ASSET_NOT_READY, status=status)
    return Answer(
        200,
        {"Content-Type": asset.mime, "Content-Disposition": attachment(asset.filename)},
        await _content(call, asset),
        asset.size,
        partial(call.services.engine.pay_download, call.key, ChargeKind.ASSET_DOWNLOAD, asset.id, asset.size),
    )


async def _content(call: Call, asset: Asset) -> BinaryIO:
    if asset.content is None:
        return made_up(asset)
    content = await call.services.store.content(asset.content)
    if content is None:  # deleted since the asset was looked up
        raise ApiError(ErrorKind.ASSET_NOT_FOUND)
    return content


def made_up(asset: Asset) -> BinaryIO:
    """The content of an asset that nobody uploaded, made while it is read: a day of it takes no room and no time."""
    from screenplay_mock.media import tiny_mp4

    return made_while_read(tiny_mp4(asset.duration, asset.size))
