"""How schemas are loaded, and what their patterns mean where Python's `re` means something else."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from screenplay_schemas import UnknownSchema, load, validator
from screenplay_schemas.ecma import EcmaValidator, format_checker, to_python


def test_a_schema_is_a_fresh_copy_and_its_validator_is_shared() -> None:
    load("error")["type"] = "array"
    assert load("error")["type"] == "object"
    assert validator("error") is validator("error")


@pytest.mark.parametrize("ask", [load, validator])
def test_an_unknown_name_is_told_the_nearest(ask: Any) -> None:
    with pytest.raises(UnknownSchema, match="no schema 'submit-requst'; did you mean 'submit-req") as error:
        ask("submit-requst")
    assert (error.value.name, error.value.nearest) == ("submit-requst", "submit-request")


@pytest.mark.parametrize("name", ["", "../../pyproject", "\N{SNOWMAN}"])
def test_a_name_like_no_other_is_told_what_there_is(name: str) -> None:
    with pytest.raises(LookupError, match="there are: callback, cancel-response, "):
        load(name)


def test_importing_the_package_imports_nothing_heavy() -> None:
    script = "import sys, screenplay_schemas; print(*sys.modules)"
    output = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    found = set(output.split())
    assert "screenplay_schemas" in found
    assert not found & {"jsonschema", "referencing", "yaml", "rfc3339_validator", "difflib", "tempfile"}


@pytest.mark.parametrize(
    ("ecma", "python"),
    [
        ("^a$", r"^a\Z"),
        ("a$|b$", r"a\Z|b\Z"),
        (r"^\$$", r"^\$\Z"),
        (r"\\$", r"\\\Z"),
        (r"[$\]$]$", r"[$\]$]\Z"),
    ],
)
def test_only_a_dollar_that_means_the_end_is_translated(ecma: str, python: str) -> None:
    assert to_python(ecma) == f"(?a:{python})"


@pytest.mark.parametrize(
    "schema",
    [
        {"propertyNames": {"pattern": "^x$"}},
        {"patternProperties": {"^x$": True}, "additionalProperties": False},
        {"patternProperties": {"^x$": True}, "additionalProperties": {"type": "null"}},
    ],
)
def test_a_pattern_ends_at_the_end_and_not_before_a_line_break(schema: dict[str, Any]) -> None:
    assert EcmaValidator(schema).is_valid({"x": 1})
    assert not EcmaValidator(schema).is_valid({"x\n": 1})
    assert Draft202012Validator(schema).is_valid({"x\n": 1})  # why there is a class of our own


def test_a_member_that_only_python_would_match_is_not_judged_by_the_pattern() -> None:
    schema = {"patternProperties": {"^x$": False}}
    assert EcmaValidator(schema).is_valid({"x\n": 1})
    assert not EcmaValidator(schema).is_valid({"x": 1})


def test_a_digit_is_ascii() -> None:
    assert EcmaValidator({"pattern": r"^\d$"}).is_valid("1")
    assert not EcmaValidator({"pattern": r"^\d$"}).is_valid("\N{ARABIC-INDIC DIGIT ONE}")


def test_a_pattern_says_nothing_about_other_types() -> None:
    assert EcmaValidator({"pattern": "^x$"}).is_valid(7)
    assert EcmaValidator({"patternProperties": {"^x$": False}, "additionalProperties": False}).is_valid([7])


def test_a_complaint_shows_the_pattern_as_it_is_written() -> None:
    (error,) = EcmaValidator({"pattern": "^x$"}).iter_errors("y")
    assert error.message == "'y' does not match '^x$'"


def test_the_meaning_holds_behind_a_reference_to_another_file() -> None:
    transcript = {"episode": "1\n", "language": "en", "duration": 1, "lines": []}
    (error,) = validator("transcript").iter_errors(transcript)
    assert error.json_path == "$.episode"


@pytest.mark.parametrize("value", ["2026-03-13T10:00:00Z", "2026-03-13T18:00:00.5+08:00", 7])
def test_a_date_time_has_its_zone(value: object) -> None:
    assert format_checker().conforms(value, "date-time")


@pytest.mark.parametrize("value", ["2026-03-13T10:00:00", "2026-03-13T10:00:00Z\n"])
def test_a_date_time_without_zone_or_with_a_line_break_is_none(value: str) -> None:
    assert not format_checker().conforms(value, "date-time")
