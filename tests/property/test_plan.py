"""A plan is a whole life, drawn once; what comes in from outside bends it and breaks no rule."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from screenplay_mock.core.lifecycle import (
    TERMINAL,
    TOLD,
    TRANSITIONS,
    CallWebhook,
    Cancelled,
    Completed,
    Event,
    Failed,
    IllegalTransition,
    Progressed,
    Started,
    Status,
    Task,
    step,
)
from screenplay_mock.core.plan import (
    LONGEST,
    Episode,
    Record,
    drawn,
    happened,
    past,
    plan,
    planned,
    task_at,
)
from screenplay_mock.core.scenario import (
    Cancels,
    Completes,
    Duration,
    Fails,
    Fixed,
    Lognormal,
    Outcome,
    Stuck,
    TaskLife,
    Uniform,
)
from screenplay_mock.core.submission import Options

quick = settings(max_examples=100, deadline=None)

CREATED = 1_773_396_000_000
HORIZON = 10**7  # milliseconds; longer than most of the drawn lives

spans = st.one_of(st.integers(0, 50), st.integers(0, 10**6))
durations: st.SearchStrategy[Duration] = st.one_of(
    st.builds(Fixed, spans),
    st.tuples(spans, spans).map(lambda pair: Uniform(min(pair), max(pair))),
    st.builds(Lognormal, spans, st.floats(0, 10)),
)
outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.just(Completes()),
    st.builds(Fails, st.text(min_size=1), st.text(), st.floats(0, 1)),
    st.just(Stuck()),
    st.just(Cancels()),
)
lives = st.builds(TaskLife, durations, st.none() | durations, durations, outcomes)
lengths = st.lists(st.integers(0, 299_999), min_size=1, max_size=8)
seeds = st.integers(0, 2**64 - 1)
instants = st.integers(-10, HORIZON)
kinds = st.sampled_from([Started, Completed, Failed, Cancelled])


def record_of(life: TaskLife, of_episodes: list[int], seed: int) -> Record:
    episodes = tuple(Episode(str(number), f"re_{number}", of) for number, of in enumerate(of_episodes, start=1))
    plot = plan(life, of_episodes, CREATED, seed)
    return Record("ros-1", "r1", "short_drama", CREATED, episodes, Options(), seed, plot)


records = st.builds(record_of, lives, lengths, seeds)


def event_of(kind: type[Event], at: int) -> Event:
    return Failed(at, "E", "because") if kind is Failed else kind(at)  # type: ignore[call-arg]


def told(record: Record) -> list[CallWebhook]:
    """The effects of the whole life of *record*."""
    task, caused = Task(record.id, len(record.episodes)), []
    for event in record.events:
        task, effects = step(task, event)
        caused += effects
    return caused


@quick
@given(durations, seeds)
def test_a_drawn_duration_is_a_whole_number_never_negative_and_bounded(duration: Duration, seed: int) -> None:
    milliseconds = drawn(duration, seed)
    assert type(milliseconds) is int
    assert 0 <= milliseconds <= LONGEST
    match duration:
        case Fixed(fixed):
            assert milliseconds == fixed
        case Uniform(low, high):
            assert low <= milliseconds <= high
    assert drawn(duration, seed) == milliseconds


def test_a_wide_lognormal_stops_at_the_longest_duration() -> None:
    assert max(drawn(Lognormal(LONGEST, 10), seed) for seed in range(20)) == LONGEST


def test_a_uniform_duration_reaches_both_of_its_ends() -> None:
    assert {drawn(Uniform(1, 3), seed) for seed in range(50)} == {1, 2, 3}


def test_half_of_the_lognormal_durations_are_shorter_than_the_median() -> None:
    shorter = sum(drawn(Lognormal(10_000, 1), seed) < 10_000 for seed in range(1_000))
    assert 400 < shorter < 600


@quick
@given(lives, lengths, seeds)
def test_the_same_seed_gives_the_same_life(life: TaskLife, of_episodes: list[int], seed: int) -> None:
    assert plan(life, of_episodes, CREATED, seed) == plan(life, of_episodes, CREATED, seed)


def test_another_seed_gives_another_life() -> None:
    life = TaskLife(pending_for=Uniform(0, 10**9))
    assert len({plan(life, [1000], CREATED, seed) for seed in range(20)}) == 20


@quick
@given(records)
def test_a_plan_is_in_order_legal_and_ends_as_the_scenario_says(record: Record) -> None:
    assert isinstance(record.events[0], Started)
    assert all(left.at <= right.at for left, right in pairwise(record.events))
    assert record.events[0].at >= record.created_at
    # a stuck task starts, and that is all; one that the vendor cancels is told to nobody
    assert len(told(record)) == (0 if isinstance(record.events[-1], Started | Cancelled) else 1)
    numbers = [event.completed_episodes for event in record.events if isinstance(event, Progressed)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) < len(record.episodes)


@quick
@given(lives, lengths, seeds)
def test_a_task_that_completes_reports_every_episode_but_the_last(
    life: TaskLife, of_episodes: list[int], seed: int
) -> None:
    plot = plan(replace(life, outcome=Completes()), of_episodes, CREATED, seed)
    assert [type(event) for event in plot] == [Started, *[Progressed] * (len(of_episodes) - 1), Completed]


@quick
@given(lives, lengths, seeds)
def test_a_task_that_the_vendor_cancels_is_cancelled_where_it_would_have_completed(
    life: TaskLife, of_episodes: list[int], seed: int
) -> None:
    completed = plan(replace(life, outcome=Completes()), of_episodes, CREATED, seed)
    cancelled = plan(replace(life, outcome=Cancels()), of_episodes, CREATED, seed)
    assert cancelled == (*completed[:-1], Cancelled(completed[-1].at))


@quick
@given(lives, lengths, seeds, st.floats(0, 1))
def test_a_failure_comes_at_its_fraction_of_the_work(
    life: TaskLife, of_episodes: list[int], seed: int, after: float
) -> None:
    whole = plan(replace(life, outcome=Completes()), of_episodes, CREATED, seed)
    start, end = whole[0].at, whole[-1].at
    *before, failed = plan(replace(life, outcome=Fails("E", "because", after)), of_episodes, CREATED, seed)
    assert failed == Failed(start + round((end - start) * after), "E", "because")
    assert tuple(before) == tuple(event for event in whole[:-1] if event is whole[0] or event.at < failed.at)


@quick
@given(lives, lengths, seeds, instants)
def test_a_stuck_task_never_ends(life: TaskLife, of_episodes: list[int], seed: int, after: int) -> None:
    record = record_of(replace(life, outcome=Stuck()), of_episodes, seed)
    task = task_at(record, CREATED + after)
    assert task.status in {Status.PENDING, Status.RUNNING}
    assert task_at(record, CREATED + LONGEST * 2).status is Status.RUNNING


@quick
@given(st.integers(0, 10**6), lengths, seeds)
def test_the_work_of_a_whole_task_is_shared_by_the_length_of_the_episodes(
    whole: int, of_episodes: list[int], seed: int
) -> None:
    plot = plan(TaskLife(Fixed(0), running_for=Fixed(whole)), of_episodes, CREATED, seed)
    total, passed = sum(of_episodes) or 1, 0
    for event, of in zip(plot[1:], of_episodes, strict=True):
        passed += of
        assert event.at == CREATED + whole * passed // total


@quick
@given(records, instants, instants)
def test_time_alone_moves_a_task_only_forward(record: Record, one: int, other: int) -> None:
    before, after = (task_at(record, CREATED + at) for at in sorted((one, other)))
    assert before.completed_episodes <= after.completed_episodes
    if before.status in TERMINAL:
        assert after == before
    if before.status is Status.RUNNING:
        assert after.status is not Status.PENDING


@quick
@given(records, instants)
def test_past_and_planned_part_the_events_at_the_instant(record: Record, after: int) -> None:
    now = CREATED + after
    assert past(record, now) + planned(record, now) == record.events
    assert all(event.at <= now for event in past(record, now))
    assert all(event.at > now for event in planned(record, now))


@quick
@given(records, st.lists(st.tuples(st.integers(0, HORIZON // 4), kinds), max_size=6))
def test_what_comes_from_outside_follows_the_table_and_calls_at_most_one_webhook(
    record: Record, forced: list[tuple[int, type[Event]]]
) -> None:
    now = CREATED
    for passing, kind in forced:
        now += passing
        before, event = task_at(record, now), event_of(kind, now)
        if kind not in TRANSITIONS[before.status]:
            with pytest.raises(IllegalTransition):
                happened(record, event)
            continue
        after = happened(record, event)
        assert after.events[: len(past(record, now)) + 1] == (*past(record, now), event)
        if kind is not Started:  # work that takes no time is over as soon as it starts
            assert task_at(after, now) == step(before, event)[0]
        record = after
    assert len(told(record)) <= 1


@quick
@given(records, instants, kinds)
def test_an_event_from_outside_drops_the_rest_of_the_plan_and_a_start_keeps_it_shifted(
    record: Record, after: int, kind: type[Event]
) -> None:
    now = CREATED + max(0, after)
    assume(kind in TRANSITIONS[task_at(record, now).status])
    changed = happened(record, event_of(kind, now))
    if kind is not Started:
        assert planned(changed, now) == ()
        assert (task_at(changed, now).status in TOLD) == (len(told(changed)) == 1)
        return
    first, *later = planned(record, now)
    kept = changed.events[len(past(record, now)) + 1 :]
    assert kept == tuple(replace(event, at=event.at - first.at + now) for event in later)


@quick
@given(records, instants, instants)
def test_a_cancelled_task_stays_cancelled_and_tells_nobody(record: Record, after: int, later: int) -> None:
    now = CREATED + max(0, after)
    assume(task_at(record, now).status not in TERMINAL)
    cancelled = happened(record, Cancelled(now))
    assert task_at(cancelled, now + max(0, later)).status is Status.CANCELLED
    assert told(cancelled) == []


@quick
@given(records)
def test_a_record_knows_its_length_and_its_last_event(record: Record) -> None:
    assert record.total_duration == sum(episode.duration for episode in record.episodes)
    assert record.last_event_at == record.events[-1].at
