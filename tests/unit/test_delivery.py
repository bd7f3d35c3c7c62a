"""Which webhook calls a task owes, what they say, and what comes of an attempt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screenplay_mock.core.delivery import (
    MOST_OWED,
    Attempt,
    Delivery,
    attempted,
    call_of,
    owed,
    payload,
    redelivered,
)
from screenplay_mock.core.dialect import DIALECTS, DOCUMENTED
from screenplay_mock.core.fault_kinds import Count
from screenplay_mock.core.lifecycle import Cancelled, Completed, Event, Failed, Progressed, Started
from screenplay_mock.core.plan import Episode, Record, happened
from screenplay_mock.core.scenario import Duration, Fixed, Uniform, WebhookCall, WebhookRules
from screenplay_mock.core.submission import Options

DUE = Delivery("wh-1", "ros-1", 1_000, (5, 50))
AT_ONCE = Fixed(0)
LIFE = (Started(1), Progressed(2, 1), Completed(9))


def record(*events: Event, rules: WebhookRules | None = None) -> Record:
    episodes = (Episode("1", "re_1", 1), Episode("2", "re_2", 1))
    made = Record("ros-1", "r1", "short_drama", 0, episodes, Options(), 7, events)
    return made if rules is None else replace(made, webhook=rules)


def calling(*calls: WebhookCall, events: tuple[Event, ...] = LIFE, delay: Duration = AT_ONCE) -> Record:
    return record(*events, rules=WebhookRules(delay, calls=calls))


def due(of: Record) -> dict[str, int | None]:
    """When each delivery falls due, by what stands behind the task in its id."""
    return {delivery.id.removeprefix("wh-ros-1"): delivery.due_at for delivery in owed(of)}


@pytest.mark.parametrize("end", [Completed(9), Failed(9, "E", "because")])
def test_a_planned_end_that_is_told_owes_one_delivery_after_the_delay(end: Event) -> None:
    rules = WebhookRules(delay=Fixed(30), retries=(1, 2))
    assert owed(record(Started(1), end, rules=rules)) == (Delivery("wh-ros-1", "ros-1", 39, (1, 2)),)


@pytest.mark.parametrize("events", [(Started(1),), (Started(1), Progressed(2, 1)), (Started(1), Cancelled(9))])
def test_a_stuck_and_a_cancelled_task_owe_nothing(events: tuple[Event, ...]) -> None:
    assert owed(record(*events)) == ()


def test_a_drawn_delay_is_the_same_each_time_it_is_asked_for() -> None:
    drawn = record(Completed(9), rules=WebhookRules(delay=Uniform(0, 10**9)))
    assert owed(drawn) == owed(drawn)
    (one,), (other,) = (owed(replace(drawn, result_seed=seed)) for seed in (1, 2))
    assert one.due_at != other.due_at


def test_each_moment_of_a_life_can_be_told() -> None:
    calls = [WebhookCall("submitted"), WebhookCall("started"), WebhookCall("end"), WebhookCall("cancelled")]
    assert due(calling(*calls)) == {"": 0, "-2": 1, "-3": 9}
    assert due(calling(*calls, events=(Started(1), Cancelled(5)))) == {"": 0, "-2": 1, "-4": 5}
    assert due(calling(*calls, events=(Failed(5, "E", "because"),))) == {"": 0, "-3": 5}


def test_a_call_has_its_own_delay_or_that_of_the_rules() -> None:
    calls = [WebhookCall(), WebhookCall(delay=Fixed(0)), WebhookCall("submitted", Fixed(500))]
    assert due(calling(*calls, delay=Fixed(30))) == {"": 39, "-2": 9, "-3": 500}


def test_a_delay_is_drawn_once_for_each_call_that_has_its_own_and_once_for_the_others() -> None:
    far = Uniform(0, 10**9)
    own = WebhookCall(delay=far)
    calls = [WebhookCall(copies=Count(3)), WebhookCall(), replace(own, copies=Count(2)), own]
    times = list(due(calling(*calls, delay=far)).values())
    assert [len(set(some)) for some in (times[:4], times[4:6], times)] == [1, 1, 3]


def test_copies_are_deliveries_of_their_own() -> None:
    assert due(calling(WebhookCall(copies=Count(3)))) == {"": 9, "-2": 9, "-3": 9}


def test_without_calls_nothing_is_owed() -> None:
    assert owed(calling()) == ()


def test_the_id_of_a_delivery_stays_when_the_life_of_its_task_changes() -> None:
    calls = [WebhookCall(copies=Count(2)), WebhookCall("cancelled"), WebhookCall("submitted")]
    before = calling(*calls)
    after = happened(before, Cancelled(5))
    assert (due(before), due(after)) == ({"": 9, "-2": 9, "-4": 0}, {"-3": 5, "-4": 0})
    assert owed(before)[-1] == owed(after)[-1]


@pytest.mark.parametrize("number", range(1, 8))
def test_a_task_owes_a_thousand_deliveries_and_no_more(number: int) -> None:
    many = [WebhookCall("submitted" if place % 2 else "end", copies=Count(200)) for place in range(number)]
    assert len(owed(calling(*many))) == min(number * 200, MOST_OWED)


def test_deliveries_beyond_the_thousand_are_not_owed_when_others_are_dropped_either() -> None:
    flood = calling(WebhookCall(copies=Count(MOST_OWED)), WebhookCall("submitted"))
    assert owed(happened(flood, Cancelled(5))) == ()


def said(call: WebhookCall, *events: Event, canary_url: str = "") -> dict[str, Any]:
    of = calling(call, events=events or LIFE)
    return payload(DOCUMENTED, of, owed(of)[0], canary_url)


@pytest.mark.parametrize(("at", "status"), [("submitted", "pending"), ("started", "running"), ("end", "completed")])
def test_a_call_says_truly_how_the_task_was_at_its_moment(at: Any, status: str) -> None:
    assert said(WebhookCall(at))["data"] == {"task_id": "ros-1", "status": status}


def test_a_life_of_no_time_is_told_step_by_step_too() -> None:
    events = (Started(0), Progressed(0, 1), Completed(0))
    calls = (WebhookCall(at) for at in ("submitted", "started", "end"))  # type: ignore[arg-type]
    assert [said(call, *events)["data"]["status"] for call in calls] == ["pending", "running", "completed"]


def test_a_call_at_the_cancel_says_that_the_task_is_cancelled() -> None:
    assert said(WebhookCall("cancelled"), Cancelled(3))["data"] == {"task_id": "ros-1", "status": "cancelled"}


def test_a_call_can_lie_about_the_status() -> None:
    assert said(WebhookCall("started", status="completed"))["data"] == {"task_id": "ros-1", "status": "completed"}
    assert said(WebhookCall(status="failed"))["data"]["error_code"] == "PROCESSING_FAILED"
    failed = said(WebhookCall(status="completed"), Failed(9, "E", "because"))
    assert failed["data"] == {"task_id": "ros-1", "status": "completed"}


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_a_call_about_an_unknown_task_has_two_ids_that_nobody_was_given(dialect: Any) -> None:
    of = calling(WebhookCall(task="unknown"), WebhookCall())
    unknown, true = (payload(dialect, of, delivery, "") for delivery in owed(of))
    assert unknown["data"]["task_id"].startswith("ros-sd-2000")
    assert {unknown["data"]["task_id"], unknown["task_id"]}.isdisjoint({true["data"]["task_id"], true["task_id"]})
    assert unknown["data"]["status"] == "completed"
    assert payload(dialect, of, owed(of)[0], "") == unknown


def test_members_are_set_and_removed_last_of_all() -> None:
    call = WebhookCall(
        status="failed",
        set={"data": {"error_code": None, "result_url": "{canary_url}zip"}, "extra": ["{canary_url}"]},
        remove=("data.error_message", "task_id", "no.such"),
    )
    assert said(call, canary_url="http://127.0.0.1:1/") == {
        "code": 200,
        "message": "SUCCESS",
        "data": {"task_id": "ros-1", "status": "failed", "error_code": None, "result_url": "http://127.0.0.1:1/zip"},
        "extra": ["http://127.0.0.1:1/"],
    }


def test_a_delivery_knows_its_call_and_that_of_another_life_is_nobodys() -> None:
    of = calling(WebhookCall("submitted", copies=Count(2)), WebhookCall(method="PUT"))
    assert [call_of(of, delivery) for delivery in owed(of)] == [of.webhook.calls[place] for place in (0, 0, 1)]
    assert call_of(calling(), owed(of)[0]) is None


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


def test_the_first_answers_count_as_lost_whatever_they_say() -> None:
    delivery = replace(DUE, answers_lost=2, retries=(5, 50, 500))
    for status, error in ((204, None), (None, "reset"), (200, None)):
        delivery = attempted(delivery, Attempt(1_000, status, error))
        assert delivery.due_at is not None
    after = attempted(delivery, Attempt(9_000, 204))
    assert (after.due_at, [attempt.status for attempt in after.attempts]) == (None, [204, None, 200, 204])


def test_a_lost_answer_to_a_redelivery_settles_nothing() -> None:
    once = redelivered(replace(DUE, answers_lost=1), Attempt(900, 204))
    assert once.due_at == DUE.due_at
    assert redelivered(once, Attempt(950, 204)).due_at is None


def test_a_delivery_whose_answers_are_all_lost_is_given_up() -> None:
    delivery = replace(DUE, answers_lost=9)
    while delivery.due_at is not None:
        delivery = attempted(delivery, Attempt(delivery.due_at, 204))
    assert [attempt.at for attempt in delivery.attempts] == [1_000, 1_005, 1_055]
