"""
The tables of the page about checks of clients: the behaviours, those that are not judged, the cases.

    python -m screenplay_contracts.client.page docs/client-checks.md

They stand between marks, `<!-- behaviours -->` and `<!-- end -->`; what is around them is written by hand.
"""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from screenplay_contracts.client.behaviours import BEHAVIOURS, NOT_JUDGED
from screenplay_contracts.client.cases import CASES
from screenplay_contracts.client.cases.making import ALWAYS, IN_FAILURE, ON_THE_WIRE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_contracts.client.behaviour import Behaviour
    from screenplay_contracts.client.case import Case

AREAS = {
    "REQ": "What requests look like",
    "SUB": "Submissions, which are paid for",
    "RTY": "Repetition",
    "POL": "Polling",
    "RSP": "Answers",
    "WHK": "Webhooks",
    "DLD": "The download",
    "NET": "Below HTTP",
    "CAN": "Cancelling and signals",
    "AST": "Uploads",
    "HYG": "In every case",
}
EVERYWHERE = frozenset((*ALWAYS, *ON_THE_WIRE, *IN_FAILURE))


def filled(page: str) -> str:
    """*page* with every marked table as it should be. Raises KeyError for a mark that names no table."""
    return _MARKED.sub(lambda found: f"<!-- {found[1]} -->\n{_TABLES[found[1]]()}\n<!-- end -->", page)


def _behaviours() -> str:
    parts = []
    for area, group in groupby(BEHAVIOURS.items(), key=lambda item: item[0].partition("-")[0]):
        rows = (_behaviour(name, each) for name, each in group)
        parts.append(f"## {AREAS[area]}\n\n{_table('check | severity | promise | source | seen by | cases', rows)}\n")
    return "\n".join(parts)


def _behaviour(name: str, each: Behaviour) -> str:
    found = [f"`{case.name}`" for case in CASES if name in case.checks]
    cases = "every case" if name in EVERYWHERE else ", ".join(found)
    check = each.check
    cells = (name, check.severity.value.upper(), check.promise, check.source, each.channels, cases)
    return " | ".join(map(_cell, cells))


def _not_judged() -> str:
    return _table("check | why it is not judged", (f"{name} | {_cell(why)}" for name, why in NOT_JUDGED.items()))


def _cases() -> str:
    return _table("case | needs | plays | tries", map(_case, CASES))


def _case(case: Case) -> str:
    tried = case.checks[: case.checks.index(ALWAYS[0])]  # its own come first
    plays = "the same" if case.plays == case.name else f"`{case.plays}`"
    return f"`{case.name}` | {', '.join(sorted(case.needs))} | {plays} | {', '.join(tried)}"


def _table(head: str, rows: Iterable[str]) -> str:
    line = "|".join("---" for _ in head.split(" | "))
    return "\n".join([f"| {head} |", f"|{line}|", *(f"| {row} |" for row in rows)])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


_MARKED = re.compile(r"<!-- ([a-z ]+) -->\n(?:.*?\n)??<!-- end -->", re.DOTALL)
_TABLES = {"behaviours": _behaviours, "not judged": _not_judged, "cases": _cases}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(filled(path.read_text("utf-8")), "utf-8")
