"""The one shape of a fault: in a scenario file, and in a body of the admin API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model, model_validator

from screenplay_mock.core.fault_kinds import KINDS, Drip, Kind, Meanwhile, Range, Redirect, Stage, Zip
from screenplay_mock.core.faults import ANY, CONNECTION, NAMES, OPERATIONS, Fault, When
from screenplay_mock.scenarios.counting import can_hold
from screenplay_mock.scenarios.errors import shown, way_out
from screenplay_mock.scenarios.forms import Duration, Form, from_form, key, wrong_at
from screenplay_mock.scenarios.made_forms import form_of, in_one_line, short_form_of, size_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

ALWAYS = "always"
MOST_TIMES = 1_000_000
MOST_TARGETS = 100  # of one fault
TARGETS = (*OPERATIONS, ANY, CONNECTION)

DOWNLOADS = ("downloadTask", "downloadAsset")
#: Kinds that make sense for some operations only.
ONLY_ON: dict[type[Kind], tuple[str, ...]] = {
    Meanwhile: ("getTask", "cancelTask", "downloadTask"),
    Zip: ("downloadTask",),
    Range: DOWNLOADS,
}
#: Members of kinds that are read in another way than their type says.
READ_AS: dict[type[Kind], dict[str, Any]] = {
    Drip: {"bytes": size_from(1)},
    Redirect: {"code": Annotated[int, Field(ge=300, le=399)]},
}
LISTENERS = tuple(name for name, kind in KINDS.items() if kind.stage is Stage.CONNECTION)
#: What a fault of the listener has no use for: it is there from the start, before there are calls.
NO_CALLS = ("when", "latency")


def rivals(name: str) -> tuple[str, ...]:
    """The kinds that a fault with the kind *name* cannot have too."""
    stage = KINDS[name].stage
    same = (other for other, kind in KINDS.items() if kind.stage is stage and other != name)
    return () if stage is Stage.CHANGE else tuple(same)


def _objections(on: tuple[str, ...], given: set[str]) -> Iterator[tuple[str, str]]:
    """(key, what is wrong with it), for a fault on these operations with these keys."""
    kinds = [name for name in KINDS if name in given]
    if not kinds and "latency" not in given:
        yield "on", f"nothing happens; add latency, or one of: {', '.join(KINDS)}"
    yield from _objections_of_the_listener(on, given)
    for name in kinds:
        for other in rivals(name):
            if other in given:
                yield other, f"excludes {name}: each decides {KINDS[name].stage.value}; keep one"
        fitting = ONLY_ON.get(KINDS[name], on)
        if not set(on) <= set(fitting):
            yield name, f"goes with on: {', '.join(fitting)} only"


def _objections_of_the_listener(on: tuple[str, ...], given: set[str]) -> Iterator[tuple[str, str]]:
    listening = next((name for name in LISTENERS if name in given), None)
    if listening is None:
        if CONNECTION in on:
            yield "on", f"{CONNECTION} is for one of {', '.join(LISTENERS)}"
        return
    if on != (CONNECTION,):
        yield listening, f"goes with on: {CONNECTION} only"
    for name in (*KINDS, *NO_CALLS):
        if name in given and name != listening:
            yield name, f"cannot stand beside {listening}, which strikes before there is a call; remove one"


def _with_the_objections(schema: dict[str, Any]) -> None:
    """Says in JSON Schema what `_objections` says."""
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
    exclusive = (name for name in KINDS if name not in LISTENERS and rivals(name))
    schema["dependentSchemas"] = {
        **{name: {"propertyNames": {"not": {"enum": list(rivals(name))}}} for name in exclusive},
        **{NAMES[kind]: {"properties": {"on": _one_or_more_of(fitting)}} for kind, fitting in ONLY_ON.items()},
    }


def _one_or_more_of(targets: tuple[str, ...]) -> dict[str, Any]:
    one = {"enum": list(targets)}
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_TARGETS}]}


def _listed(value: object) -> object:
    if value == []:
        raise ValueError(f"names no operation; there are: {', '.join(TARGETS)}")
    return value if isinstance(value, list) else [value]


def _target(value: object) -> object:
    if value not in TARGETS:
        raise ValueError(f"{shown(value)} is no operation; {way_out(str(value), TARGETS)}")
    return value


def _times(value: object) -> int | None:
    if value == ALWAYS:
        return None
    if type(value) is not int or not 1 <= value <= MOST_TIMES:
        raise ValueError(
            f"{shown(value)} is not a number of times; write a whole number from 1 to {MOST_TIMES}, or {ALWAYS!r}"
        )
    return value


def _some_call(when: When) -> When:
    if not can_hold(exactly=when.call, first=when.first, since=when.from_call, every=when.every):
        raise ValueError("strikes no call: call, first, from_call and every leave no number")
    return when


class _Fault(Form):
    model_config = ConfigDict(json_schema_extra=_with_the_objections)

    on: Annotated[
        tuple[Annotated[str, BeforeValidator(_target)], ...],
        Field(strict=False, max_length=MOST_TARGETS),
        BeforeValidator(_listed),
        WithJsonSchema(_one_or_more_of(TARGETS)),
    ] = Field(description="An operation id, a list of them, any, or connection: the listener.")
    when: Annotated[
        form_of(When),  # type: ignore[valid-type] # made of a core class
        AfterValidator(from_form),
        AfterValidator(_some_call),
    ] = key("Which calls are struck; several conditions hold together.")
    times: Annotated[
        int | None,
        BeforeValidator(_times),
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST_TIMES}, {"const": ALWAYS}]}),
    ] = key("How often it strikes at most. Unless given: once, or always if when counts calls.")
    latency: Duration = key("Real time that passes first.")

    @model_validator(mode="after")
    def _sound(self) -> Self:
        objection = next(_objections(self.on, self.model_fields_set), None)
        if objection:
            raise wrong_at(*objection)
        redirect = self.given().get("redirect")
        if isinstance(redirect, Redirect) and redirect.to == "storage" and not set(self.on) <= set(DOWNLOADS):
            raise wrong_at("redirect", f"to: storage goes with on: {', '.join(DOWNLOADS)} only")
        return self

    def value(self) -> Fault:
        given = self.given()
        when = given.get("when", When())
        times = given.get("times", None if when.is_counting or CONNECTION in self.on else 1)
        kinds = tuple(given[name] for name in KINDS if name in given)
        return Fault(self.on, when, times, given.get("latency"), kinds)


_KINDS: dict[str, Any] = {
    name: (short_form_of(kind, **READ_AS.get(kind, {})), key(in_one_line(kind.__doc__))) for name, kind in KINDS.items()
}
FaultFile = create_model(
    "Fault",
    __base__=_Fault,
    __doc__="What strikes which exchange, and when. Its kinds are keys: one for each stage, any number of changes.",
    **_KINDS,
)
