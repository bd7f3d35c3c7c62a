"""What faults, rules and webhook calls mean that are written in a scenario file; one shape for files and JSON."""

from __future__ import annotations

from typing import Any

import pytest

from screenplay_mock.core.fault_kinds import (
    KINDS,
    Bytes,
    Close,
    Code,
    Count,
    Drip,
    Edit,
    Empty,
    Gzip,
    Html,
    Huge,
    Kind,
    Meanwhile,
    Milliseconds,
    Receive,
    Redirect,
    Refused,
    Reset,
    RetryAfter,
    Share,
    Short,
    Silent,
    Status,
    Tls,
    Zip,
)
from screenplay_mock.core.faults import CONNECTION, Fault, When
from screenplay_mock.core.scenario import HAPPY, Fixed, Picks, Stuck, Uniform, WebhookCall
from screenplay_mock.scenarios import fault_data, fault_from_data, from_data
from screenplay_schemas import validator

# the kinds of a fault as they are written (on getTask, where nothing else is said), and what they mean
KINDS_WRITTEN: tuple[tuple[dict[str, Any], tuple[Kind, ...]], ...] = (
    ({"status": 503}, (Status(Code(503)),)),
    ({"status": {"code": 599, "message": "{task_id}?", "body": "xml"}}, (Status(Code(599), "{task_id}?", body="xml"),)),
    (
        {"status": {"code": 429, "retry_after": "2s"}},
        (Status(Code(429), retry_after=RetryAfter(seconds=Milliseconds(2_000))),),
    ),
    (
        {"status": {"code": 429, "retry_after": {"date": "1m"}}},
        (Status(Code(429), retry_after=RetryAfter(date=Milliseconds(60_000))),),
    ),
    (
        {"status": {"code": 429, "retry_after": {"text": "soon"}}},
        (Status(Code(429), retry_after=RetryAfter(text="soon")),),
    ),
    ({"status": {"code": 429, "retry_after": None}}, (Status(Code(429)),)),
    ({"html": True}, (Html(),)),
    ({"html": {}}, (Html(),)),
    ({"html": "login"}, (Html("login"),)),
    ({"empty": 204}, (Empty(Code(204)),)),
    ({"empty": {"whitespace": True}}, (Empty(whitespace=True),)),
    ({"redirect": "other"}, (Redirect("other"),)),
    ({"redirect": {"code": 307, "expires_in": "0s"}}, (Redirect(code=Code(307), expires_in=Milliseconds(0)),)),
    ({"meanwhile": "cancelled"}, (Meanwhile("cancelled"),)),
    ({"receive": "head"}, (Receive("head"),)),
    ({"reset": True}, (Reset(),)),
    ({"reset": "head"}, (Reset("head"),)),
    ({"reset": "50%"}, (Reset(0.5),)),
    ({"close": {"after": 1}}, (Close(1.0),)),
    ({"short": "25%"}, (Short(Share(0.25)),)),
    ({"drip": 7}, (Drip(Bytes(7)),)),
    ({"drip": {"bytes": "1kB", "every": "0s", "part": "head"}}, (Drip(Bytes(1_000), Milliseconds(0), "head"),)),
    ({"huge": 5}, (Huge(Bytes(5)),)),
    ({"huge": "1.5MB"}, (Huge(Bytes(1_500_000)),)),
    ({"huge": {"size": "4GB", "gzip": True}}, (Huge(Bytes(4 * 10**9), gzip=True),)),
    ({"gzip": "offered"}, (Gzip("offered"),)),
    ({"on": "downloadTask", "zip": {"lie": "bomb_ratio", "size": "1GB"}}, (Zip("bomb_ratio", Bytes(10**9)),)),
    (
        {"edit": {"set": {"data": {"x": [1, None]}}, "remove": ["data.y"], "headers": {"A": "b\t\u00e9", "B": None}}},
        (Edit({"data": {"x": [1, None]}}, ("data.y",), headers={"A": "b\t\u00e9", "B": None}),),
    ),
    ({"edit": {"status": 200}, "gzip": True, "reset": "whole"}, (Edit(status=Code(200)), Gzip(), Reset("whole"))),
    ({"reset": "whole", "gzip": True, "status": 400}, (Status(Code(400)), Gzip(), Reset("whole"))),
    ({"latency": "1s"}, ()),
    ({"on": "connection", "refused": "1500ms"}, (Refused(Milliseconds(1_500)),)),
    ({"on": "connection", "refused": "always"}, (Refused(),)),
    ({"on": ["connection"], "silent": True}, (Silent(),)),
    ({"on": "connection", "tls": "expired"}, (Tls("expired"),)),
)

# what a fault says of when and how often, and what it means
WHEN_WRITTEN: tuple[tuple[dict[str, Any], When, int | None], ...] = (
    ({}, When(), 1),
    ({"times": 3}, When(), 3),
    ({"times": "always"}, When(), None),
    ({"when": {}}, When(), 1),
    ({"when": {"acceptance": "after", "count": "sandbox"}}, When(acceptance="after", count="sandbox"), 1),
    ({"when": {"call": 2}}, When(call=Count(2)), None),
    ({"when": {"first": 2}}, When(first=Count(2)), None),
    ({"when": {"from_call": 2}}, When(from_call=Count(2)), None),
    ({"when": {"every": 2}}, When(every=Count(2)), None),
    ({"when": {"probability": "10%"}}, When(probability=Share(0.1)), None),
    ({"when": {"probability": 0}, "times": 1}, When(probability=Share(0.0)), 1),
    ({"when": {"call": None}}, When(), 1),
    ({"when": {"call": 6, "first": 6, "from_call": 6, "every": 3}}, When(*map(Count, (6, 6, 6, 3))), None),
)


def accepted(fault: dict[str, Any]) -> Fault:
    """What *fault* means, to a file and to the admin API; the schema takes it too, and it can be written back."""
    assert list(validator("scenario").iter_errors({"faults": [fault]})) == []
    meant = fault_from_data(fault)
    assert from_data({"faults": [fault]}).faults == (meant,)
    assert fault_from_data(fault_data(meant)) == meant
    return meant


@pytest.mark.parametrize(("written", "kinds"), KINDS_WRITTEN, ids=str)
def test_kinds_are_written_in_short_or_at_length(written: dict[str, Any], kinds: tuple[Kind, ...]) -> None:
    assert accepted({"on": "getTask"} | written).kinds == kinds


@pytest.mark.parametrize(("written", "when", "times"), WHEN_WRITTEN, ids=str)
def test_a_fault_strikes_once_unless_it_counts_calls_or_says_how_often(
    written: dict[str, Any], when: When, times: int | None
) -> None:
    fault = accepted({"on": "getTask", "status": 503} | written)
    assert (fault.when, fault.times) == (when, times)


def test_a_fault_of_the_listener_is_there_for_good() -> None:
    assert accepted({"on": "connection", "silent": True}).times is None


@pytest.mark.parametrize(("written", "on"), [("any", ("any",)), (["getTask", "cancelTask"], ("getTask", "cancelTask"))])
def test_a_fault_is_on_one_operation_several_or_all(written: Any, on: tuple[str, ...]) -> None:
    assert accepted({"on": written, "html": True}).on == on


def test_latency_may_be_drawn() -> None:
    assert accepted({"on": "any", "latency": {"uniform": ["1s", "2s"]}}).latency == Uniform(1_000, 2_000)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_can_be_written(name: str) -> None:
    needed: dict[str, Any] = {"receive": "part", "meanwhile": "running", "status": 500, "framing": "odd", "zip": "slip"}
    on = {"zip": "downloadTask", "range": "downloadTask"} | dict.fromkeys(("refused", "silent", "tls"), CONNECTION)
    value = {**needed, "edit": {"remove": ["data"]}}.get(name, True)
    (kind,) = accepted({"on": on.get(name, "getTask"), name: value}).kinds
    assert type(kind) is KINDS[name]


def test_a_rule_says_what_is_other_than_in_the_scenario() -> None:
    scenario = from_data(
        {
            "tasks": {"pending_for": "9s"},
            "webhook": {"timeout": "1s"},
            "rules": [
                {"when": {"assets": ["re_1"], "at_least_episodes": 2, "every": 3}, "tasks": {"outcome": "stuck"}},
                {"webhook": {"calls": [{"at": "submitted"}]}},
            ],
        }
    )
    first, second = scenario.rules
    assert first.when == Picks(("re_1",), at_least_episodes=Count(2), every=Count(3))
    assert (first.tasks.pending_for, first.tasks.outcome) == (Fixed(9_000), Stuck())
    assert first.webhook == scenario.webhook
    assert (second.when, second.tasks) == (Picks(), scenario.tasks)
    assert (second.webhook.timeout, second.webhook.calls) == (1_000, (WebhookCall(at="submitted"),))


def test_a_webhook_call_is_the_true_one_unless_it_says_otherwise() -> None:
    written = {"calls": [{}, {"delay": "1s", "copies": 50, "set": {"data": {"a": 1}}, "body": "x", "padding": "20MB"}]}
    assert from_data({"webhook": written}).webhook.calls == (
        WebhookCall(),
        WebhookCall(delay=Fixed(1_000), copies=Count(50), set={"data": {"a": 1}}, body="x", padding=Bytes(20_000_000)),
    )
    assert from_data({"webhook": {"calls": []}}).webhook.calls == ()
    assert HAPPY.webhook.calls == (WebhookCall(),)


@pytest.mark.parametrize("suffix", ["", "/b?c#d e%2F", "~" * 100])
def test_an_id_suffix_is_any_visible_ascii(suffix: str) -> None:
    assert from_data({"tasks": {"id_suffix": suffix}}).tasks.id_suffix == suffix
