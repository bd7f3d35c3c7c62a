"""What the fuzzer draws: scenarios that are right, fair to every client, and the same for the same seed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from screenplay_contracts.client.case import CAPABILITIES
from screenplay_contracts.client.fuzz import drawing
from screenplay_contracts.client.fuzz.situation import Situation, combined, less, simpler, smaller, unhurried
from screenplay_contracts.client.fuzz.strikes import STRIKES, fault, moments
from screenplay_contracts.server.aside import hypothesis_aside
from screenplay_mock.core.fault_kinds import KINDS, Stage
from screenplay_mock.scenarios import ScenarioError, from_data

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OPERATIONS = sorted(STRIKES)
OTHERS = (drawing.LIVES, drawing.ACCOUNTS, drawing.DIALECTS, drawing.NO_DOWNLOAD, *drawing.EXTRA.values())


def strikes(operation: str) -> list[dict[str, Any]]:
    return [strike for some in STRIKES[operation] for strike in some]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_strikes_an_operation_is_a_fault_that_a_scenario_may_have(operation: str) -> None:
    faults = [fault(operation, strike, moment) for strike in strikes(operation) for moment in moments(operation)]
    for place in range(0, len(faults), 100):  # so many may be in one
        from_data(combined([{"faults": faults[place : place + 100]}]).file)


def test_every_other_twist_makes_a_scenario_and_a_job() -> None:
    for twist in (one for some in OTHERS for one in some):
        situation = combined([twist])
        from_data(situation.file)
        assert situation.case("x.yaml", 2).job.data()["deadline_seconds"] == 2


def test_every_kind_of_fault_strikes_but_those_of_the_listener() -> None:
    drawn = {name for operation in OPERATIONS for strike in strikes(operation) for name in strike}
    assert {name for name, kind in KINDS.items() if kind.stage is not Stage.CONNECTION} <= drawn
    assert not {name for name, kind in KINDS.items() if kind.stage is Stage.CONNECTION} & drawn


def test_what_has_been_accepted_is_not_refused() -> None:
    behind = [one for name in OPERATIONS for one in strikes(name) if "acceptance" in one.get("when", {})]
    statuses = [one["status"] for one in behind if "status" in one]
    assert statuses
    assert all(status == 408 or status >= 500 for status in statuses)


def test_no_answer_to_a_poll_says_that_a_task_has_ended_which_has_not() -> None:
    told = [one["edit"].get("set", {}).get("data") for one in strikes("getTask") if "edit" in one]
    assert not {"completed", "failed", "cancelled"} & {data.get("status") for data in told if isinstance(data, dict)}


def test_twists_stand_one_behind_another_and_the_last_word_counts() -> None:
    one, other = {"faults": [{"on": "getTask", "status": 500}]}, {"faults": [{"on": "submitTask", "close": "nothing"}]}
    situation = combined(
        [one, {"tasks": {"outcome": "failed"}}, other, {"assets": "strict"}, {"job": {"download": False}}]
    )
    assert situation.scenario == {
        "faults": [*one["faults"], *other["faults"]],
        "assets": "strict",
        "tasks": {"pending_for": "0ms", "running_for": "50ms", "outcome": "failed"},
    }
    assert situation.job == {"download": False}
    assert (
        combined([{"tasks": {"outcome": "failed"}}, {"tasks": {"outcome": "stuck"}}]).scenario["tasks"]["outcome"]
        == "stuck"
    )


def test_less_is_everything_with_one_thing_left_out() -> None:
    situation = Situation(
        {"faults": [{"on": "getTask", "status": {"code": 429, "retry_after": "1s"}}]}, {"wait": "webhook"}
    )
    smaller = list(less(situation))
    assert all(len(one.text) < len(situation.text) for one in smaller)
    assert Situation({}, situation.job) in smaller
    assert Situation(situation.scenario, {}) in smaller
    assert Situation({"faults": [{"on": "getTask", "status": {"code": 429}}]}, situation.job) in smaller


def test_what_is_left_may_be_no_scenario_and_is_told_apart() -> None:
    situation = combined([{"faults": [{"on": "getTask", "status": 500}]}])
    with pytest.raises(ScenarioError):
        from_data(Situation({"faults": [{"status": 500}]}, {}).file)
    from_data(situation.file)


def test_simpler_is_what_happens_more_often() -> None:
    rare = combined([{"faults": [{"on": "getTask", "edit": {"status": 500}}]}, {"tasks": {"outcome": "stuck"}}])
    found = list(simpler(rare))
    assert combined([{"faults": [{"on": "getTask", "status": 500}]}, {"tasks": {"outcome": "stuck"}}]) in found
    assert rare.saying(tasks={**rare.scenario["tasks"], "outcome": "failed"}) in found
    slow = combined([{"tasks": {"pending_for": "100ms"}}])
    assert list(simpler(slow)) == [combined([])]
    assert list(simpler(combined([{"faults": [{"on": "getTask", "status": 500}]}]))) == []


def test_whatever_is_smaller_is_still_short_until_the_end() -> None:
    situation = combined(
        [{"faults": [{"on": "getTask", "html": "login", "times": 2}]}, {"tasks": {"outcome": "failed"}}]
    )
    assert all(one.scenario["tasks"].keys() >= {"pending_for", "running_for"} for one in smaller(situation))
    assert unhurried(situation).scenario["tasks"] == {"outcome": "failed"}
    assert unhurried(combined([])) == Situation({}, {})
    assert unhurried(combined([{"tasks": {"pending_for": "100ms"}}])).scenario["tasks"] == {"pending_for": "100ms"}


def drawn(declared: Iterable[str], seed: str) -> list[str]:
    found: list[str] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        database=None, derandomize=True, max_examples=10, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(drawing.situations(declared))
    def example(situation: Situation) -> None:
        found.append(situation.text)

    with hypothesis_aside():
        example()
    return found


def test_the_same_seed_draws_the_same_and_another_one_draws_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert drawn(CAPABILITIES, "0 0") == drawn(CAPABILITIES, "0 0") != drawn(CAPABILITIES, "1 0")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - one look, of a test


def test_what_a_client_does_not_declare_is_not_drawn() -> None:
    texts = [text for number in range(10) for text in drawn((), f"0 {number}")]
    assert len({*texts}) > 80
    assert not any(word in text for text in texts for word in ("cancel_when", "uploads", '"wait"', "cancelTask"))
    every = [text for number in range(20) for text in drawn(CAPABILITIES, f"0 {number}")]
    assert all(any(word in text for text in every) for word in ("cancel_when", "uploads", '"wait"', "cancelTask"))
