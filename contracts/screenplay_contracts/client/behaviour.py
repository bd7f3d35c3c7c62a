"""A behaviour: what a client must show, and the judge that looks for it in an observation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from screenplay_contracts.client.observation import Observation
from screenplay_contracts.verdict import Check, Outcome

#: One outcome for each time that the behaviour was triggered: None kept, a Finding broken; none at all: inconclusive.
Judge = Callable[[Observation], Iterable[Outcome]]


class Unjudged(Exception):
    """An observation cannot show it, whatever the client did (e.g. it printed no report): skipped, with the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Behaviour:
    """
    `channels` are those in which it is seen: `W` wire, `T` transport, `X` process, `F` files, `H` the client's
    webhook receiver, `S` its own report. A judge may raise Unjudged.
    """

    check: Check
    channels: str
    judge: Judge
