"""What each schema file says of itself: where it comes from, and examples that keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from screenplay_schemas import load, names, validator

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = ("namelist", "storyboard", "transcript")
SHAPES = (
    *RESULTS,
    "callback",
    "check-report",
    "cancel-response",
    "delete-response",
    "envelope",
    "error",
    "metadata-response",
    "signed-url-request",
    "signed-url-response",
    "status-response",
    "submit-request",
    "submit-response",
    "upload-response",
)


def subschemas(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for key, value in node.items():
            if key not in {"examples", "default", "const", "enum"}:
                yield from subschemas(value)
    elif isinstance(node, list):
        for item in node:
            yield from subschemas(item)


def test_every_shape_is_there() -> None:
    assert set(SHAPES) <= set(names())
    assert list(names()) == sorted(names())


@pytest.mark.parametrize("name", SHAPES)
def test_a_schema_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    schema = load(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"{name}.schema.json"
    assert schema["title"]
    assert schema["description"]
    assert schema["examples"]
    assert schema["x-source"].startswith(("vendor page: ", "docs silent: chosen, because "))


@pytest.mark.parametrize("name", names())
def test_a_schema_is_valid_draft_2020_12(name: str) -> None:
    Draft202012Validator.check_schema(load(name))


@pytest.mark.parametrize("name", SHAPES)
def test_the_examples_and_defaults_of_a_schema_keep_it(name: str) -> None:
    checked = 0
    for schema in subschemas(load(name)):
        for value in [*schema.get("examples", ()), *([schema["default"]] if "default" in schema else ())]:
            within = {key: rule for key, rule in schema.items() if key != "$schema"}
            assert list(validator(name).evolve(schema=within).iter_errors(value)) == []
            checked += 1
    assert checked


@pytest.mark.parametrize("name", RESULTS)
def test_the_objects_of_a_result_are_closed(name: str) -> None:
    objects = [schema for schema in subschemas(load(name)) if schema.get("type") == "object"]
    assert objects
    for schema in objects:
        assert schema["additionalProperties"] is False
        assert set(schema["required"]) == set(schema["properties"])


def test_the_defaults_are_the_documented_ones() -> None:
    options = load("submit-request")["properties"]["config"]["properties"]
    assert {name: option["default"] for name, option in options.items() if "default" in option} == {
        "require_json": True,
        "require_xlsx": False,
        "require_merge_xlsx": False,
        "concurrency": 100,
    }
