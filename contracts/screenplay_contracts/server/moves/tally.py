"""What came of all examples: how often each promise was put to the test, and the smallest example of each failure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screenplay_contracts.server.model.promises import Broken
    from screenplay_contracts.verdict import Check


class Enough(BaseException):
    """No more examples. No Exception: Hypothesis would take that for one more failure, and look for a smaller one."""


class Tally:
    """*patience*: how many examples may follow the first failure, in search of smaller ones and of other failures."""

    def __init__(self, patience: int) -> None:
        self.met: Counter[Check] = Counter()
        self.smallest: dict[Check, Broken] = {}
        self._patience = patience

    def begin(self) -> None:
        """One more example. Raises Enough."""
        if self.smallest:
            self._patience -= 1
        if self._patience < 0:
            raise Enough

    def failed(self, broken: Broken) -> None:
        before = self.smallest.get(broken.check)
        # of two that are as long the later one: Hypothesis goes from each to a simpler one
        if before is None or len(broken.finding.evidence) <= len(before.finding.evidence):
            self.smallest[broken.check] = broken
