"""What things cost, in whole micro-dollars, so that no sum is ever rounded twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DOLLAR = 1_000_000  # micro-dollars

PRICE_OF_A_MINUTE = DOLLAR  # submit-task page: $1.00 per minute of video, rounded up per episode
PRICE_OF_A_GIGABYTE = 120_000  # download-task-result page: $0.12 per 1 GB of original file sizes
GIGABYTE = 10**9  # docs silent: 10^9 or 2^30; the decimal one is what storage is sold by
MINUTE = 60_000  # milliseconds


def price_of_episodes(durations: Iterable[int]) -> int:
    """
    The price of a submission with episodes of these *durations* (milliseconds): a started minute is paid.

    docs silent: whether exactly 60 s is one minute or two; here it is one.
    """
    return sum(-(-duration // MINUTE) for duration in durations) * PRICE_OF_A_MINUTE


def price_of_download(size: int) -> int:
    """The price of downloading files of *size* bytes in all, rounded up to a micro-dollar."""
    return -(-size * PRICE_OF_A_GIGABYTE // GIGABYTE)
