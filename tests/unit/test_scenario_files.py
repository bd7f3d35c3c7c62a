"""Scenario files that are right: what each way of writing means, as plain data too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_mock.core.dialect import DIALECTS, DOCUMENTED
from screenplay_mock.core.fault_kinds import Code, Count, Milliseconds, RetryAfter, Status
from screenplay_mock.core.faults import Fault
from screenplay_mock.core.plan import LONGEST
from screenplay_mock.core.scenario import (
    HAPPY,
    HOUR,
    MINUTE,
    SECOND,
    AccountRules,
    Cancels,
    Completes,
    Fails,
    Fixed,
    Lognormal,
    Picks,
    Rule,
    Stuck,
    SubmissionRules,
    TaskLife,
    Uniform,
    WebhookCall,
    WebhookRules,
)
from screenplay_mock.scenarios import from_data, load_file, to_data
from screenplay_schemas import validator

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
name: my-failing
description: One line.
dialect: {base: legacy, success_code: "200", not_found_status: 404}
tasks:
  pending_for: 500ms
  running_for: {lognormal: {median: 20s, sigma: 0.5}}
  outcome: {failed: {error_code: X, error_message: Y, after: 25%}}
  result: no_files
  id_suffix: /b?c#d e%2F
account:
  {balance: 2.50, rate_limit: 1, retry_after: {date: 2s}, disabled: true, webhook_url: "http://127.0.0.1:9000/hook"}
webhook: {delay: {uniform: [2s, 1m]}, retries: [5s, 1m], timeout: 20s, calls: [{at: started}], answers_lost: 1}
submission: {coming_soon_modes: accept, require_output: false}
assets: strict
uploads: {ready_after: 10s}
rules: [{when: {nth: 2}, webhook: {calls: []}}]
faults: [{on: getTask, status: 503}]
tries: [RTY-01]
"""

# what is written, what it means in milliseconds
SPANS = {
    "0s": 0,
    "500ms": 500,
    "20s": 20 * SECOND,
    "1.5m": 90 * SECOND,
    "1m30s": 90 * SECOND,
    "2h": 2 * HOUR,
    "1d": 24 * HOUR,
    "1d2h3m4s5ms": 24 * HOUR + 2 * HOUR + 3 * MINUTE + 4 * SECOND + 5,
    "0.001s": 1,
    "0.29s": 290,
    "007s": 7 * SECOND,
    "1000d": LONGEST,
}

# what is written, what it means in micro-dollars
BALANCES: dict[Any, int | None] = {
    0: 0,
    2: 2_000_000,
    2.50: 2_500_000,
    0.000001: 1,
    1.1: 1_100_000,
    4.35: 4_350_000,
    999_999_999.999999: 999_999_999_999_999,
    1_000_000_000: 10**15,
    "2.50": 2_500_000,
    "0.000001": 1,
    "007": 7_000_000,
    "unlimited": None,
    None: None,
}

FRACTIONS: dict[Any, float] = {0: 0.0, 1: 1.0, 0.25: 0.25, "0%": 0.0, "50%": 0.5, "33.3%": 0.333, "100%": 1.0}

URLS = (
    "http://127.0.0.1:9000/hook",
    "https://example.org",
    "HTTP://EXAMPLE.ORG/Hook?a=b#c",
    "http://[::1]:80/",
    "http://user:password@host/",
)

# ways to write a scenario that are right, beside those in the tables above
RIGHT: tuple[dict[str, Any], ...] = (
    {},
    {"name": "x"},
    {"description": ""},
    {"tasks": {}},
    {"dialect": {}},
    {"tasks": {"per_episode": {"uniform": ["1s", "1s"]}}},
    {"tasks": {"running_for": "1m"}},
    {"tasks": {"outcome": {"failed": {}}}},
    {"account": {"balance": "unlimited", "rate_limit": None, "webhook_url": None}},
    {"account": {"rate_limit": 0.5}},
    {"webhook": {"retries": []}},
    {"webhook": {"retries": ["1s"] * 100}},
    {"dialect": "live", "assets": "lenient"},
    {"tasks": {"pending_for": {"lognormal": {"median": "0s", "sigma": 0}}}},
    *({"tasks": {"outcome": word}} for word in ("completed", "failed", "stuck", "cancelled")),
    *({"dialect": name} for name in DIALECTS),
    *({"webhook": {"retries": [span]}} for span in SPANS),
    *({"webhook": {"delay": span}} for span in SPANS),
    *({"account": {"balance": balance}} for balance in BALANCES),
    *({"tasks": {"outcome": {"failed": {"after": after}}}} for after in FRACTIONS),
    *({"account": {"webhook_url": url}} for url in URLS),
)


def test_a_whole_file_becomes_these_values(tmp_path: Path) -> None:
    file = tmp_path / "whole.yaml"
    file.write_text(WHOLE, encoding="utf-8")
    scenario = load_file(file)
    assert scenario.name == "my-failing"
    assert scenario.description == "One line."
    assert scenario.dialect == replace(DIALECTS["legacy"], success_code="200", not_found_status=404)
    assert scenario.tasks == TaskLife(
        pending_for=Fixed(500),
        running_for=Lognormal(20 * SECOND, 0.5),
        outcome=Fails("X", "Y", 0.25),
        result="no_files",
        id_suffix="/b?c#d e%2F",
    )
    assert scenario.account == AccountRules(
        balance_micro_dollars=2_500_000,
        rate_limit=1.0,
        retry_after=RetryAfter(date=Milliseconds(2 * SECOND)),
        webhook_url="http://127.0.0.1:9000/hook",
        disabled=True,
    )
    assert scenario.webhook == WebhookRules(
        Uniform(2 * SECOND, MINUTE), (5 * SECOND, MINUTE), 20 * SECOND, (WebhookCall(at="started"),), answers_lost=1
    )
    assert scenario.submission == SubmissionRules(coming_soon_modes=True, require_output=False, strict_assets=True)
    assert scenario.uploads_ready_after == Fixed(10 * SECOND)
    assert scenario.rules == (Rule(Picks(nth=Count(2)), scenario.tasks, replace(scenario.webhook, calls=())),)
    assert scenario.faults == (Fault(("getTask",), kinds=(Status(Code(503)),)),)
    assert scenario.tries == ("RTY-01",)


def test_a_file_that_names_itself_not_is_called_like_its_file(tmp_path: Path) -> None:
    file = tmp_path / "nightly.run.yaml"
    file.write_text("tasks: {outcome: stuck}", encoding="utf-8")
    assert load_file(file).name == "nightly.run"
    assert load_file(file).description == ""


def test_an_empty_mapping_is_happy_under_another_name() -> None:
    assert from_data({}) == replace(HAPPY, name="inline")
    assert from_data({"name": "mine"}) == replace(HAPPY, name="mine")


def test_assets_and_submission_are_set_side_by_side() -> None:
    assert from_data({"assets": "strict"}).submission == SubmissionRules(strict_assets=True)
    both = from_data({"assets": "strict", "submission": {"coming_soon_modes": "accept"}}).submission
    assert both == SubmissionRules(coming_soon_modes=True, strict_assets=True)


@pytest.mark.parametrize(("written", "milliseconds"), SPANS.items())
def test_a_duration_means_so_many_milliseconds(written: str, milliseconds: int) -> None:
    assert from_data({"tasks": {"pending_for": written}}).tasks.pending_for == Fixed(milliseconds)
    assert from_data({"webhook": {"retries": [written]}}).webhook.retries == (milliseconds,)


@pytest.mark.parametrize(("written", "micros"), BALANCES.items())
def test_a_balance_means_so_many_micro_dollars(written: Any, micros: int | None) -> None:
    assert from_data({"account": {"balance": written}}).account.balance_micro_dollars == micros


@pytest.mark.parametrize(("written", "fraction"), FRACTIONS.items())
def test_a_fraction_is_a_number_or_a_percentage(written: Any, fraction: float) -> None:
    outcome = from_data({"tasks": {"outcome": {"failed": {"after": written}}}}).tasks.outcome
    assert outcome == Fails(after=fraction)


@pytest.mark.parametrize(
    ("written", "outcome"),
    [
        ("completed", Completes()),
        ("stuck", Stuck()),
        ("cancelled", Cancels()),
        ("failed", Fails()),
        ({"failed": {}}, Fails()),
    ],
)
def test_an_outcome_is_a_word_or_a_failure_of_your_own(written: Any, outcome: object) -> None:
    assert from_data({"tasks": {"outcome": written}}).tasks.outcome == outcome


@pytest.mark.parametrize("url", URLS)
def test_a_webhook_url_stays_as_it_is_written(url: str) -> None:
    assert from_data({"account": {"webhook_url": url}}).account.webhook_url == url


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_is_a_name_or_switches_on_top_of_one(name: str) -> None:
    assert from_data({"dialect": name}).dialect == DIALECTS[name]
    switched = from_data({"dialect": {"base": name, "bearer": "accept"}}).dialect
    assert switched == replace(DIALECTS[name], bearer="accept")


def test_switches_without_a_base_stand_on_documented() -> None:
    assert from_data({"dialect": {"metadata_duration": True}}).dialect == replace(DOCUMENTED, metadata_duration=True)


def test_plain_data_of_a_whole_file_is_written_like_this(tmp_path: Path) -> None:
    file = tmp_path / "whole.yaml"
    file.write_text(WHOLE, encoding="utf-8")
    shown = to_data(load_file(file))
    dialect = shown.pop("dialect")
    assert shown == {
        "name": "my-failing",
        "description": "One line.",
        "tasks": {
            "pending_for": "500ms",
            "running_for": {"lognormal": {"median": "20s", "sigma": 0.5}},
            "outcome": {"failed": {"error_code": "X", "error_message": "Y", "after": 0.25}},
            "result": "no_files",
            "id_suffix": "/b?c#d e%2F",
        },
        "account": {
            "balance": "2.50",
            "rate_limit": 1.0,
            "retry_after": {"date": "2s"},
            "webhook_url": "http://127.0.0.1:9000/hook",
            "disabled": True,
        },
        "webhook": {
            "delay": {"uniform": ["2s", "1m"]},
            "retries": ["5s", "1m"],
            "timeout": "20s",
            "calls": [{"at": "started"}],
            "answers_lost": 1,
        },
        "submission": {"coming_soon_modes": "accept", "require_output": False},
        "assets": "strict",
        "uploads": {"ready_after": "10s"},
        "rules": [
            {"when": {"nth": 2}, "tasks": shown["tasks"], "webhook": {**shown["webhook"], "calls": []}},
        ],
        "faults": [{"on": "getTask", "times": 1, "status": {"code": 503}}],
        "tries": ["RTY-01"],
    }
    assert dialect["success_code"] == "200"
    assert "bearer" not in dialect  # as in documented


@pytest.mark.parametrize("data", RIGHT, ids=str)
def test_the_schema_accepts_what_the_model_accepts(data: dict[str, Any]) -> None:
    from_data(data)
    assert list(validator("scenario").iter_errors(data)) == []
