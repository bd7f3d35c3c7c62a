"""
Accepted failures: breaches that are known, with the reason and until when they are excused.

One that is excused and does not fail any more is an error, like one whose date has passed: so the list stays true.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from screenplay_contracts.selection import MatchesNothing, fits, must_fit
from screenplay_contracts.verdict import BREACHES, JUDGED, excused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from screenplay_contracts.verdict import Finding, Result

MEMBERS = {"check": str, "case": str, "client": str, "message": str, "reason": str, "expires": date}
REQUIRED = ("check", "reason")


@dataclass(frozen=True, slots=True)
class Names:
    """What there is to be accepted: of a server no cases."""

    checks: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()


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


def load(path: Path, *, names: Names | None = None) -> tuple[Accepted, ...]:
    """The entries of the file *path*, which are about *names*, where those are known. Raises BadAcceptedFile."""
    try:
        text = path.read_text("utf-8-sig")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as problem:
        raise BadAcceptedFile(f"{path}: {problem}") from None
    entries = data.pop("accepted", [])
    if data:
        raise BadAcceptedFile(f"{path}: there is nothing called {min(data)!r}; entries begin with [[accepted]]")
    if not isinstance(entries, list):
        raise BadAcceptedFile(f"{path}: entries begin with [[accepted]], in double brackets")
    found = tuple(
        _entry(f"{path}:{line}", line, entry) for line, entry in zip(_lines(text, len(entries)), entries, strict=True)
    )
    if names is not None:
        for one in found:
            _check_names(f"{path}:{one.line}", one, names)
    return found


def _lines(text: str, count: int) -> list[int]:
    """
    Where each of *count* entries begins: at its header, however that is written.

    What looks like a header may be a line of a longer text: then what stands before it alone is no TOML. Entries
    without headers (`accepted = [{…}]`) all begin where their list does.
    """
    found, begin, lines = [], 0, text.split("\n")
    for number, line in enumerate(lines):
        if line.lstrip().startswith("[[") and _is_whole("\n".join(lines[begin:number])):
            found.append(number + 1)
            begin = number
    if len(found) == count:
        return found
    return [next((number for number, line in enumerate(lines, 1) if "accepted" in line), 1)] * count


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _check_names(where: str, entry: Accepted, names: Names) -> None:
    """A name with a slip would excuse nothing, and never be told to be stale."""
    try:
        must_fit(entry.check, names.checks)
        if entry.case != "**":
            must_fit(entry.case, names.cases, what="case")
    except MatchesNothing as problem:
        raise BadAcceptedFile(f"{where}: {problem}") from None


def _entry(where: str, line: int, entry: Any) -> Accepted:
    if not isinstance(entry, dict):
        raise BadAcceptedFile(f"{where}: entries begin with [[accepted]], in double brackets; {entry!r} is none")
    for name, value in entry.items():
        if name not in MEMBERS:
            raise BadAcceptedFile(f"{where}: there is no {name!r}; there are: {', '.join(MEMBERS)}")
        if type(value) is not MEMBERS[name]:  # a time of day is a date to isinstance, and cannot be compared with one
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


__all__ = ["Accepted", "BadAcceptedFile", "Names", "Stale", "applied", "load"]
