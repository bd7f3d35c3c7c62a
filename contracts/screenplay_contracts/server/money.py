"""
What things cost by the vendor's pages, in whole micro-dollars; the most that a request can cost, and what it did cost.

The server is the one that is judged: no number that it says makes anything cheaper than it is by what is known of what
was sent and what came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from screenplay_contracts.server.archives import DAMAGE, MOST_UNPACKED

if TYPE_CHECKING:
    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.server.operations import Operation

DOLLAR = 1_000_000
PRICE_OF_A_MINUTE = DOLLAR  # submit-task page: $1.00 a minute of video, rounded up per episode
PRICE_OF_A_GIGABYTE = 120_000  # download-task-result and download pages: $0.12 a GB
STORAGE_OF_A_GIGABYTE = 1_000  # upload page: $0.001 a GB and day
GIGABYTE = 10**9  # docs silent: 10^9 or 2^30; the decimal one is what storage is sold by
LONGEST_EPISODE = 5  # minutes; submit-task page: each video is under five minutes
LARGEST_RESULT = GIGABYTE  # of which the price of a result is reserved before its size is known
LONGEST_SERIES = (
    1_000 * LONGEST_EPISODE * 60.0
)  # seconds; docs silent: how many episodes; what is said to be longer is not
REFUSED, TIMED_OUT, LIMITED = range(400, 500), 408, 429


def price_of_episodes(seconds: Iterable[float]) -> int:
    """Docs silent: whether exactly 60 s is one minute or two; here it is one."""
    return sum(-(-round(min(LONGEST_SERIES, one) * 1000) // 60_000) for one in seconds) * PRICE_OF_A_MINUTE


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


def cost(operation: Operation | None, held: int, exchange: Exchange | None) -> int:
    """
    What a request cost whose highest price was *held*: all of that unless its answer says that it was refused.

    *exchange* None: it is not known whether it was answered. What the server says of lengths can only raise it.
    """
    if operation is None or operation.free or (exchange is not None and is_refused(exchange)):
        return 0
    if exchange is None or not is_answered(exchange):
        return held
    body = exchange.response_body or b""
    match operation.id:
        case "submitTask":
            return max(held, _told(exchange))
        case "downloadTask":
            size = _unpacked(body)
            return price_of_download(LARGEST_RESULT if size is None else max(size, len(body)))
        case "downloadAsset":
            return max(held, price_of_download(len(body)))
        case _:
            return held


def is_refused(exchange: Exchange) -> bool:
    """Whether nothing was done, by an answer of the API; one of what stands before it, such as HTML, may know less."""
    if exchange.error is not None or exchange.status not in REFUSED or exchange.status == TIMED_OUT:
        return False
    return exchange.status == LIMITED or isinstance(exchange.answer, dict)


def is_answered(exchange: Exchange) -> bool:
    """Whether it succeeded, with a whole answer."""
    return exchange.error is None and exchange.status is not None and 200 <= exchange.status < 300  # noqa: PLR2004


def _unpacked(content: bytes) -> int | None:
    """Bytes of the files in a zip, counted; None where it cannot be read, or where there are very many."""
    size = 0
    try:
        with ZipFile(BytesIO(content)) as archive:
            for entry in archive.infolist():
                entry.file_size = MOST_UNPACKED + 1  # what the zip says of it is not believed
                with archive.open(entry) as file:
                    size += len(file.read(MOST_UNPACKED + 1 - size))
                if size > MOST_UNPACKED:
                    return None
    except DAMAGE:
        return None
    return size


def _told(exchange: Exchange) -> int:
    """The price of the length that an accepted submission is said to have; nothing where that is no length."""
    answer = exchange.answer if isinstance(exchange.answer, dict) else {}
    data = answer.get("data")
    total = data.get("total_duration_seconds") if isinstance(data, dict) else None
    if not isinstance(total, int | float) or not 0 < total < float("inf"):
        return 0
    return price_of_episodes([total])


def _episodes(body: Any) -> list[Any]:
    """What a body names as episodes, in whatever form: what is no JSON, or names none, can cost nothing."""
    episodes = body.get("episodes") if isinstance(body, dict) else None
    if isinstance(episodes, Mapping):
        return list(episodes.values())
    return list(episodes) if isinstance(episodes, list) else []


def _most_of_episode(asset_id: Any, known: Mapping[str, Any]) -> int:
    seconds = known.get(asset_id) if isinstance(asset_id, str) else None
    return price_of_episodes([seconds]) if isinstance(seconds, float) else LONGEST_EPISODE * PRICE_OF_A_MINUTE
