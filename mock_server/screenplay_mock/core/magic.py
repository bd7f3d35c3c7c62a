"""
Magic asset ids: each provokes one outcome, so that any client can have it without touching the admin API.

They work in every scenario, also where only assets exist that were given. MAGIC_IDS is the whole of it; the engine
does what its rows say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from screenplay_mock.core.assets import LONGEST_VIDEO, UploadStatus, plausible_video
from screenplay_mock.core.errors import ErrorKind
from screenplay_mock.core.fault_kinds import Count
from screenplay_mock.core.scenario import Completes, Fails, Fixed, Stuck, WebhookCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from screenplay_mock.core.assets import Asset
    from screenplay_mock.core.scenario import TaskLife, WebhookRules


@dataclass(frozen=True, slots=True)
class Goes:
    """The task goes so, whatever the scenario says: members of its life, and of its webhook rules."""

    tasks: Mapping[str, Any]
    webhook: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The submission is refused: always, or only the `first_time` in a sandbox."""

    kind: ErrorKind
    first_time: bool = False


@dataclass(frozen=True, slots=True)
class AnswerLost:
    """The submission is accepted and charged, but the connection closes without an answer."""


@dataclass(frozen=True, slots=True)
class Is:
    """The asset is so: its `members` that differ from those of a ready video. None: it does not exist."""

    members: Mapping[str, Any] | None


Does = Goes | Refused | AnswerLost | Is


@dataclass(frozen=True, slots=True)
class Row:
    """What a magic id does, in words and as values."""

    words: str
    does: Does


_AUDIO = {"kind": "audio", "mime": "audio/mpeg", "extension": "mp3", "filename": "audio.mp3"}

#: The table of magic ids. 409, 413 and 415 name the reason; the answer is HTTP 400, as for any asset.
MAGIC_IDS: Mapping[str, Row] = {
    "re_000000000000000001": Row(
        "task completes at once",
        Goes({"pending_for": Fixed(0), "running_for": Fixed(0), "outcome": Completes()}),
    ),
    "re_000000000000000002": Row(
        "task fails half way (`error_code` `PROCESSING_FAILED`)",
        Goes({"outcome": Fails("PROCESSING_FAILED", after=0.5)}),
    ),
    "re_000000000000000003": Row("task runs for ever", Goes({"outcome": Stuck()})),
    "re_000000000000000004": Row(
        f"completes, download says `{ErrorKind.NO_FILES.value.text}`",
        Goes({"outcome": Completes(), "result": "no_files"}),
    ),
    "re_000000000000000005": Row(
        f"completes, download says `{ErrorKind.NO_RESULT.value.text}`",
        Goes({"outcome": Completes(), "result": "no_result"}),
    ),
    "re_000000000000000006": Row(
        "completes, webhook never comes",
        Goes({"outcome": Completes()}, {"calls": ()}),
    ),
    "re_000000000000000007": Row(
        "completes, webhook comes five times",
        Goes({"outcome": Completes()}, {"calls": (WebhookCall(copies=Count(5)),)}),
    ),
    "re_000000000000000400": Row("submit: `Asset not found`", Is(None)),
    "re_000000000000000402": Row("submit: insufficient balance (402)", Refused(ErrorKind.NO_BALANCE)),
    "re_000000000000000409": Row("submit: asset still `UPLOADING`", Is({"status": UploadStatus.UPLOADING})),
    "re_000000000000000413": Row("submit: video of five minutes or more", Is({"duration": LONGEST_VIDEO})),
    "re_000000000000000415": Row("submit: asset is audio, not video", Is(_AUDIO)),
    "re_000000000000000429": Row(
        "submit: rate limited the first time in a sandbox, then accepted",
        Refused(ErrorKind.RATE_LIMITED, first_time=True),
    ),
    "re_000000000000000500": Row(
        "submit: 500 before acceptance the first time, then accepted",
        Refused(ErrorKind.INTERNAL, first_time=True),
    ),
    "re_000000000000000503": Row(
        "submit: accepted and charged, but the connection closes without an answer",
        AnswerLost(),
    ),
}


def deciding(asset_ids: Iterable[str]) -> Does | None:
    """
    What the first magic id of a submission does; *asset_ids* are in the order of its episodes.

    If that is the state of an asset, it is one reason among those of the other episodes; anything else decides over
    the whole submission, and the other magic ids are ordinary videos.
    """
    return next((MAGIC_IDS[asset_id].does for asset_id in asset_ids if asset_id in MAGIC_IDS), None)


def magic_asset(asset_id: str) -> Asset | None:
    """The asset of a magic id, in the state that it provokes; None when it does not exist."""
    does = MAGIC_IDS[asset_id].does
    if not isinstance(does, Is):
        return plausible_video(asset_id)
    return None if does.members is None else replace(plausible_video(asset_id), **does.members)


def bent(does: Does | None, life: TaskLife, rules: WebhookRules) -> tuple[TaskLife, WebhookRules]:
    """How a task goes and what is told of it, where else it would be by *life* and *rules*."""
    if not isinstance(does, Goes):
        return life, rules
    return replace(life, **does.tasks), replace(rules, **(does.webhook or {}))
