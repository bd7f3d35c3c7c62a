"""The shape of a scenario file, from which its JSON Schema is made too. pydantic is heavy: import this late."""

# ruff: noqa: TC001 - pydantic reads the annotations when the classes are made

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from screenplay_mock.core.fault_kinds import RetryAfter
from screenplay_mock.core.scenario import HAPPY, AccountRules, Scenario, SubmissionRules
from screenplay_mock.scenarios import scalars
from screenplay_mock.scenarios.dialect_form import Reading
from screenplay_mock.scenarios.errors import shown, way_to_scenario
from screenplay_mock.scenarios.fault_form import FaultFile
from screenplay_mock.scenarios.forms import Duration, Exactly, Form, YesOrNo, key
from screenplay_mock.scenarios.made_forms import short_form_of
from screenplay_mock.scenarios.rule_form import Rule
from screenplay_mock.scenarios.task_form import Tasks
from screenplay_mock.scenarios.webhook_form import Webhook


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
    retry_after: short_form_of(RetryAfter) | None = key(  # type: ignore[valid-type] # made of a core class
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


def _one_line(text: str) -> str:
    if text.splitlines() not in ([], [text]):
        raise ValueError("must be one line; `>-` makes one of several")
    return text


Line = Annotated[str, Field(max_length=500), AfterValidator(_one_line)]
Name = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_one_line)]


def _known(name: str) -> str:
    from screenplay_mock.scenarios.catalogue import names

    if name not in names():
        raise ValueError(f"there is no built-in scenario {shown(name)}; {way_to_scenario(name, names())}")
    return name


class ScenarioFile(Form):
    """
    How the fake behaves: how tasks go, what the account is, how deliveries behave, which faults strike. Every key may
    be left out; {} is the built-in scenario happy, and its are the defaults unless the file extends another. In a
    rule, what is left out is as in the scenario. Durations are written 500ms, 20s, 2h or 1m30s.
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
