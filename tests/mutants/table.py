"""What came of mutants, in words; and a plugin (`-p tests.mutants.table`) that ends a run with their table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pytest
    from tests.mutants.playing import Caught, Play
    from tests.mutants.row import Mutant

    Plays = Mapping[Play, Caught]

PROPERTY = "mutants"


def found(row: Mutant, caught: Plays, *, own: bool) -> set[str]:
    """The checks that found *row*, in its own cases or in others."""
    return {name for play, names in caught.items() if play.mutant == row and play.own is own for name in names}


def told(rows: Iterable[Mutant], caught: Plays) -> list[tuple[str, str, str, str]]:
    """(what a mutant does, what it breaks, which of that was found, by what else it was found)."""
    lines: list[tuple[str, str, str, str]] = []
    for row in rows:
        every = found(row, caught, own=True) | found(row, caught, own=False)
        lines.append((row.name, _named(row.breaks), _named(row.breaks & every), _named(every - row.breaks)))
    return lines


def wrong(rows: Iterable[Mutant], caught: Plays) -> list[str]:
    """What did not come as it is named, one line each."""
    lines = []
    for play, names in caught.items():
        if surprises := play.surprises(names):
            said = "; ".join(f"{name} {names[name]}" for name in surprises if name in names)
            lines.append(f"{play.mutant.name}, in {play.case.name}: {_named(surprises)} unlike its row: {said}")
    missed = {row.name: row.breaks - found(row, caught, own=True) for row in rows}
    return lines + [f"{name}: {_named(checks)} never found it" for name, checks in missed.items() if checks]


def _named(names: Iterable[str]) -> str:
    return " ".join(sorted(names)) or "nothing"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    rows: list[tuple[str, str, str, str]] = []
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                rows += value if name == PROPERTY else []
    if not rows:
        return
    if terminalreporter.verbosity > 0 or terminalreporter.config.option.capture == "no":
        terminalreporter.section("mutant | breaks | caught by | caught also by")
        for row in sorted(rows):
            terminalreporter.write_line(" | ".join(row))
    as_named = sum(breaks == by for _, breaks, by, _ in rows)
    terminalreporter.write_line(f"mutants: {as_named} of {len(rows)} caught, each by its own checks")
