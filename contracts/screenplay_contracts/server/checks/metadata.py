"""What the metadata of an asset say (get-metadata page)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server.assets import READY, file_part
from screenplay_contracts.server.checks.looking import MUST, SHOULD
from screenplay_contracts.server.checks.saying import kept, shown
from screenplay_contracts.server.checks.times import moment
from screenplay_contracts.server.rules import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.recording import Call, Recording
    from screenplay_contracts.verdict import Outcome

METADATA, UPLOAD = "get-metadata page", "upload page"
DIGITS = re.compile(r"[0-9]+").fullmatch
UPLOAD_STATUSES = ("WAITING", "UPLOADING", "SUCCESS", "FAILED")
TIMES = ("create_time", "modify_time")
STRINGS = ("file_size", *TIMES)
A_SECOND = timedelta(seconds=1)
DECADES = timedelta(days=20 * 365)  # a fake's clock may have been set; seconds or microseconds are farther off
is_plain = re.compile(r"[A-Za-z0-9 ._-]+").fullmatch  # names that stand in a header as they are


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


def uploads(recorded: Recording) -> dict[tuple[str, object], tuple[Call, str, bytes]]:
    """(call, file name, content) that brought each asset, by account and id."""
    brought: dict[tuple[str, object], tuple[Call, str, bytes]] = {}
    for call in recorded.of("uploadAsset", "storeAsset"):
        part = file_part(call.exchange)
        if call.succeeded and isinstance(call.data.get("asset_id"), str) and part is not None:
            brought[call.account, call.data["asset_id"]] = (call, *part)
    return brought


def metadata_of_upload(recorded: Recording) -> Iterator[Outcome]:
    brought = uploads(recorded)
    for call, row in _rows(recorded):
        upload, filename, content = brought.get((call.account, call.subject), (None, "", b""))
        if upload is not None and upload.number < call.number and row.get("upload_status") == READY:
            is_so = row.get("file_size") == str(len(content))
            if upload.operation == "uploadAsset" and is_plain(filename):
                is_so = is_so and row.get("original_filename") == filename
            yield kept(is_so, f"file_size {len(content)} and the name {filename}", shown(row), upload, call)


def times(recorded: Recording) -> Iterator[Outcome]:
    """Where the time of the sandbox is known they lie between upload and look; else they need only be ours."""
    given = _given(recorded)
    for call, row in _rows(recorded):
        made = given.get((call.account, call.subject))
        begin = None if made is None else moment(made.exchange.virtual_at)
        now, wall = moment(call.exchange.virtual_at), moment(call.exchange.at)
        if begin is not None and now is not None:
            since, until = begin - A_SECOND, now + A_SECOND
        elif wall is not None:
            since, until = wall - DECADES, wall + DECADES
        else:
            continue
        told = {name: row.get(name) for name in TIMES}
        is_so = all(_is_between(value, since, until) for value in told.values())
        yield kept(is_so, f"milliseconds since 1970, from {since} to {until}", shown(told), call)


def _given(recorded: Recording) -> dict[tuple[str, object], Call]:
    """The call that gave each asset its id."""
    calls = reversed(recorded.of("uploadAsset", "createSignedUrl"))
    return {(call.account, call.data.get("asset_id")): call for call in calls if call.succeeded and _is_named(call)}


def _is_named(call: Call) -> bool:
    return isinstance(call.data.get("asset_id"), str)


def _is_between(value: Any, since: datetime, until: datetime) -> bool:
    if not _is_digits(value):
        return False
    try:
        return since <= datetime.fromtimestamp(int(value) / 1000, UTC) <= until
    except (ValueError, OverflowError, OSError):
        return False


RULES = (
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
        "asset/metadata-times",
        MUST,
        f"{METADATA}: Unix milliseconds",
        "create_time and modify_time are milliseconds since 1970, of when the asset was uploaded.",
        times,
        Need.MONEY,
    ),
)
