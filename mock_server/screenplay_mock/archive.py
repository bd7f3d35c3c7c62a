"""Screenplay data to the zip that the download call sends: JSON, XLSX; the same bytes for the same seed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from screenplay_mock import samples
from screenplay_mock.core import screenplay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from screenplay_mock.core.screenplay import EpisodeCut, Script

__all__ = ["Archive", "build", "members"]

IN_MEMORY = 1 << 20  # bytes of a file; beyond that it goes to disk
WRITTEN_AT = (2026, 3, 13, 10, 0, 0)  # a fixed date, so that the same seed gives the same bytes
PERMISSIONS = 0o100644  # a regular file, readable by all
UNIX = 3  # ZipInfo.create_system, on whatever system the zip is made
WIDTHS = (8, 7, 6, 9, 9, 36, 28, 52, 72)  # of the columns, in characters


@dataclass(frozen=True, slots=True)
class Archive:
    """
    A finished zip. `file` stands at its beginning, and who asked for the archive closes it. Sizes are bytes.

    `uncompressed_size`, the sum of the members' sizes, is what a download is charged by.
    """

    file: IO[bytes]
    size: int
    uncompressed_size: int
    names: tuple[str, ...]


def build(  # noqa: PLR0913 - what was submitted, by name
    *,
    seed: int,
    language: str,
    episodes: Sequence[EpisodeCut],
    require_json: bool,
    require_xlsx: bool,
    require_merge_xlsx: bool,
) -> Archive:
    """
    The result of a task as a zip; without any of the flags a valid one with nothing in it.

    It computes and writes: call it in a worker thread. The whole never sits in memory.
    """
    words = samples.words(language, seed)

    def scripts() -> Iterator[Script]:
        return screenplay.scripts(words, episodes, seed)

    contents = members(
        scripts,
        require_json=require_json,
        require_xlsx=require_xlsx,
        require_merge_xlsx=require_merge_xlsx,
    )
    file = SpooledTemporaryFile[bytes](max_size=IN_MEMORY)
    try:
        with ZipFile(file, "w") as archive:
            for name, content in contents:
                with content, archive.open(_entry(name), "w") as entry:
                    copyfileobj(content, entry)
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    entries = archive.infolist()
    return Archive(file, size, sum(entry.file_size for entry in entries), tuple(entry.filename for entry in entries))


def members(
    scripts: Callable[[], Iterator[Script]],
    *,
    require_json: bool,
    require_xlsx: bool,
    require_merge_xlsx: bool,
) -> Iterator[tuple[str, IO[bytes]]]:
    """
    Name and content of each member (download-task-result page), one after the other; the taker closes them.

    *scripts* is called for each round through the episodes: making them anew costs less than keeping them.
    docs silent: what the `*` of the names stands for, and folders; here the episode's number, and none.
    """
    if require_json:
        for script in scripts():
            yield f"{script.episode}_transcript.json", _json(screenplay.transcript(script))
            yield f"{script.episode}_storyboard.json", _json(screenplay.storyboard(script))
        yield "namelist.json", _json(screenplay.namelist(scripts()))
    if require_xlsx:
        for script in scripts():
            yield f"{script.episode}.xlsx", _workbook(f"Episode {script.episode}", [script], in_memory=True)
    if require_merge_xlsx:
        with TemporaryDirectory(prefix="screenplay-mock-") as folder:
            merged = _workbook("All episodes", scripts(), constant_memory=True, tmpdir=folder)
        yield "merged.xlsx", merged


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, WRITTEN_AT)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = UNIX
    entry.external_attr = PERMISSIONS << 16
    return entry


def _json(value: Any) -> IO[bytes]:
    return BytesIO(json.dumps(value, ensure_ascii=False, indent=2).encode())


def _workbook(sheet: str, scripts: Iterable[Script], **options: Any) -> IO[bytes]:
    """A workbook with one *sheet*, rewound. *options* are those of XlsxWriter."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    file = SpooledTemporaryFile[bytes](max_size=IN_MEMORY)
    # what a cell says is text, also when it looks like a formula, a number or a link
    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with Workbook(file, {**plain, **options}) as book:
        book.set_properties({"created": datetime(*WRITTEN_AT)})  # noqa: DTZ001 - XlsxWriter takes it as UTC
        bold = book.add_format({"bold": True})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        for column, width in enumerate(WIDTHS):
            page.set_column(column, column, width, text)
        for row, cells in enumerate(screenplay.sheet_rows(scripts)):
            page.write_row(row, 0, cells, None if row else bold)
    file.seek(0)
    return file
