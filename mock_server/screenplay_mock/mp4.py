"""
The container of MP4 and MOV (ISO/IEC 14496-12): its duration read from the header, and a tiny one written.

A file is a row of boxes, each with a size and a name of four letters; inside `moov`, `mvhd` has the duration.
"""

from __future__ import annotations

from itertools import chain, repeat
from os import SEEK_END
from struct import Struct, pack, unpack_from
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SMALLEST_MP4", "duration_of", "tiny_mp4"]

MOST_BOXES = 1_000  # headers looked at in a row; ordinary files have a dozen, hostile ones millions
CHUNK = 1 << 16  # bytes
MILLISECONDS = 1_000  # time units in a second

_HEAD, _LONG_HEAD = 8, 16  # bytes of a box before its content: size and name; beyond 4 GiB also a long size
_LARGEST_SHORT = 0xFFFF_FFFF
# content of `mvhd` by version: flags, creation, modification, timescale, duration; the rest is for players
_MVHD = {0: Struct(">4x 4x 4x I I"), 1: Struct(">4x 8x 8x I Q")}
_UNKNOWN = {0: 0xFFFF_FFFF, 1: 0xFFFF_FFFF_FFFF_FFFF}  # how each version says that it knows no duration


def duration_of(file: BinaryIO) -> int | None:
    """
    The duration in whole milliseconds, or None when the header does not tell: cut off, fragmented, damaged.

    It reads some bytes of each box, never the media, and at most MOST_BOXES boxes in a row. *file* can seek.
    """
    moov = _found(file, b"moov", 0, file.seek(0, SEEK_END))
    mvhd = _found(file, b"mvhd", *moov) if moov else None
    if mvhd is None:
        return None
    start, end = mvhd
    file.seek(start)
    body = file.read(min(end - start, _MVHD[1].size))
    version = next(iter(body), -1)
    if version not in _MVHD or len(body) < _MVHD[version].size:
        return None
    timescale, duration = _MVHD[version].unpack_from(body)
    if not timescale or duration == _UNKNOWN[version]:
        return None
    return (duration * MILLISECONDS + timescale // 2) // timescale or None


def _found(file: BinaryIO, name: bytes, start: int, end: int) -> tuple[int, int] | None:
    """From where to where the content of the first box *name* reaches, of those from *start* to *end*."""
    for _ in range(MOST_BOXES):
        file.seek(start)
        header = file.read(_LONG_HEAD)
        if len(header) < _HEAD:
            return None
        size, found = unpack_from(">I4s", header)
        content = start + _HEAD
        if size == 1 and len(header) == _LONG_HEAD:
            (size,) = unpack_from(">Q", header, _HEAD)
            content = start + _LONG_HEAD
        elif size == 0:  # to the end
            size = end - start
        following = start + size
        if following < content or following > end:
            return None
        if found == name:
            return content, following
        start = following
    return None


def _box(name: bytes, content: bytes) -> bytes:
    return pack(">I4s", _HEAD + len(content), name) + content


def _header(duration: int) -> bytes:
    """File type and movie header of a film without tracks, *duration* milliseconds long."""
    unity = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    times = pack(">B3xQQIQ", 1, 0, 0, MILLISECONDS, duration)
    rest = pack(">IH10x9I24xI", 0x10000, 0x100, *unity, 1)  # speed, volume, matrix, number of the next track
    return _box(b"ftyp", b"isom\0\0\2\0isommp42") + _box(b"moov", _box(b"mvhd", times + rest))


SMALLEST_MP4 = len(_header(0)) + _HEAD  # bytes: with the head of an empty mdat


def tiny_mp4(duration: int, size: int) -> Iterator[bytes]:
    """
    An MP4 of exactly *size* bytes whose header says *duration* (milliseconds), in chunks of at most CHUNK.

    There is nothing to see in it: no tracks, zeros for media. Raises ValueError below SMALLEST_MP4 bytes.
    """
    if size < SMALLEST_MP4:
        raise ValueError(f"an MP4 of {size} bytes has no room for its header; the smallest has {SMALLEST_MP4}")
    header = _header(duration)
    box = size - len(header)
    header += pack(">I4s", box, b"mdat") if box <= _LARGEST_SHORT else pack(">I4sQ", 1, b"mdat", box)
    chunks, rest = divmod(size - len(header), CHUNK)
    return chain([header], repeat(bytes(CHUNK), chunks), [bytes(rest)] if rest else [])
