"""The published JSON Schema of scenario files: made from the model, and true to it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

import screenplay_schemas
from screenplay_mock.core.fault_kinds import KINDS
from screenplay_mock.core.scenario import HAPPY
from screenplay_mock.scenarios import from_data, to_data
from screenplay_mock.scenarios.json_schema import json_schema
from screenplay_schemas import load, validator

if TYPE_CHECKING:
    from collections.abc import Iterator

PUBLISHED = Path(screenplay_schemas.__file__).parent / "scenario.schema.json"


def parts(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, schema) of every mapping in *schema* but its examples."""
    if isinstance(schema, dict):
        yield path, schema
        for name, inner in schema.items():
            if name != "examples":
                yield from parts(inner, f"{path}/{name}")
    elif isinstance(schema, list):
        for place, inner in enumerate(schema):
            yield from parts(inner, f"{path}/{place}")


def test_the_published_schema_is_that_of_the_model() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == json_schema(), (
        "write it again:"
        " python -m screenplay_mock.scenarios.json_schema > schemas/screenplay_schemas/scenario.schema.json"
    )


def test_the_command_writes_the_published_schema() -> None:
    command = [sys.executable, "-m", "screenplay_mock.scenarios.json_schema"]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout == PUBLISHED.read_text(encoding="utf-8")


def test_the_schema_says_what_it_is() -> None:
    schema = load("scenario")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["x-source"].startswith("ours: ")
    assert schema["title"] == "Scenario"
    for name, key in schema["properties"].items():
        section = schema["$defs"][key["$ref"].rpartition("/")[2]] if "$ref" in key else key
        assert "description" in key or "description" in section, name


def test_the_model_and_the_schema_accept_the_examples_of_the_schema() -> None:
    examples = load("scenario")["examples"]
    assert len(examples) == 4
    for example in examples:
        from_data(example)
        assert list(validator("scenario").iter_errors(example)) == []


def test_the_defaults_in_the_schema_are_those_of_happy() -> None:
    schema = load("scenario")
    sections = {"tasks": "Tasks", "account": "Account", "webhook": "Webhook", "submission": "Submission"}
    found = {
        section: {
            key: inner["default"] for key, inner in schema["$defs"][name]["properties"].items() if "default" in inner
        }
        for section, name in sections.items()
    }
    assert found == {section: to_data(HAPPY)[section] for section in sections}
    assert schema["properties"]["assets"]["default"] == "lenient"
    assert "default" not in schema["properties"]["name"]


def test_the_schema_is_valid_itself() -> None:
    Draft202012Validator.check_schema(load("scenario"))


def test_every_definition_says_in_a_sentence_what_it_is() -> None:
    definitions = load("scenario")["$defs"]
    assert [name for name, each in definitions.items() if not each.get("description", "").endswith(".")] == []
    assert [name for name, each in definitions.items() if "None" in each["description"]] == []


def test_every_kind_of_fault_is_explained_where_it_is_written() -> None:
    keys = load("scenario")["$defs"]["Fault"]["properties"]
    assert keys.keys() == {"on", "when", "times", "latency", *KINDS}
    assert [name for name, key in keys.items() if len(key["description"]) < 25] == []


def test_every_default_is_a_value_that_the_schema_accepts() -> None:
    schema = load("scenario")
    found = [(path, part) for path, part in parts(schema) if "default" in part]
    wrong = {
        path: part["default"]
        for path, part in found
        if not Draft202012Validator({"$defs": schema["$defs"], **part}).is_valid(part["default"])
    }
    assert wrong == {}
    assert len(found) > 80


@pytest.mark.parametrize("word", ["faults", "rules", "calls", "extends", "retry_after"])
def test_an_example_shows(word: str) -> None:
    assert f'"{word}": ' in json.dumps(load("scenario")["examples"])
