"""
Accepted failures: breaches that are known, with the reason and until when they are excused.

One that is excused and does not fail any more is an error, like one whose date has passed: so the list stays true.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from screenplay_contracts.selection import fits
from screenplay_contracts.verdict import BREACHES, JUDGED, excused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from screenplay_contracts.verdict import Finding, Result

MEMBERS = {"check": str, "case": str, "client": str, "message": str, "reason": str, "expires": date}
REQUIRED = ("check", "reason")


class BadAcceptedFile(ValueError):
    """A file of accepted failures that cannot be read; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """
    `check`, `case` and `client` are patterns, `message` is how the message of the finding begins.

    `line` is where its [[accepted]] stands in the file.
    """

    check: str
    reason: str
    case: str = "**"
    client: str = "**"
    message: str = ""
    expires: date | None = None
    line: int = 0

    def excuses(self, result: Result, finding: Finding, client: str | None) -> bool:
        return self.is_about(result, client) and finding.message.startswith(self.message)

    def is_about(self, result: Result, client: str | None) -> bool:
        return (
            fits(self.check, result.check.name)
            and fits(self.case, result.case or "")
            and fits(self.client, client or "")
        )


@dataclass(frozen=True, slots=True)
class Stale:
    """An entry that has to go, and why."""

    entry: Accepted
    why: str

    def __str__(self) -> str:
        return f"line {self.entry.line}: [[accepted]] check = {self.entry.check!r}: {self.why}: delete it"


def load(path: Path) -> tuple[Accepted, ...]:
    """Raises BadAcceptedFile."""
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BadAcceptedFile(f"{path}: {problem}") from None
    entries = data.pop("accepted", [])
    if data:
        raise BadAcceptedFile(f"{path}: there is nothing called {min(data)!r}; entries begin with [[accepted]]")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.split("#")[0].strip() == "[[accepted]]"]
    if not isinstance(entries, list):
        raise BadAcceptedFile(f"{path}: entries begin with [[accepted]], in double brackets")
    return tuple(
        _entry(f"{path}:{line}", line, entry) for line, entry in zip(lines or [0] * len(entries), entries, strict=False)
    )


def _entry(where: str, line: int, entry: dict[str, Any]) -> Accepted:
    for name, value in entry.items():
        if name not in MEMBERS:
            raise BadAcceptedFile(f"{where}: there is no {name!r}; there are: {', '.join(MEMBERS)}")
        if not isinstance(value, MEMBERS[name]):
            wanted = "a date such as 2027-01-31" if name == "expires" else "a text in quotes"
            raise BadAcceptedFile(f"{where}: {name} must be {wanted}, not {value!r}")
    missing = [name for name in REQUIRED if not entry.get(name)]
    if missing:
        raise BadAcceptedFile(f"{where}: {missing[0]} is missing")
    return Accepted(line=line, **entry)


def applied(
    entries: Iterable[Accepted], results: Iterable[Result], today: date, *, client: str | None = None
) -> tuple[tuple[Result, ...], tuple[Stale, ...]]:
    """
    *results* with the breaches that *entries* excuse marked, and the entries that are stale.

    A result is excused when each of its findings is. An entry is stale when a check that it is about was judged in this
    run and had nothing to excuse, or when its date is before *today*; then it excuses nothing.
    """
    every, known = tuple(results), tuple(entries)
    alive = [one for one in known if one.expires is None or one.expires >= today]
    stale = [Stale(one, f"it expired on {one.expires}") for one in known if one not in alive]
    used: set[int] = set()
    marked = []
    for result in every:
        reasons = [_reason(alive, result, finding, client, used) for finding in result.findings]
        whole = result.verdict in BREACHES and bool(reasons) and all(reason is not None for reason in reasons)
        marked.append(excused(result, str(reasons[0])) if whole else result)
    for number, one in enumerate(alive):
        about = [result for result in every if one.is_about(result, client) and result.verdict in JUDGED]
        if number not in used and about:
            stale.append(Stale(one, f"{about[0].check.name} does not fail so any more"))
    return tuple(marked), tuple(stale)


def _reason(alive: list[Accepted], result: Result, finding: Finding, client: str | None, used: set[int]) -> str | None:
    for number, one in enumerate(alive):
        if one.excuses(result, finding, client):
            used.add(number)
            return one.reason
    return None


__all__ = ["Accepted", "BadAcceptedFile", "Stale", "applied", "load"]
