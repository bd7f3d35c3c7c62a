"""What a receiver is told, and how, in a scenario file."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema

from screenplay_mock.core.delivery import MOST_OWED
from screenplay_mock.core.scenario import HAPPY, WebhookCall, WebhookRules
from screenplay_mock.scenarios.forms import Duration, Exactly, Form, Span, from_form, key
from screenplay_mock.scenarios.made_forms import form_of
from screenplay_mock.scenarios.message_parts import HEADER_PATTERN, header_value

LONGEST_TYPE = 200  # characters of a content type

Call = form_of(
    WebhookCall,
    copies=Annotated[int, Field(ge=1, le=MOST_OWED)],
    method=Annotated[Any, Exactly("POST", "GET", "PUT", "PATCH", "DELETE")],
    content_type=Annotated[
        str,
        Field(max_length=LONGEST_TYPE),
        AfterValidator(header_value),
        WithJsonSchema({"type": "string", "maxLength": LONGEST_TYPE, "pattern": HEADER_PATTERN}),
    ],
)


def _told_in_full(calls: tuple[WebhookCall, ...]) -> tuple[WebhookCall, ...]:
    copies = sum(call.copies for call in calls)
    if copies > MOST_OWED:
        raise ValueError(f"have {copies} copies together; a task has at most {MOST_OWED} deliveries")
    return calls


def _some_time(whole: int) -> int:
    if not whole:
        raise ValueError("must be longer than nothing: no receiver answers in no time")
    return whole


class Webhook(Form):
    """How the end of a task is told, and what else a receiver is told."""

    delay: Duration = key("From the end of the task to the first attempt.")
    retries: Annotated[
        tuple[Span, ...],
        # a list is what YAML and JSON have; the durations in it stay strict
        Field(strict=False, max_length=100),
    ] = key("From each attempt that failed to the next; none if empty.")
    timeout: Annotated[Span, AfterValidator(_some_time)] = key(
        "How long a receiver may take, in real time whatever the clock."
    )
    calls: Annotated[
        tuple[Annotated[Call, AfterValidator(from_form)], ...],  # type: ignore[valid-type] # made of a core class
        Field(strict=False, max_length=100),
        AfterValidator(_told_in_full),
    ] = key("The webhook calls that each task causes; none if empty. By default one, which tells its end.")
    answers_lost: Annotated[int, Field(ge=0, le=100)] = key("So many answers of the receiver count as lost.")

    def value(self) -> WebhookRules:
        return self.over(HAPPY.webhook)

    def over(self, rules: WebhookRules) -> WebhookRules:
        """*rules* with what is said here."""
        return replace(rules, **self.given())
