"""What pydantic finds wrong, told to the people who wrote the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from screenplay_mock.scenarios.errors import nearest, shown, way_out
from screenplay_mock.scenarios.forms import FORMS, Form, is_tag
from screenplay_mock.scenarios.model import ScenarioFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from screenplay_mock.scenarios.document import Document, Path
    from screenplay_mock.scenarios.errors import Problem

MOST_PROBLEMS = 100  # told at once: nobody mends more in one go, and looking for the nearest key takes its time

#: By the type of pydantic's error, with what its context says.
SENTENCES = {
    "string_type": "{value} is not text; put it in quotes if it should be",
    "string_unicode": "holds half a character (a lone surrogate); write the character itself",
    "string_too_short": "must not be empty; leave the key out for the default",
    "string_too_long": "must have at most {max_length} characters",
    "float_type": "{value} is not a number",
    "finite_number": "{value} is not a number",
    "greater_than": "{value} must be more than {gt:g}",
    "greater_than_equal": "{value} must be at least {ge:g}",
    "less_than_equal": "{value} must be at most {le:g}",
    "tuple_type": "needs a list, such as [5s, 1m], not {value}",
    "too_long": "must have at most {max_length} items",
    "invalid_key": "a key must be text",
}


def explained(error: ValidationError, document: Document) -> list[Problem]:
    """The problems of *error* with their places in *document*, except where the reader had to leave a gap."""
    found = error.errors(include_url=False)[:MOST_PROBLEMS]
    details = [detail for detail in found if not _in_a_gap(detail, document)]
    meant = set(_meant_keys(details))
    return [
        document.problem(_way(detail), _message(detail), at_key=detail["type"] == "extra_forbidden")
        for detail in details
        if detail["type"] != "missing" or _way(detail) not in meant
    ]


def _way(detail: ErrorDetails) -> Path:
    """The path in the data: pydantic's without the names of the forms."""
    return tuple(part for part in detail["loc"] if not is_tag(part))


def _in_a_gap(detail: ErrorDetails, document: Document) -> bool:
    way = _way(detail)
    return any(way[:end] in document.unread for end in range(len(way) + 1))


def _meant_keys(details: list[ErrorDetails]) -> Iterator[Path]:
    """The keys that misspelt ones are taken for: to say that they are missing would be to say it twice."""
    for detail in details:
        if detail["type"] == "extra_forbidden":
            *before, wrong = _way(detail)
            near = nearest(str(wrong), _form(detail["loc"][:-1]).model_fields)
            if near:
                yield (*before, near)


def _form(loc: tuple[str | int, ...]) -> type[Form]:
    """The innermost mapping at *loc*, a location as pydantic has it."""
    form: type[Form] = ScenarioFile
    for part in loc:
        field = form.model_fields.get(str(part))
        form = _in(field.annotation if field else FORMS.get(str(part))) or form
    return form


def _in(annotation: Any) -> type[Form] | None:
    """The only form in *annotation*, such as a list of it."""
    if isinstance(annotation, type) and issubclass(annotation, Form):
        return annotation
    found = {form for part in get_args(annotation) if (form := _in(part)) is not None}
    return found.pop() if len(found) == 1 else None


def _message(detail: ErrorDetails) -> str:
    loc, value, context = detail["loc"], detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            wrong = str(loc[-1])
            return f"unknown key {shown(wrong)}; {way_out(wrong, _form(loc[:-1]).model_fields)}"
        case "missing":
            return "is missing"
        case "model_type":
            what = f"needs a mapping, not {shown(value)}"
            if value is None:
                what = "is empty" if loc else "is empty (all defaults, as in happy, is written {})"
            return f"{what}; its keys are: {', '.join(_form(loc).model_fields)}"
        case "no_form":
            return f"{shown(value)} {detail['msg']}{_hint(value, context['keywords'])}"
        case "value_error":
            return str(context["error"])
        case kind:
            return SENTENCES[kind].format(value=shown(value), **context) if kind in SENTENCES else detail["msg"]


def _hint(value: object, keywords: list[str]) -> str:
    near = {nearest(str(key), keywords) for key in value} - {None} if isinstance(value, dict) else set()
    return f"; did you mean {near.pop()!r}?" if len(near) == 1 else ""
