"""The operations on assets (vendor pages: upload, get-upload-signed-url, get-metadata, delete, download)."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import quote

from screenplay_mock.core import wire
from screenplay_mock.core.account import ChargeKind
from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.web.bodies import IN_MEMORY, json_body, uploaded_file
from screenplay_mock.web.exchange import Answer, Call, success

if TYPE_CHECKING:
    from screenplay_mock.core.assets import Asset


async def upload(call: Call) -> Answer:
    received = await uploaded_file(call)
    with received.file:
        return success(call, wire.uploaded(await call.services.library.upload(call.key, received)))


async def sign(call: Call) -> Answer:
    body = await json_body(call, "signed-url-request", _names_a_file)
    for name in body:
        if name != "original_filename":
            call.note(f"$.{name}", "schema/unknown-member", "the vendor documents no such member")
    asset = await call.services.library.promise(call.key, body["original_filename"])
    base = call.request.path.removesuffix("/upload/signed-url")
    url = call.request.url.origin().with_path(f"{base}/storage/{asset.token}")
    return success(call, wire.signed_url(asset, str(url)))


def _names_a_file(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(name := body.get("original_filename"), str) and name != ""


async def store(call: Call) -> Answer:
    """Take the content for a signed URL. docs silent: the whole step; the URL alone says whose asset it is."""
    found = await call.services.store.find_upload(call.request.match_info["token"])
    if found is None:
        raise ApiError(ErrorKind.URL_NOT_FOUND)
    call.key, asset_id = found
    call.sandbox, _ = await call.services.sandboxes.read(call.key)
    await call.services.library.check_open(call.key, asset_id)
    if "Authorization" in call.request.headers:
        message = "a signed URL needs no key, and the vendor's storage is another host: do not send it there"
        call.note("header Authorization", "auth/key-to-storage", message)
    received = await uploaded_file(call)
    with received.file:
        return success(call, wire.uploaded(await call.services.library.store(call.key, asset_id, received)))


async def metadata(call: Call) -> Answer:
    asset, now = await call.services.library.asset(call.key, call.request.match_info["asset_id"])
    return success(call, wire.metadata(call.sandbox.dialect, asset, now))


async def delete(call: Call) -> Answer:
    await call.services.library.delete(call.key, call.request.match_info["asset_id"])
    return success(call, None)


async def download(call: Call) -> Answer:
    asset, _ = await call.services.library.asset(call.key, call.request.match_info["asset_id"])
    content = await _content(call, asset)
    try:
        await call.services.engine.pay_download(call.key, ChargeKind.ASSET_DOWNLOAD, asset.id, asset.size)
    except ApiError:
        content.close()
        raise
    return Answer(
        200,
        {"Content-Type": asset.mime, "Content-Disposition": _attachment(asset.filename)},
        content,
        asset.size,
    )


async def _content(call: Call, asset: Asset) -> BinaryIO:
    if asset.content is not None:
        return await call.services.store.content(asset.content)
    from screenplay_mock.media import tiny_mp4

    file = cast("BinaryIO", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - closed once it is sent
    for chunk in tiny_mp4(asset.duration, asset.size):
        file.write(chunk)
    file.seek(0)
    return file


def _attachment(filename: str) -> str:
    """The header that names a download (RFC 6266): plain ASCII, and beside it the whole name where that is more."""
    plain = "".join(char if " " <= char <= "~" and char not in '"\\' else "_" for char in filename)
    whole = "" if plain == filename else f"; filename*=UTF-8''{quote(filename, '', errors='replace')}"
    return f'attachment; filename="{plain}"{whole}'
