"""
The tables of the page about scenarios: the catalogue, the kinds of faults, the magic asset ids.

    python -m screenplay_mock.scenarios.page docs/scenarios.md

They stand between marks, `<!-- catalogue -->` and `<!-- end -->`; what is around them is written by hand.
"""

from __future__ import annotations

import re
import sys
from inspect import cleandoc
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from screenplay_mock.core.fault_kinds import KINDS
from screenplay_mock.core.faults import CONNECTION
from screenplay_mock.core.magic import MAGIC_IDS
from screenplay_mock.scenarios.catalogue import area, builtin, names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_mock.core.fault_kinds import Kind
    from screenplay_mock.core.scenario import Scenario

#: Situations of clients that no server can make, and why.
NOT_MADE = {
    "auth/key-with-newline": "the client's key comes from its user: start it with one that ends in a line end",
    "net/dns-failure": "a name is looked up before a server is asked: give the client a base URL in `.invalid`",
    "net/dual-stack": "one name with two addresses is the resolver's doing, not the server's",
    "webhook/signed/*": "the vendor documents no signatures, so there is nothing to sign with",
    "webhook/signed/replay": "the same: without signatures there are no signed times",
}


def filled(page: str) -> str:
    """*page* with every marked table as it should be. Raises KeyError for a mark that names no table."""
    return _MARKED.sub(lambda found: f"<!-- {found[1]} -->\n{_TABLES[found[1]]()}\n<!-- end -->", page)


def _catalogue() -> str:
    parts = []
    for place, group in groupby(names(), area):
        rows = (_row(name, builtin(name)) for name in group)
        parts.append(f"## {place or 'Plain ones'}\n\n{_table('scenario | what happens | tries', rows)}\n")
    return "\n".join(parts)


def _row(name: str, scenario: Scenario) -> str:
    mark = " †" if any(CONNECTION in fault.on for fault in scenario.faults) else ""
    return f"`{name}`{mark} | {_cell(scenario.description)} | {', '.join(scenario.tries)}"


def _not_made() -> str:
    return _table("situation | why", (f"`{name}` | {why}" for name, why in NOT_MADE.items()))


def _kinds() -> str:
    rows = (f"`{name}` | {_cell(_says(kind))} | {kind.stage.value}" for name, kind in KINDS.items())
    return _table("kind | what it does | it says", rows)


def _says(kind: type[Kind]) -> str:
    return " ".join(cleandoc(kind.__doc__ or "").split())


def _magic() -> str:
    return _table("asset id | outcome", (f"`{asset_id}` | {_cell(row.words)}" for asset_id, row in MAGIC_IDS.items()))


def _table(head: str, rows: Iterable[str]) -> str:
    line = "|".join("---" for _ in head.split(" | "))
    return "\n".join([f"| {head} |", f"|{line}|", *(f"| {row} |" for row in rows)])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


_MARKED = re.compile(r"<!-- ([a-z ]+) -->\n(?:.*?\n)??<!-- end -->", re.DOTALL)
_TABLES = {"catalogue": _catalogue, "not made": _not_made, "kinds": _kinds, "magic": _magic}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(filled(path.read_text("utf-8")), "utf-8")
