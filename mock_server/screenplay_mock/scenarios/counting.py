"""Conditions on a number that counts up: what faults say of calls, and rules of submissions."""

from __future__ import annotations


def can_hold(*, exactly: int | None, first: int | None, since: int | None, every: int | None) -> bool:
    """Whether any number from 1 up is *exactly* this, among the *first*, not before *since*, and one of *every*."""
    start, step = since or 1, every or 1
    number = exactly or -(-start // step) * step  # the least that is not before the start, and one of every
    return number >= start and number % step == 0 and (first is None or number <= first)
