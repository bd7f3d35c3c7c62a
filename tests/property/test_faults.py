"""What holds for any fault and any row of calls."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from screenplay_mock.core.fault_kinds import Count, Share
from screenplay_mock.core.faults import ANY, CONNECTION, OPERATIONS, Fault, When, matches, scope, strike_draw, strikes

NUMBERS = st.none() | st.integers(1, 12).map(Count)
WHENS = st.builds(
    When,
    call=NUMBERS,
    first=NUMBERS,
    from_call=NUMBERS,
    every=NUMBERS,
    probability=st.none() | st.floats(0, 1).map(Share),
    count=st.sampled_from(["task", "sandbox"]),
)
FAULTS = st.builds(
    Fault,
    st.lists(st.sampled_from([*OPERATIONS, ANY]), min_size=1, max_size=3).map(tuple),
    WHENS,
    st.none() | st.integers(1, 5),
)
DRAWS = st.lists(st.floats(0, 1, exclude_max=True), min_size=24, max_size=24)


def struck(fault: Fault, draws: list[float]) -> list[int]:
    """The numbers of the calls that *fault* strikes, of as many as there are *draws*."""
    found: list[int] = []
    for number, draw in enumerate(draws, start=1):
        if strikes(fault, number=number, struck=len(found), draw=draw):
            found.append(number)
    return found


@given(FAULTS, DRAWS)
def test_a_fault_strikes_no_more_often_than_it_may_and_the_earliest_calls(fault: Fault, draws: list[float]) -> None:
    unbounded = struck(replace(fault, times=None), draws)
    assert struck(fault, draws) == unbounded[: fault.times]


@given(FAULTS, DRAWS)
def test_what_is_struck_meets_every_condition_and_what_is_not_misses_one(fault: Fault, draws: list[float]) -> None:
    when = fault.when
    met = [
        number
        for number, draw in enumerate(draws, start=1)
        if number == (when.call or number)
        and (when.from_call or 1) <= number <= (when.first or number)
        and number in range(0, 25, when.every or 1)
        and (when.probability is None or draw < when.probability)
    ]
    assert struck(replace(fault, times=None), draws) == met


@given(FAULTS, DRAWS, st.sampled_from(["call", "first", "from_call", "every", "probability"]))
def test_one_condition_less_strikes_no_call_less(fault: Fault, draws: list[float], condition: str) -> None:
    fewer = replace(fault, times=None, when=replace(fault.when, **{condition: None}))
    assert set(struck(replace(fault, times=None), draws)) <= set(struck(fewer, draws))


@given(FAULTS, st.sampled_from(OPERATIONS))
def test_a_fault_on_any_operation_matches_each_but_never_the_listener(fault: Fault, operation: str) -> None:
    assert matches(replace(fault, on=(ANY,)), operation)
    assert matches(fault, operation) == (operation in fault.on or ANY in fault.on)
    assert not matches(fault, CONNECTION)


@given(FAULTS, st.text(min_size=1), st.text(min_size=1))
def test_calls_about_two_tasks_are_counted_together_in_a_sandbox_alone(fault: Fault, one: str, other: str) -> None:
    assume(one != other)
    assert (scope(fault, one) == scope(fault, other)) == (fault.when.count == "sandbox")


@given(st.integers(), st.text(), st.text(), st.text(), st.integers(1))
def test_a_draw_is_from_zero_to_below_one_and_the_same_again(
    seed: int, key: str, fault_id: str, where: str, number: int
) -> None:
    draw = strike_draw(seed, key, fault_id, where, number)
    assert 0 <= draw < 1
    assert draw == strike_draw(seed, key, fault_id, where, number)


@given(st.integers())
def test_draws_are_spread_over_their_range(seed: int) -> None:
    drawn = sorted(strike_draw(seed, "key", "fault", "task", number) for number in range(1, 401))
    assert all(abs(draw - place / 400) < 0.13 for place, draw in enumerate(drawn))
