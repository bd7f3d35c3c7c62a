"""A rule picks by what a submission has and by its place; the first that picks counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screenplay_mock.core.fault_kinds import Count
from screenplay_mock.core.picking import life_of, picks
from screenplay_mock.core.scenario import Picks, Rule, Scenario, Stuck, TaskLife, WebhookRules

quick = settings(max_examples=100, deadline=None)
assets = st.lists(st.sampled_from(["re_1", "re_2", "re_3"]), min_size=1, max_size=5)
counts = st.integers(1, 9).map(Count)


@quick
@given(assets, st.integers(1, 10**6))
def test_what_says_nothing_picks_every_task(of: list[str], number: int) -> None:
    assert picks(Picks(), of, number)


@quick
@given(assets, assets)
def test_one_of_the_episodes_is_one_of_the_assets(wanted: list[str], of: list[str]) -> None:
    assert picks(Picks(assets=tuple(wanted)), of, 1) is any(asset in wanted for asset in of)


@quick
@given(assets, counts)
def test_episodes_are_counted_inclusively(of: list[str], bound: Count) -> None:
    assert picks(Picks(at_least_episodes=bound), of, 1) is (len(of) >= bound)
    assert picks(Picks(at_most_episodes=bound), of, 1) is (len(of) <= bound)


@pytest.mark.parametrize(
    ("when", "picked"),
    [
        (Picks(nth=Count(3)), {3}),
        (Picks(first=Count(3)), {1, 2, 3}),
        (Picks(every=Count(3)), {3, 6, 9}),
        (Picks(every=Count(3), first=Count(6)), {3, 6}),
        (Picks(nth=Count(2), at_least_episodes=Count(2)), set()),
        (Picks(first=Count(1), assets=("re_2",)), set()),
    ],
)
def test_submissions_are_counted_from_one_and_all_that_is_said_must_hold(when: Picks, picked: set[int]) -> None:
    assert {number for number in range(1, 10) if picks(when, ["re_1"], number)} == picked


def test_the_first_rule_that_picks_a_task_gives_it_its_life_and_its_webhook() -> None:
    lives = [TaskLife(id_suffix=name) for name in "abc"]
    webhooks = [WebhookRules(answers_lost=number) for number in range(3)]
    rules = (Rule(Picks(nth=Count(2)), lives[1], webhooks[1]), Rule(Picks(first=Count(2)), lives[2], webhooks[2]))
    scenario = Scenario(tasks=lives[0], webhook=webhooks[0], rules=rules)
    chosen = [life_of(scenario, ["re_1"], number) for number in (1, 2, 3)]
    assert chosen == [(lives[2], webhooks[2]), (lives[1], webhooks[1]), (lives[0], webhooks[0])]


def test_without_rules_every_task_goes_as_the_scenario_says() -> None:
    scenario = Scenario(tasks=TaskLife(outcome=Stuck()))
    assert life_of(scenario, ["re_1"], 1) == (scenario.tasks, scenario.webhook)
