"""Servers that lose, mix up or misdescribe assets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.broken_servers.edits import asked, broken, err, header, ok, put, says, status, succeeds, zipped
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory
from tests.broken_servers.row import row

if TYPE_CHECKING:
    from tests.broken_servers.edits import Edit

SCHEMA = "schema/response"
ROW = {
    "extension": "mp4",
    "original_filename": "a.mp4",
    "file_size": "1",
    "upload_status": "SUCCESS",
    "create_time": "1766989317192",
    "modify_time": "1766989317192",
}


def _in_first_row(**members: Any) -> Edit:
    def edit(_: Ask, answer: Answer, __: Memory) -> None:
        body = answer.json
        first = body["data"]["resource"][0]
        for name, value in members.items():
            first[name] = value(first.get(name)) if callable(value) else value
        answer.json = body

    return edit


def _seconds(milliseconds: str) -> str:
    return milliseconds[:-3]


def _waiting(ask: Ask, answer: Answer) -> bool:
    return ok("getAssetMetadata")(ask, answer) and answer.json["data"]["resource"][0]["upload_status"] == "WAITING"


def _octets(_: Ask, answer: Answer, __: Memory) -> None:
    answer.status, answer.body, answer.headers = 200, b"\0\0\0", {"Content-Type": "video/mp4", "Content-Length": "3"}


def _flipped(_: Ask, answer: Answer, __: Memory) -> None:
    answer.body = bytes([answer.body[0] ^ 1]) + answer.body[1:]


def _second_life(ask: Ask, answer: Answer, memory: Memory) -> None:
    """After a second reset the results have other bytes."""
    if ask.path == "/__admin/reset":
        memory.count(ask.key)
    if ask.operation == "downloadTask" and answer.ok and memory.get(ask.key) == 2:
        zipped(lambda _: None, comment=b"another life")(ask, answer, memory)


ASSETS = (
    row(
        "an asset id has letters",
        "asset/id",
        "uploads",
        broken(ok("uploadAsset", "createSignedUrl"), put("data.asset_id", lambda given: f"{given}a")),
        SCHEMA,
        "submit/accepts",
        "submit/reason-texts",
        "money/not-enough-to-download",
    ),
    row(
        "a sound cannot be uploaded",
        "asset/upload",
        "uploads",
        broken(asked(ok("uploadAsset"), lambda ask: b"song.mp3" in ask.body), says(415, "Unsupported media type")),
    ),
    row(
        "a text cannot be uploaded",
        "asset/upload-anything",
        "uploads",
        broken(asked(ok("uploadAsset"), lambda ask: b"script.txt" in ask.body), says(415, "Unsupported media type")),
    ),
    row(
        "metadata count wrongly",
        "asset/metadata-total",
        "uploads",
        broken(ok("getAssetMetadata"), put("data.total", 2)),
    ),
    row(
        "a size is a number",
        "asset/metadata-strings",
        "uploads",
        broken(ok("getAssetMetadata"), _in_first_row(file_size=int)),
        SCHEMA,
        "asset/metadata-of-upload",
    ),
    row(
        "metadata have seconds instead of milliseconds",
        "asset/metadata-times",
        "uploads",
        broken(ok("getAssetMetadata"), _in_first_row(create_time=_seconds, modify_time=_seconds)),
    ),
    row(
        "an asset was never modified",
        "asset/metadata-times",
        "uploads",
        broken(ok("getAssetMetadata"), _in_first_row(modify_time="0")),
    ),
    row(
        "an asset is an hour old when it is uploaded",
        "asset/metadata-times",
        "uploads",
        broken(ok("getAssetMetadata"), _in_first_row(create_time=lambda given: str(int(given) - 3_600_000))),
    ),
    row(
        "metadata are about another asset",
        "asset/metadata-same-asset",
        "uploads",
        broken(ok("getAssetMetadata"), _in_first_row(asset_id="re_912345678901234567")),
    ),
    row(
        "an asset is READY",
        "asset/upload-status",
        "uploads",
        broken(ok("getAssetMetadata"), _in_first_row(upload_status="READY")),
        SCHEMA,
        "signed-url/waits",
    ),
    row(
        "metadata have a duration",
        "asset/metadata-duration",
        "uploads",
        broken(ok("getAssetMetadata"), _in_first_row(duration=42)),
    ),
    row(
        "metadata have another size",
        "asset/metadata-of-upload",
        "uploads",
        broken(ok("getAssetMetadata"), _in_first_row(file_size="1")),
    ),
    row(
        "an unknown asset is a conflict",
        "asset/unknown",
        "uploads",
        broken(err("getAssetMetadata", msg="Asset not found"), status(409)),
        "asset/unknown-text",
        "schema/own-status",
    ),
    row(
        "an unknown asset has another text",
        "asset/unknown-text",
        "uploads",
        broken(err("getAssetMetadata", msg="Asset not found"), put("msg", "No such asset")),
    ),
    row(
        "a deleted asset is still there",
        "asset/deleted-is-gone",
        "uploads",
        broken(
            asked(err("getAssetMetadata", msg="Asset not found"), lambda ask: "00000000000" not in ask.target),
            succeeds(lambda ask: {"total": 1, "resource": [{**ROW, "asset_id": ask.subject}]}),
        ),
        "asset/unknown",
        "asset/metadata-of-upload",
        "asset/metadata-times",
        "auth/other-key-sees-nothing",
        "signed-url/waits",
    ),
    row(
        "a deletion has data",
        "asset/delete-answer",
        "uploads",
        broken(ok("deleteAsset"), put("data", {})),
        SCHEMA,
    ),
    row("an asset comes back changed", "asset/same-content", "uploads", broken(ok("downloadAsset"), _flipped)),
    row(
        "an asset has no name",
        "asset/download-headers",
        "uploads",
        broken(ok("downloadAsset"), header("Content-Disposition", None)),
    ),
    row(
        "an asset that waits can be downloaded",
        "asset/not-before-ready",
        "signed URLs",
        broken(err("downloadAsset", msg="Asset is not ready"), _octets),
        "money/asset-download-price",
    ),
)

SIGNED = (
    row(
        "expires_in is a text",
        "signed-url/answer",
        "signed URLs",
        broken(ok("createSignedUrl"), put("data.expires_in", str)),
        SCHEMA,
        "signed-url/expires-in",
    ),
    row(
        "a signed URL needs a key",
        "signed-url/needs-no-key",
        "signed URLs",
        broken(asked(ok("storeAsset"), lambda ask: not ask.key), says(401, "Unauthorized")),
        "schema/own-status",
        "signed-url/waits",
        "asset/not-before-ready",
    ),
    row(
        "a signed URL lasts an hour",
        "signed-url/expires-in",
        "signed URLs",
        broken(ok("createSignedUrl"), put("data.expires_in", 3_600)),
        "signed-url/expires",
    ),
    row(
        "what is stored is answered with an etag",
        "signed-url/storage-answers",
        "signed URLs",
        broken(ok("storeAsset"), lambda _, answer, __: setattr(answer, "json", {"etag": "1"})),
        "signed-url/waits",
        "asset/not-before-ready",
        "money/not-enough-to-download",
    ),
    row(
        "an asset is ready before it is stored",
        "signed-url/waits",
        "signed URLs",
        broken(_waiting, _in_first_row(upload_status="SUCCESS")),
    ),
    row(
        "a signed URL takes a second file",
        "signed-url/once",
        "signed URLs",
        broken(err("storeAsset", msg="The asset has been uploaded"), succeeds({"asset_id": "re_912345678901234567"})),
    ),
    row(
        "a signed URL that has expired has another text",
        "signed-url/expires",
        "signed URLs",
        broken(err("storeAsset", msg="The signed URL has expired"), put("msg", "Too late")),
    ),
    row(
        "an unknown signed URL has another text",
        "signed-url/unknown",
        "signed URLs",
        broken(err("storeAsset", msg="The signed URL is not valid"), put("msg", "No such URL")),
    ),
)

ROWS = (
    *ASSETS,
    *SIGNED,
    row("the same seed brings other bytes", "seed/same-again", "again", Fault(answer=_second_life)),
)
