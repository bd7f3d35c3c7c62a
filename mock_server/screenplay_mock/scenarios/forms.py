"""What the mappings of a scenario file have in common, and the values that come in several forms."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import InitErrorDetails, PydanticCustomError, core_schema
from typing_extensions import TypeAliasType

from screenplay_mock.core.scenario import Fixed, Lognormal, Uniform
from screenplay_mock.scenarios import scalars
from screenplay_mock.scenarios.errors import nearest, shown


class Form(BaseModel):
    """A mapping of the file. A key that is not given has no value here: the defaults are those of the core."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    def given(self) -> dict[str, Any]:
        """What the file says, by key, as values of the core."""
        members = {name: getattr(self, name) for name in self.model_fields_set}
        return {name: part.value() if isinstance(part, Form) else part for name, part in members.items()}

    @abstractmethod
    def value(self) -> Any:
        """The value of the core that the mapping stands for."""


def key(description: str) -> Any:
    """A key that need not be given."""
    return Field(default_factory=lambda: None, description=description)


def from_form(form: Form) -> Any:
    return form.value()


def wrong_at(*found: tuple[str, str]) -> ValidationError:
    """What a validator of a whole mapping raises when single keys of it are wrong: each with what is wrong with it."""
    errors = (
        PydanticCustomError("wrong_key", "{message}", {"message": message, "at": name}) for name, message in found
    )
    return ValidationError.from_exception_data("", [InitErrorDetails(type=one, input=None) for one in errors])


class OneOf:
    """Tells whoever leaves out a key what it may be: one of *allowed*."""

    def __init__(self, *allowed: str | int) -> None:
        self.allowed = allowed


class Exactly(OneOf):
    """One of *allowed*; types count (True is not 1), and the error names the nearest value."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.checked)

    def __get_pydantic_json_schema__(
        self, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"enum": list(self.allowed)}

    def checked(self, value: object) -> object:
        if any(type(value) is type(each) and value == each for each in self.allowed):
            return value
        words = {str(each).lower(): shown(each) for each in self.allowed}
        near = nearest(str(value).lower(), words) if isinstance(value, str | int) else None
        hint = f"; did you mean {words[near]}?" if near else ""
        raise ValueError(f"{shown(value)} is not one of {', '.join(map(shown, self.allowed))}{hint}")


#: Which mapping a part of an error's location means, where a value comes in several forms.
FORMS: dict[str, type[Form]] = {}
_TAG = "form:"  # before the name of a form, so that no key of a file is taken for one
ANY = "*"  # the keyword of a mapping that is told by being one


def mapping_form(keyword: str, form: type[Form]) -> Tag:
    """Marks *form* as the mapping that has the key *keyword*."""
    FORMS[f"{_TAG}{keyword}"] = form
    return Tag(f"{_TAG}{keyword}")


def is_tag(part: str | int) -> bool:
    return isinstance(part, str) and part.startswith(_TAG)


TEXT = Tag(f"{_TAG}text")


def one_form(message: str, *keywords: str) -> Discriminator:
    """
    Tells by its only one of *keywords* which form a mapping is; text and numbers are the form `TEXT`.
    Anything else gets *message*, instead of what each form has to say against it.
    """

    def tag(value: object) -> str | None:
        if isinstance(value, dict):
            found = [each for each in keywords if each == ANY or each in value]
            return f"{_TAG}{found[0]}" if len(found) == 1 else None
        return TEXT.tag if isinstance(value, str | int | float) and not isinstance(value, bool) else None

    context: dict[str, Any] = {"keywords": list(keywords)}
    return Discriminator(
        tag,
        custom_error_type="no_form",
        custom_error_message=message,
        custom_error_context=context,
    )


Span = TypeAliasType(
    "Span",
    Annotated[
        int,
        BeforeValidator(scalars.milliseconds),
        WithJsonSchema(
            {
                "type": "string",
                "pattern": scalars.DURATION_PATTERN,
                "description": "Numbers with units: ms, s, m, h, d. At most 1000 days.",
            }
        ),
    ],
)


def _two(value: object) -> object:
    if not isinstance(value, list) or len(value) != len(("low", "high")):
        raise ValueError("needs a list of two durations, the shorter one first, such as [1s, 5s]")
    return tuple(value)


def _rising(pair: tuple[int, int]) -> tuple[int, int]:
    low, high = pair
    if low > high:
        raise ValueError("the shorter duration comes first, such as [1s, 5s]; swap them")
    return pair


class UniformDuration(Form):
    """Any duration between two, all equally likely."""

    uniform: Annotated[tuple[Span, Span], BeforeValidator(_two), AfterValidator(_rising)]

    def value(self) -> Uniform:
        return Uniform(*self.uniform)


class Spread(Form):
    """Most durations near the median, a few far longer."""

    median: Span
    sigma: Annotated[float, Field(ge=0, le=10, description="The spread of the logarithm.")]

    def value(self) -> Lognormal:
        return Lognormal(self.median, self.sigma)


class LognormalDuration(Form):
    """Durations as in life: most near the median, a few far longer."""

    lognormal: Spread

    def value(self) -> Lognormal:
        return self.lognormal.value()


Duration = TypeAliasType(
    "Duration",
    Annotated[
        Annotated[Span, AfterValidator(Fixed), TEXT]
        | Annotated[UniformDuration, AfterValidator(from_form), mapping_form("uniform", UniformDuration)]
        | Annotated[LognormalDuration, AfterValidator(from_form), mapping_form("lognormal", LognormalDuration)],
        one_form(
            "is not a duration; write one such as 20s, {uniform: [1s, 5s]} or {lognormal: {median: 20s, sigma: 0.5}}",
            "uniform",
            "lognormal",
        ),
        Field(description="A fixed duration, or one that is drawn each time."),
    ],
)


YesOrNo = Annotated[bool, Exactly(True, False)]  # noqa: FBT003 - the two values that are allowed
Portion = Annotated[
    float,
    BeforeValidator(scalars.fraction),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": scalars.PERCENT_PATTERN},
            ]
        }
    ),
]
