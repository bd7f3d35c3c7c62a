"""Assets: uploaded, at once or by a signed URL; looked up, downloaded, deleted (the base pages)."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from screenplay_contracts.server import answers, magic
from screenplay_contracts.server.assets import READY, Assets, file_part, parts
from screenplay_contracts.server.checks.looking import MUST, SHOULD, has_status, ordinary, refused, turned_down
from screenplay_contracts.server.checks.metadata import is_plain, uploads
from screenplay_contracts.server.checks.saying import answered, kept, shown
from screenplay_contracts.server.media import film_seconds
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

UPLOAD, DELETE, DOWNLOAD = "upload page", "delete page", "download page"
ASSET_ID = re.compile(r"re_[0-9]+").fullmatch


def asset_id(recorded: Recording) -> Iterator[Outcome]:
    seen: set[tuple[str, str]] = set()
    for call in recorded.of("uploadAsset", "createSignedUrl"):
        if call.succeeded:
            given = call.data.get("asset_id")
            is_so = isinstance(given, str) and bool(ASSET_ID(given)) and (call.account, given) not in seen
            yield kept(is_so, "asset_id, re_ and digits, that no other asset has", shown(given), call)
            seen.add((call.account, shown(given) if not isinstance(given, str) else given))


def _accepts_upload(recorded: Recording, *, of_media: bool) -> Iterator[Outcome]:
    for call in ordinary(recorded, "uploadAsset"):
        part = file_part(call.exchange)
        if part is not None and is_plain(part[0]) and len(parts(call.exchange)) == 1 and _is_medium(*part) is of_media:
            yield kept(call.succeeded, "an upload that is accepted", answered(call), call)


def _is_medium(filename: str, content: bytes) -> bool:
    """Whether it is a film or a sound of a format that the upload page names."""
    is_film = filename.endswith(".mp4") and film_seconds(content) is not None
    return is_film or (filename.endswith(".mp3") and content.startswith(b"ID3"))


def _of_none(recorded: Recording) -> Iterator[Call]:
    """Calls about assets that do not exist."""
    assets = Assets(recorded)
    for call in ordinary(recorded, "getAssetMetadata", "deleteAsset", "downloadAsset"):
        known = assets.at(call.account, call.subject or "", call.number)
        gone = known is not None and not known.exists
        if (gone or call.subject == magic.NOBODYS_ASSET) and (
            not call.legacy or recorded.dialect.asset_paths == "both"
        ):
            yield call


def unknown(recorded: Recording) -> Iterator[Outcome]:
    yield from (has_status(call, answers.no_asset(recorded.dialect)) for call in _of_none(recorded))


def unknown_text(recorded: Recording) -> Iterator[Outcome]:
    for call in _of_none(recorded):
        if not call.succeeded:
            yield refused(call, answers.no_asset(recorded.dialect))


def deleted_is_gone(recorded: Recording) -> Iterator[Outcome]:
    deletions = {(call.account, call.subject): call for call in reversed(recorded.of("deleteAsset")) if call.succeeded}
    for call in ordinary(recorded, "getAssetMetadata", "deleteAsset", "downloadAsset"):
        deletion = deletions.get((call.account, call.subject))
        if deletion is not None and call.number > deletion.number:
            yield turned_down(call, "the asset was deleted")


def delete_answer(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.of("deleteAsset"):
        if call.succeeded:
            data = call.answer.get("data", "missing") if isinstance(call.answer, dict) else "missing"
            yield kept(data is None, "data null", answered(call), call)


def _files(recorded: Recording) -> Iterator[tuple[Call, str, bytes, Call]]:
    """(upload, file name, content, download) of each asset that was both."""
    brought = uploads(recorded)
    for call in recorded.of("downloadAsset"):
        upload, filename, content = brought.get((call.account, call.subject), (None, "", b""))
        came = call.succeeded and call.exchange.response_body is not None
        if upload is not None and upload.number < call.number and came:
            yield upload, filename, content, call


def same_content(recorded: Recording) -> Iterator[Outcome]:
    for upload, _, content, call in _files(recorded):
        body = call.exchange.response_body
        yield kept(
            body == content, f"the {len(content)} bytes that were uploaded", f"{len(body or b'')} bytes", upload, call
        )


def download_headers(recorded: Recording) -> Iterator[Outcome]:
    for upload, filename, _, call in _files(recorded):
        disposition = call.exchange.header("Content-Disposition") or ""
        length, kind = call.exchange.header("Content-Length"), call.exchange.header("Content-Type") or ""
        plain = upload.operation == "uploadAsset" and bool(is_plain(filename))
        named = not plain or f'filename="{filename}"' in disposition
        is_so = (
            disposition.startswith("attachment;") and named and length == str(len(call.exchange.response_body or b""))
        )
        expected = "an attachment with its name and length, and no JSON"
        yield kept(is_so and "application/json" not in kind, expected, f"{disposition}; {length} bytes; {kind}", call)


def not_before_ready(recorded: Recording) -> Iterator[Outcome]:
    assets = Assets(recorded)
    for call in ordinary(recorded, "downloadAsset"):
        known = assets.at(call.account, call.subject or "", call.number)
        if known is not None and known.exists and known.status != READY:
            yield turned_down(call, f"its upload status is {known.status}")


RULES = (
    rule("asset/id", MUST, UPLOAD, "An upload has an id of its own: re_ and digits.", asset_id, Need.MONEY),
    rule(
        "asset/upload",
        MUST,
        UPLOAD,
        "A film or a sound can be uploaded.",
        partial(_accepts_upload, of_media=True),
        Need.MONEY,
    ),
    rule(
        "asset/upload-anything",
        SHOULD,
        "docs silent: what is no medium; a public client uploads a text",
        "Any other file can be uploaded, too.",
        partial(_accepts_upload, of_media=False),
        Need.MAGIC,
    ),
    rule(
        "asset/unknown",
        MUST,
        "error-codes page: 400 for an unknown asset, and no 404",
        "An asset that does not exist is answered with 400.",
        unknown,
    ),
    rule(
        "asset/unknown-text",
        SHOULD,
        "error-codes page: Asset not found, docs silent: of these calls; the transcription page has another text: the"
        " switch unknown_asset",
        "It says what the dialect has.",
        unknown_text,
    ),
    rule(
        "asset/deleted-is-gone",
        MUST,
        f"{DELETE}: irreversible",
        "A deleted asset is gone.",
        deleted_is_gone,
        Need.MONEY,
    ),
    rule("asset/delete-answer", MUST, DELETE, "The answer to a deletion has data null.", delete_answer, Need.MONEY),
    rule(
        "asset/same-content",
        MUST,
        DOWNLOAD,
        "A download brings the bytes that were uploaded.",
        same_content,
        Need.MONEY,
    ),
    rule(
        "asset/download-headers",
        MUST,
        f"{DOWNLOAD}: Content-Type, Content-Disposition, Content-Length",
        "A download is an attachment with its name and length.",
        download_headers,
        Need.MONEY,
    ),
    rule(
        "asset/not-before-ready",
        SHOULD,
        f"{UPLOAD}: only SUCCESS assets can be used in later calls",
        "What has not been stored cannot be downloaded.",
        not_before_ready,
        Need.MONEY,
    ),
)
