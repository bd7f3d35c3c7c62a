"""One fault as the admin API takes it: what is wrong with it, by its own paths, and what is right."""

from __future__ import annotations

from typing import Any

import pytest

from screenplay_mock.core.fault_kinds import KINDS
from screenplay_mock.scenarios import ScenarioError, fault_from_data
from screenplay_mock.scenarios.message_parts import DEEPEST
from screenplay_schemas import validator


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"on": "any", "staus": 503}, "body: staus: unknown key 'staus'; did you mean 'status'?"),
        ({"on": "any", "status": {"cod": 1}}, "body: status.cod: unknown key 'cod'; did you mean 'code'?"),
        ({"on": "any", "edit": {"set": {1: 2}}}, "body: edit.set: a key must be text"),
        ({"on": "any", "edit": {"set": {"a": b""}}}, "body: edit.set: holds b'', which JSON cannot"),
        ({"on": "any", "edit": {"headers": {1: "a"}}}, "body: edit.headers[1]: 1 is not text; put it in quotes"),
        ([], f"body: needs a mapping, not a list; its keys are: on, when, times, latency, {', '.join(KINDS)}"),
    ],
)
def test_a_fault_alone_is_told_by_its_own_paths(data: Any, problem: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        fault_from_data(data, source="body")
    assert str(caught.value).startswith(problem)


def test_what_is_set_may_be_nested_but_not_without_end() -> None:
    def nested(depth: int) -> Any:
        return {"a": nested(depth - 1)} if depth > 1 else {}

    assert fault_from_data({"on": "any", "edit": {"set": nested(DEEPEST)}})
    for depth in (DEEPEST + 1, 500):
        with pytest.raises(ScenarioError, match=f"more than {DEEPEST} lists and mappings are within one another"):
            fault_from_data({"on": "any", "edit": {"set": nested(depth)}})


@pytest.mark.parametrize(
    "members",
    [
        {"on": ["downloadTask", "downloadAsset"], "redirect": "storage"},
        {"on": "any", "spoil": "cut", "gzip": "always", "edit": {"set": {"a": 1}}},
        {"on": ["downloadTask", "getTask"], "huge": True},
        {"on": "downloadTask", "spoil": "cut", "status": 402},
        {"on": "downloadTask", "edit": {"set": {"code": 1}}, "meanwhile": "failed"},
        {"on": "downloadAsset", "edit": {"headers": {"ETag": None}, "set": {}}},
    ],
    ids=str,
)
def test_what_has_something_to_strike_may_be_planted(members: Any) -> None:
    fault_from_data(members)
    assert validator("scenario").is_valid({"faults": [members]})


def test_nothing_is_no_fault_and_has_no_defaults_of_a_scenario() -> None:
    with pytest.raises(ScenarioError, match=r"^inline: is empty; its keys are: on, when"):
        fault_from_data(None)


def test_half_a_character_is_no_header() -> None:
    with pytest.raises(ScenarioError, match=r"edit\.headers.*holds half a character"):
        fault_from_data({"on": "getTask", "edit": {"headers": {"X-Odd": "\ud800"}}})
