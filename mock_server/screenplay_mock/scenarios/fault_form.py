"""The one shape of a fault: in a scenario file, and in a body of the admin API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, create_model, model_validator

from screenplay_mock.core.fault_kinds import KINDS, Kind, Meanwhile, Range, Stage, Zip
from screenplay_mock.core.faults import ANY, CONNECTION, NAMES, OPERATIONS, Fault, When
from screenplay_mock.scenarios.errors import shown, way_out
from screenplay_mock.scenarios.forms import Duration, Form, from_form
from screenplay_mock.scenarios.made_forms import form_of, short_form_of

if TYPE_CHECKING:
    from typing import Self

ALWAYS = "always"
TARGETS = (*OPERATIONS, ANY, CONNECTION)

#: Kinds that make sense for some operations only.
ONLY_ON: dict[type[Kind], tuple[str, ...]] = {
    Meanwhile: ("getTask", "cancelTask", "downloadTask"),
    Zip: ("downloadTask",),
    Range: ("downloadTask", "downloadAsset"),
}


def _targets(value: object) -> tuple[str, ...]:
    targets = value if isinstance(value, list) else [value]
    for target in targets:
        if target not in TARGETS:
            raise ValueError(f"{shown(target)} is no operation; {way_out(str(target), TARGETS)}")
    if not targets:
        raise ValueError(f"names no operation; there are: {', '.join(TARGETS)}")
    return tuple(targets)


def _times(value: object) -> int | None:
    if value == ALWAYS:
        return None
    if type(value) is not int or not 1 <= value <= 1_000_000:
        raise ValueError(f"{shown(value)} is not a number of times; write a whole number from 1 up, or 'always'")
    return value


_NAMED = {"enum": list(TARGETS)}


class _Fault(Form):
    on: Annotated[
        tuple[str, ...],
        BeforeValidator(_targets),
        WithJsonSchema({"anyOf": [_NAMED, {"type": "array", "items": _NAMED, "minItems": 1}]}),
    ] = Field(description="An operation id, a list of them, any, or connection: the listener.")
    when: Annotated[form_of(When), AfterValidator(from_form)] = Field(  # type: ignore[valid-type]
        default_factory=lambda: When(), description="Which calls are struck; several conditions hold together."
    )
    times: Annotated[
        int | None,
        BeforeValidator(_times),
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": ALWAYS}]}),
    ] = Field(
        default_factory=lambda: None,
        description="How often it strikes at most. Unless given: once, or always if when counts calls.",
    )
    latency: Duration = Field(default_factory=lambda: None, description="Real time that passes first.")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        kinds = self.kinds()
        if not kinds and "latency" not in self.model_fields_set:
            raise ValueError(f"says nothing that happens; add latency, or one of: {', '.join(KINDS)}")
        for stage in Stage:
            rivals = [NAMES[type(kind)] for kind in kinds if kind.stage is stage]
            if len(rivals) > 1 and stage is not Stage.CHANGE:
                raise ValueError(f"{' and '.join(rivals)} exclude each other: each says {stage.value}; keep one")
        listening = [kind for kind in kinds if kind.stage is Stage.CONNECTION]
        if (CONNECTION in self.on) != bool(listening) or (listening and (len(kinds) > 1 or self.on != (CONNECTION,))):
            names = [NAMES[kind] for kind in KINDS.values() if kind.stage is Stage.CONNECTION]
            raise ValueError(
                f"on: {CONNECTION} goes with exactly one of {', '.join(names)}, and they with nothing else"
            )
        for kind in kinds:
            wrong = set(self.on) - set(ONLY_ON.get(type(kind), self.on))
            if wrong:
                raise ValueError(f"{NAMES[type(kind)]} goes with on: {', '.join(ONLY_ON[type(kind)])} only")
        return self

    def kinds(self) -> tuple[Kind, ...]:
        return tuple(getattr(self, name) for name in KINDS if name in self.model_fields_set)

    def value(self) -> Fault:
        given = self.given()
        when = given.get("when", When())
        times = given.get("times", None if when.is_counting or CONNECTION in self.on else 1)
        return Fault(self.on, when, times, given.get("latency"), self.kinds())


FaultFile = create_model(
    "Fault",
    __base__=_Fault,
    __doc__="What strikes which exchange, and when. Its kinds are keys: one for each stage, any number of changes.",
    **{
        name: (short_form_of(kind), Field(default_factory=lambda: None, description=kind.stage.value))
        for name, kind in KINDS.items()
    },
)
