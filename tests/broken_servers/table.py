"""A plugin (`-p tests.broken_servers.table`) that ends a run with the table of broken servers; with -v, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

PROPERTY = "broken server"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    rows: list[tuple[str, str, list[str]]] = []
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            rows += [(outcome, *value) for name, value in report.user_properties if name == PROPERTY]
    if not rows:
        return
    if terminalreporter.verbosity > 0:
        terminalreporter.section("broken server -> caught by")
        for outcome, what, caught in sorted(rows, key=lambda each: each[1]):
            terminalreporter.write_line(
                f"{'' if outcome == 'passed' else 'NOT AS NAMED: '}{what} -> {', '.join(caught)}"
            )
    as_named = sum(outcome == "passed" for outcome, *_ in rows)
    terminalreporter.write_line(f"broken servers: {as_named} of {len(rows)} caught, each by its own check")
