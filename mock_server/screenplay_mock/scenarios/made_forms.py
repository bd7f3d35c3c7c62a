"""Forms that are made of the core's own classes: a member's type says how it is read from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
    create_model,
)
from pydantic_core import CoreSchema, core_schema

from screenplay_mock.core import scenario
from screenplay_mock.core.fault_kinds import (
    Bytes,
    Code,
    Count,
    Edit,
    HeaderText,
    Milliseconds,
    Point,
    RetryAfter,
    Share,
)
from screenplay_mock.scenarios import message_parts, scalars
from screenplay_mock.scenarios.forms import Duration, Exactly, Form, Portion, Span, YesOrNo, from_form


def size_from(least: int) -> Any:
    """How a size of at least so many bytes is read."""
    schema = [
        {"type": "integer", "minimum": least, "maximum": scalars.LARGEST_SIZE},
        {"type": "string", "pattern": scalars.SIZE_PATTERN},
    ]
    return Annotated[int, Field(ge=least), BeforeValidator(scalars.size), WithJsonSchema({"anyOf": schema})]


_POINT_SCHEMA = {
    "anyOf": [
        {"enum": list(scalars.POINTS)},
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": scalars.PERCENT_PATTERN},
    ]
}
_HEADERS_SCHEMA = {
    "type": "object",
    "propertyNames": {"pattern": message_parts.HEADER_NAME_PATTERN},
    "additionalProperties": {"type": ["string", "null"], "pattern": message_parts.HEADER_PATTERN},
}
_Headers = dict[
    Annotated[str, AfterValidator(message_parts.header_name)],
    Annotated[str, AfterValidator(message_parts.header_value)] | None,
]

#: How a member of a type is read.
READERS: dict[Any, Any] = {
    Milliseconds: Span,
    Share: Portion,
    Bytes: size_from(0),
    Code: Annotated[int, Field(ge=200, le=599)],
    Count: Annotated[int, Field(ge=1, le=1_000_000)],
    Point: Annotated[Any, BeforeValidator(scalars.point), WithJsonSchema(_POINT_SCHEMA)],
    scenario.Duration: Duration,
    bool: YesOrNo,
    str: Annotated[str, Field(max_length=100_000)],
    HeaderText: Annotated[
        str,
        Field(max_length=1_000),
        AfterValidator(message_parts.header_value),
        WithJsonSchema({"type": "string", "maxLength": 1_000, "pattern": message_parts.HEADER_PATTERN}),
    ],
    tuple[str, ...]: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False, max_length=1_000)],
    Mapping[str, Any]: Annotated[
        dict[str, Any],
        BeforeValidator(message_parts.json_members),
        WithJsonSchema({"type": "object"}),
    ],
    Mapping[str, str | None]: Annotated[_Headers, WithJsonSchema(_HEADERS_SCHEMA)],
    Milliseconds | Literal["always"]: Annotated[
        int | str,
        BeforeValidator(scalars.lasting),
        WithJsonSchema({"type": "string", "pattern": f"{scalars.DURATION_PATTERN}|^always$"}),
    ],
}

#: What means nothing when it says nothing.
NEVER_EMPTY: tuple[type, ...] = (Edit, RetryAfter)


class MadeForm(Form):
    """The form of a class of the core, with the same members."""

    def value(self) -> Any:
        made = MADE[type(self)]
        value = made(**self.given())
        if made in NEVER_EMPTY and value == made():
            raise ValueError(f"says nothing; its keys are: {', '.join(type(self).model_fields)}")
        return value


MADE: dict[type[Form], type] = {}
_FORMS: dict[type, type[MadeForm]] = {}


def form_of(made: type, **readers: Any) -> type[MadeForm]:
    """The form of the dataclass *made*; *readers* says of single members how they are read."""
    if made not in _FORMS:
        hints = get_type_hints(made)
        members: dict[str, Any] = {
            member.name: (
                readers.get(member.name) or reader(hints[member.name]),
                Field() if member.default is MISSING else Field(default_factory=lambda: None),
            )
            for member in fields(made)
        }
        _FORMS[made] = create_model(made.__name__, __base__=MadeForm, __doc__=in_one_line(made.__doc__), **members)
        MADE[_FORMS[made]] = made
    return _FORMS[made]


def in_one_line(doc: str | None) -> str:
    """A docstring of the core as a description, in the words of YAML."""
    return " ".join(cleandoc(doc or "").split()).replace("None", "null")


class _OrFirst:
    """A mapping, or the value of its first member alone, or true for all defaults."""

    def __init__(self, made: type) -> None:
        self.first = fields(made)[0].name
        self.may_be_true = made not in NEVER_EMPTY and fields(made)[0].default is not MISSING

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._whole, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        whole = handler(schema)
        first = handler.resolve_ref_schema(whole)["properties"][self.first]
        # a mapping is always the whole, and null says that nothing is given
        forms = [one for one in first.get("anyOf", [first]) if one.get("type") not in {"null", "object"}]
        return {"anyOf": [*forms, *([{"const": True}] if self.may_be_true else []), whole]}

    def _whole(self, value: object) -> object:
        if value is True:
            return {}
        return value if isinstance(value, dict) or value is None else {self.first: value}


def short_form_of(made: type, **readers: Any) -> Any:
    """The annotation of a member that holds a *made*, whose first member may stand for the whole."""
    return Annotated[form_of(made, **readers), AfterValidator(from_form), _OrFirst(made)]


def reader(hint: Any) -> Any:
    """How a value of the type *hint* is read."""
    if hint in READERS:
        return READERS[hint]
    if is_dataclass(hint):
        return short_form_of(hint)  # type: ignore[arg-type] # it is a class
    if get_origin(hint) is Literal:
        return Annotated[Any, Exactly(*get_args(hint))]
    parts = [part for part in get_args(hint) if part is not NoneType]
    assert get_origin(hint) in {Union, UnionType}, hint
    return reader(Union[tuple(parts)]) | None  # noqa: UP007 - there may be one
