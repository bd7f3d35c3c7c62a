"""
The contract as data: one JSON Schema for each shape on the wire or in the result, and the OpenAPI document.

The files are language-neutral and refer to one another by file name. This module loads them and fetches
nothing; jsonschema and PyYAML are imported when they are first needed.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

__all__ = ["UnknownSchema", "bundle", "load", "names", "validator"]

_HERE = Path(__file__).parent
_SUFFIX = ".schema.json"


class UnknownSchema(LookupError):
    """There is no schema of this name. Carries `name`, and `nearest`, the most similar name or None."""

    def __init__(self, name: str) -> None:
        from difflib import get_close_matches

        super().__init__(name)
        self.name = name
        self.nearest = next(iter(get_close_matches(name, names(), n=1)), None)

    def __str__(self) -> str:
        way_out = f"did you mean {self.nearest!r}?" if self.nearest else f"there are: {', '.join(names())}"
        return f"there is no schema {self.name!r}; {way_out}"


def names() -> tuple[str, ...]:
    """The names of all schemas, sorted: `("callback", "cancel-response", …)`."""
    return tuple(sorted(file.name.removesuffix(_SUFFIX) for file in _HERE.glob(f"*{_SUFFIX}")))


def load(name: str) -> dict[str, Any]:
    """The schema *name* as plain data, a fresh copy at each call. Raises UnknownSchema."""
    if name not in names():
        raise UnknownSchema(name)
    schema: dict[str, Any] = json.loads((_HERE / f"{name}{_SUFFIX}").read_text(encoding="utf-8"))
    return schema


@cache
def validator(name: str) -> Draft202012Validator:
    """
    What checks a decoded JSON value against the schema *name*: `.iter_errors(value)`, `.is_valid(value)`.

    One for each name, shared. It asserts formats, reads patterns as ECMA 262 does, and knows all schemas, so
    that no reference is fetched. Raises UnknownSchema.
    """
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    from screenplay_schemas.ecma import EcmaValidator, format_checker

    schemas = {each: load(each) for each in names()}
    if name not in schemas:
        raise UnknownSchema(name)
    for schema in schemas.values():
        # at a `$schema` behind a reference, jsonschema would go on with its own class instead of ours
        schema.pop("$schema", None)
    registry: Registry[Any] = Registry().with_resources(
        (f"{each}{_SUFFIX}", DRAFT202012.create_resource(schema)) for each, schema in schemas.items()
    )
    return EcmaValidator(schemas[name], registry=registry, format_checker=format_checker())


def bundle() -> dict[str, Any]:
    """
    The OpenAPI document as one piece, a fresh copy at each call.

    Every schema file that it reaches is moved to `components.schemas` (`submit-request` becomes
    `SubmitRequest`), and every reference points inside.
    """
    import yaml

    reached: dict[str, Any] = {}

    def moved(node: Any, root: str) -> Any:
        """*node* as it stands in the bundle, where *root* points to the document that it came from."""
        if isinstance(node, list):
            return [moved(item, root) for item in node]
        if isinstance(node, dict):
            return {key: target(value, root) if key == "$ref" else moved(value, root) for key, value in node.items()}
        return node

    def target(reference: str, root: str) -> str:
        file, _, pointer = reference.partition("#")
        if not file:
            return root + pointer
        name = file.removesuffix(_SUFFIX)
        component = "".join(map(str.capitalize, name.split("-")))
        inside = f"#/components/schemas/{component}"
        if component not in reached:
            reached[component] = None  # seen, before its own references are followed: they may form a ring
            schema = load(name)
            reached[component] = moved(
                {key: value for key, value in schema.items() if key not in {"$id", "$schema"}}, inside
            )
        return inside + pointer

    document: dict[str, Any] = moved(yaml.safe_load((_HERE / "openapi.yaml").read_text("utf-8")), "#")
    document["components"]["schemas"] = dict(sorted(reached.items()))
    return document
