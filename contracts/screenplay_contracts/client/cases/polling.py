"""Polling, and the statuses that it tells."""

from __future__ import annotations

from screenplay_contracts.client.cases.making import case, webhook

CASES = (
    case("t/poll/long-pending", "POL-01", "NET-12"),
    case("poll/completed", "POL-02"),
    case("poll/failed", "POL-02", "POL-12", "POL-13", fails=True),
    case("poll/cancelled", "POL-02", fails=True),
    case("t/poll/never-ends", "POL-03", endless=True, deadline_seconds=3, request_timeout_seconds=1, fails=True),
    case("poll/unknown-status", "POL-04"),
    case("poll/extra-fields", "POL-05"),
    case("poll/pending-no-progress", "POL-06"),
    case("poll/odd-progress", "POL-07"),
    case("poll/regress", "POL-08"),
    case("poll/fast", "POL-09"),
    case("poll/404-then-ok", "POL-10", "SUB-01"),
    case("poll/404-forever", "POL-10", "SUB-01", deadline_seconds=3, fails=True),
    case("t/poll/slow-answers", "POL-11"),
    case("poll/failed-unicode-message", "POL-13", fails=True),
    webhook("webhook/race-with-poll", "POL-14"),
    case("poll/304", "POL-15"),
)
