"""Which rule of a scenario a task falls under."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screenplay_mock.core.scenario import Picks, Scenario, TaskLife, WebhookRules


def life_of(scenario: Scenario, asset_ids: Sequence[str], number: int) -> tuple[TaskLife, WebhookRules]:
    """
    How a task of these episodes goes, and what a receiver is told of it: by the first rule that picks it.

    *number* is its place among the accepted submissions of the sandbox, from 1.
    """
    for rule in scenario.rules:
        if picks(rule.when, asset_ids, number):
            return rule.tasks, rule.webhook
    return scenario.tasks, scenario.webhook


def picks(when: Picks, asset_ids: Sequence[str], number: int) -> bool:
    """Whether all holds that *when* says."""
    return (
        (not when.assets or not set(when.assets).isdisjoint(asset_ids))
        and (when.at_least_episodes is None or len(asset_ids) >= when.at_least_episodes)
        and (when.at_most_episodes is None or len(asset_ids) <= when.at_most_episodes)
        and (when.nth is None or number == when.nth)
        and (when.first is None or number <= when.first)
        and (when.every is None or number % when.every == 0)
    )
