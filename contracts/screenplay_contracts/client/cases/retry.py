"""Polls that fail for a while, or for ever."""

from __future__ import annotations

from screenplay_contracts.client.cases.making import case

PATIENT = 25  # seconds: for three or four pauses of 1 s, 2 s, 4 s and 8 s, which are right; who needs less ends earlier

CASES = (
    case("poll/503-once", "RTY-01"),
    case("poll/reset-once", "RTY-01"),
    case("t/retry/after-seconds", "RTY-02", "RTY-03", deadline_seconds=PATIENT),
    case("t/retry/after-date", "RTY-03", deadline_seconds=PATIENT),
    case("rate/retry-after-date", "RTY-03", "RTY-10", "REQ-14", deadline_seconds=PATIENT),
    case("rate/retry-after-garbage", "RTY-04", "RTY-10", "REQ-14", deadline_seconds=PATIENT),
    case("retry/after-garbage", "RTY-04"),
    case("t/retry/503x5", "RTY-05", poll_seconds=0.1, deadline_seconds=PATIENT, alone=True),
    case("t/retry/jitter", "RTY-06", together=8, alone=True),
    case("t/retry/503-forever", "RTY-07", "RTY-08", deadline_seconds=3, request_timeout_seconds=1, fails=True),
    case("retry/non-retryable", "RTY-09", deadline_seconds=3, fails=True),
    case("poll/429-burst", "RTY-10", deadline_seconds=PATIENT),
    case("poll/500-once", "RTY-11"),
    case("t/retry/reset-forever", "RTY-12", deadline_seconds=3, request_timeout_seconds=1, fails=True),
)
