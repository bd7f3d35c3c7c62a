"""What things cost by the vendor's pages, in whole micro-dollars; and the most that a request can cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from screenplay_contracts.server.operations import Operation

DOLLAR = 1_000_000
PRICE_OF_A_MINUTE = DOLLAR  # submit-task page: $1.00 a minute of video, rounded up per episode
PRICE_OF_A_GIGABYTE = 120_000  # download-task-result and download pages: $0.12 a GB
STORAGE_OF_A_GIGABYTE = 1_000  # upload page: $0.001 a GB and day
GIGABYTE = 10**9  # docs silent: 10^9 or 2^30; the decimal one is what storage is sold by
LONGEST_EPISODE = 5  # minutes; submit-task page: each video is under five minutes
LARGEST_RESULT = GIGABYTE  # of which the price of a result is reserved before its size is known


def price_of_episodes(seconds: Iterable[float]) -> int:
    """Docs silent: whether exactly 60 s is one minute or two; here it is one."""
    return sum(-(-round(one * 1000) // 60_000) for one in seconds) * PRICE_OF_A_MINUTE


def price_of_download(size: int) -> int:
    """Docs silent: rounding; here up to a micro-dollar."""
    return -(-size * PRICE_OF_A_GIGABYTE // GIGABYTE)


def price_of_storage(size: int) -> int:
    """A day of it, rounded up to a micro-dollar."""
    return -(-size * STORAGE_OF_A_GIGABYTE // GIGABYTE)


def most(operation: Operation | None, subject: str | None, body: Any, size: int, known: Mapping[str, Any]) -> int:
    """
    The most that a request may cost.

    *body* is what it sends as JSON, *size* the bytes of that; *known* has the seconds of assets (by id), the bytes of
    assets that were uploaded (`bytes:` and the id), and the ids of tasks that were accepted, each to be downloaded.
    """
    if operation is None or operation.free:
        return 0
    match operation.id:
        case "submitTask":
            return sum(_most_of_episode(asset_id, known) for asset_id in _episodes(body))
        case "downloadTask":
            return price_of_download(LARGEST_RESULT) if subject in known else 0
        case "downloadAsset":
            return price_of_download(known.get(f"bytes:{subject}", 0))
        case _:
            return price_of_storage(size)


def _episodes(body: Any) -> list[Any]:
    """What a body names as episodes, in whatever form: what is no JSON, or names none, can cost nothing."""
    episodes = body.get("episodes") if isinstance(body, dict) else None
    if isinstance(episodes, Mapping):
        return list(episodes.values())
    return list(episodes) if isinstance(episodes, list) else []


def _most_of_episode(asset_id: Any, known: Mapping[str, Any]) -> int:
    seconds = known.get(asset_id) if isinstance(asset_id, str) else None
    return price_of_episodes([seconds]) if isinstance(seconds, float) else LONGEST_EPISODE * PRICE_OF_A_MINUTE
