"""Which webhook calls a task owes, and what comes of an attempt."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screenplay_mock.core.delivery import Attempt, Delivery, attempted, owed, redelivered
from screenplay_mock.core.lifecycle import Cancelled, Completed, Event, Failed, Progressed, Started
from screenplay_mock.core.plan import Episode, Record
from screenplay_mock.core.scenario import Fixed, Uniform, WebhookRules
from screenplay_mock.core.submission import Options

DUE = Delivery("wh-1", "ros-1", 1_000, (5, 50))


def record(*events: Event) -> Record:
    episodes = (Episode("1", "re_1", 1), Episode("2", "re_2", 1))
    return Record("ros-1", "r1", "short_drama", 0, episodes, Options(), 7, events)


@pytest.mark.parametrize("end", [Completed(9), Failed(9, "E", "because")])
def test_a_planned_end_that_is_told_owes_one_delivery_after_the_delay(end: Event) -> None:
    rules = WebhookRules(delay=Fixed(30), retries=(1, 2))
    assert owed(record(Started(1), end), rules) == (Delivery("wh-ros-1", "ros-1", 39, (1, 2)),)


@pytest.mark.parametrize("events", [(Started(1),), (Started(1), Progressed(2, 1)), (Started(1), Cancelled(9))])
def test_a_stuck_and_a_cancelled_task_owe_nothing(events: tuple[Event, ...]) -> None:
    assert owed(record(*events), WebhookRules()) == ()


def test_a_drawn_delay_is_the_same_each_time_it_is_asked_for() -> None:
    rules = WebhookRules(delay=Uniform(0, 10**9))
    assert owed(record(Completed(9)), rules) == owed(record(Completed(9)), rules)
    (one,), (other,) = (owed(replace(record(Completed(9)), result_seed=seed), rules) for seed in (1, 2))
    assert one.due_at != other.due_at


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_a_2xx_settles_a_delivery(status: int) -> None:
    after = attempted(DUE, Attempt(1_000, status))
    assert after == replace(DUE, due_at=None, attempts=(Attempt(1_000, status),))


@pytest.mark.parametrize("attempt", [Attempt(1_007, status) for status in (101, 199, 300, 302, 404, 500, 503)])
def test_anything_else_is_repeated_after_the_next_wait_counted_from_the_attempt(attempt: Attempt) -> None:
    assert attempted(DUE, attempt) == replace(DUE, due_at=1_012, retries=(50,), attempts=(attempt,))


def test_no_answer_is_repeated_too() -> None:
    attempt = Attempt(1_000, error="connection refused")
    assert not attempt.succeeded
    assert attempted(DUE, attempt).due_at == 1_005


def test_after_its_last_retry_a_delivery_is_given_up() -> None:
    last = replace(DUE, retries=())
    assert attempted(last, Attempt(1_000, 500)).due_at is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 10**6), max_size=6), st.lists(st.sampled_from([204, 302, 500, None]), max_size=9))
def test_a_delivery_is_attempted_until_it_is_taken_and_at_most_once_more_than_it_has_retries(
    waits: list[int], statuses: list[int | None]
) -> None:
    delivery = Delivery("wh-1", "ros-1", 0, tuple(waits))
    for status in statuses:
        if delivery.due_at is None:
            break
        delivery = attempted(delivery, Attempt(delivery.due_at, status))
    made = delivery.attempts
    assert len(made) <= len(waits) + 1
    assert all(not attempt.succeeded for attempt in made[:-1])
    assert [attempt.at for attempt in made] == [sum(waits[:number]) for number in range(len(made))]


def test_a_redelivery_that_is_taken_settles_a_delivery() -> None:
    after = redelivered(DUE, Attempt(900, 204))
    assert after == replace(DUE, due_at=None, attempts=(Attempt(900, 204),))


def test_a_redelivery_that_is_not_taken_leaves_the_schedule_alone() -> None:
    after = redelivered(DUE, Attempt(900, 500))
    assert (after.due_at, after.retries, len(after.attempts)) == (DUE.due_at, DUE.retries, 1)


def test_a_settled_delivery_stays_settled_after_a_redelivery_that_is_not_taken() -> None:
    settled = attempted(DUE, Attempt(1_000, 204))
    assert redelivered(settled, Attempt(2_000, 500)).due_at is None
