"""Every behaviour has a mutant of the careful client that breaks it; its judge finds it, and no other does."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from tests.mutants.catalogue import AREAS, NEUTRAL, ROWS, WITHOUT
from tests.mutants.playing import BY_NAME, Play, Stage
from tests.mutants.row import CAREFUL, DoesNotFit, Mutant, mutant, mutated
from tests.mutants.table import PROPERTY, told, wrong

from screenplay_contracts.client.behaviours import BEHAVIOURS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SOURCE = CAREFUL.read_text("utf-8")
JOBS = 6  # mutants at a time: they wait more than they work


def plays(row: Mutant) -> list[Play]:
    """Its own cases, and a neutral one that its name draws."""
    others = [name for name in NEUTRAL if name not in row.cases]
    neutral = others[crc32(row.name.encode()) % len(others)]
    return [Play(row, BY_NAME[name], name in row.cases) for name in (*row.cases, neutral)]


def test_no_check_is_without_a_mutant_but_for_a_reason() -> None:
    broken = {name for row in ROWS for name in row.breaks}
    assert broken | WITHOUT.keys() == BEHAVIOURS.keys()
    assert not broken & WITHOUT.keys()
    assert all(WITHOUT.values())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_mutant_is_a_program_and_its_cases_judge_what_it_breaks(row: Mutant) -> None:
    ast.parse(mutated(SOURCE, row))
    judged = [set(BY_NAME[name].checks) & row.breaks for name in row.cases]
    assert all(judged)
    assert set().union(*judged) == row.breaks


def test_mutants_have_names_of_their_own() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_a_change_of_the_careful_client_that_disarms_a_mutant_is_found() -> None:
    with pytest.raises(DoesNotFit, match="stands 0 times"):
        mutated(SOURCE, mutant("does nothing", "", "", ("no such line", "")))
    with pytest.raises(DoesNotFit, match="not once"):
        mutated(SOURCE, mutant("does too much", "", "", ("self", "")))


def test_who_is_not_found_or_found_by_others_is_told() -> None:
    row = mutant("pays twice", "SUB-02", "submit/reset-after-accept", beside="WHK-*")
    case = BY_NAME["submit/reset-after-accept"]
    own, other = Play(row, case, own=True), Play(row, case, own=False)
    assert own.surprises({}) == {"SUB-02"}
    assert own.surprises({"SUB-02": "twice", "WHK-01": "late"}) == other.surprises({}) == set()
    assert own.surprises({"SUB-02": "twice", "HYG-01": "told"}) == other.surprises({"HYG-01": "told"}) == {"HYG-01"}
    assert wrong([row], {other: {"HYG-01": "the key"}}) == [
        "pays twice, in submit/reset-after-accept: HYG-01 unlike its row: HYG-01 the key",
        "pays twice: SUB-02 never found it",
    ]
    assert told([row], {own: {"SUB-02": "twice", "WHK-01": "late"}}) == [("pays twice", "SUB-02", "SUB-02", "WHK-01")]


def test_who_ruins_every_job_is_not_blamed_for_what_follows() -> None:
    row = mutant("sends no key", "REQ-01", "auth/valid", ruins=True)
    assert Play(row, BY_NAME["poll/ok"], own=False).surprises({"REQ-03": "401"}) == set()
    assert Play(row, BY_NAME["auth/valid"], own=True).surprises({"REQ-01": "none", "HYG-01": "told"}) == {"HYG-01"}


@pytest.mark.timeout(300)
def test_the_careful_client_passes_the_neutral_cases(tmp_path: Path) -> None:
    whole = mutant("nothing is broken", "", "")
    caught = Stage(tmp_path, jobs=JOBS).caught(Play(whole, BY_NAME[name], own=False) for name in NEUTRAL)
    assert {each.case.name: sorted(found) for each, found in caught.items() if found} == {}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("area", AREAS)
def test_each_mutant_fails_its_own_checks_and_no_other(
    area: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    rows = AREAS[area]
    caught = Stage(tmp_path, jobs=JOBS).caught(play for row in rows for play in plays(row))
    record_property(PROPERTY, told(rows, caught))
    assert wrong(rows, caught) == []
