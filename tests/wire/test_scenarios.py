"""Every built-in scenario does on the wire what it says, and without any one of its faults it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.wire.claims import answers, archives, downloads, listeners, lives, polling, submit, texts, uploads, webhooks

from screenplay_mock.core.dialect import DIALECTS
from screenplay_mock.scenarios import builtin, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.wire.claims import Claim
    from tests.wire.conftest import Playing

    from screenplay_mock.core.scenario import Scenario

AREAS = (answers, archives, downloads, listeners, lives, polling, submit, texts, uploads, webhooks)

#: What each scenario claims.
CLAIMS: Mapping[str, Claim] = {name: claim for area in AREAS for name, claim in area.CLAIMS.items()}
#: For scenarios without faults: another in which their claim does not hold, if it is not `quick`, where all is well.
AGAINST: Mapping[str, str] = {name: other for area in AREAS for name, other in getattr(area, "AGAINST", {}).items()}
LEGACY = "the legacy dialect"
LONG = {"chaos"}  # its claim takes seconds, and once is enough: without any of its faults


def contraries() -> Iterator[tuple[str, str | int]]:
    """(scenario, the place of a fault that it lacks, or what is played instead of it)."""
    for name in names():
        faults = builtin(name).faults
        if faults and name not in LONG:
            yield from ((name, place) for place in range(len(faults)))
        else:
            yield name, AGAINST.get(name, "quick")


def contrary(name: str, instead: str | int) -> str | Scenario:
    scenario = builtin(name)
    if isinstance(instead, int):
        return replace(scenario, faults=(*scenario.faults[:instead], *scenario.faults[instead + 1 :]))
    return replace(scenario, dialect=DIALECTS["legacy"]) if instead == LEGACY else instead


def test_every_built_in_scenario_has_one_claim() -> None:
    assert sorted(name for area in AREAS for name in area.CLAIMS) == sorted(names())
    assert AGAINST.keys() <= {name for name in names() if not builtin(name).faults}


@pytest.mark.parametrize("name", names())
def test_the_wire_shows_what_a_scenario_claims(name: str, playing: Playing) -> None:
    with playing(name) as world:
        CLAIMS[name](world)


@pytest.mark.parametrize(("name", "instead"), [*contraries()])
def test_without_one_of_its_faults_a_scenario_does_not_do_what_it_claims(
    name: str, instead: str | int, playing: Playing
) -> None:
    with playing(contrary(name, instead)) as world, pytest.raises(AssertionError):
        CLAIMS[name](world)
