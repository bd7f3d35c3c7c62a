"""`extends`: what a file does not say is as in a built-in scenario, section by section and key by key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_mock.core.scenario import HAPPY, Fails, Fixed, Picks, Stuck, Uniform, WebhookRules
from screenplay_mock.scenarios import ScenarioError, builtin, from_data, load_file, names
from screenplay_mock.scenarios.document import Document
from screenplay_mock.scenarios.extending import extended, over

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Told = Callable[[str | bytes], str]

BASE: dict[str, Any] = {
    "extends": "another",
    "name": "base",
    "description": "The base.",
    "tries": ["SUB-01"],
    "dialect": {"base": "legacy", "bearer": "accept"},
    "tasks": {"pending_for": "1s", "running_for": "2s", "outcome": {"failed": {"error_code": "X"}}},
    "webhook": {"retries": ["1s", "2s"], "calls": [{"copies": 2}]},
    "assets": "strict",
    "rules": [{"when": {"nth": 1}}],
    "faults": [{"on": "any", "status": 500}],
}


def test_what_a_file_does_not_say_is_as_in_the_base_but_for_what_tells_it_apart() -> None:
    assert over(BASE, {"extends": "base"}) == {"extends": "base"} | {
        key: BASE[key] for key in ("dialect", "tasks", "webhook", "assets", "rules", "faults")
    }


def test_what_a_file_says_of_itself_is_its_own() -> None:
    own = {"extends": "base", "name": "own", "description": "Own.", "tries": ["POL-01"]}
    merged = over(BASE, own)
    assert {key: merged[key] for key in own} == own


def test_sections_are_put_together_key_by_key_and_values_replaced_whole() -> None:
    own = {"tasks": {"pending_for": "9s", "outcome": {"failed": {"after": 0.5}}}, "webhook": {"retries": []}}
    merged = over(BASE, own)
    assert merged["tasks"] == {"pending_for": "9s", "running_for": "2s", "outcome": {"failed": {"after": 0.5}}}
    assert merged["webhook"] == {"retries": [], "calls": [{"copies": 2}]}


@pytest.mark.parametrize("dialect", ["live", {"success_code": "200"}])
def test_a_dialect_is_replaced_whole(dialect: Any) -> None:
    assert over(BASE, {"dialect": dialect})["dialect"] == dialect


@pytest.mark.parametrize("key", ["rules", "faults"])
def test_rules_and_faults_of_the_file_stand_before_those_of_the_base(key: str) -> None:
    assert over(BASE, {key: ["own", "too"]})[key] == ["own", "too", *BASE[key]]
    assert over(BASE, {key: []})[key] == BASE[key]


def test_the_time_of_each_episode_and_that_of_the_whole_task_rule_each_other_out() -> None:
    assert over(BASE, {"tasks": {"per_episode": "1s"}})["tasks"].keys() == {"pending_for", "per_episode", "outcome"}
    by_episode = {"tasks": {"per_episode": "3s"}}
    assert over(by_episode, {"tasks": {"running_for": "1s"}})["tasks"] == {"running_for": "1s"}


@pytest.mark.parametrize("wrong", [5, None, "x", []])
def test_what_has_the_wrong_shape_is_left_to_the_reading_of_the_file(wrong: Any) -> None:
    merged = over(BASE, dict.fromkeys(("tasks", "webhook"), wrong))
    assert merged["tasks"] == merged["webhook"] == wrong


def test_the_base_stays_as_it_is() -> None:
    before = repr(BASE)
    over(BASE, {"tasks": {"per_episode": "1s"}, "faults": ["own"]})
    assert repr(BASE) == before


@pytest.mark.parametrize("data", [{"extends": "none"}, {"extends": 5}, {"extends": ["a"]}, {}, [], None, "extends"])
def test_a_document_that_extends_nothing_that_is_there_is_left_as_it_is(data: Any) -> None:
    document = Document("x", data)
    assert extended(document, {}.get) is document


def test_a_file_extends_a_built_in_scenario(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("extends: slow\nwebhook: {retries: [1s]}\n", encoding="utf-8")
    slow = builtin("slow")
    webhook = WebhookRules(delay=Uniform(2_000, 8_000), retries=(1_000,))
    assert load_file(file) == replace(slow, name="mine", description="", webhook=webhook)


def test_inline_data_extends_one_too() -> None:
    assert from_data({"extends": "failing", "tasks": {"pending_for": "9s"}}).tasks == replace(
        builtin("failing").tasks, pending_for=Fixed(9_000)
    )


def test_what_extends_happy_and_says_nothing_is_happy_without_its_description() -> None:
    assert from_data({"extends": "happy"}) == replace(HAPPY, name="inline", description="")


def test_a_scenario_that_extends_can_be_extended() -> None:
    extending = next(name for name in names() if builtin(name).faults and builtin(name).tries)
    scenario = from_data({"extends": extending, "faults": [{"on": "getTask", "status": 500}], "assets": "strict"})
    base = builtin(extending)
    assert scenario.faults[1:] == base.faults
    assert scenario.tasks == base.tasks
    assert scenario.tries == ()


def test_the_rules_of_a_scenario_are_about_the_tasks_of_the_one_that_extends_it() -> None:
    base = {"rules": [{"when": {"nth": 1}, "tasks": {"outcome": "stuck"}}]}
    (rule,) = from_data(over(base, {"tasks": {"running_for": "9s", "outcome": "failed"}})).rules
    assert (rule.when, rule.tasks.running_for, rule.tasks.outcome) == (Picks(nth=1), Fixed(9_000), Stuck())
    (rule,) = from_data(over({"rules": [{}]}, {"tasks": {"outcome": "failed"}})).rules
    assert rule.tasks.outcome == Fails()


def test_places_are_those_of_the_file_alone(told: Told) -> None:
    written = """\
extends: quick
faults:
  - {on: getTask, status: 503}
  - {on: getTsk, status: 503}
webhook:
  timeout: 1
tasks:
  pending_fro: 1s
"""
    assert told(written).splitlines() == [
        "4:10: faults[1].on: 'getTsk' is no operation; did you mean 'getTask'?",
        "6:12: webhook.timeout: 1 has no unit; write '1s' for seconds (units: ms, s, m, h, d)",
        "8:3: tasks.pending_fro: unknown key 'pending_fro'; did you mean 'pending_for'?",
    ]


def test_both_times_in_one_file_are_told_also_where_the_base_has_one(told: Told) -> None:
    said = told("extends: quick\ntasks: {running_for: 1s, per_episode: 1s}")
    assert said.startswith("2:39: tasks.per_episode: stands beside running_for")


def test_an_unknown_scenario_is_told_and_the_rest_of_the_file_too(told: Told) -> None:
    assert told("extends: quik\ntasks: {outcome: stuk}").splitlines()[0] == (
        "1:10: extends: there is no built-in scenario 'quik'; did you mean 'quick'?"
    )
    assert len(told("extends: quik\ntasks: {outcome: stuk}").splitlines()) == 2


@pytest.mark.parametrize("name", names())
def test_no_built_in_scenario_brings_a_mistake_into_what_extends_it(name: str) -> None:
    everything = {
        "extends": name,
        "dialect": {"bearer": "accept"},
        "tasks": {"per_episode": "1s", "result": "no_files"},
        "account": {"balance": 1, "rate_limit": 1},
        "webhook": {"delay": "1s"},
        "submission": {"coming_soon_modes": "accept"},
        "assets": "strict",
        "uploads": {"ready_after": "1s"},
        "rules": [{"when": {"nth": 1}, "tasks": {"running_for": "1s"}}] * 50,
        "faults": [{"on": "getTask", "status": 500}] * 50,
    }
    assert from_data(everything).faults[50:] == builtin(name).faults
    with pytest.raises(ScenarioError) as caught:
        from_data(everything | {"assets": "x"})
    assert [problem.path for problem in caught.value.problems] == ["assets"]


def test_more_faults_than_are_read_are_told_with_those_of_the_base() -> None:
    extending = next(name for name in names() if builtin(name).faults)
    with pytest.raises(ScenarioError) as caught:
        from_data({"extends": extending, "faults": [{"on": "getTask", "status": 500}] * 100})
    total = 100 + len(builtin(extending).faults)
    assert str(caught.value) == f"inline: faults: has {total} items; 100 are the most, with those of extends"
