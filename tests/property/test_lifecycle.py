"""The life of a task holds its promises under any sequence of events, at any instant."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screenplay_mock.core.lifecycle import (
    TERMINAL,
    TOLD,
    TRANSITIONS,
    CallWebhook,
    Cancelled,
    Completed,
    Effect,
    Event,
    Failed,
    IllegalTransition,
    Progressed,
    Started,
    Status,
    Task,
    step,
)

quick = settings(max_examples=150, deadline=None)

times = st.integers(0, 10**6)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Started, times),
    st.builds(Progressed, times, st.integers(-1, 8)),
    st.builds(Completed, times),
    st.builds(Failed, times, st.text(), st.text()),
    st.builds(Cancelled, times),
)
tasks = st.builds(Task, st.just("t1"), st.integers(1, 6))


def lived(task: Task, happening: list[Event]) -> list[tuple[Task, Event | None, tuple[Effect, ...]]]:
    """Every state of *task* while what can happen of *happening* happens, with what led to it."""
    life: list[tuple[Task, Event | None, tuple[Effect, ...]]] = [(task, None, ())]
    for event in happening:
        try:
            task, effects = step(task, event)
        except IllegalTransition:
            continue
        life.append((task, event, effects))
    return life


def test_every_status_has_a_row_and_every_event_a_use() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert {event for row in TRANSITIONS.values() for event in row} == {
        Started,
        Progressed,
        Completed,
        Failed,
        Cancelled,
    }


def test_the_ends_are_three_and_two_of_them_are_told() -> None:
    assert {Status.COMPLETED, Status.FAILED, Status.CANCELLED} == TERMINAL
    assert {Status.COMPLETED, Status.FAILED} == TOLD


def test_no_task_ever_goes_back_to_pending() -> None:
    assert all(Status.PENDING not in row.values() for row in TRANSITIONS.values())


def test_only_pending_and_running_tasks_can_be_cancelled() -> None:
    assert {status for status, row in TRANSITIONS.items() if Cancelled in row} == {Status.PENDING, Status.RUNNING}


@quick
@given(tasks, st.lists(events, max_size=15))
def test_every_change_of_status_is_a_row_of_the_table(task: Task, happening: list[Event]) -> None:
    life = lived(task, happening)
    for (before, _, _), (after, event, _) in pairwise(life):
        assert TRANSITIONS[before.status][type(event)] is after.status  # type: ignore[index]
        assert (after.id, after.total_episodes) == (before.id, before.total_episodes)


@quick
@given(tasks, st.lists(events, max_size=15))
def test_progress_is_never_complete_while_running_and_never_goes_back(task: Task, happening: list[Event]) -> None:
    done = 0
    for state, _, _ in lived(task, happening):
        assert state.completed_episodes >= done
        done = state.completed_episodes
        if state.status is Status.RUNNING:
            assert done < state.total_episodes
        if state.status is Status.PENDING:
            assert done == 0
        if state.status is Status.COMPLETED:
            assert done == state.total_episodes


@quick
@given(tasks, st.lists(events, max_size=15))
def test_a_webhook_is_called_at_most_once_and_exactly_for_an_end_that_is_told(
    task: Task, happening: list[Event]
) -> None:
    life = lived(task, happening)
    caused = [effect for _, _, effects in life for effect in effects]
    last = life[-1][0]
    assert caused == ([CallWebhook(last)] if last.status in TOLD else [])


@quick
@given(tasks, st.lists(events, max_size=15), events)
def test_nothing_can_happen_to_a_task_that_has_ended(task: Task, happening: list[Event], event: Event) -> None:
    last = lived(task, happening)[-1][0]
    if last.status in TERMINAL:
        with pytest.raises(IllegalTransition, match="it has ended"):
            step(last, event)


@quick
@given(tasks, st.lists(events, max_size=15))
def test_an_end_has_a_time_and_a_failure_its_error_and_nothing_else_has(task: Task, happening: list[Event]) -> None:
    for state, event, _ in lived(task, happening):
        ended = state.status in TERMINAL
        assert state.ended_at == (event.at if ended and event is not None else None)
        wrong = (event.error_code, event.error_message) if isinstance(event, Failed) else (None, None)
        assert (state.error_code, state.error_message) == wrong


@quick
@given(st.integers(1, 6), st.integers(0, 6), st.integers(-1, 8))
def test_progress_only_ever_grows_by_what_is_left(total: int, done: int, reported: int) -> None:
    running = Task("t1", total, Status.RUNNING, min(done, total - 1))
    if running.completed_episodes < reported < total:
        assert step(running, Progressed(1, reported))[0].completed_episodes == reported
    else:
        with pytest.raises(IllegalTransition):
            step(running, Progressed(1, reported))


@pytest.mark.parametrize(
    ("status", "event", "message"),
    [
        (
            Status.COMPLETED,
            Cancelled(9),
            "task 't1' is completed, so Cancelled cannot happen; it has ended",
        ),
        (
            Status.PENDING,
            Progressed(9, 1),
            "task 't1' is pending, so Progressed cannot happen; what can: Started, Completed, Failed, Cancelled",
        ),
        (
            Status.RUNNING,
            Started(9),
            "task 't1' is running, so Started cannot happen; what can: Progressed, Completed, Failed, Cancelled",
        ),
    ],
)
def test_a_refused_event_says_what_is_the_matter_and_the_way_out(status: Status, event: Event, message: str) -> None:
    task = Task("t1", 3, status)
    with pytest.raises(IllegalTransition) as caught:
        step(task, event)
    assert str(caught.value) == message
    assert (caught.value.task, caught.value.event) == (task, event)
