"""How judges say what they saw: requests by number and time, ends of processes by their last words, dollars."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviour import Behaviour
from screenplay_contracts.client.behaviours.looking import charged, output
from screenplay_contracts.client.evidence import evidence
from screenplay_contracts.exchange import without
from screenplay_contracts.verdict import Check, Finding, Severity

if TYPE_CHECKING:
    from screenplay_contracts.client.behaviour import Judge
    from screenplay_contracts.client.observation import Delivery, Observation, Process, Request
    from screenplay_contracts.verdict import Outcome

MUST, SHOULD, MAY = Severity.MUST, Severity.SHOULD, Severity.MAY
MOST = 6  # requests in one sentence, and in the evidence of a finding
LONGEST = 160  # characters of what a client said
DOLLAR = 1_000_000  # micro-dollars

#: How programs in different languages tell their users about an error that nobody has caught.
_UNCAUGHT = re.compile(
    r"Traceback \(most recent call last\)"
    r'|^Exception in thread "'
    r"|^\s+at [\w$.<>/]+\([\w$]+\.(?:java|kt|scala):\d+\)"
    r"|^\s+at .*\(?(?:file://|node:|/)[^\s()]+:\d+:\d+\)?$"
    r"|^(?:panic: .*|goroutine \d+ \[)"
    r"|^thread '[^']*'.* panicked at"
    r"|^Unhandled exception\."
    r"|PHP Fatal error:\s+Uncaught"
    r"|^\s*from \S+\.rb:\d+:in "
    r"|^Segmentation fault",
    re.MULTILINE,
)


def behaviour(  # noqa: PLR0913, PLR0917 - a row of a table
    name: str, severity: Severity, channels: str, source: str, promise: str, judge: Judge
) -> tuple[str, Behaviour]:
    """A row of the registry."""
    return name, Behaviour(Check(name, severity, source, promise), channels, judge)


def kept(
    o: Observation,
    is_so: bool,  # noqa: FBT001
    expected: str,
    observed: str,
    *requests: Request,
    measured: bool = False,
) -> Outcome:
    """None if *is_so*; else what was *expected* and *observed*, with *requests* named behind it."""
    return None if is_so else broken(o, expected, observed, *requests, measured=measured)


def broken(o: Observation, expected: str, observed: str, *requests: Request, measured: bool = False) -> Finding:
    """
    What was *expected* and *observed*, with *requests* named behind it.

    *measured*: it is an end, a time or a size that a busy machine can spoil. Only that is forgiven where it is fine
    when it is repeated: no machine invents a second submission, a key in a file, or a success.
    """
    seen = f"{observed}: {named(*requests)}" if requests else observed
    return Finding(expected, without(seen, o.key), evidence(o, *requests[:MOST]), measured)


def named(*requests: Request) -> str:
    """`no. 3 GET /serve/api/v2/screenplay/tasks/x at 0.52 s (503)`, and the next."""
    shown = [_one(each) for each in requests[:MOST]]
    if len(requests) > MOST:
        shown.append(f"and {len(requests) - MOST} more")
    return ", ".join(shown)


def _one(request: Request) -> str:
    where = "" if request.listener == "api" else f" to {request.listener}"
    answered = "no answer" if request.status is None else request.status
    return f"no. {request.number} {request.method} {request.target[:LONGEST]}{where} at {request.at:.2f} s ({answered})"


def called(delivery: Delivery) -> str:
    """A webhook call in words."""
    answered = delivery.error if delivery.status is None else f"answered {delivery.status}"
    return f"the webhook at {delivery.at:.2f} s ({answered})"


def ending(process: Process) -> str:
    """How a process ended, and its last words."""
    if process.exit_code is None:
        how = f"ended by force after {process.forced or 'its limit'}"
    elif process.exit_code < 0:
        how = f"ended by signal {-process.exit_code}"
    else:
        how = f"exit code {process.exit_code}"
    lines = output(process).split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f"{how}, last words: {last[:LONGEST]!r}" if last else f"{how}, without a word"


def uncaught(process: Process) -> str | None:
    """What it says of an error in the words of a language's runtime, which are for its programmers."""
    found = _UNCAUGHT.search(output(process))
    return None if found is None else f"it says {found[0].strip()[:LONGEST]!r}"


def crash(process: Process) -> str | None:
    """
    How it crashed, if it did: of an error that nobody caught, or of a signal that was not ours.

    Whoever still wrote a report, or succeeded, has caught the error whose trace is in the log.
    """
    if process.exit_code is not None and process.exit_code < 0 and process.signalled_at is None:
        return f"it died of signal {-process.exit_code}"
    return None if process.exit_code in (0, None) or _reported(process) else uncaught(process)


def _reported(process: Process) -> bool:
    line = process.stdout.strip().rpartition(b"\n")[2]
    return line.startswith(b"{") and b'"outcome"' in line


def dollars(o: Observation) -> str:
    """What the submissions of *o* have cost, and how many they are."""
    paid = charged(o)
    total = sum(one.micro_dollars for one in paid) / DOLLAR
    return f"{len(paid)} submission{'' if len(paid) == 1 else 's'} paid, ${total:.2f}"
