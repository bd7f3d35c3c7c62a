"""What is known of an asset at a place of a recording: by its upload, by the admin API, or because its id is magic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import answers, magic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.answers import Refusal
    from screenplay_contracts.server.dialect import Dialect
    from screenplay_contracts.server.recording import AccountHistory, Recording

LONGEST = 300.0  # seconds; submit-task page: under five minutes
READY = "SUCCESS"


@dataclass(frozen=True, slots=True)
class Asset:
    """`seconds` None: not known. `size` None likewise. It can be an episode unless `reason` says why not."""

    exists: bool = True
    kind: str = "video"
    seconds: float | None = None
    status: str = READY
    size: int | None = None

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
            for number, asset_id, asset in sorted(_facts(account), key=lambda fact: fact[0]):
                self._known.setdefault((account.label, asset_id), []).append((number, asset))

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


def _facts(account: AccountHistory) -> Iterator[tuple[int, str, Asset]]:
    """(place, asset id, what it is from there on) of all that *account* was told of its assets."""
    for exchange in account.admin:
        asset_id = exchange.answer.get("asset_id") if isinstance(exchange.answer, dict) else None
        if exchange.method == "POST" and exchange.path.endswith("/assets") and isinstance(asset_id, str):
            yield exchange.number, asset_id, _added(exchange.sent)
    for call in account.calls:
        asset_id = call.data.get("asset_id") if call.operation != "deleteAsset" else call.subject
        if not call.succeeded or not isinstance(asset_id, str):
            continue
        match call.operation:
            case "uploadAsset" | "storeAsset":
                yield call.number, asset_id, _uploaded(call.exchange.request_body or b"")
            case "createSignedUrl":
                yield call.number, asset_id, Asset(status="WAITING")
            case "deleteAsset":
                yield call.number, asset_id, Asset(exists=False)


def _added(sent: Any) -> Asset:
    """What the admin API was asked to make."""
    given = sent if isinstance(sent, dict) else {}
    seconds = given.get("duration_seconds", 60)
    return Asset(
        kind=given.get("kind", "video"),
        seconds=float(seconds) if isinstance(seconds, int | float) else None,
        status=given.get("upload_status", READY),
    )


def _uploaded(body: bytes) -> Asset:
    """What was uploaded as the part of a multipart *body*: a film, if its first bytes are those of an MP4."""
    content = uploaded_content(body)
    return replace(Asset(), kind="video" if content[4:8] == b"ftyp" else "other", size=len(content))


def uploaded_content(body: bytes) -> bytes:
    """The content of the first part of a multipart *body*."""
    boundary, _, rest = body.partition(b"\r\n")
    _, _, content = rest.partition(b"\r\n\r\n")
    return content.partition(b"\r\n" + boundary)[0]
