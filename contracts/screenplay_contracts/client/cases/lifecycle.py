"""Cancelling, signals, restarts."""

from __future__ import annotations

from screenplay_contracts.client.case import Kill
from screenplay_contracts.client.cases.making import cancel, case

RESUME = frozenset({"resume"})

CASES = (
    cancel("cancel/lost-answer", "CAN-01", fails=True),
    cancel("cancel/too-late", "CAN-02"),
    cancel("cancel/race", "CAN-03"),
    cancel("cancel/500", "CAN-05", fails=True),
    cancel("cancel/late-webhook", "CAN-06", needs=frozenset({"cancel", "webhook"}), webhook=True, fails=True),
    case("lifecycle/kill-after-submit", "SUB-17", needs=RESUME, kill=Kill("KILL", "submitTask", restart=True)),
    case(
        "lifecycle/kill-after-poll",
        "SUB-17",
        "SUB-18",
        scenario="lifecycle/kill-after-submit",
        needs=RESUME,
        kill=Kill("KILL", "getTask", restart=True),
    ),
    case("lifecycle/kill-mid-download", "DLD-18", kill=Kill("KILL", "downloadTask:200", restart=False)),
    case("lifecycle/sigint", "CAN-07", kill=Kill("INT", "getTask", restart=False), deadline_seconds=8, fails=True),
    case(
        "lifecycle/sigterm",
        "CAN-07",
        scenario="lifecycle/sigint",
        kill=Kill("TERM", "getTask", restart=False),
        deadline_seconds=8,
        fails=True,
    ),
)
