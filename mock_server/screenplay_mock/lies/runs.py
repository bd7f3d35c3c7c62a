"""Long contents in runs, some bytes and how many times they come: a terabyte takes no more room than a block."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING
from zlib import DEFLATED, MAX_WBITS, Z_BEST_COMPRESSION, Z_FINISH, Z_FULL_FLUSH, compressobj, crc32

from screenplay_mock.lies.checksum import joined, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

Runs = tuple[tuple[bytes, int], ...]

BLOCK = 1 << 20  # bytes: so large that what a flush costs is not seen in the ratio


def padded(text: bytes, size: int) -> Runs:
    """*text* and so many spaces that it has *size* bytes; *text* alone if it is longer."""
    times, rest = divmod(max(size - len(text), 0), BLOCK)
    return (text + b" " * rest, 1), (b" " * BLOCK, times)


def size_of(runs: Runs) -> int:
    return sum(len(data) * times for data, times in runs)


def crc_of(runs: Runs) -> int:
    crc = 0
    for data, times in runs:
        crc = joined(crc, repeated(crc32(data), len(data), times), len(data) * times)
    return crc


def chunks(runs: Runs) -> Iterator[bytes]:
    return chain.from_iterable(repeat(data, times) for data, times in runs)


def deflated(runs: Runs) -> Runs:
    """
    *runs* as a deflate stream (RFC 1951), in which what is equal stays equal.

    A full flush ends each at a whole byte and forgets what came before, so that it can come again.
    """
    return (*((_deflated(data, Z_FULL_FLUSH), times) for data, times in runs), (_deflated(b"", Z_FINISH), 1))


def _deflated(data: bytes, flush: int) -> bytes:
    compressor = compressobj(Z_BEST_COMPRESSION, DEFLATED, -MAX_WBITS)  # negative: without a header of its own
    return compressor.compress(data) + compressor.flush(flush)
