"""How one task goes, in a scenario file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema, field_validator

from screenplay_mock.core.scenario import HAPPY, Cancels, Completes, Fails, Result, Stuck, TaskLife
from screenplay_mock.scenarios import message_parts
from screenplay_mock.scenarios.forms import (
    TEXT,
    Duration,
    Exactly,
    Form,
    Portion,
    from_form,
    key,
    mapping_form,
    one_form,
)

if TYPE_CHECKING:
    from screenplay_mock.core.scenario import Outcome

LONGEST_SUFFIX = 100  # characters behind a task id


class Failure(Form):
    """How a task fails."""

    error_code: Annotated[str, Field(min_length=1, max_length=100)] = key("What clients branch on.")
    error_message: Annotated[str, Field(max_length=10_000)] = key("What people read.")
    after: Portion = key("Which part of its work is done by then: 0.5 or 50%.")

    def value(self) -> Fails:
        return Fails(**self.given())


class FailedOutcome(Form):
    """The task fails, in a way of your own."""

    failed: Failure

    def value(self) -> Fails:
        return self.failed.value()


_OUTCOMES: dict[str, Outcome] = {
    "completed": Completes(),
    "failed": Fails(),
    "stuck": Stuck(),
    "cancelled": Cancels(),
}

End = Annotated[
    Annotated[
        str,
        Exactly(*_OUTCOMES),
        AfterValidator(_OUTCOMES.__getitem__),
        TEXT,
    ]
    | Annotated[FailedOutcome, AfterValidator(from_form), mapping_form("failed", FailedOutcome)],
    one_form(
        "is not an outcome; write completed, failed, stuck, cancelled"
        " or {failed: {error_code: NO_SPEECH, error_message: Nobody speaks., after: 50%}}",
        "failed",
    ),
]


class Tasks(Form):
    """How one task goes."""

    pending_for: Duration = key("From the submission to the start of the work.")
    running_for: Duration = key("The work of the whole task; instead of per_episode.")
    per_episode: Duration = key("The work of each episode, one after another; instead of running_for.")
    outcome: End = key("How it ends.")
    result: Annotated[str, Exactly(*get_args(Result))] = key(
        "What the download of a completed task has: the zip, or the error that there are no files, or no result."
    )
    id_suffix: Annotated[
        str,
        Field(max_length=LONGEST_SUFFIX),
        AfterValidator(message_parts.id_suffix),
        WithJsonSchema({"type": "string", "maxLength": LONGEST_SUFFIX, "pattern": message_parts.ID_SUFFIX_PATTERN}),
    ] = key("What stands behind each task id, in ASCII: a client must put any id into a path as one segment.")

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["running_for", "per_episode"]}})

    @field_validator("per_episode", mode="before")
    @classmethod
    def _alone(cls, value: object, info: ValidationInfo) -> object:
        # a running_for that is wrong is missing from the data: it was given all the same
        if info.data.get("running_for", value) is not None:
            raise ValueError(
                "stands beside running_for, but they exclude each other: the time of each episode,"
                " or of the whole task; keep one"
            )
        return value

    def value(self) -> TaskLife:
        return self.over(HAPPY.tasks)

    def over(self, life: TaskLife) -> TaskLife:
        """*life* with what is said here."""
        given: dict[str, Any] = self.given()
        if "per_episode" in given:
            given["running_for"] = None
        elif "running_for" in given:
            given["per_episode"] = HAPPY.tasks.per_episode  # of no use beside it
        return replace(life, **given)
