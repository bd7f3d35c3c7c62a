"""What the faults of a scenario make of the listener, and how that is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from screenplay_mock.core.fault_kinds import Code, Kind, Milliseconds, Refused, Silent, Status, Tls
from screenplay_mock.core.faults import CONNECTION, Fault
from screenplay_mock.core.listener import FAULTLESS, Listener, described, listener_faults
from screenplay_mock.core.scenario import HAPPY


def of(*kinds: Kind) -> Listener:
    """The listener of a scenario with a fault for each of *kinds*."""
    return listener_faults(replace(HAPPY, faults=tuple(Fault((CONNECTION,), kinds=(kind,)) for kind in kinds)))


HALF_A_SECOND = Refused(Milliseconds(500))


def test_faults_of_exchanges_leave_it_alone() -> None:
    assert of() == of(Status(Code(503))) == FAULTLESS


@pytest.mark.parametrize(
    ("kinds", "listener", "words"),
    [
        ((), FAULTLESS, ""),
        ((Refused(),), Listener(refused_for="always"), "refuses"),
        ((HALF_A_SECOND,), Listener(refused_for=Milliseconds(500)), "refuses for 500 ms"),
        ((Silent(),), Listener(silent=True), "never answers"),
        ((Tls("self_signed"),), Listener(tls=Tls("self_signed")), "flawed HTTPS: self_signed"),
        ((Tls("none"),), Listener(tls=Tls("none")), "HTTPS"),
        (
            (Status(Code(503)), Tls(), HALF_A_SECOND, Silent()),
            Listener(refused_for=Milliseconds(500), silent=True, tls=Tls()),
            "refuses for 500 ms, never answers, flawed HTTPS: expired",
        ),
        ((HALF_A_SECOND, Refused()), Listener(refused_for=Milliseconds(500)), "refuses for 500 ms"),
    ],
)
def test_its_faults_are_read_and_told(kinds: tuple[Kind, ...], listener: Listener, words: str) -> None:
    assert of(*kinds) == listener
    assert described(listener) == words
