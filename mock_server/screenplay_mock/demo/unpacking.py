"""How to unpack an archive from somewhere else (CWE-22, CWE-409): all of it into a new folder, or nothing anywhere."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from pathlib import PurePosixPath, PureWindowsPath
from stat import S_ISLNK
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_ENTRIES = 10_000
MOST_BYTES = 2**30


class BadArchive(Exception):
    """The archive is broken, or dangerous. `is_cut`: its end is missing, as if the transfer had been cut."""

    def __init__(self, message: str, *, is_cut: bool = False) -> None:
        super().__init__(message)
        self.is_cut = is_cut


def unpack(archive: Path, folder: Path) -> None:
    """Unpack *archive* to *folder*, which must not exist, and does not unless all went well. Raises BadArchive."""
    beside = folder.with_name(f"{folder.name}.part")
    try:
        with zipfile.ZipFile(archive) as opened:
            _inspect(opened.infolist())
            opened.extractall(beside)  # reads every byte, and so checks every checksum
        beside.rename(folder)
    except zipfile.BadZipFile as error:
        raise BadArchive(str(error), is_cut=not zipfile.is_zipfile(archive)) from None
    except (zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise BadArchive(str(error) or type(error).__name__) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _inspect(entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise BadArchive("it would unpack to more than any result has")
    for entry in entries:
        parts = {*PurePosixPath(entry.filename).parts, *PureWindowsPath(entry.filename).parts}
        anchor = PurePosixPath(entry.filename).anchor or PureWindowsPath(entry.filename).anchor
        if anchor or ".." in parts or S_ISLNK(entry.external_attr >> 16):
            raise BadArchive(f"{entry.filename!r} leads out of the folder")
    if len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise BadArchive("two entries have one name")
