"""What several runs found, as the cells of a table: a row for each case or check, a column for each client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Run = dict[str, Any]  # a report as JSON

#: From what has to be looked at first to what has not been looked at. An accepted failure is `accepted`.
ORDER = ("failed", "error", "inconclusive", "warned", "accepted", "passed", "skipped")
WRONG = frozenset(ORDER[:4])
BREACHES = frozenset({"failed", "warned"})
TIMES = {2: "twice"}


@dataclass(frozen=True, slots=True)
class Cell:
    """
    `verdict` is the worst of those in it, one of ORDER; `checks` are the results; `paid` is how often a job was paid
    for, where that is more than once.
    """

    verdict: str
    checks: tuple[Mapping[str, Any], ...]
    paid: int = 0

    @property
    def wrong(self) -> tuple[Mapping[str, Any], ...]:
        """What somebody should look at; the worst first."""
        found = [one for one in self.checks if verdict(one) in WRONG]
        return tuple(sorted(found, key=lambda one: ORDER.index(verdict(one))))

    @property
    def pays(self) -> str:
        """In words; nothing where each job was paid for once at most."""
        return f"pays {TIMES.get(self.paid, f'{self.paid} times')}" if self.paid else ""


def verdict(check: Mapping[str, Any]) -> str:
    found = str(check["verdict"])
    return "accepted" if check["accepted"] is not None and found in BREACHES else found


def by_case(run: Run) -> dict[str, Cell]:
    """A cell for each case, in the order in which they stand there."""
    paid = {one["name"]: _paid(one) for one in run.get("cases", ())}
    return {name: _cell(checks, paid.get(name, 0)) for name, checks in _grouped(run["checks"], "case").items()}


def by_check(run: Run) -> dict[str, Cell]:
    return {name: _cell(checks) for name, checks in _grouped(run["checks"], "name").items()}


def rows(columns: Sequence[Mapping[str, Cell]]) -> Iterator[tuple[str, tuple[Cell | None, ...]]]:
    """Each name that is in any of *columns* with its cells; None where a run has not got it."""
    names = dict.fromkeys(name for column in columns for name in column)
    for name in names:
        yield name, tuple(column.get(name) for column in columns)


def titles(runs: Sequence[Run]) -> tuple[str, ...]:
    """What each run judged; where two are called the same, they are counted."""
    found: list[str] = []
    for run in runs:
        same = sum(other["subject"] == run["subject"] for other in runs[: len(found)])
        found.append(f"{run['subject']} ({same + 1})" if same else run["subject"])
    return tuple(found)


def _grouped(checks: Iterable[Mapping[str, Any]], member: str) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in checks:
        found.setdefault(str(one[member]), []).append(one)
    return found


def _cell(checks: Sequence[Mapping[str, Any]], paid: int = 0) -> Cell:
    return Cell(min(map(verdict, checks), key=ORDER.index), tuple(checks), paid)


def _paid(case: Mapping[str, Any]) -> int:
    """How often each job of *case* was paid for, rounded up; 0 where that is once or not at all."""
    most = -(-int(case["paid"].get("submit", 0)) // int(case["jobs"]))
    return most if most > 1 else 0
