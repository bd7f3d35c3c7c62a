"""Other lives for some tasks, in a scenario file."""

# ruff: noqa: TC001 - pydantic reads the annotations when the class is made

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from screenplay_mock.core import scenario
from screenplay_mock.core.scenario import Picks
from screenplay_mock.scenarios.counting import can_hold
from screenplay_mock.scenarios.forms import Form, from_form, key
from screenplay_mock.scenarios.made_forms import form_of
from screenplay_mock.scenarios.task_form import Tasks
from screenplay_mock.scenarios.webhook_form import Webhook

if TYPE_CHECKING:
    from screenplay_mock.core.scenario import TaskLife, WebhookRules


def _pick_something(picks: Picks) -> Picks:
    least, most = picks.at_least_episodes, picks.at_most_episodes
    if least is not None and most is not None and least > most:
        raise ValueError("picks no task: none has at least so many episodes, and at most so few")
    if not can_hold(exactly=picks.nth, first=picks.first, since=None, every=picks.every):
        raise ValueError("picks no task: nth, first and every leave no number")
    return picks


class Rule(Form):
    """Another life for some tasks. What it does not say is as in the scenario."""

    when: Annotated[
        form_of(Picks),  # type: ignore[valid-type] # made of a core class
        AfterValidator(from_form),
        AfterValidator(_pick_something),
    ] = key("Which tasks; all that is said must hold. nth, first, every: their place among the submissions.")
    tasks: Tasks = key("How they go.")
    webhook: Webhook = key("What a receiver is told of them.")

    def value(self) -> Rule:
        """Itself: what it stands for depends on the scenario."""
        return self

    def over(self, life: TaskLife, webhook: WebhookRules) -> scenario.Rule:
        """The rule in a scenario whose tasks go like *life*, and are told like *webhook*."""
        given = self.model_fields_set
        return scenario.Rule(
            self.when if "when" in given else Picks(),
            self.tasks.over(life) if "tasks" in given else life,
            self.webhook.over(webhook) if "webhook" in given else webhook,
        )
