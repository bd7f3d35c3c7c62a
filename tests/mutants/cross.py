"""
The full cross: every mutant in every case. Run by `make mutants`, about a minute for each on two cores.

A file that pytest does not find by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.mutants.catalogue import ROWS
from tests.mutants.playing import Play, Stage
from tests.mutants.table import PROPERTY, told, wrong

from screenplay_contracts.client.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.mutants.row import Mutant


@pytest.mark.timeout(900)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_mutant_fails_its_own_checks_in_all_cases_and_at_most_those_beside(
    row: Mutant, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    caught = Stage(tmp_path, jobs=4).caught(Play(row, case, case.name in row.cases) for case in CASES)
    record_property(PROPERTY, told([row], caught))
    assert wrong([row], caught) == []
