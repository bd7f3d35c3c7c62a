"""The checks of the model: one for each kind of answer that it predicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.server.rules import Need
from screenplay_contracts.verdict import Check, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screenplay_contracts.verdict import Finding

MUST = Severity.MUST

SUBMIT = Check(
    "model/submit",
    MUST,
    "submit-task page; docs silent: status and text of the refusals",
    "In any order of events a submission is accepted or refused by what is in it and how its assets are then.",
)
STATUS = Check(
    "model/status",
    MUST,
    "get-task-status page; docs silent: there is no diagram",
    "In any order of events a task has a status that may follow what was seen; where time is virtual, the only one.",
)
CANCEL = Check(
    "model/cancel",
    MUST,
    "cancel-task page",
    "In any order of events what is pending or running can be cancelled, and nothing else.",
)
DOWNLOAD = Check(
    "model/download",
    MUST,
    "download-task-result page",
    "In any order of events a completed task has a zip, or the documented reason why not; any other says how it is.",
)
ASSETS = Check(
    "model/assets",
    MUST,
    "upload, get-upload-signed-url, get-metadata, delete and download pages",
    "In any order of events an asset is what was uploaded, ready when it is time, and gone once it is deleted.",
)
ISOLATION = Check(
    "model/isolation",
    MUST,
    "error-codes page; docs silent: the text; what others could read would be a leak",
    "In any order of events what belongs to one account does not exist for another.",
)
CHARGES = Check(
    "model/charges",
    MUST,
    "submit-task, cancel-task and download pages",
    "In any order of events each accepted task is charged once, each download once, and nothing else.",
)
WEBHOOK = Check(
    "model/webhook",
    MUST,
    "webhooks and submit-task pages; docs silent: duplicates, and what a cancelled task tells",
    "In any order of events the webhook is told of each end when it is time, and of nothing else.",
)
CLOCK = Check(
    "model/clock",
    MUST,
    "docs silent: the fake's own",
    "So much time passes in a sandbox as is let pass.",
)

#: The checks, each with what a run must be able to do for it.
PROMISES: Mapping[Check, frozenset[Need]] = {
    SUBMIT: frozenset({Need.MONEY}),
    STATUS: frozenset({Need.MONEY}),
    CANCEL: frozenset({Need.MONEY}),
    DOWNLOAD: frozenset({Need.MONEY}),
    ASSETS: frozenset(),  # a signed URL is free
    ISOLATION: frozenset({Need.OTHER_KEY}),
    CHARGES: frozenset({Need.ADMIN}),
    WEBHOOK: frozenset({Need.ADMIN}),
    CLOCK: frozenset({Need.ADMIN}),
}


class Broken(Exception):
    """A promise was broken. Each check has a class of its own: Hypothesis takes those of one class for one fault."""

    def __init__(self, check: Check, finding: Finding) -> None:
        super().__init__(check, finding)
        self.check = check
        self.finding = finding

    def __str__(self) -> str:
        return f"{self.check.name}: {self.finding.message}"


_BROKEN: Mapping[Check, type[Broken]] = {check: type("Broken", (Broken,), {}) for check in PROMISES}


def broken(check: Check, finding: Finding) -> Broken:
    return _BROKEN[check](check, finding)
