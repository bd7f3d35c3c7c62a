"""Examples played: each with a fake of its own, like any case."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING

from screenplay_contracts.client.pool import play_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screenplay_contracts.client.case import Case
    from screenplay_contracts.client.fuzz.situation import Situation
    from screenplay_contracts.client.observation import Observation
    from screenplay_contracts.client.playing import Setup

FIRST = 20.0  # seconds for the first example, which tells how long a client takes to start
WORK = 1.5  # seconds for the others, and STARTS times as long as it took to start
STARTS = 2.0
PROMPT = 1.0  # seconds in which any client may start


@dataclass(slots=True)
class Player:
    """Plays situations with the client of *setup*, at most *jobs* at a time."""

    setup: Setup
    jobs: int
    deadline: float | None = None  # of a job, in seconds; None: until the first example has told

    def __call__(self, situations: Sequence[Situation]) -> Iterator[tuple[Situation, Observation | None]]:
        """
        What was seen in each of them, as they are done; None: it is no scenario, or the machine is so busy that the
        client has not started in the time that it has.

        Raises CannotStart, BadAdapter, and whatever else kept an example from being played.
        """
        from screenplay_mock.scenarios import ScenarioError

        cases = [self._case(one) for one in situations]
        played = {case.scenario: one for case, one in zip(cases, situations, strict=True)}
        with closing(play_all(cases, self.setup, jobs=self.jobs)) as done:
            for case, outcome in done:
                if isinstance(outcome, Exception) and not isinstance(outcome, ScenarioError):
                    raise outcome
                seen = None if isinstance(outcome, Exception) else self._heeded(outcome.observation)
                yield played[case.scenario], seen

    def _case(self, situation: Situation) -> Case:
        """The case of *situation*, whose scenario is the file that it would be as a finding."""
        from screenplay_mock.scenarios.yaml_text import written

        file = self.setup.root / f"{sha256(situation.text.encode()).hexdigest()[:16]}.yaml"
        file.write_text(written(situation.file), "utf-8")
        return situation.case(str(file), self.deadline or FIRST)

    def _heeded(self, seen: Observation) -> Observation | None:
        started = min((one.at for one in seen.requests), default=float("inf"))
        if self.deadline is None:
            self.deadline = WORK + ceil(STARTS * started - 0.1) if seen.requests else FIRST
            return seen
        return seen if started <= max(PROMPT, self.deadline - WORK) else None
