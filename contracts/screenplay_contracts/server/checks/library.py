"""Assets: uploaded, at once or by a signed URL; looked up, downloaded, deleted (the base pages)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import answers, magic
from screenplay_contracts.server.assets import READY, Assets, file_part, parts
from screenplay_contracts.server.checks.looking import MUST, SHOULD, ordinary, refused, turned_down
from screenplay_contracts.server.checks.saying import answered, kept, shown
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

UPLOAD, METADATA, DELETE, DOWNLOAD = "upload page", "get-metadata page", "delete page", "download page"
ASSET_ID = re.compile(r"re_[0-9]+").fullmatch
DIGITS = re.compile(r"[0-9]+").fullmatch
UPLOAD_STATUSES = ("WAITING", "UPLOADING", "SUCCESS", "FAILED")
STRINGS = ("file_size", "create_time", "modify_time")
_PLAIN = re.compile(r"[A-Za-z0-9 ._-]+").fullmatch  # names that stand in a header as they are


def asset_id(recorded: Recording) -> Iterator[Outcome]:
    seen: set[tuple[str, str]] = set()
    for call in recorded.of("uploadAsset", "createSignedUrl"):
        if call.succeeded:
            given = call.data.get("asset_id")
            is_so = isinstance(given, str) and bool(ASSET_ID(given)) and (call.account, given) not in seen
            yield kept(is_so, "asset_id, re_ and digits, that no other asset has", shown(given), call)
            seen.add((call.account, shown(given) if not isinstance(given, str) else given))


def upload_accepted(recorded: Recording) -> Iterator[Outcome]:
    for call in ordinary(recorded, "uploadAsset"):
        part = file_part(call.exchange)
        if part is not None and _PLAIN(part[0]) and len(parts(call.exchange)) == 1:
            yield kept(call.succeeded, "an upload that is accepted", answered(call), call)


def _rows(recorded: Recording) -> Iterator[tuple[Call, dict[str, Any]]]:
    for call in recorded.of("getAssetMetadata"):
        resource = call.data.get("resource")
        if call.succeeded and isinstance(resource, list):
            yield from ((call, row) for row in resource if isinstance(row, dict))


def metadata_total(recorded: Recording) -> Iterator[Outcome]:
    for call in recorded.of("getAssetMetadata"):
        if call.succeeded:
            resource, total = call.data.get("resource"), call.data.get("total")
            is_so = isinstance(resource, list) and type(total) is int and total == len(resource) and total > 0
            yield kept(is_so, "total, the number of rows in resource", shown(call.data), call)


def metadata_strings(recorded: Recording) -> Iterator[Outcome]:
    for call, row in _rows(recorded):
        wrong = {name: row.get(name) for name in STRINGS if not _is_digits(row.get(name))}
        yield kept(not wrong, f"digits in strings: {', '.join(STRINGS)}", shown(wrong), call)


def _is_digits(value: Any) -> bool:
    return isinstance(value, str) and bool(DIGITS(value))


def metadata_same_asset(recorded: Recording) -> Iterator[Outcome]:
    for call, row in _rows(recorded):
        given = row.get("asset_id")
        yield kept(given == call.subject, f"asset_id {call.subject}", f"asset_id {shown(given)}", call)


def upload_status(recorded: Recording) -> Iterator[Outcome]:
    for call, row in _rows(recorded):
        given = row.get("upload_status")
        yield kept(
            given in UPLOAD_STATUSES, f"one of {', '.join(UPLOAD_STATUSES)}", f"upload_status {shown(given)}", call
        )


def metadata_duration(recorded: Recording) -> Iterator[Outcome]:
    for call, row in _rows(recorded):
        there = "duration" in row
        expected = "a duration" if recorded.dialect.metadata_duration else "no duration"
        yield kept(there == recorded.dialect.metadata_duration, expected, shown(row), call)


def _uploads(recorded: Recording) -> dict[tuple[str, object], tuple[Call, str, bytes]]:
    """(call, file name, content) that brought each asset, by account and id."""
    brought: dict[tuple[str, object], tuple[Call, str, bytes]] = {}
    for call in recorded.of("uploadAsset", "storeAsset"):
        part = file_part(call.exchange)
        if call.succeeded and isinstance(call.data.get("asset_id"), str) and part is not None:
            brought[call.account, call.data["asset_id"]] = (call, *part)
    return brought


def metadata_of_upload(recorded: Recording) -> Iterator[Outcome]:
    brought = _uploads(recorded)
    for call, row in _rows(recorded):
        upload, filename, content = brought.get((call.account, call.subject), (None, "", b""))
        if upload is not None and upload.number < call.number and row.get("upload_status") == READY:
            is_so = row.get("file_size") == str(len(content))
            if upload.operation == "uploadAsset" and _PLAIN(filename):
                is_so = is_so and row.get("original_filename") == filename
            yield kept(is_so, f"file_size {len(content)} and the name {filename}", shown(row), upload, call)


def unknown(recorded: Recording) -> Iterator[Outcome]:
    assets = Assets(recorded)
    for call in ordinary(recorded, "getAssetMetadata", "deleteAsset", "downloadAsset"):
        known = assets.at(call.account, call.subject or "", call.number)
        gone = known is not None and not known.exists
        if (gone or call.subject == magic.NOBODYS_ASSET) and (
            not call.legacy or recorded.dialect.asset_paths == "both"
        ):
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
    brought = _uploads(recorded)
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
        plain = upload.operation == "uploadAsset" and bool(_PLAIN(filename))
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
    rule("asset/upload", MUST, UPLOAD, "A file can be uploaded.", upload_accepted, Need.MONEY),
    rule("asset/metadata-total", MUST, METADATA, "total is the number of rows.", metadata_total, Need.MONEY),
    rule(
        "asset/metadata-strings",
        MUST,
        f"{METADATA}: string, bytes; string, Unix milliseconds",
        "Sizes and times are digits in strings.",
        metadata_strings,
        Need.MONEY,
    ),
    rule(
        "asset/metadata-same-asset",
        MUST,
        METADATA,
        "The row is about the asset that was asked for.",
        metadata_same_asset,
        Need.MONEY,
    ),
    rule("asset/upload-status", MUST, UPLOAD, "upload_status is one of four.", upload_status, Need.MONEY),
    rule(
        "asset/metadata-duration",
        SHOULD,
        f"{METADATA}: prose and table disagree: the switch metadata_duration",
        "There is a duration if the dialect says so.",
        metadata_duration,
        Need.MONEY,
    ),
    rule(
        "asset/metadata-of-upload",
        MUST,
        METADATA,
        "Size and name are those of the upload.",
        metadata_of_upload,
        Need.MONEY,
    ),
    rule(
        "asset/unknown",
        MUST,
        "error-codes page: Asset not found; the transcription page has another text: the switch unknown_asset",
        "An asset that does not exist is answered with 400 and the dialect's text.",
        unknown,
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
