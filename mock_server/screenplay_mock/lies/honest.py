"""What lies are made from: the members of an honest archive, whose contents stay in its file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from struct import unpack
from typing import IO, TYPE_CHECKING
from zipfile import ZipFile, ZipInfo

from screenplay_mock.lies.records import UTF8, Member, stored, zip_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_mock.lies.content import Content

CHUNK = 1 << 16  # bytes

NAMELIST = "namelist.json"
NOBODY = '{"names": []}'  # a namelist that fits its schema


@dataclass(frozen=True, slots=True)
class Honest:
    """
    The members of an archive, at least one, and the size that is wanted of the lie, in bytes, if any is.

    Of an archive without members it is an empty namelist.json, so that there is something to spoil.
    """

    members: tuple[Member, ...]
    wanted: int | None

    @property
    def victim(self) -> Member:
        """The member that a lie about one is about: the namelist, or the first."""
        return next((member for member in self.members if member.name == NAMELIST.encode()), self.members[0])

    def beside(self, *members: Member) -> Content:
        """The honest archive with *members* at its end."""
        return zip_of((*self.members, *members))


def honest(file: IO[bytes], wanted: int | None) -> Honest:
    """
    *file* is a zip whose members have no data descriptors, as `archive.build` writes it.

    Their contents are read from it when it is their turn.
    """
    with ZipFile(file) as archive:
        members = tuple(_member(file, entry) for entry in archive.infolist())
    return Honest(members or (stored(NAMELIST, NOBODY),), wanted)


def _member(file: IO[bytes], entry: ZipInfo) -> Member:
    file.seek(entry.header_offset + 26)  # where a local header says how long its name and extra field are
    start = entry.header_offset + 30 + sum(unpack("<2H", file.read(4)))
    return Member(
        name=entry.orig_filename.encode("utf-8" if entry.flag_bits & UTF8 else "cp437"),
        crc=entry.CRC,
        size=entry.file_size,
        packed=entry.compress_size,
        content=partial(_part, file, start, start + entry.compress_size),
        method=entry.compress_type,
        flags=entry.flag_bits,
        mode=entry.external_attr >> 16,
    )


def _part(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    for at in range(start, end, CHUNK):
        file.seek(at)
        yield file.read(min(CHUNK, end - at))
