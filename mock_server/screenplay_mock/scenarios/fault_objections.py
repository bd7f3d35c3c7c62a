"""Why the keys of a fault may not stand together, each right by itself: as messages, and as JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screenplay_mock.core.fault_kinds import KINDS, Edit, Kind, Meanwhile, Range, Redirect, Stage, Zip
from screenplay_mock.core.faults import CONNECTION, NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_TARGETS = 100  # of one fault: ten times as many as there are, more is no list that somebody wrote
DOWNLOADS = ("downloadTask", "downloadAsset")
#: Kinds that make sense for some operations only.
ONLY_ON: dict[type[Kind], tuple[str, ...]] = {
    Meanwhile: ("getTask", "cancelTask", "downloadTask"),
    Zip: ("downloadTask",),
    Range: DOWNLOADS,
}
LISTENERS = tuple(name for name, kind in KINDS.items() if kind.stage is Stage.CONNECTION)
#: What a fault of the listener has no use for: it is there from the start, before there are calls.
NO_CALLS = ("when", "latency")
#: Changes that leave a file as it is; of edit only what it does to a body.
OF_NO_FILE = ("edit", "spoil", "huge", "gzip")
#: With one of these a download may be answered without a file.
FILELESS = tuple(name for name, kind in KINDS.items() if kind.stage in {Stage.MEANWHILE, Stage.ANSWER})


def objections(on: tuple[str, ...], given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(key, what is wrong with it), for a fault on these operations with these keys, and values of the core."""
    listening = next((name for name in LISTENERS if name in given), None)
    if listening is not None or CONNECTION in on:
        yield from _of_the_listener(on, given, listening)
        return
    kinds = [name for name in KINDS if name in given]
    if not kinds and "latency" not in given:
        yield "on", f"nothing happens; add latency, or one of: {', '.join(KINDS)}"
    yield from _of_rivals(kinds)
    for name in kinds:
        fitting = ONLY_ON.get(KINDS[name], on)
        if not set(on) <= set(fitting):
            yield name, f"goes with on: {', '.join(fitting)} only"
    redirect = given.get("redirect")
    if isinstance(redirect, Redirect) and redirect.to == "storage" and not set(on) <= set(DOWNLOADS):
        yield "redirect", f"to: storage goes with on: {', '.join(DOWNLOADS)} only"
    if set(on) <= set(DOWNLOADS) and not given.keys() & {*FILELESS}:
        for name in filter(given.__contains__, OF_NO_FILE):
            edit = given[name]
            if not isinstance(edit, Edit) or edit.set or edit.remove:
                what = "set and remove leave" if name == "edit" else "leaves"
                yield name, f"{what} a file as it is; add what answers without one, such as status, or remove it"


def _of_the_listener(on: tuple[str, ...], given: Mapping[str, Any], listening: str | None) -> Iterator[tuple[str, str]]:
    if listening is None:
        yield "on", f"{CONNECTION} is for one of {', '.join(LISTENERS)}"
        return
    if on != (CONNECTION,):
        yield listening, f"goes with on: {CONNECTION} only"
    for name in (*KINDS, *NO_CALLS):
        if name in given and name != listening:
            yield name, f"cannot stand beside {listening}, which strikes before there is a call; remove one"


def _of_rivals(kinds: list[str]) -> Iterator[tuple[str, str]]:
    first: dict[Stage, str] = {}
    for name in kinds:
        stage = KINDS[name].stage
        before = first.setdefault(stage, name)
        if before != name and stage is not Stage.CHANGE:
            yield name, f"excludes {before}: each decides {stage.value}; keep one"
    if {"huge", "gzip"} <= {*kinds}:
        yield "gzip", "does nothing beside huge, which has a gzip of its own; write huge: {size: …, gzip: true} alone"


def in_the_schema(schema: dict[str, Any]) -> None:
    """Adds to the JSON Schema of a fault what `objections` says."""
    is_listening: dict[str, Any] = {"enum": [CONNECTION, [CONNECTION]]}
    schema["not"] = {"propertyNames": {"enum": ["on", "when", "times"]}}  # something happens
    schema["if"] = {
        "required": ["on"],
        "properties": {"on": {"anyOf": [is_listening, {"type": "array", "contains": {"const": CONNECTION}}]}},
    }
    schema["then"] = {
        "properties": {"on": is_listening},
        "propertyNames": {"enum": ["on", "times", *LISTENERS]},
        "oneOf": [{"required": [name]} for name in LISTENERS],
    }
    schema["else"] = {"propertyNames": {"not": {"enum": list(LISTENERS)}}}
    exclusive = {name: _rivals(name) for name in KINDS if name not in LISTENERS and _rivals(name)}
    schema["dependentSchemas"] = {
        **{name: {"propertyNames": {"not": {"enum": rivals}}} for name, rivals in exclusive.items()},
        **{NAMES[kind]: {"properties": {"on": one_or_more_of(fitting)}} for kind, fitting in ONLY_ON.items()},
    }
    schema["allOf"] = [
        _if_so({"redirect": _TO_STORAGE}, {"properties": {"on": one_or_more_of(DOWNLOADS)}}),
        *(_if_so({name: _BODILY if name == "edit" else {}}, _NO_FILE) for name in OF_NO_FILE),
    ]


def _rivals(name: str) -> list[str]:
    """The kinds that a fault with the kind *name* cannot have too."""
    if name in {"huge", "gzip"}:
        return ["gzip" if name == "huge" else "huge"]
    stage = KINDS[name].stage
    return [other for other, kind in KINDS.items() if kind.stage is stage is not Stage.CHANGE and other != name]


def one_or_more_of(targets: tuple[str, ...]) -> dict[str, Any]:
    one = {"enum": list(targets)}
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_TARGETS}]}


def _if_so(members: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    return {"if": {"required": list(members), "properties": members}, "then": then}


_TO_STORAGE = {
    "anyOf": [{"const": "storage"}, {"type": "object", "required": ["to"], "properties": {"to": {"const": "storage"}}}]
}
_BODILY = {  # an edit of a body
    "anyOf": [
        {"required": ["set"], "properties": {"set": {"minProperties": 1}}},
        {"required": ["remove"], "properties": {"remove": {"minItems": 1}}},
    ]
}
_NO_FILE = {
    "anyOf": [
        {"properties": {"on": {"not": one_or_more_of(DOWNLOADS)}}},
        *({"required": [name]} for name in FILELESS),
    ]
}
