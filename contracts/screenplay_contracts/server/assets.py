"""What is known of an asset at a place of a recording: by its upload, by the admin API, or because its id is magic."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import answers, magic
from screenplay_contracts.server.media import film_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.server.answers import Refusal
    from screenplay_contracts.server.dialect import Dialect
    from screenplay_contracts.server.recording import AccountHistory, Call, Recording

LONGEST = 300.0  # seconds; submit-task page: under five minutes
READY = "SUCCESS"
GIVING = frozenset({"uploadAsset", "storeAsset", "createSignedUrl"})  # operations that answer with an asset's id

_BOUNDARY = re.compile(r'boundary="?([^";]+)').search
_DISPOSITION = re.compile(rb"(?im)^Content-Disposition:.*$").search
_NAME = re.compile(rb'[; ]name="?([^";\r]*)').search
_FILENAME = re.compile(rb'filename="?([^";\r]*)').search


@dataclass(frozen=True, slots=True)
class Asset:
    """
    `seconds` None: not known. `size` None likewise. It can be an episode unless `reason` says why not.

    Not `sure`: something about it may be otherwise, such as whether it has been processed by now.
    """

    exists: bool = True
    kind: str = "video"
    seconds: float | None = None
    status: str = READY
    size: int | None = None
    sure: bool = True

    def reason(self, dialect: Dialect) -> Refusal | None:
        """Why it cannot be an episode, or None."""
        if not self.exists:
            return answers.no_asset(dialect)
        if self.status != READY:
            return answers.not_ready(self.status)
        if self.kind != "video":
            return answers.NOT_A_VIDEO
        return answers.TOO_LONG if self.seconds is not None and self.seconds >= LONGEST else None


_MAGIC = {
    magic.UNKNOWN: Asset(exists=False),
    magic.UPLOADING: Asset(status="UPLOADING"),
    magic.TOO_LONG: Asset(seconds=LONGEST),
    magic.AUDIO: Asset(kind="audio"),
}


class Assets:
    """Those of a whole recording."""

    def __init__(self, recorded: Recording) -> None:
        self._fake = recorded.fake
        self._known: dict[tuple[str, str], list[tuple[int, Asset]]] = {}
        for account in recorded.accounts:
            for number, asset_id, change in sorted(_facts(account), key=lambda fact: fact[0]):
                facts = self._known.setdefault((account.label, asset_id), [])
                facts.append((number, change(facts[-1][1] if facts else None)))

    def at(self, account: str, asset_id: str, number: int) -> Asset | None:
        """What *account*'s asset is at the place *number* of the recording; None: that is not known."""
        facts = [asset for at, asset in self._known.get((account, asset_id), ()) if at < number]
        if facts:
            return facts[-1]
        if not self._fake:
            return None
        if asset_id in _MAGIC:
            return _MAGIC[asset_id]
        exists = bool(magic.IS_VIDEO(asset_id)) and not asset_id.startswith((magic.GIVEN, magic.RESERVED))
        return Asset(exists=exists or asset_id in magic.DECIDING)


#: What becomes of what was known of an asset.
Change = Callable[["Asset | None"], Asset]


def _facts(account: AccountHistory) -> Iterator[tuple[int, str, Change]]:
    """(place, asset id, what it is from there on) of all that *account* was told of its assets."""
    for exchange in account.admin:
        asset_id = exchange.answer.get("asset_id") if isinstance(exchange.answer, dict) else None
        if exchange.method == "POST" and exchange.path.endswith("/assets") and isinstance(asset_id, str):
            yield exchange.number, asset_id, _now(_added(exchange.sent))
    for call in account.calls:
        asset_id = call.data.get("asset_id") if call.operation in GIVING else call.subject
        if not call.succeeded or not isinstance(asset_id, str):
            continue
        match call.operation:
            case "uploadAsset" | "storeAsset":
                yield call.number, asset_id, _now(_uploaded(call.exchange))
            case "createSignedUrl":
                yield call.number, asset_id, _now(Asset(status="WAITING"))
            case "deleteAsset":
                yield call.number, asset_id, _now(Asset(exists=False))
            case "getAssetMetadata":
                yield call.number, asset_id, _looked_up(call)


def _now(asset: Asset) -> Change:
    return lambda _: asset


def _looked_up(call: Call) -> Change:
    """SUCCESS is for ever; what waits or is being processed may be ready a moment later."""
    resource = call.data.get("resource")
    row = resource[0] if isinstance(resource, list) and resource and isinstance(resource[0], dict) else {}

    def change(before: Asset | None) -> Asset:
        known = before or Asset(sure=False)
        if row.get("upload_status") == READY:
            return replace(known, status=READY, sure=known.sure or known.seconds is not None or known.kind == "audio")
        return replace(known, sure=known.sure and known.status == row.get("upload_status"))

    return change


def _added(sent: Any) -> Asset:
    """What the admin API was asked to make."""
    given = sent if isinstance(sent, dict) else {}
    seconds = given.get("duration_seconds", 60)
    return Asset(
        kind=given.get("kind", "video"),
        seconds=float(seconds) if isinstance(seconds, int | float) else None,
        status=given.get("upload_status", READY),
    )


def _uploaded(exchange: Exchange) -> Asset:
    """What was uploaded: a film as long as its header says, or a sound; whether it is ready is not known yet."""
    part = file_part(exchange)
    if part is None:
        return Asset(sure=False)
    _, content = part
    kind = "audio" if content.startswith(b"ID3") else "video"
    return Asset(kind=kind, seconds=film_seconds(content), size=len(content), sure=False)


def file_part(exchange: Exchange) -> tuple[str, bytes] | None:
    """(file name, content) of the first part named file of a multipart body; None where there is none."""
    for head, content in parts(exchange):
        disposition = _DISPOSITION(head)
        name = disposition and _NAME(disposition[0])
        filename = disposition and _FILENAME(disposition[0])
        if name and name[1] == b"file" and filename and filename[1]:
            return filename[1].decode("utf-8", "replace"), content
    return None


def parts(exchange: Exchange) -> list[tuple[bytes, bytes]]:
    """(head, content) of each part of a multipart body."""
    content_type = exchange.sent_header("Content-Type") or ""
    match = _BOUNDARY(content_type)
    if not content_type.lower().startswith("multipart/form-data") or match is None or not exchange.request_body:
        return []
    pieces = (b"\r\n" + exchange.request_body).split(b"\r\n--" + match[1].encode())[1:]
    split = [piece.partition(b"\r\n\r\n") for piece in pieces]
    return [(head, content) for head, found, content in split if found]
