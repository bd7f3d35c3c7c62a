"""The one shape of a fault: in a scenario file, and in a body of the admin API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model, model_validator

from screenplay_mock.core.fault_kinds import KINDS, Drip, Kind, Redirect
from screenplay_mock.core.faults import ANY, CONNECTION, OPERATIONS, Fault, When
from screenplay_mock.scenarios.counting import can_hold
from screenplay_mock.scenarios.errors import shown, way_out
from screenplay_mock.scenarios.fault_objections import MOST_TARGETS, in_the_schema, objections, one_or_more_of
from screenplay_mock.scenarios.forms import Duration, Form, OneOf, from_form, key, wrong_at
from screenplay_mock.scenarios.made_forms import form_of, in_one_line, short_form_of, size_from

if TYPE_CHECKING:
    from typing import Self

ALWAYS = "always"
MOST_TIMES = 1_000_000  # beyond what a test counts; who wants more wants always
TARGETS = (*OPERATIONS, ANY, CONNECTION)

#: Members of kinds that are read in another way than their type says.
READ_AS: dict[type[Kind], dict[str, Any]] = {
    Drip: {"bytes": size_from(1)},
    Redirect: {"code": Annotated[int, Field(ge=300, le=399)]},
}


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
    model_config = ConfigDict(json_schema_extra=in_the_schema)

    on: Annotated[
        tuple[Annotated[str, BeforeValidator(_target)], ...],
        Field(strict=False, max_length=MOST_TARGETS),
        BeforeValidator(_listed),
        WithJsonSchema(one_or_more_of(TARGETS)),
        OneOf(*TARGETS),
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
        wrong = tuple(objections(self.on, self.given()))
        if wrong:
            raise wrong_at(*wrong)
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
