"""Archives that unpack to more than anybody expects, and one that is just large. Their records are all true."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED
from zlib import crc32

from screenplay_mock.lies.records import Member, zip_of
from screenplay_mock.lies.runs import chunks, crc_of, deflated, padded, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_mock.lies.content import Content
    from screenplay_mock.lies.honest import Honest
    from screenplay_mock.lies.runs import Runs

RATIO = 2_000_000_000  # bytes, from 2 MB: deflate packs 1,032 into one at best
COUNT = 100_000  # members of one byte: file systems feel them, and lists of names in memory
MOST = 250_000  # members: to make more would be work for us, too
LARGE = 300_000_000  # bytes

LAST_EPISODE = 9_999  # the highest that can be submitted


def bomb_ratio(honest: Honest) -> Content:
    """A storyboard that unpacks to the size, by default RATIO, and weighs a thousandth of it (CWE-409)."""
    name, runs = _storyboard(honest, RATIO)
    return honest.beside(_member(name, runs, deflated(runs), ZIP_DEFLATED))


def bomb_count(honest: Honest) -> Content:
    """
    COUNT members of one byte each, or so many that they unpack to the size: at most MOST (CWE-770).

    Their names are those of transcripts of episodes that nobody can submit. Many need zip64 (APPNOTE 4.3.14).
    """
    return zip_of(_Crowd(honest.members, min(_size(honest, COUNT), MOST)))


def large(honest: Honest) -> Content:
    """
    A storyboard of the size, by default LARGE, stored as it is; the archive weighs that and its honest members.

    What is wrong is nothing but a client that holds it in memory as a whole.
    """
    name, runs = _storyboard(honest, LARGE)
    return honest.beside(_member(name, runs, runs, ZIP_STORED))


def _member(name: bytes, runs: Runs, packed: Runs, method: int) -> Member:
    return Member(name, crc_of(runs), size_of(runs), size_of(packed), partial(chunks, packed), method)


def _size(honest: Honest, default: int) -> int:
    return default if honest.wanted is None else honest.wanted


def _storyboard(honest: Honest, default: int) -> tuple[bytes, Runs]:
    """
    Name and content of a storyboard that is as large as is wanted. It has no scenes, only white space after it.

    The name is as documented, of the highest episode that the archive has not: a client that looks only for what
    it submitted need not read it, one that goes by the pattern finds what fits the schema.
    """
    taken = {member.name for member in honest.members}
    episode = next(each for each in range(LAST_EPISODE, 0, -1) if b"%d_storyboard.json" % each not in taken)
    text = b'{"episode": "%d", "scenes": []}' % episode
    return b"%d_storyboard.json" % episode, padded(text, _size(honest, default))


@dataclass(frozen=True, slots=True)
class _Crowd:
    """The first members, and so many of one byte; made each time that they are gone through."""

    first: tuple[Member, ...]
    count: int

    def __iter__(self) -> Iterator[Member]:
        yield from self.first
        content = b"0"  # JSON needs a byte
        crc, made = crc32(content), partial(iter, (content,))
        for number in range(LAST_EPISODE + 1, LAST_EPISODE + 1 + self.count):
            yield Member(b"%d_transcript.json" % number, crc, 1, 1, made)
