"""A run of many cases: played, judged, and, where something surprising came out, played once more."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screenplay_contracts.client import judging, silence
from screenplay_contracts.client.case import lacking
from screenplay_contracts.client.command import NoSuchCommand
from screenplay_contracts.client.playing import Played
from screenplay_contracts.client.pool import play_all
from screenplay_contracts.client.process import CannotStart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from screenplay_contracts.client.behaviour import Behaviour
    from screenplay_contracts.client.case import Case
    from screenplay_contracts.client.playing import Setup
    from screenplay_contracts.verdict import Result

    Results = tuple[Result, ...]

FIRST = 2  # cases: who has sent nothing in any of them, and ended badly, was never started as a client
MOST_SURPRISES = 8  # cases: where more go wrong it is the client's way, and no surprise


@dataclass(frozen=True, slots=True)
class Suite:
    """
    What a run does it with. `on_done` is told of each case: what was played (None if it could not be), what came of it,
    and whether it is a repetition.
    """

    behaviours: Mapping[str, Behaviour]
    setup: Setup
    jobs: int
    on_done: Callable[[Case, Played | None, Results, bool], None]


class Run:
    """What has come of *cases* so far; `results` are in their order."""

    def __init__(self, suite: Suite, cases: Sequence[Case], declared: Iterable[str]) -> None:
        self._suite, self._cases = suite, tuple(cases)
        self._found: dict[str, Results] = {}
        capabilities = frozenset(declared)
        self._playable = [case for case in self._cases if not lacking(case, capabilities)]
        self._left_out = [case for case in self._cases if lacking(case, capabilities)]
        for case in self._left_out:
            self._found[case.name] = judging.unplayed(case, suite.behaviours, lacking(case, capabilities))

    @property
    def count(self) -> int:
        """How many cases there are to be played."""
        return len(self._playable)

    @property
    def results(self) -> Results:
        return tuple(one for case in self._cases for one in self._found.get(case.name, ()))

    @property
    def notes(self) -> tuple[str, ...]:
        """What of all this was not judged, and what had to be played twice."""
        found = []
        if self._left_out:
            left_out, every = (sum(len(case.checks) for case in some) for some in (self._left_out, self._cases))
            needs = sorted({need for case in self._left_out for need in case.needs})
            share = f"{len(self._left_out)} of {len(self._cases)} cases ({100 * left_out / every:.0f} % of the checks)"
            found.append(f"{share} were not judged, since they need {', '.join(needs)}: --capability declares it")
        rescued = [one for one in self.results if judging.is_rescued(one)]
        found += [f"{one.case}: {one.check.name} was {one.reason}" for one in rescued]
        at_times = [one for one in self.results if judging.comes_at_times(one)]
        found += [f"{one.case}: {one.check.name} {one.verdict}, but {one.reason}" for one in at_times]
        if self.count and self.count == len({one.case for one in self.results if silence.is_unshown(one)}):
            found.append(
                "it sent nothing in any case: `screenplay-check client smoke` says what its adapter gets wrong"
            )
        return tuple(found)

    def play(self) -> None:
        """Play and judge all cases. Raises CannotStart, and SentNothing where the client never got as far as that."""
        silent: list[str] | None = []
        first = min(FIRST, sum(not case.may_be_silent for case in self._playable))
        with closing(play_all(self._playable, self._suite.setup, jobs=self._suite.jobs)) as done:
            for case, outcome in done:
                self._found[case.name] = self._judged(case, outcome, again=False)
                if silent is None or case.may_be_silent or not isinstance(outcome, Played):
                    continue
                silent = [*silent, case.name] if silence.has_broken_down(outcome.observation) else None
                if silent is not None and len(silent) >= first:
                    raise silence.SentNothing(tuple(silent), outcome.observation)

    def repeat(self, marked: Results) -> None:
        """Play once more, alone, the cases that *marked* results are bad of, unless those are many."""
        names = {one.case for one in marked if judging.is_doubtful(one)}
        cases = [case for case in self._playable if case.name in names]
        if len(cases) > MOST_SURPRISES:
            return
        with closing(play_all(cases, self._suite.setup, jobs=1)) as done:
            for case, outcome in done:
                again = self._judged(case, outcome, again=True)
                self._found[case.name] = judging.after_repetition(self._found[case.name], again)

    def _judged(self, case: Case, outcome: Played | Exception, *, again: bool) -> Results:
        if isinstance(outcome, CannotStart | NoSuchCommand):
            raise outcome
        if isinstance(outcome, Played):
            seen = outcome.observation
            results = silence.explained(case, judging.results(case, self._suite.behaviours, seen), seen)
        else:
            results = judging.unplayable(case, self._suite.behaviours, outcome)
        self._suite.on_done(case, outcome if isinstance(outcome, Played) else None, results, again)
        return results
