"""Mutants that repeat what they should not, do not repeat what they should, or do not wait."""

from __future__ import annotations

from tests.mutants.row import UNCAUGHT, mutant

ROWS = (
    mutant(
        "gives up at a gateway's error",
        "RTY-01",
        "poll/503-once",
        ("(code >= 500 and code not in {501, 505})", "code == 500"),
    ),
    mutant(
        "does not read Retry-After",
        "RTY-02 RTY-03",
        "t/retry/after-seconds t/retry/after-date",
        ("return wait if 0 < wait <= MOST_WAIT else 0", "return 0"),
    ),
    mutant(
        "crashes at a Retry-After that is no number",
        "RTY-04",
        "retry/after-garbage",
        (
            "int(text) if text.isdecimal() else (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()",
            "int(text or 0)",
        ),
        ("        except (ValueError, TypeError, OverflowError):\n", "        except OverflowError:\n"),
        UNCAUGHT,
        beside="RTY-03 RTY-10",
    ),
    mutant(
        "waits for the same time again and again",
        "RTY-05",
        "t/retry/503x5",
        ("min(seconds * 2.0**attempt, max(seconds, 32))", "seconds"),
    ),
    mutant("waits like all others", "RTY-06", "t/retry/jitter", (" * random.uniform(1, 1.25)", " * 1")),
    mutant(
        "forgets the deadline",
        "RTY-07 RTY-12 POL-03 HYG-03",
        "t/retry/503-forever t/retry/reset-forever t/poll/never-ends",
        ("return self._end - time.monotonic()", "return 1e6"),
        beside="RSP-04 POL-13",
    ),
    mutant(
        "asks again at once where there is trouble",
        "RTY-08 RTY-12",
        "t/retry/503-forever t/retry/reset-forever",
        ("self.deadline.wait(max(wait, growing(self.gap, attempt)))", "self.deadline.wait(max(wait, 0.02))"),
        ("range(ROUNDS):\n            wait: float = 0", "range(1000):\n            wait: float = 0"),
        beside="RTY-05 RTY-06 REQ-14",
    ),
    mutant("repeats what is hopeless", "RTY-09", "retry/non-retryable", ("{501, 505}", "{600}")),
    mutant(
        "gives up when it is limited",
        "RTY-10",
        "poll/429-burst",
        ("return self.is_limited or code in {", "return code in {"),
    ),
)
