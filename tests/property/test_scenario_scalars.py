"""Single values of a scenario file read back from their texts; any text at all is read or told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screenplay_mock.core.plan import LONGEST
from screenplay_mock.scenarios import ScenarioError, names, text
from screenplay_mock.scenarios.counting import can_hold
from screenplay_mock.scenarios.scalars import (
    LARGEST_SIZE,
    RICHEST,
    dollars_text,
    duration_text,
    micro_dollars,
    milliseconds,
    size,
    size_text,
)
from screenplay_mock.scenarios.yaml_source import read
from screenplay_mock.scenarios.yaml_text import written

SPANS = st.integers(0, LONGEST)
SIZES = st.integers(0, LARGEST_SIZE)
MICROS = st.integers(0, RICHEST * 10**6)
NUMBERS = st.integers(1, 12)  # small, so that conditions on them meet
# what YAML can hold, if only as an escape
CHARACTERS = st.characters(exclude_categories=["Cs"])


@given(SPANS)
def test_a_duration_reads_back_from_its_text(whole: int) -> None:
    assert milliseconds(duration_text(whole)) == whole


@given(SIZES)
def test_a_size_reads_back_from_its_text_and_from_its_number(whole: int) -> None:
    assert size(size_text(whole)) == size(whole) == whole


@given(MICROS)
def test_an_amount_reads_back_from_its_text_and_from_its_number(micros: int) -> None:
    assert micro_dollars(dollars_text(micros)) == micros
    assert micro_dollars(micros / 10**6) == micros


@given(st.fixed_dictionaries({name: st.none() | NUMBERS for name in ("exactly", "first", "since", "every")}))
def test_conditions_on_a_number_are_refused_when_no_number_meets_them(conditions: dict[str, int | None]) -> None:
    assert can_hold(**conditions) == any(
        number == (conditions["exactly"] or number)
        and number <= (conditions["first"] or number)
        and number >= (conditions["since"] or 1)
        and number % (conditions["every"] or 1) == 0
        for number in range(1, 25)
    )


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**17), 10**17)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(CHARACTERS)
        | st.sampled_from(["on", "~", "1e3", "0x1f", "010", "-", "a: b", "# a", ".5", "+1", "\x85", "\u2028"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(CHARACTERS), inner, max_size=3),
        max_leaves=8,
    )
)
def test_written_data_reads_back_as_the_same(data: object) -> None:
    document = read(written(data).encode(), "x.yaml")
    assert (document.data, document.flaws) == (data, ())


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A built-in file with a stretch of it replaced."""
    raw = text(draw(st.sampled_from(names()))).encode()
    start = draw(st.integers(0, len(raw)))
    end = draw(st.integers(start, min(len(raw), start + 5)))
    return raw[:start] + draw(st.text("[]{}*&!|>'\"%@`-?:,#\n\t\x85\u2028 as0").map(str.encode)) + raw[end:]


@given(damaged() | st.binary())
def test_any_bytes_are_read_or_told_with_a_place(raw: bytes) -> None:
    try:
        document = read(raw, "x.yaml")
    except ScenarioError as error:
        problems = error.problems
    else:
        assert () in document.values
        problems = document.flaws
    assert all(problem.line and problem.column for problem in problems)
