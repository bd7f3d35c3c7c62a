"""The shape of a scenario file, from which its JSON Schema is made too. pydantic is heavy: import this late."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Any, get_args

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

from screenplay_mock.core import scenario as rules
from screenplay_mock.core.dialect import DIALECTS, SWITCHES, Dialect, with_switches
from screenplay_mock.core.fault_kinds import RetryAfter
from screenplay_mock.core.scenario import (
    HAPPY,
    AccountRules,
    Picks,
    Result,
    Scenario,
    SubmissionRules,
    TaskLife,
    WebhookCall,
    WebhookRules,
)
from screenplay_mock.scenarios import scalars
from screenplay_mock.scenarios.errors import shown, way_out
from screenplay_mock.scenarios.fault_form import FaultFile
from screenplay_mock.scenarios.forms import (
    ANY,
    TEXT,
    Duration,
    End,
    Exactly,
    Form,
    Span,
    YesOrNo,
    from_form,
    key,
    mapping_form,
    one_form,
)
from screenplay_mock.scenarios.made_forms import form_of, short_form_of

#: What a call of a webhook may be sent as: anything but what would end its header.
_HEADER = r"^[ -~]*$"
Call = Annotated[
    form_of(
        WebhookCall,
        copies=Annotated[int, Field(ge=1, le=1_000)],
        method=Annotated[str, Exactly("POST", "GET", "PUT", "PATCH", "DELETE")],
        content_type=Annotated[str, Field(max_length=200, pattern=_HEADER)],
    ),
    AfterValidator(from_form),
]
ID_PATTERN = r"^[!-~][ -~]*$|^$"


class Tasks(Form):
    """How one task goes."""

    pending_for: Duration = key("From the submission to the start of the work.")
    running_for: Duration = key("The work of the whole task; instead of per_episode.")
    per_episode: Duration = key("The work of each episode, one after another; instead of running_for.")
    outcome: End = key("How it ends.")
    result: Annotated[str, Exactly(*get_args(Result))] = key(
        "What the download of a completed task has: the zip, or the error that there are no files, or no result."
    )
    id_suffix: Annotated[str, Field(max_length=100, pattern=ID_PATTERN)] = key(
        "What stands behind each task id, in ASCII: a client must put any id into a path as one segment."
    )

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
        given = self.given()
        if "per_episode" in given:
            given["running_for"] = None
        elif "running_for" in given:
            given["per_episode"] = HAPPY.tasks.per_episode  # of no use beside it
        return replace(life, **given)


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
    retry_after: short_form_of(RetryAfter) | None = key(  # type: ignore[valid-type] # made of a class of the core
        "What a limited call is told of when to come again; nothing if null."
    )
    disabled: YesOrNo = key("Whether every call is answered with 403.")
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
    calls: Annotated[tuple[Call, ...], Field(strict=False, max_length=100)] = key(
        "The webhook calls that each task causes; none if empty. By default one, which tells its end."
    )
    answers_lost: Annotated[int, Field(ge=0, le=100)] = key("So many answers of the receiver count as lost.")

    def value(self) -> WebhookRules:
        return self.over(HAPPY.webhook)

    def over(self, rules: WebhookRules) -> WebhookRules:
        """*rules* with what is said here."""
        return replace(rules, **self.given())


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


class Rule(Form):
    """Another life for some tasks. What it does not say is as in the scenario."""

    when: Annotated[form_of(Picks), AfterValidator(from_form)] = key(  # type: ignore[valid-type]
        "Which tasks; all that is said must hold. nth, first, every: their place among the submissions."
    )
    tasks: Tasks = key("How they go.")
    webhook: Webhook = key("What a receiver is told of them.")

    def value(self) -> Rule:
        return self

    def over(self, life: TaskLife, webhook: WebhookRules) -> rules.Rule:
        """The rule in a scenario whose tasks go like *life*."""
        given = self.model_fields_set
        return rules.Rule(
            self.when if "when" in given else Picks(),
            self.tasks.over(life) if "tasks" in given else life,
            self.webhook.over(webhook) if "webhook" in given else webhook,
        )


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


def _known(name: str) -> str:
    from screenplay_mock.scenarios.catalogue import names

    if name not in names():
        raise ValueError(f"there is no built-in scenario {shown(name)}; {way_out(name, names())}")
    return name


class ScenarioFile(Form):
    """
    How the fake behaves: how tasks go, what the account is, how deliveries behave. Every key may be left out;
    {} is the built-in scenario happy. Durations are written 500ms, 20s, 2h or 1m30s.
    """

    model_config = ConfigDict(title="Scenario")

    extends: Annotated[str, AfterValidator(_known)] = key(
        "A built-in scenario: what is not said here is as there, section by section and key by key."
    )
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
    rules: Annotated[tuple[Rule, ...], Field(strict=False, max_length=100)] = key(
        "Other lives for some tasks; the first rule that picks a task counts. They stand before those of extends."
    )
    faults: Annotated[tuple[FaultFile, ...], Field(strict=False, max_length=100)] = key(  # type: ignore[valid-type]
        "What strikes; the first fault that strikes an exchange counts. They stand before those of extends."
    )
    tries: Annotated[tuple[Name, ...], Field(strict=False, max_length=100)] = key(
        "The behaviours of clients that it tries, by the ids of the client checks."
    )

    def value(self, *, default_name: str = HAPPY.name) -> Scenario:
        """The scenario as a value of the core, called *default_name* unless the file says its name."""
        given = {"name": default_name, "description": "", **self.given()}
        if not self.model_fields_set - {"name"}:
            given["description"] = HAPPY.description
        given.pop("extends", None)  # it has been followed already
        life, webhook = given.get("tasks", HAPPY.tasks), given.get("webhook", HAPPY.webhook)
        given["rules"] = tuple(rule.over(life, webhook) for rule in given.get("rules", ()))
        given["faults"] = tuple(fault.value() for fault in given.get("faults", ()))
        if "assets" in given:
            rules = given.get("submission", HAPPY.submission)
            given["submission"] = replace(rules, strict_assets=given.pop("assets") == "strict")
        for name, value in given.pop("uploads", {}).items():
            given[f"uploads_{name}"] = value
        return Scenario(**given)
