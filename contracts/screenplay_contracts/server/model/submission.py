"""What a submission may be answered, how the task of an accepted one goes, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import answers, magic, money, shapes
from screenplay_contracts.server.assets import LONGEST, Asset
from screenplay_contracts.server.model.allowed import ANY_TEXT, Success, Such, TurnedDown, between, chosen
from screenplay_contracts.server.model.task import ERRORS, Life
from screenplay_contracts.server.model.times import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from screenplay_contracts.server.answers import Refusal
    from screenplay_contracts.server.model.allowed import Allowed, Reading

    #: All the ways in which an asset may be, by its id.
    States = Callable[[str], Sequence[Asset]]

#: The kinds of what is wrong with a body that the submit-task page rules out; the others were chosen.
RULED_OUT = frozenset({"members", "mode", "episodes", "config", "options"})
MILLISECOND = 0.001

#: How a task with this asset goes, whatever else was asked for; docs silent: the fake's own.
MAGIC_LIVES: Mapping[str, Mapping[str, Any]] = {
    magic.COMPLETES: {"pending_for": 0, "per_episode": 0, "ends": frozenset({"completed"})},
    magic.FAILS: {"ends": frozenset({"failed"}), "after": 0.5},
    magic.STUCK: {"ends": frozenset()},
    magic.NO_FILES: {"ends": frozenset({"completed"}), "nothing": answers.NO_FILES},
    magic.NO_RESULT: {"ends": frozenset({"completed"}), "nothing": answers.NO_RESULT},
}


def to_submission(
    body: Any, states: States, reading: Reading, *, webhook: bool | None, now: int | None
) -> tuple[Allowed, ...]:
    """
    What *body* may be answered by an account that has a *webhook* (None: nobody knows) and money enough.

    At most one of its assets is a magic one.
    """
    wrong = shapes.faults(body)
    if wrong & RULED_OUT:
        return (answers.INVALID,)
    if wrong:
        return (chosen(answers.INVALID, f"of its {', '.join(sorted(wrong))}", reading),)
    allowed: tuple[Allowed, ...] = (answers.NO_BALANCE,)
    if not reading.fake or magic.BROKE not in body["episodes"].values():
        allowed = _by_assets(body, states, reading, now)
    if reading.dialect.missing_webhook != "reject" or webhook:
        return allowed
    # docs silent: what is told first, where an asset is wrong too
    refusals = tuple(one for one in allowed if not isinstance(one, Success))
    return (answers.NO_WEBHOOK, *(refusals if webhook is False else allowed))


def _by_assets(body: Any, states: States, reading: Reading, now: int | None) -> tuple[Allowed, ...]:
    every = [(name, states(asset_id)) for name, asset_id in shapes.episodes_of(body)]
    reasons = [(name, [one.reason(reading.dialect) for one in some]) for name, some in every]
    if all(len(set(some)) == 1 for _, some in reasons):
        wrong = [(name, some[0]) for name, some in reasons if some[0] is not None]
        return (_reason(wrong, reading),) if wrong else (_accepted(body, every, now),)
    refused = TurnedDown("an asset cannot be used")
    return (_accepted(body, every, now), refused) if all(None in some for _, some in reasons) else (refused,)


def _reason(wrong: Sequence[tuple[str, Refusal | None]], reading: Reading) -> Allowed:
    """Submit-task page: 'with specific reasons'; docs silent: their texts and how several are given."""
    ((_, only), *others) = wrong
    assert only is not None
    if not others:
        known = only == answers.no_asset(reading.dialect)  # error-codes page
        return only if known else chosen(only, only.text, reading)
    text = "; ".join(f"Episode {name}: {reason.text}" for name, reason in wrong if reason is not None)
    return chosen(answers.Refusal(answers.INVALID.status, text), "assets cannot be used", reading)


def _accepted(body: Any, every: Sequence[tuple[str, Sequence[Asset]]], now: int | None) -> Success:
    """Submit-task page: the members, status always "pending", the sum of the lengths; the time to the second."""
    lengths = [some[0].seconds for _, some in every]
    known = [one for one in lengths if one is not None]
    is_known = len(known) == len(lengths)
    slack = MILLISECOND * len(lengths)
    total = between(sum(known) - slack, sum(known) + slack) if is_known else between(slack, LONGEST * len(lengths))
    return Success(
        {
            "task_id": ANY_TEXT,
            "status": "pending",
            "mode": body["mode"],
            "created_at": ANY_TEXT if now is None else _second_of(now),
            "total_duration_seconds": total,
        },
        ("progress", *ERRORS),
    )


def _second_of(now: int) -> Such:
    """Docs silent: whether fractions are told; a time in UTC in the same second."""
    return Such(
        f"the second of {now} ms", lambda value: (at := moment(value)) is not None and at // 1000 == now // 1000
    )


def life_of(body: Any, usual: Life) -> Life:
    """How the task of an accepted *body* goes, where others go as *usual*."""
    given: Mapping[str, Any] = next((MAGIC_LIVES[one] for one in body["episodes"].values() if one in MAGIC_LIVES), {})
    return replace(usual, **given)


def price(lengths: Sequence[float | None], total: float) -> tuple[int, int]:
    """The least and the most micro-dollars that episodes of these lengths (seconds), *total* in all, cost."""
    known = [one for one in lengths if one is not None]
    if len(known) == len(lengths):
        exact = money.price_of_episodes(known)
        return exact, exact
    least = money.price_of_episodes([total])
    return least, least + (len(lengths) - 1) * money.DOLLAR
