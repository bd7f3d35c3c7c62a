"""Money is exact, and nobody calls faster than allowed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from screenplay_mock.core.account import Account, admitted, affords, paid
from screenplay_mock.core.money import DOLLAR, price_of_download, price_of_episodes

quick = settings(max_examples=200, deadline=None)

lengths = st.lists(st.integers(0, 10**12), max_size=20)
sizes = st.integers(0, 10**18)
prices = st.integers(0, 10**15)


@pytest.mark.parametrize(
    ("milliseconds", "minutes"),
    [(0, 0), (1, 1), (59_999, 1), (60_000, 1), (60_001, 2), (120_000, 2), (299_999, 5)],
)
def test_a_started_minute_is_paid_and_exactly_sixty_seconds_are_one(milliseconds: int, minutes: int) -> None:
    assert price_of_episodes([milliseconds]) == minutes * DOLLAR


def test_minutes_are_rounded_up_for_each_episode_and_not_for_their_sum() -> None:
    assert price_of_episodes([60_001, 60_001]) == 4 * DOLLAR


@quick
@given(lengths)
def test_the_price_of_episodes_is_the_sum_of_their_prices_in_whole_micro_dollars(of_episodes: list[int]) -> None:
    price = price_of_episodes(of_episodes)
    assert type(price) is int
    assert price == sum(price_of_episodes([length]) for length in of_episodes)
    exact = sum(Fraction(length, 60_000) for length in of_episodes) * DOLLAR
    assert exact <= price < exact + max(1, len(of_episodes)) * DOLLAR


@quick
@given(st.integers(0, 10**12), st.integers(0, 10**6))
def test_a_longer_episode_never_costs_less(length: int, more: int) -> None:
    assert price_of_episodes([length]) <= price_of_episodes([length + more])


@pytest.mark.parametrize(
    ("size", "micro_dollars"),
    [(0, 0), (1, 1), (8_333, 1), (8_334, 2), (10**9, 120_000), (10**9 + 1, 120_001), (10**15, 120_000_000_000)],
)
def test_a_download_costs_twelve_cents_a_gigabyte_rounded_up_to_a_micro_dollar(size: int, micro_dollars: int) -> None:
    assert price_of_download(size) == micro_dollars


@quick
@given(sizes, st.integers(0, 10**9))
def test_the_price_of_a_download_is_exact_and_grows_with_its_size(size: int, more: int) -> None:
    price = price_of_download(size)
    assert type(price) is int
    assert 0 <= price - Fraction(size * 120_000, 10**9) < 1
    assert price <= price_of_download(size + more)


@quick
@given(st.lists(prices, max_size=20), st.integers(0, 10**15))
def test_an_account_that_pays_only_what_it_affords_never_owes(wanted: list[int], balance: int) -> None:
    account = Account(balance=balance)
    spent = 0
    for price in wanted:
        assert affords(account, price) == (spent + price <= balance)
        if affords(account, price):
            account, spent = paid(account, price), spent + price
    assert account.balance == balance - spent >= 0


@quick
@given(prices)
def test_an_unlimited_account_affords_everything_and_stays_unlimited(price: int) -> None:
    assert affords(Account(), price)
    assert paid(Account(), price) == Account()


def let_through(limit: float, pauses: list[int], operation: str = "getTask") -> tuple[list[int], list[int]]:
    """The times of the calls that were let through and of those that were refused, after these pauses."""
    recent: dict[str, tuple[int, ...]] = {}
    now, admissions, refusals = 10**12, list[int](), list[int]()
    for pause in pauses:
        now += pause
        calls = admitted(recent, operation, limit, now)
        if calls is None:
            refusals.append(now)
        else:
            recent = calls
            admissions.append(now)
    return admissions, refusals


pauses = st.lists(st.integers(0, 700), max_size=60)


@quick
@given(st.floats(1, 20) | st.integers(1, 20).map(float), pauses)
@example(1.5, [0, 0])
@example(2.0, [0, 0, 999, 1])
def test_no_second_ever_has_more_calls_than_the_limit(limit: float, waits: list[int]) -> None:
    admissions, _ = let_through(limit, waits)
    for start in admissions:
        assert sum(start <= at < start + 1_000 for at in admissions) <= limit


@quick
@given(st.floats(0.2, 1), st.lists(st.integers(0, 4_000), max_size=40))
@example(0.5, [0, 1_999, 1])
def test_below_one_a_second_there_is_one_call_in_each_such_time(limit: float, waits: list[int]) -> None:
    admissions, _ = let_through(limit, waits)
    for start in admissions:
        assert sum(start <= at < start + 1_000 / limit for at in admissions) == 1


@quick
@given(st.integers(1, 5).map(float), pauses)
@example(1.0, [0, 500, 500])
def test_a_call_is_refused_only_when_the_second_before_it_is_full_of_calls_let_through(
    limit: float, waits: list[int]
) -> None:
    admissions, refusals = let_through(limit, waits)
    for refused in refusals:  # refused calls do not count
        assert sum(refused - 1_000 < at <= refused for at in admissions) == limit


def test_each_operation_has_a_limit_of_its_own_and_one_call_changes_nothing_else() -> None:
    recent = admitted({"getTask": (5,)}, "submitTask", 1, 10)
    assert recent == {"getTask": (5,), "submitTask": (10,)}
    assert admitted(recent, "submitTask", 1, 11) is None


@quick
@given(st.floats(0.2, 20), pauses)
def test_only_the_calls_of_the_last_window_are_remembered(limit: float, waits: list[int]) -> None:
    recent: dict[str, tuple[int, ...]] = {}
    now = 10**12
    for pause in waits:
        now += pause
        recent = admitted(recent, "getTask", limit, now) or recent
        assert len(recent["getTask"]) <= max(limit, 1) + 1
