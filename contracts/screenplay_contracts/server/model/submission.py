"""What a submission may be answered, how the task of an accepted one goes, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from screenplay_contracts.server import answers, magic, money, shapes
from screenplay_contracts.server.assets import LONGEST, Asset
from screenplay_contracts.server.checks.charges import price_of
from screenplay_contracts.server.model.allowed import ANY_TEXT, Success, Such, TurnedDown, between
from screenplay_contracts.server.model.task import ERRORS, Life
from screenplay_contracts.server.model.times import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from screenplay_contracts.server.model.allowed import Allowed, Reading

    #: All the ways in which an asset may be, by its id.
    States = Callable[[str], Sequence[Asset]]

#: The kinds of what is wrong with a body that the submit-task page rules out; the others were chosen.
RULED_OUT = frozenset({"members", "mode", "episodes", "config", "options"})
ROUNDED = 0.5  # seconds of each episode; docs silent: the precision

#: How a task with this asset goes, whatever else was asked for; docs silent: the fake's own.
MAGIC_LIVES: Mapping[str, Mapping[str, Any]] = {
    magic.COMPLETES: {"pending_for": 0, "per_episode": 0, "ends": frozenset({"completed"})},
    magic.FAILS: {"ends": frozenset({"failed"}), "after": 0.5},
    magic.STUCK: {"ends": frozenset()},
    magic.NO_FILES: {"ends": frozenset({"completed"}), "nothing": answers.NO_FILES},
    magic.NO_RESULT: {"ends": frozenset({"completed"}), "nothing": answers.NO_RESULT},
}


_UNUSUAL = TurnedDown("it asks for what no page shows")


def to_submission(
    body: Any, states: States, reading: Reading, *, webhook: bool | None, now: int | None
) -> tuple[Allowed, ...]:
    """
    What *body* may be answered by an account that has a *webhook* (None: nobody knows) and money enough.

    At most one of its assets is a magic one.
    """
    wrong = shapes.faults(body)
    assert wrong <= RULED_OUT, "docs silent: whether it is refused"
    if wrong:
        return (TurnedDown(f"something is wrong with it: {', '.join(sorted(wrong))}"),)
    allowed: tuple[Allowed, ...] = (TurnedDown("the account has no money", answers.NO_BALANCE.status),)
    if not reading.fake or magic.BROKE not in body["episodes"].values():
        allowed = (*_by_assets(body, states, reading, now), *([] if shapes.is_plain(body) else [_UNUSUAL]))
    if reading.dialect.missing_webhook != "reject" or webhook:
        return allowed
    # docs silent: what is told first, where an asset is wrong too
    refusals = tuple(one for one in allowed if not isinstance(one, Success))
    return (answers.NO_WEBHOOK, *(refusals if webhook is False else allowed))


def _by_assets(body: Any, states: States, reading: Reading, now: int | None) -> tuple[Allowed, ...]:
    every = [(name, states(asset_id)) for name, asset_id in shapes.episodes_of(body)]
    reasons = [(name, [one.reason(reading.dialect) for one in some]) for name, some in every]
    if all(reason is None for _, some in reasons for reason in some):
        return (_accepted(body, every, now),)
    # submit-task page: 'with specific reasons'; docs silent: status and texts
    refused = TurnedDown("an asset cannot be used")
    return (_accepted(body, every, now), refused) if all(None in some for _, some in reasons) else (refused,)


def _accepted(body: Any, every: Sequence[tuple[str, Sequence[Asset]]], now: int | None) -> Success:
    """Submit-task page: the members, status always "pending", the sum of the lengths; the time to the second."""
    lengths = [some[0].seconds for _, some in every]
    known = [one for one in lengths if one is not None]
    is_known = len(known) == len(lengths)
    slack, longest = ROUNDED * len(lengths), LONGEST * len(lengths)
    total = between(sum(known) - slack, sum(known) + slack) if is_known else between(0.001, longest)
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
    """Docs silent: whether fractions are told, and the zone; a time in the same second."""
    return Such(f"the second of {now} ms", lambda value: (at := read(value)) is not None and at // 1000 == now // 1000)


def life_of(body: Any, usual: Life) -> Life:
    """How the task of an accepted *body* goes, where others go as *usual*."""
    given: Mapping[str, Any] = next((MAGIC_LIVES[one] for one in body["episodes"].values() if one in MAGIC_LIVES), {})
    return replace(usual, **given)


def price(lengths: Sequence[float | None], total: float) -> tuple[int, int]:
    """The least and the most micro-dollars that episodes of these lengths (seconds), *total* in all, cost."""
    known = [one for one in lengths if one is not None]
    if len(known) == len(lengths):
        return price_of(known)
    least = money.price_of_episodes([total])
    return least, least + (len(lengths) - 1) * money.DOLLAR
