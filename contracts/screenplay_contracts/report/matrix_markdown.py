"""Runs of clients as a table in Markdown: cases by clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screenplay_contracts.report import cells
from screenplay_contracts.report.markdown import code, plain
from screenplay_contracts.report.matrix import MARKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screenplay_contracts.report.cells import Cell, Run


def table(runs: Sequence[Run]) -> str:
    """
    A row for each case in which something is wrong with any client, a column for each run.

    A cell has the mark of its verdict, the first check that is broken, and how often a job is paid for.
    """
    names = [code(name) for name in cells.titles(runs)]
    lines = [_line(["", *names]), _line(["---"] * (len(names) + 1))]
    lines += [
        _line([code(case), *map(_cell, row)])
        for case, row in cells.rows([cells.by_case(run) for run in runs])
        if any(cell is not None and cell.wrong for cell in row)
    ]
    return "\n".join(lines) + "\n"


def _line(parts: Iterable[str]) -> str:
    return f"| {' | '.join(' '.join(part.replace('|', '&#124;').split()) for part in parts)} |"


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.pays:
        return f"{MARKS[cell.verdict]} **{cell.pays}**"
    return " ".join([MARKS[cell.verdict], *(plain(str(one["name"])) for one in cell.wrong[:1])])
