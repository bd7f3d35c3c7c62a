"""What pydantic finds wrong, told to the people who wrote the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from screenplay_mock.scenarios.errors import nearest, shown, way_out
from screenplay_mock.scenarios.extending import IN_ORDER
from screenplay_mock.scenarios.forms import FORMS, Form, OneOf, is_tag
from screenplay_mock.scenarios.model import ScenarioFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from screenplay_mock.scenarios.document import Document, Path
    from screenplay_mock.scenarios.errors import Problem

MOST_PROBLEMS = 100  # told at once: nobody mends more in one go, and looking for the nearest key takes its time

#: By the type of pydantic's error, with what its context says.
SENTENCES = {
    "string_type": "{value} is not text; put it in quotes if it should be",
    "string_null": "is empty; write text, or leave it out",
    "string_unicode": "holds half a character (a lone surrogate); write the character itself",
    "string_too_short": "must not be empty; leave the key out for the default",
    "string_too_long": "must have at most {max_length} characters",
    "int_type": "{value} is not a whole number",
    "float_type": "{value} is not a number",
    "finite_number": "{value} is not a number",
    "greater_than": "{value} must be more than {gt:.15g}",
    "greater_than_equal": "{value} must be at least {ge:.15g}",
    "less_than_equal": "{value} must be at most {le:.15g}",
    "too_long": "has {actual_length} items; {max_length} are the most",
    "dict_type": "needs a mapping, not {value}",
    "invalid_key": "a key must be text",
    "wrong_key": "{message}",
    "value_error": "{error}",
}
AT_KEYS = {"extra_forbidden", "wrong_key"}  # problems with a key, not with its value
_OF_A_KEY = "[key]"  # what pydantic puts behind a key of a free mapping that is wrong itself


def explained(error: ValidationError, document: Document, root: type[Form] = ScenarioFile) -> list[Problem]:
    """
    The problems of *error* with their places in *document*, except where the reader had to leave a gap.

    *root* is the form that was made of the whole document.
    """
    found = error.errors(include_url=False)[:MOST_PROBLEMS]
    details = [detail for detail in found if not _in_a_gap(detail, document)]
    meant = set(_meant_keys(details, root))
    return [
        document.problem(_place(detail, document), _message(detail, document, root), at_key=_at_key(detail))
        for detail in details
        if detail["type"] != "missing" or _way(detail) not in meant
    ]


def _way(detail: ErrorDetails) -> Path:
    """The path in the data: pydantic's without the names of the forms, and up to the key that a validator names."""
    way = [part for part in detail["loc"] if not is_tag(part) and part != _OF_A_KEY]
    return (*way, detail["ctx"]["at"]) if detail["type"] == "wrong_key" else tuple(way)


def _at_key(detail: ErrorDetails) -> bool:
    return detail["type"] in AT_KEYS or detail["loc"][-1:] == (_OF_A_KEY,)


def _place(detail: ErrorDetails, document: Document) -> Path:
    """The path as far as the file has it: where a value stands for a whole mapping, that of the value."""
    way = _way(detail)
    if detail["type"] == "missing":
        return way
    data: Any = document.data
    for depth, part in enumerate(way):
        is_there = part in data if isinstance(data, dict) else isinstance(data, list | tuple) and isinstance(part, int)
        if not is_there:
            return way[:depth]
        data = data[part]
    return way


def _in_a_gap(detail: ErrorDetails, document: Document) -> bool:
    way = _way(detail)
    return any(way[:end] in document.unread for end in range(len(way) + 1))


def _meant_keys(details: list[ErrorDetails], root: type[Form]) -> Iterator[Path]:
    """The keys that misspelt ones are taken for: to say that they are missing would be to say it twice."""
    for detail in details:
        if detail["type"] == "extra_forbidden":
            *before, wrong = _way(detail)
            near = nearest(str(wrong), _form(detail["loc"][:-1], root).model_fields)
            if near:
                yield (*before, near)


def _form(loc: tuple[str | int, ...], root: type[Form]) -> type[Form]:
    """The innermost mapping at *loc*, a location as pydantic has it, in *root*."""
    form = root
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


def _message(detail: ErrorDetails, document: Document, root: type[Form]) -> str:
    loc, value, context = detail["loc"], detail["input"], detail.get("ctx", {})
    match _kind(detail):
        case "extra_forbidden":
            return _unknown_key(str(loc[-1]), _form(loc[:-1], root))
        case "missing":
            return _missing(str(loc[-1]), _form(loc[:-1], root))
        case "model_type":
            return _no_mapping(value, _form(loc, root))
        case "tuple_type":
            return f"needs a list, not {shown(value)}{_as_a_list(value, _items(loc, root))}"
        case "no_form":
            return f"{shown(value)} {detail['msg']}{_hint(value, context['keywords'])}"
        case kind:
            inherits = kind == "too_long" and loc[0] in IN_ORDER and "extends" in document.data
            sentence = SENTENCES[kind].format(value=shown(value), **context) if kind in SENTENCES else detail["msg"]
            return f"{sentence}, with those of extends" if inherits else sentence


def _kind(detail: ErrorDetails) -> str:
    return "string_null" if detail["type"] == "string_type" and detail["input"] is None else detail["type"]


def _unknown_key(wrong: str, form: type[Form]) -> str:
    homes = [name for name, field in form.model_fields.items() if wrong in _keys_in(field.annotation)]
    if len(homes) == 1:
        return f"unknown key {shown(wrong)}; it belongs in {homes[0]}"
    return f"unknown key {shown(wrong)}; {way_out(wrong, form.model_fields)}"


def _keys_in(annotation: Any) -> Iterable[str]:
    form = _in(annotation)
    return () if form is None else form.model_fields


def _missing(name: str, form: type[Form]) -> str:
    words = [each for each in form.model_fields[name].metadata if isinstance(each, OneOf)]
    return f"is missing; it is one of {', '.join(map(shown, words[0].allowed))}" if words else "is missing"


def _no_mapping(value: object, form: type[Form]) -> str:
    what = f"needs a mapping, not {shown(value)}"
    if value is None:
        what = "is empty (all defaults, as in happy, is written {})" if form is ScenarioFile else "is empty"
    return f"{what}; its keys are: {', '.join(form.model_fields)}"


def _items(loc: tuple[str | int, ...], root: type[Form]) -> type[Form] | None:
    """The form of each item of the list at *loc*, if they are mappings."""
    field = _form(loc[:-1], root).model_fields.get(str(loc[-1]))
    return _in(field.annotation) if field else None


def _as_a_list(value: object, items: type[Form] | None) -> str:
    """How *value* is written as the only one of a list of texts, or of mappings that are *items*."""
    if isinstance(value, dict):
        is_one = items is not None and value.keys() & items.model_fields.keys()
        return f"; put a dash before {'it' if is_one else 'each of its items'}"
    if items is not None:
        return f"; write a list of mappings, such as [{{{next(iter(items.model_fields))}: …}}]"
    return f"; write [{value}]" if isinstance(value, str) and value.isprintable() else ""


def _hint(value: object, keywords: list[str]) -> str:
    near = {nearest(str(key), keywords) for key in value} - {None} if isinstance(value, dict) else set()
    return f"; did you mean {near.pop()!r}?" if len(near) == 1 else ""
