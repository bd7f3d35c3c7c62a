"""What is wrong with the port that clients connect to, before there is a request: a pure reading of a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from screenplay_mock.core.fault_kinds import Refused, Silent, Stage, Tls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_mock.core.fault_kinds import Kind, Milliseconds
    from screenplay_mock.core.scenario import Scenario

_Kind = TypeVar("_Kind", bound="Kind")


@dataclass(frozen=True, slots=True)
class Listener:
    """
    Connections are refused for so much real time from the start, or always; then they are accepted, and never
    answered if `silent`, not even to shake hands for HTTPS. `tls` None: there is HTTPS only if the settings say so.
    """

    refused_for: Milliseconds | Literal["always"] | None = None
    silent: bool = False
    tls: Tls | None = None


FAULTLESS = Listener()


def listener_faults(scenario: Scenario) -> Listener:
    """What the faults of *scenario* make of the listener; of several faults of one kind the first one counts."""
    kinds = [kind for fault in scenario.faults if (kind := fault.kind(Stage.CONNECTION)) is not None]
    refused = _first(kinds, Refused)
    return Listener(
        refused_for=None if refused is None else refused.lasting,
        silent=_first(kinds, Silent) is not None,
        tls=_first(kinds, Tls),
    )


def _first(kinds: Iterable[Kind], wanted: type[_Kind]) -> _Kind | None:
    return next((kind for kind in kinds if isinstance(kind, wanted)), None)


def described(listener: Listener) -> str:
    """What is said of it in a few words; empty where nothing is."""
    words = []
    if listener.refused_for is not None:
        words.append("refuses" if listener.refused_for == "always" else f"refuses for {listener.refused_for} ms")
    if listener.silent:
        words.append("never answers")
    if listener.tls is not None:
        words.append("HTTPS" if listener.tls.flaw == "none" else f"flawed HTTPS: {listener.tls.flaw}")
    return ", ".join(words)
