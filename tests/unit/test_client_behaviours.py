"""Every judge, before clients that keep its behaviour, that break it, and that never meet its trigger."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pytest
from tests.unit.client_builders import KEY, run
from tests.unit.observed import download, lifecycle, polling, request_form, retry, submit, tolerance, transport, webhook

from screenplay_contracts.client.behaviour import Unjudged
from screenplay_contracts.client.behaviours import BEHAVIOURS, NOT_JUDGED

if TYPE_CHECKING:
    from tests.unit.observed import Table

    from screenplay_contracts.client.observation import Observation
    from screenplay_contracts.verdict import Outcome

AREAS = (request_form, submit, retry, polling, tolerance, webhook, download, transport, lifecycle)


def table(name: str) -> Table:
    """The rows of all areas, by behaviour."""
    areas: list[Table] = [getattr(area, name) for area in AREAS]
    assert len(set(chain(*areas))) == sum(map(len, areas)), "each stands in one area"
    return {behaviour: several for area in areas for behaviour, several in area.items()}


KEEPS, BREAKS, MISSES, SKIPS = map(table, ("KEEPS", "BREAKS", "MISSES", "SKIPS"))


def outcomes(name: str, observation: Observation) -> list[Outcome]:
    return list(BEHAVIOURS[name].judge(observation))


@pytest.mark.parametrize("name", KEEPS)
def test_who_keeps_a_behaviour_is_not_blamed(name: str) -> None:
    for seen in KEEPS[name]:
        found = outcomes(name, seen)
        assert found != []
        assert [one for one in found if one is not None] == []


@pytest.mark.parametrize("name", BREAKS)
def test_who_breaks_a_behaviour_is_caught_without_telling_the_key(name: str) -> None:
    for seen in BREAKS[name]:
        found = [one for one in outcomes(name, seen) if one is not None]
        assert found != [], seen
        assert all(one.expected.strip() and one.observed.strip() for one in found)
        assert KEY not in "".join(one.message for one in found)


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_where_a_trigger_is_not_met_nothing_is_said(name: str) -> None:
    """Where nobody says which clients never meet it, it is those for which all goes well."""
    for seen in MISSES.get(name, (run(),)):
        assert outcomes(name, seen) == []


@pytest.mark.parametrize("name", SKIPS)
def test_what_a_client_may_choose_is_not_judged(name: str) -> None:
    for seen in SKIPS[name]:
        with pytest.raises(Unjudged):
            outcomes(name, seen)


def test_no_judge_has_never_been_seen_finding_something() -> None:
    assert KEEPS.keys() == BREAKS.keys() == BEHAVIOURS.keys()
    assert MISSES.keys() | SKIPS.keys() <= BEHAVIOURS.keys()
    assert all(chain(*(rows.values() for rows in (KEEPS, BREAKS, MISSES, SKIPS))))


def test_there_are_154_behaviours_each_judged_or_not_for_a_reason() -> None:
    counts = {
        "REQ": 14,
        "SUB": 20,
        "RTY": 13,
        "POL": 15,
        "RSP": 19,
        "WHK": 18,
        "DLD": 21,
        "NET": 15,
        "CAN": 8,
        "AST": 6,
    }
    ids = [f"{area}-{number:02}" for area, count in (counts | {"HYG": 5}).items() for number in range(1, count + 1)]
    assert sorted([*BEHAVIOURS, *NOT_JUDGED]) == sorted(ids)
    assert all(NOT_JUDGED.values())
    assert all(name == each.check.name for name, each in BEHAVIOURS.items())


def test_a_promise_is_one_sentence_with_a_source_and_a_channel() -> None:
    for each in BEHAVIOURS.values():
        assert each.check.promise.endswith("."), each
        assert each.check.source, each
        assert set(each.channels) <= set("WTXFHS"), each
        assert "spec " not in each.check.source, each
