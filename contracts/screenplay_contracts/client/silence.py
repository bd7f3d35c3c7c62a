"""A client that sends nothing at all: then only how its process ended can say what is the matter."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from screenplay_contracts.exchange import REDACTED
from screenplay_contracts.verdict import Verdict

if TYPE_CHECKING:
    from screenplay_contracts.client.case import Case
    from screenplay_contracts.client.observation import Observation, Process
    from screenplay_contracts.verdict import Result

UNSENT = "nothing was sent"
LONGEST, MOST_LINES = 200, 12  # characters of a line, lines that are shown
#: What runtimes say of a file, a module or a class that is not there.
_MISSING = re.compile(
    r"can't open file|No such file|cannot open|Cannot find (module|package)|No module named|ClassNotFoundException"
    r"|Could not find or load main class|Unable to access jarfile|cannot load such file|not found|ENOENT"
)


class SentNothing(Exception):
    """The first clients have all ended badly without having sent anything. *seen* is what was seen of the last."""

    def __init__(self, cases: tuple[str, ...], seen: Observation) -> None:
        super().__init__(f"it sent nothing in {', '.join(cases)}; {ending(seen)}: there is nothing to judge")
        self.seen = seen


def is_silent(seen: Observation) -> bool:
    """Whether it has sent nothing, and opened no connection to send it."""
    return not seen.requests and not seen.connections


def has_broken_down(seen: Observation) -> bool:
    """Whether it is silent and did not even end well."""
    return is_silent(seen) and all(process.exit_code != 0 for process in seen.processes)


def explained(case: Case, results: tuple[Result, ...], seen: Observation) -> tuple[Result, ...]:
    """
    *results* of a client that was silent: what was not broken was not shown either, with the reason.

    Where a right client may be silent they stay as they are.
    """
    if case.may_be_silent or not is_silent(seen):
        return results
    reason = f"{UNSENT}; {ending(seen)}"
    unshown = {Verdict.PASSED, Verdict.INCONCLUSIVE}
    return tuple(
        replace(one, verdict=Verdict.INCONCLUSIVE, reason=reason, met=0) if one.verdict in unshown else one
        for one in results
    )


def is_unshown(result: Result) -> bool:
    """Whether nothing was sent where *result* comes from."""
    return result.reason.startswith(UNSENT)


def ending(seen: Observation) -> str:
    """How its last process ended, with its last words."""
    process = seen.processes[-1]
    words = last_words(process, seen.key)
    how = f"exit code {process.exit_code}"
    if process.exit_code is None:
        how = f"it was ended after {process.forced}"
    elif process.exit_code < 0:
        how = f"it was ended by signal {-process.exit_code}"
    return f"{how}, last words: {telling(words)!r}" if words else f"{how}, without a word"


def last_words(process: Process, key: str) -> tuple[str, ...]:
    """The last lines that it printed: of errors, or where there are none of its output; without the key."""
    text = (process.stderr.strip() or process.stdout).decode("utf-8", "replace")
    lines = (text.replace(key, REDACTED) if key else text).strip().splitlines()
    return tuple(line[:LONGEST] for line in lines[-MOST_LINES:])


def telling(words: tuple[str, ...]) -> str:
    """The line among *words* that says most: the last that names an error, since some runtimes go on after it."""
    errors = [line for line in words if re.match(r"\S*(Error|Exception)\b", line)]
    return (errors or list(words))[-1]


def hint(seen: Observation) -> str | None:
    """What may be the matter with a silent client, if its last words look like it."""
    words = last_words(seen.processes[-1], seen.key)
    if not any(_MISSING.search(line) for line in words):
        return None
    return (
        "it seems to look for something that is not there. It runs in an empty folder with an environment of its own:"
        " of your arguments only those become absolute that name a file, or a folder with a slash (./build);"
        ' --env NAME passes a variable on, and `--env PYTHONPATH="$PWD"` lets Python find modules that are here'
    )
