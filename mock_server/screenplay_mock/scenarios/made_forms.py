"""Forms that are made of the core's own classes: a member's type says how it is read from a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field as Member, fields, is_dataclass
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
from screenplay_mock.core.fault_kinds import Bytes, Code, Count, Milliseconds, Point, Share
from screenplay_mock.scenarios import scalars
from screenplay_mock.scenarios.forms import Duration, Exactly, Form, Portion, Span, YesOrNo, from_form

_SIZE_SCHEMA = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": scalars.SIZE_PATTERN}]}
_POINT_SCHEMA = {
    "anyOf": [
        {"enum": list(scalars.POINTS)},
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": scalars.PERCENT_PATTERN},
    ]
}
_Always = Annotated[Any, Exactly("always")]

#: How a member of a type is read.
READERS: dict[Any, Any] = {
    Milliseconds: Span,
    Share: Portion,
    Bytes: Annotated[int, BeforeValidator(scalars.size), WithJsonSchema(_SIZE_SCHEMA)],
    Code: Annotated[int, Field(ge=200, le=599)],
    Count: Annotated[int, Field(ge=1, le=1_000_000)],
    Point: Annotated[Any, BeforeValidator(scalars.point), WithJsonSchema(_POINT_SCHEMA)],
    scenario.Duration: Duration,
    bool: YesOrNo,
    int: Annotated[int, Field(ge=0, le=1_000_000)],
    str: Annotated[str, Field(max_length=100_000)],
    tuple[str, ...]: Annotated[tuple[str, ...], Field(strict=False, max_length=1_000)],
    Mapping[str, Any]: dict[str, Any],
    Mapping[str, str | None]: dict[str, str | None],
    Milliseconds | Literal["always"]: Annotated[
        int | str,
        BeforeValidator(lambda value: value if value == "always" else scalars.milliseconds(value)),
        WithJsonSchema({"type": "string", "pattern": scalars.DURATION_PATTERN.removesuffix("$") + "$|^always$"}),
    ],
}


class OrFirst:
    """A mapping, or the value of its *first* member alone, or true for all defaults."""

    def __init__(self, first: str) -> None:
        self.first = first

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._whole, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        whole = handler(schema)
        first = handler.resolve_ref_schema(whole)["properties"][self.first]
        short = {name: value for name, value in first.items() if name not in {"default", "description"}}
        return {"anyOf": [short, {"const": True}, whole]}

    def _whole(self, value: object) -> object:
        if value is True:
            return {}
        return value if isinstance(value, dict) or value is None else {self.first: value}


class MadeForm(Form):
    """The form of a class of the core, with the same members."""

    def value(self) -> Any:
        return MADE[type(self)](**self.given())


MADE: dict[type[Form], Callable[..., Any]] = {}
_FORMS: dict[type, type[MadeForm]] = {}


def form_of(made: type, **readers: Any) -> type[MadeForm]:
    """The form of the dataclass *made*; *readers* says of single members how they are read."""
    if made not in _FORMS:
        hints = get_type_hints(made)
        members: dict[str, Any] = {
            member.name: (readers.get(member.name) or reader(hints[member.name]), _key(member))
            for member in fields(made)
        }
        doc = " ".join(cleandoc(made.__doc__ or "").split())
        _FORMS[made] = create_model(made.__name__, __base__=MadeForm, __doc__=doc, **members)
        MADE[_FORMS[made]] = made
    return _FORMS[made]


def short_form_of(made: type) -> Any:
    """The annotation of a member that holds a *made*, whose first member may stand for the whole."""
    return Annotated[form_of(made), AfterValidator(from_form), OrFirst(fields(made)[0].name)]


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


def _key(member: Member[Any]) -> Any:
    return Field() if member.default is MISSING else Field(default_factory=lambda: None)
