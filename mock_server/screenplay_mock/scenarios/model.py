"""The shape of a scenario file, from which its JSON Schema is made too. pydantic is heavy: import this late."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    create_model,
    field_validator,
)

from screenplay_mock.core.dialect import DIALECTS, SWITCHES, Dialect, with_switches
from screenplay_mock.core.scenario import (
    HAPPY,
    AccountRules,
    Scenario,
    SubmissionRules,
    TaskLife,
    WebhookRules,
)
from screenplay_mock.scenarios import scalars
from screenplay_mock.scenarios.forms import (
    ANY,
    TEXT,
    Duration,
    End,
    Exactly,
    Form,
    Span,
    from_form,
    key,
    mapping_form,
    one_form,
)

YesOrNo = Annotated[bool, Exactly(True, False)]  # noqa: FBT003 - the two values that are allowed


class Tasks(Form):
    """How one task goes."""

    pending_for: Duration = key("From the submission to the start of the work.")
    running_for: Duration = key("The work of the whole task; instead of per_episode.")
    per_episode: Duration = key("The work of each episode, one after another; instead of running_for.")
    outcome: End = key("How it ends.")

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
        return TaskLife(**self.given())


class Account(Form):
    """What a fresh account is."""

    balance: Annotated[
        int | None,
        BeforeValidator(scalars.micro_dollars),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "number", "minimum": 0, "maximum": scalars.RICHEST},
                    {"type": "string", "pattern": scalars.DOLLARS_PATTERN},
                    {"enum": ["unlimited", None]},
                ]
            }
        ),
    ] = key("Dollars, with at most 6 decimals; unlimited if null.")
    rate_limit: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = key(
        "Requests a second, for each operation; no limit if null."
    )
    webhook_url: (
        Annotated[
            str,
            BeforeValidator(scalars.web_address),
            WithJsonSchema({"type": "string", "pattern": scalars.URL_PATTERN}),
        ]
        | None
    ) = key("Where the end of a task is told: an absolute http or https URL; that of the server if null.")

    def value(self) -> AccountRules:
        given = self.given()
        if "balance" in given:
            given["balance_micro_dollars"] = given.pop("balance")
        return AccountRules(**given)


def _some_time(whole: int) -> int:
    if not whole:
        raise ValueError("must be longer than nothing: no receiver answers in no time")
    return whole


class Webhook(Form):
    """How the end of a task is told."""

    delay: Duration = key("From the end of the task to the first attempt.")
    retries: Annotated[
        tuple[Span, ...],
        # a list is what YAML and JSON have; the durations in it stay strict
        Field(strict=False, max_length=100),
    ] = key("From each attempt that failed to the next; none if empty.")
    timeout: Annotated[Span, AfterValidator(_some_time)] = key(
        "How long a receiver may take, in real time whatever the clock."
    )

    def value(self) -> WebhookRules:
        return WebhookRules(**self.given())


class Submission(Form):
    """Which readings of the rules of a submission hold."""

    coming_soon_modes: Annotated[str, Exactly("refuse", "accept")] = key(
        "What happens to the modes that are documented as coming soon."
    )
    require_output: YesOrNo = key("Whether at least one of the require_* flags must be true.")

    def value(self) -> SubmissionRules:
        given = self.given()
        if "coming_soon_modes" in given:
            given["coming_soon_modes"] = given["coming_soon_modes"] == "accept"
        return SubmissionRules(**given)


class Uploads(Form):
    """How uploads go."""

    ready_after: Duration = key("From the end of an upload to its asset being usable.")

    def value(self) -> dict[str, Any]:
        return self.given()


class _Switching(Form):
    def value(self) -> Dialect:
        given = self.given()
        return with_switches(DIALECTS[given.pop("base", "documented")], given)


_SWITCHES: dict[str, Any] = {
    switch: (Annotated[Any, Exactly(*allowed)], key(f"In documented: {json.dumps(allowed[0])}."))
    for switch, allowed in SWITCHES.items()
}
Switches = create_model(
    "Switches",
    __base__=_Switching,
    __doc__="Single switches set, the others as in the dialect base.",
    base=(Annotated[str, Exactly(*DIALECTS)], key("Where the switches that are not named are from.")),
    **_SWITCHES,
)
Reading = Annotated[
    Annotated[str, Exactly(*DIALECTS), AfterValidator(DIALECTS.__getitem__), TEXT]
    | Annotated[
        Switches,  # type: ignore[valid-type] # made of a table, which a type checker cannot follow
        AfterValidator(from_form),
        mapping_form(ANY, Switches),
    ],
    one_form(f"is not a dialect; write {', '.join(DIALECTS)} or {{base: legacy, bearer: accept}}", ANY),
]


def _one_line(text: str) -> str:
    if text.splitlines() not in ([], [text]):
        raise ValueError("must be one line; `>-` makes one of several")
    return text


Line = Annotated[str, Field(max_length=500), AfterValidator(_one_line)]
Name = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_one_line)]


class ScenarioFile(Form):
    """
    How the fake behaves: how tasks go, what the account is, how deliveries behave. Every key may be left out;
    {} is the built-in scenario happy. Durations are written 500ms, 20s, 2h or 1m30s.
    """

    model_config = ConfigDict(title="Scenario")

    name: Name = key("What reports call it; the name of the file without its ending unless given.")
    description: Line = key("What happens, in one line.")
    dialect: Reading = key("Which reading of contradictory documents; that of the server unless given.")
    tasks: Tasks = key("How tasks go.")
    account: Account = key("What a fresh account is.")
    webhook: Webhook = key("How the end of a task is told.")
    submission: Submission = key("Which readings of the rules of a submission hold.")
    assets: Annotated[str, Exactly("lenient", "strict")] = key(
        "strict: only ids that were given exist. lenient: any other re_ id is an uploaded video too."
    )
    uploads: Uploads = key("How uploads go.")

    def value(self, *, default_name: str = HAPPY.name) -> Scenario:
        """The scenario as a value of the core, called *default_name* unless the file says its name."""
        given = {"name": default_name, "description": "", **self.given()}
        if not self.model_fields_set - {"name"}:
            given["description"] = HAPPY.description
        if "assets" in given:
            rules = given.get("submission", HAPPY.submission)
            given["submission"] = replace(rules, strict_assets=given.pop("assets") == "strict")
        for name, value in given.pop("uploads", {}).items():
            given[f"uploads_{name}"] = value
        return Scenario(**given)
