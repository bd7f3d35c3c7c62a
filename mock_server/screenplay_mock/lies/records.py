"""
The records of a zip, written from members: local headers, central directory, end (APPNOTE.TXT, 4.3).

Nothing is made before it is read: neither a member of terabytes nor a hundred thousand members take memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED
from zlib import crc32

from screenplay_mock.archive import PERMISSIONS, UNIX, WRITTEN_AT
from screenplay_mock.lies.content import Content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

UTF8 = 1 << 11  # the general purpose bit that says how a name is encoded (APPNOTE 4.4.4)

_LOCAL = Struct("<4s5H3I2H")  # 4.3.7
_CENTRAL = Struct("<4s6H3I5H2I")  # 4.3.12
_END = Struct("<4s4H2IH")  # 4.3.16
_END_64 = Struct("<4sQ2H2I4Q")  # 4.3.14
_LOCATOR_64 = Struct("<4sIQI")  # 4.3.15
_SIZES_64, _PLACE_64 = Struct("<2H2Q"), Struct("<2H3Q")  # 4.5.3, in a local header and in the directory
_LONG, _SHORT = 0xFFFF_FFFF, 0xFFFF  # what stands for a number that has no room
_VERSION, _VERSION_64 = 20, 45  # of the format that a reader has to know (4.4.3)

END_SIZE = _END.size

_year, _month, _day, _hour, _minute, _second = WRITTEN_AT
_WRITTEN_AT = _hour << 11 | _minute << 5 | _second // 2, (_year - 1980) << 9 | _month << 5 | _day  # 4.4.6


@dataclass(frozen=True, slots=True)
class Member:
    """
    One file of a zip, as its headers describe it: sizes in bytes, `crc` and `size` of what it unpacks to.

    `content` gives the `packed` bytes that follow the local header, anew each time.
    """

    name: bytes
    crc: int
    size: int
    packed: int
    content: Callable[[], Iterable[bytes]]
    method: int = ZIP_STORED
    flags: int = 0
    mode: int = PERMISSIONS

    @property
    def local_size(self) -> int:
        """Bytes of the local header."""
        return _LOCAL.size + len(self.name) + (_SIZES_64.size if self.is_long else 0)

    @property
    def is_long(self) -> bool:
        return self.size >= _LONG or self.packed >= _LONG


def stored(name: str, text: str, *, mode: int = PERMISSIONS) -> Member:
    """A member with *text*, not compressed; its flags say so where the name is not ASCII."""
    data = text.encode()
    return Member(
        name.encode(),
        crc32(data),
        len(data),
        len(data),
        lambda: [data],
        flags=0 if name.isascii() else UTF8,
        mode=mode,
    )


def placed(members: Iterable[Member]) -> Iterator[tuple[Member, int]]:
    """Each of *members* and where its local header begins."""
    at = 0
    for member in members:
        yield member, at
        at += member.local_size + member.packed


def zip_of(members: Iterable[Member]) -> Content:
    """The zip of *members*, which are gone through three times: for the sizes, the contents, the directory."""
    count = body = directory = 0
    for member, at in placed(members):
        count += 1
        body = at + member.local_size + member.packed
        directory += _CENTRAL.size + len(member.name) + (_PLACE_64.size if member.is_long or at >= _LONG else 0)
    end = _end(count, directory, body)
    return Content(_chunks(members, end), body + directory + len(end))


def _chunks(members: Iterable[Member], end: bytes) -> Iterator[bytes]:
    for member in members:
        yield _local(member)
        yield from member.content()
    for member, at in placed(members):
        yield _central(member, at)
    yield end


def _local(member: Member) -> bytes:
    version, packed, size, extra = _VERSION, member.packed, member.size, b""
    if member.is_long:
        extra = _SIZES_64.pack(1, _SIZES_64.size - 4, size, packed)
        version, packed, size = _VERSION_64, _LONG, _LONG
    numbers = (version, member.flags, member.method, *_WRITTEN_AT, member.crc, packed, size)
    return _LOCAL.pack(b"PK\3\4", *numbers, len(member.name), len(extra)) + member.name + extra


def _central(member: Member, at: int) -> bytes:
    version, packed, size, extra = _VERSION, member.packed, member.size, b""
    if member.is_long or at >= _LONG:
        extra = _PLACE_64.pack(1, _PLACE_64.size - 4, size, packed, at)
        version, packed, size, at = _VERSION_64, _LONG, _LONG, _LONG
    made_by = UNIX << 8 | version
    numbers = (made_by, version, member.flags, member.method, *_WRITTEN_AT, member.crc, packed, size)
    lengths = (len(member.name), len(extra), 0)
    return _CENTRAL.pack(b"PK\1\2", *numbers, *lengths, 0, 0, member.mode << 16, at) + member.name + extra


def _end(count: int, directory: int, body: int) -> bytes:
    """The end record, after those that only a zip with larger numbers has."""
    numbers = (min(count, _SHORT), min(count, _SHORT), min(directory, _LONG), min(body, _LONG))
    end = _END.pack(b"PK\5\6", 0, 0, *numbers, 0)
    if count < _SHORT and directory < _LONG and body < _LONG:
        return end
    versions = (UNIX << 8 | _VERSION_64, _VERSION_64)
    end_64 = _END_64.pack(b"PK\6\6", _END_64.size - 12, *versions, 0, 0, count, count, directory, body)
    return end_64 + _LOCATOR_64.pack(b"PK\6\7", 0, body + directory, 1) + end
