"""What a clock shows is a function of wall time, and it never goes back."""

from __future__ import annotations

import asyncio
import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from screenplay_mock.clock import EPOCH, FASTEST, LATEST, ClockGoesBack, Mode, SystemWall, clock
from screenplay_mock.core.wire import instant

quick = settings(max_examples=50, deadline=None)

WALL = 1_800_000_000_000
TEXTS = ("real", "x60", "x0.5", "x1.25", "manual", "poll:30s", "poll:250ms", "poll:2m", "poll:1h")


@pytest.mark.parametrize("text", ["manual", "poll:30s"])
def test_a_clock_that_stands_begins_at_the_example_of_the_vendor(text: str) -> None:
    assert instant(clock(text, WALL).now(WALL)) == "2026-03-13T10:00:00Z"
    assert clock(text, WALL).now(WALL + 10**9) == EPOCH


def test_a_real_clock_shows_the_wall() -> None:
    assert [clock("real", WALL).now(wall) for wall in (WALL, WALL + 1, WALL + 10**9)] == [WALL, WALL + 1, WALL + 10**9]


def test_a_scaled_clock_begins_at_the_wall_and_runs_at_its_speed() -> None:
    assert clock("x60", WALL).now(WALL + 1_000) == WALL + 60_000
    assert clock("x0.5", WALL).now(WALL + 1_001) == WALL + 500


@pytest.mark.parametrize("text", TEXTS)
def test_a_clock_may_begin_where_it_is_told(text: str) -> None:
    assert clock(text, WALL, 5).now(WALL) == 5


@pytest.mark.parametrize(
    ("text", "mode", "speed", "step"),
    [
        ("real", Mode.FLOWING, 1, 0),
        ("x1", Mode.FLOWING, 1, 0),
        ("x0.25", Mode.FLOWING, 0.25, 0),
        (f"x{FASTEST}", Mode.FLOWING, FASTEST, 0),
        ("manual", Mode.MANUAL, 1, 0),
        ("poll:30s", Mode.POLL, 1, 30_000),
        ("poll:1.5s", Mode.POLL, 1, 1_500),
        ("poll:1ms", Mode.POLL, 1, 1),
        ("poll:2h", Mode.POLL, 1, 7_200_000),
    ],
)
def test_a_clock_is_named_by_a_text(text: str, mode: Mode, speed: float, step: int) -> None:
    named = clock(text, WALL)
    assert (named.mode, named.speed, named.step) == (mode, speed, step)


@pytest.mark.parametrize(
    "text",
    [
        *("", "Real", " real", "real\n", "x", "x0", "x0.0", "x-1", "x1e3", "x 60", "60", "xinf", "xnan", "x1000001"),
        *("poll", "poll:", "poll:30", "poll:0s", "poll:0.4ms", "poll:-1s", "poll:30 s", "poll:30d", "poll:1e3s"),
        *("manual:1", "x\u0661", f"x{'9' * 400}", f"poll:{10**12}h", f"poll:{'9' * 400}s"),
    ],
    ids=lambda text: repr(text[:20]),
)
def test_any_other_text_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"is not one of: real, manual, xN \(such as x60.*poll:TIME \(such as poll:30s"
    ):
        clock(text, WALL)


@quick
@given(
    st.sampled_from(TEXTS)
    | st.integers(1, FASTEST).map("x{}".format)
    | st.decimals("0.000001", FASTEST, places=6).map("x{:f}".format)
    | st.tuples(st.integers(1, 10**7), st.sampled_from(["ms", "s", "m", "h"])).map("poll:{0[0]}{0[1]}".format)
)
@example(f"x{FASTEST}")
@example("x123456.7")
@example("x0.00001")
def test_a_clock_as_text_names_the_same_clock(text: str) -> None:
    named = clock(text, WALL, 5)
    assert clock(str(named), WALL, 5) == named


@pytest.mark.parametrize("text", TEXTS)
def test_a_clock_is_moved_forward_and_goes_on_from_there(text: str) -> None:
    moved = clock(text, WALL, 1_000).moved_to(5_000, WALL + 10)
    assert moved.now(WALL + 10) == 5_000
    assert moved.now(WALL + 1_010) - 5_000 == int(moved.speed * 1_000) * (moved.mode is Mode.FLOWING)


@pytest.mark.parametrize("text", TEXTS)
def test_no_clock_is_moved_back_and_each_may_be_moved_to_where_it_is(text: str) -> None:
    shown = clock(text, WALL, 1_000)
    assert shown.moved_to(1_000, WALL).now(WALL) == 1_000
    with pytest.raises(ClockGoesBack, match="no clock goes back"):
        shown.moved_to(999, WALL)


def test_a_flowing_clock_is_not_moved_back_to_where_it_was_set() -> None:
    with pytest.raises(ClockGoesBack):
        clock("real", WALL).moved_to(WALL + 9, WALL + 10)


@pytest.mark.parametrize("text", TEXTS)
def test_no_clock_is_moved_beyond_the_year_9999(text: str) -> None:
    shown = clock(text, WALL, 1_000)
    assert shown.moved_to(LATEST, WALL).now(WALL) == LATEST
    with pytest.raises(ValueError, match="9999") as caught:
        shown.moved_to(LATEST + 1, WALL)
    assert not isinstance(caught.value, ClockGoesBack)
    assert instant(LATEST).startswith("9999-12-31")


@quick
@given(st.sampled_from(TEXTS), st.lists(st.tuples(st.integers(-5, 10**6), st.integers(0, 10**6)), max_size=20))
def test_a_clock_never_goes_back_however_wall_and_hand_move_it(text: str, moves: list[tuple[int, int]]) -> None:
    shown, wall, before = clock(text, WALL), WALL, 0
    for passing, by_hand in moves:
        wall = max(WALL, wall + max(0, passing))
        now = shown.now(wall)
        assert now >= before
        shown, before = shown.moved_to(now + by_hand, wall), now + by_hand


def test_a_wall_that_goes_back_does_not_take_a_clock_with_it() -> None:
    assert clock("real", WALL).now(WALL - 1_000) == WALL


@pytest.mark.parametrize("text", ["manual", "poll:30s"])
def test_a_clock_that_stands_never_gets_anywhere_by_itself(text: str) -> None:
    assert clock(text, WALL, 1_000).wall_delay(1_001, WALL) == math.inf


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_due_already_needs_no_wall_time(text: str) -> None:
    assert [clock(text, WALL, 1_000).wall_delay(at, WALL) for at in (1_000, 0)] == [0, 0]


@quick
@given(st.floats(0.01, 1_000), st.integers(0, 10**6), st.integers(1, 10**9))
def test_a_flowing_clock_gets_there_after_its_delay_and_hardly_earlier(speed: float, passed: int, away: int) -> None:
    flowing = clock(f"x{speed:.6f}", WALL, 0)
    wall = WALL + passed
    at = flowing.now(wall) + away
    delay = flowing.wall_delay(at, wall)
    assert flowing.now(wall + math.ceil(delay) + 1) >= at
    assert flowing.now(wall + math.floor(delay) - math.ceil(1 / flowing.speed)) <= at


def test_the_system_wall_shows_this_century_and_never_goes_back() -> None:
    wall = SystemWall()
    seen = [wall.now() for _ in range(1_000)]
    assert seen == sorted(seen)
    assert 1_700_000_000_000 < seen[0] < LATEST


async def test_the_wait_of_the_system_wall_ends_with_the_event_or_with_the_time() -> None:
    event = asyncio.Event()
    await SystemWall().wait(event, 0)
    event.set()
    async with asyncio.timeout(20):
        await SystemWall().wait(event, math.inf)
