"""The search for a situation that breaks a client, and for the smallest of its kind."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from screenplay_contracts.client.fuzz.invariants import INVARIANTS, Invariant
from screenplay_contracts.client.fuzz.situation import Situation, combined, smaller, unhurried
from screenplay_contracts.client.observation import Observation
from screenplay_contracts.server.aside import hypothesis_aside

if TYPE_CHECKING:
    from screenplay_contracts.verdict import Finding

#: Plays situations with the client, and tells what was seen of each as it is done; None: no server can be in it.
Play = Callable[[Sequence[Situation]], Iterator[tuple[Situation, Observation | None]]]

ROUND = 10  # examples: after so many Hypothesis varies those that it has drawn, and new ones are worth more
#: Plays after a finding, or after the last smaller one. Hypothesis could make them smaller, too, but not knowing what
#: they mean takes three times as many, and each costs what a client takes.
PATIENCE = 40
LONGEST_SHRINKING = 90.0  # seconds


class Enough(Exception):
    """No more examples: of them, of time, or of patience."""


@dataclass(frozen=True, slots=True)
class Limits:
    """
    *seconds* are for the search; making smaller what it finds has LONGEST_SHRINKING more, and ends after *patience*
    plays that make nothing smaller.
    """

    seed: int = 0
    max_examples: int = 100
    seconds: float | None = None
    patience: int = PATIENCE


@dataclass(frozen=True, slots=True)
class Found:
    """What `situation` made a client break, as it was seen."""

    invariant: Invariant
    finding: Finding
    situation: Situation
    seen: Observation


@dataclass(slots=True)
class Search:
    """
    Plays examples by *play*, at most *at_once* at a time, first the one in which nothing is unusual; `on_example` is
    told after each, `on_found` of a finding and of each smaller one.

    `played` are the examples before the finding, `replayed` those that made it smaller; `requests` is how many the
    client has sent in all.
    """

    play: Play
    limits: Limits
    at_once: int = 1
    on_example: Callable[[Search], None] = lambda _: None
    on_found: Callable[[Found], None] = lambda _: None
    sought: tuple[Invariant, ...] = INVARIANTS
    found: Found | None = None
    played: int = 0
    replayed: int = 0
    requests: int = 0
    _known: dict[str, Found | None] = field(default_factory=dict)
    _smaller: list[Found] = field(default_factory=list)
    _patience: int = PATIENCE
    _end: float = float("inf")

    def run(self, declared: Iterable[str]) -> Found | None:
        """
        The smallest situation found that breaks something, for a client that declares so much.

        Of one that sends nothing in the first example there is nothing to be said.
        """
        self._end = time.monotonic() + (self.limits.seconds or float("inf"))
        with suppress(Enough):
            self._explore([combined(())])
        if not self.requests:
            return None
        if self.found is None:
            with suppress(Enough):
                self._draw(tuple(declared))
        with suppress(Enough):
            while self.found is not None and self._is_made_smaller(self.found):
                pass
            if self.found is not None:
                self._breaks(unhurried(self.found.situation), self.found.invariant)
        return self._confirmed()

    def _draw(self, declared: Sequence[str]) -> None:
        """Play what Hypothesis draws, in rounds, until something breaks. Raises Enough."""
        # in a thread: an interruption can get lost in the callbacks of its weak references
        with ThreadPoolExecutor(1) as aside:
            for number in count():
                seed = f"{self.limits.seed} {number}"
                drawn = self._new(aside.submit(_drawn, declared, seed).result())
                for start in range(0, len(drawn), self.at_once):
                    self._explore(drawn[start : start + self.at_once])
                    if self.found is not None:
                        return

    def _new(self, drawn: Iterable[Situation]) -> list[Situation]:
        """Those that have not been played, each once."""
        return [one for text, one in {one.text: one for one in drawn}.items() if text not in self._known]

    def _explore(self, situations: Sequence[Situation]) -> None:
        """
        Play new ones; the first of them that breaks something, and again when it is played alone, is the finding.

        Raises Enough.
        """
        if self.played >= self.limits.max_examples:
            raise Enough
        self._check_time()
        broken = {}
        for one, seen in self.play(situations[: self.limits.max_examples - self.played]):
            self.played += 1
            broken[one.text] = self._judged(one, seen, self.sought)
            self.on_example(self)
        for one in situations:
            found = broken.get(one.text)
            # a machine that is busy makes anybody late: what does not happen twice is no finding
            self._known[one.text] = again = None if found is None else self._once(one, found.invariant)
            if again is not None:
                self._end = time.monotonic() + LONGEST_SHRINKING
                self._take(again)
                return

    def _is_made_smaller(self, found: Found) -> bool:
        """Whether something could be left out of what was found, or was replaced by what is simpler. Raises Enough."""
        untried = (one for one in smaller(found.situation) if one.text not in self._known)
        return any(self._breaks(one, found.invariant) for one in untried)

    def _breaks(self, situation: Situation, sought: Invariant) -> bool:
        """Play it, to see whether it breaks the same. Raises Enough."""
        self._check_time()
        self._patience -= 1
        if self._patience < 0:
            raise Enough
        self.replayed += 1
        self._known[situation.text] = found = self._once(situation, sought)
        if found is not None:
            self._take(found)
        self.on_example(self)
        return found is not None

    def _confirmed(self) -> Found | None:
        """The smallest that breaks it once more: timing may have decided."""
        for found in reversed(self._smaller):
            if self._once(found.situation, found.invariant) is not None:
                return found
        return self.found

    def _take(self, found: Found) -> None:
        self.found, self._patience = found, self.limits.patience
        self._smaller.append(found)
        self.on_found(found)

    def _once(self, situation: Situation, sought: Invariant) -> Found | None:
        ((_, seen),) = self.play([situation])
        return self._judged(situation, seen, (sought,))

    def _judged(self, situation: Situation, seen: Observation | None, sought: Iterable[Invariant]) -> Found | None:
        if seen is None:
            return None
        self.requests += len(seen.requests)
        broken = ((one, one.finding(seen)) for one in sought)
        return next((Found(one, finding, situation, seen) for one, finding in broken if finding is not None), None)

    def _check_time(self) -> None:
        if time.monotonic() > self._end:
            raise Enough


def _drawn(declared: Sequence[str], seed: str) -> list[Situation]:
    """ROUND situations, the same for the same *seed*."""
    import hypothesis
    from hypothesis import HealthCheck, Phase, Verbosity

    from screenplay_contracts.client.fuzz.drawing import situations

    found: list[Situation] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=ROUND,
        phases=[Phase.generate],
        derandomize=True,  # nothing but the seed counts
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @hypothesis.given(situations(declared))
    def draw(situation: Situation) -> None:
        found.append(situation)

    with hypothesis_aside():
        draw()
    return found
