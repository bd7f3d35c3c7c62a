"""The zip of a result, read: its members, the scripts in it, the rows of its workbooks."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_UNPACKED = 64 * 2**20  # bytes that are looked at; what claims to be more is not unpacked
LARGE = "too large to be looked at"
#: What zipfile raises of a zip that is none, or is damaged.
DAMAGE = (BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error)

TRANSCRIPT = re.compile(r"(.*)_transcript\.json").fullmatch
STORYBOARD = re.compile(r"(.*)_storyboard\.json").fullmatch
NAMELIST, MERGED = "namelist.json", "merged.xlsx"
_SHEET = "xl/worksheets/sheet1.xml"
_ROW = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"


@dataclass(frozen=True, slots=True)
class Archive:
    """`problem` is why it is no zip that can be read; `members` are their contents by name, `size` bytes in all."""

    problem: str | None
    names: tuple[str, ...] = ()
    members: Mapping[str, bytes] | None = None
    size: int = 0

    @property
    def transcripts(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if TRANSCRIPT(name))

    @property
    def storyboards(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if STORYBOARD(name))

    @property
    def workbooks(self) -> tuple[str, ...]:
        """Those of single episodes."""
        return tuple(name for name in self.names if name.endswith(".xlsx") and name != MERGED)

    def json(self, name: str) -> Any:
        """The member *name* as JSON; None where it is none."""
        try:
            return json.loads((self.members or {}).get(name, b"").decode("utf-8"))
        except ValueError:
            return None


@lru_cache(maxsize=256)  # some checks look at the same bytes
def opened(content: bytes) -> Archive:
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except DAMAGE as problem:
        return Archive(f"{type(problem).__name__}: {problem}")
    size = sum(entry.file_size for entry in entries)
    names = tuple(entry.filename for entry in entries)
    if size > MOST_UNPACKED:
        return Archive(LARGE, names, None, size)
    try:
        with ZipFile(BytesIO(content)) as archive:
            return Archive(None, names, {entry.filename: archive.read(entry) for entry in entries}, size)
    except DAMAGE as problem:
        return Archive(f"{type(problem).__name__}: {problem}", names, None, size)


def rows_of(workbook: bytes) -> int | None:
    """How many rows the first sheet of a workbook has, the head included; None where it cannot be read."""
    from xml.etree.ElementTree import iterparse

    try:
        with ZipFile(BytesIO(workbook)) as archive, archive.open(_SHEET) as sheet:
            return sum(element.tag == _ROW for _, element in iterparse(sheet))  # noqa: S314 - no entities in iterparse
    except (BadZipFile, KeyError, ValueError, ParseError, RuntimeError, zlib.error):
        return None
