"""
JSON Schema takes its regular expressions from ECMA 262, jsonschema hands them to Python's `re`: the same
signs, another meaning. The validator class made here closes the gap; import it late, jsonschema is heavy.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["EcmaValidator", "format_checker", "to_python"]

_ESCAPE_OR_CLASS_OR_END = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)
_PATTERN_PROPERTIES = Draft202012Validator.VALIDATORS["patternProperties"]
_ADDITIONAL_PROPERTIES = Draft202012Validator.VALIDATORS["additionalProperties"]


@cache
def to_python(pattern: str) -> str:
    r"""
    The ECMA 262 *pattern* for Python's `re.search`.

    `$` is the end of the text, not also the place before a last line break, and `\d`, `\w`, `\b` are ASCII.
    (So is `\s`, which in ECMA 262 is not.)
    """
    ended = _ESCAPE_OR_CLASS_OR_END.sub(lambda found: r"\Z" if found[0] == "$" else found[0], pattern)
    return f"(?a:{ended})"


def _pattern(v: Any, wanted: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    if v.is_type(value, "string") and not re.search(to_python(wanted), value):
        yield ValidationError(f"{value!r} does not match {wanted!r}")


def _pattern_properties(v: Any, by_pattern: Mapping[str, Any], value: Any, schema: Any) -> Iterator[ValidationError]:
    yield from _PATTERN_PROPERTIES(v, _translated(by_pattern), value, schema)


def _additional_properties(v: Any, rest: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    # which members are additional depends on the patterns beside this keyword
    if "patternProperties" in schema:
        schema = schema | {"patternProperties": _translated(schema["patternProperties"])}
    yield from _ADDITIONAL_PROPERTIES(v, rest, value, schema)


def _translated(by_pattern: Mapping[str, Any]) -> dict[str, Any]:
    return {to_python(pattern): schema for pattern, schema in by_pattern.items()}


#: Draft 2020-12 with the patterns of ECMA 262 (but not in `unevaluatedProperties`, which nothing here uses).
EcmaValidator: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
    },
)


def format_checker() -> FormatChecker:
    """Checks the formats; `date-time` is RFC 3339, so a time without its zone is refused."""
    checker = FormatChecker()
    # jsonschema offers date-time only where rfc3339-validator is installed; a KeyError says that it is not
    rfc3339, raises = checker.checkers["date-time"]

    @checker.checks("date-time", raises)
    def is_date_time(value: object) -> bool:
        # the library's own `$` lets a last line break pass
        return bool(rfc3339(value)) and not (isinstance(value, str) and value.endswith("\n"))

    return checker
