"""Mutants at play: each a file of its own, each case with a fake of its own, several at a time."""

from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.mutants.row import CAREFUL, mutated

from screenplay_contracts.client import judging
from screenplay_contracts.client.behaviours import BEHAVIOURS
from screenplay_contracts.client.cases import CASES
from screenplay_contracts.client.playing import Setup, play
from screenplay_contracts.selection import fits
from screenplay_contracts.verdict import BREACHES, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tests.mutants.row import Mutant

    from screenplay_contracts.client.case import Case
    from screenplay_contracts.client.observation import Observation

#: The checks that found something, or could not judge, each with what it says.
Caught = dict[str, str]

BY_NAME: Mapping[str, Case] = {case.name: case for case in CASES}


@dataclass(frozen=True, slots=True, eq=False)
class Play:
    """A mutant in a case; `own`: one in which it must fail."""

    mutant: Mutant
    case: Case
    own: bool

    def surprises(self, caught: Caught) -> frozenset[str]:
        """The checks that should have failed in it, or should not have, when it was *caught* by these."""
        if self.mutant.ruins and not self.own:
            return frozenset()
        named = {one for one in caught if one in self.mutant.breaks or fits_any(self.mutant.beside, one)}
        missed = self.mutant.breaks & set(self.case.checks) if self.own and not named & self.mutant.breaks else ()
        return frozenset(caught.keys() - named).union(missed)


def fits_any(patterns: Iterable[str], name: str) -> bool:
    return any(fits(pattern, name) for pattern in patterns)


def observed(case: Case, setup: Setup) -> Observation:
    return asyncio.run(play(case, setup)).observation


class Stage:
    """Where they play: *folder* is empty, *jobs* play at a time."""

    def __init__(self, folder: Path, *, jobs: int) -> None:
        self._folder, self._jobs = folder, jobs
        self._source = CAREFUL.read_text("utf-8")
        self._files: dict[str, Path] = {}

    def caught(self, plays: Iterable[Play]) -> dict[Play, Caught]:
        """
        The checks that found something, or could not judge. What is a surprise is played again, alone: that counts.

        Those that measure time are played alone at once.
        """
        every = tuple(plays)
        for each in every:
            self._write(each.mutant)
        crowd = [each for each in every if not each.case.alone]
        with ThreadPoolExecutor(self._jobs) as pool:
            found = dict(zip(crowd, pool.map(self._caught, crowd), strict=True))
        found |= {each: self._caught(each) for each in every if each.case.alone}
        return {each: self._caught(each) if each.surprises(found[each]) else found[each] for each in every}

    def _write(self, row: Mutant) -> None:
        if row.name not in self._files:
            self._files[row.name] = self._folder / f"mutant{len(self._files)}.py"
            self._files[row.name].write_text(mutated(self._source, row), "utf-8")

    def _caught(self, each: Play) -> Caught:
        argv = (sys.executable, str(self._files[each.mutant.name]))
        root = self._folder / f"{self._files[each.mutant.name].stem}-{each.case.name.replace('/', '_')}"
        root.mkdir(exist_ok=True)
        seen = observed(each.case, Setup(argv, root, os.environ["PATH"]))
        results = judging.results(each.case, BEHAVIOURS, seen)
        bad = [one for one in results if one.verdict in BREACHES or one.verdict is Verdict.ERROR]
        return {one.check.name: one.findings[0].message if one.findings else one.reason for one in bad}
