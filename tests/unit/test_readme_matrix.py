"""The matrix of the README: made by examples/matrix.py, of clients and cases that exist; who pays more than once."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.acceptance.test_example_clients import PAYS

from screenplay_contracts.client.cases import CASES

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("matrix_of_examples", ROOT / "examples" / "matrix.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = script()
MATRIX = README.partition(SCRIPT.BEGIN)[2].partition(SCRIPT.END)[0]
HEAD, _, *ROWS = (
    [cell.strip().strip("`") for cell in line.strip("|").split(" | ")]
    for line in MATRIX.splitlines()
    if line[:1] == "|"
)
TABLE = {case: dict(zip(HEAD[1:], row, strict=True)) for case, *row in ROWS}
FINE = set(re.findall(r"`([^`]+)`", MATRIX.rpartition("Nothing is wrong with")[2]))


def test_every_client_is_in_the_matrix_once() -> None:
    assert sorted([*HEAD[1:], *FINE]) == sorted(PAYS)


def test_its_cases_exist() -> None:
    assert set(SCRIPT.CASES) <= {case.name for case in CASES}
    assert set(TABLE) <= set(SCRIPT.CASES)


def test_it_agrees_with_what_each_client_pays_when_an_answer_is_lost() -> None:
    words = {1: "✓", 2: "✗ **pays twice**", 3: "✗ **pays 3 times**"}
    told = TABLE["submit/close-after-accept"]
    assert told == {name: words[PAYS[name]] for name in HEAD[1:]}
    assert {PAYS[name] for name in FINE} == {1}


def check(verdict: str, name: str = "SUB-03") -> dict[str, Any]:
    bad = verdict == "failed"
    return {"name": name, "case": "submit/ok", "verdict": verdict, "accepted": None, "findings": [{}] if bad else []}


def test_the_script_fills_the_table_between_its_marks_and_names_who_has_nothing_wrong() -> None:
    runs = [{"subject": "a.py", "checks": [check("failed")]}, {"subject": "b.py", "checks": [check("passed")]}]
    text = SCRIPT.told(runs)
    assert text == "|  | `a.py` |\n| --- | --- |\n| `submit/ok` | ✗ SUB-03 |\n\nNothing is wrong with `b.py`.\n"
    page = f"before\n{SCRIPT.BEGIN}old\n{SCRIPT.END}\nafter\n"
    assert SCRIPT.filled(page, text) == f"before\n{SCRIPT.BEGIN}{text}{SCRIPT.END}\nafter\n"
