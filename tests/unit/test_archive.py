"""The zip of a result: what is in it, that it opens, is the same each time and never whole in memory."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tracemalloc
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook

from screenplay_mock import samples
from screenplay_mock.archive import IN_MEMORY, WIDTHS, Archive, build, members
from screenplay_mock.core import screenplay
from screenplay_mock.core.screenplay import COLUMNS, EpisodeCut
from screenplay_schemas import validator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screenplay_mock.core.screenplay import Script

CUTS = (EpisodeCut("10", 61_500), EpisodeCut("2", 45_040), EpisodeCut("1", 90_000))  # not in their order
JSONS = ["1_transcript.json", "1_storyboard.json", "2_transcript.json", "2_storyboard.json"]
JSONS += ["10_transcript.json", "10_storyboard.json", "namelist.json"]
SHEETS = ["1.xlsx", "2.xlsx", "10.xlsx"]
FLAGS = ("require_json", "require_xlsx", "require_merge_xlsx")
NOTHING: dict[str, Any] = dict.fromkeys(FLAGS, False)
ALL: dict[str, Any] = dict.fromkeys(FLAGS, True)


def built(**arguments: Any) -> Archive:
    """An archive of CUTS in Chinese without any file, unless *arguments* of `build` say otherwise."""
    return build(**{"seed": 7, "language": "zh-CN", "episodes": CUTS, **NOTHING, **arguments})


def content(archive: Archive) -> bytes:
    with archive.file as file:
        return file.read()


def opened(archive: Archive) -> ZipFile:
    return ZipFile(BytesIO(content(archive)))


def rows(sheet: bytes) -> list[tuple[Any, ...]]:
    """The rows of the only sheet of a workbook; an empty cell is an empty text."""
    book = load_workbook(BytesIO(sheet), read_only=True)
    (page,) = book.worksheets
    read = [tuple("" if cell is None else cell for cell in row) for row in page.iter_rows(values_only=True)]
    book.close()
    return read


def expected_rows(*cuts: EpisodeCut, seed: int = 7, language: str = "zh-CN") -> list[tuple[Any, ...]]:
    words = samples.words(language, seed)
    return list(screenplay.sheet_rows(screenplay.scripts(words, cuts, seed)))


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        ({}, []),
        ({"require_json": True}, JSONS),
        ({"require_xlsx": True}, SHEETS),
        ({"require_merge_xlsx": True}, ["merged.xlsx"]),
        ({"require_json": True, "require_merge_xlsx": True}, [*JSONS, "merged.xlsx"]),
        (ALL, [*JSONS, *SHEETS, "merged.xlsx"]),
    ],
)
def test_the_flags_decide_which_files_are_in_it(flags: dict[str, bool], names: list[str]) -> None:
    archive = built(**flags)
    assert list(archive.names) == names
    with opened(archive) as whole:
        assert whole.namelist() == names
        assert whole.testzip() is None


def test_sizes_are_those_of_the_file_and_of_its_members() -> None:
    archive = built(**ALL)
    assert archive.file.tell() == 0
    data = content(archive)
    assert archive.size == len(data)
    with ZipFile(BytesIO(data)) as whole:
        assert archive.uncompressed_size == sum(len(whole.read(name)) for name in whole.namelist())
    assert archive.uncompressed_size > archive.size > 0


def test_an_empty_archive_is_a_zip_of_no_bytes() -> None:
    archive = built()
    assert (archive.uncompressed_size, archive.names) == (0, ())
    assert len(content(archive)) == archive.size == 22  # the end record alone


def test_every_entry_is_a_deflated_regular_file_of_a_fixed_date() -> None:
    with opened(built(**ALL)) as whole:
        entries = whole.infolist()
    assert {entry.compress_type for entry in entries} == {ZIP_DEFLATED}
    assert {entry.date_time for entry in entries} == {(2026, 3, 13, 10, 0, 0)}
    assert {(entry.create_system, entry.external_attr >> 16) for entry in entries} == {(3, 0o100644)}


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
def test_unzip_finds_nothing_wrong(tmp_path: Path) -> None:
    file = tmp_path / "result.zip"
    file.write_bytes(content(built(**ALL)))
    unzip = str(shutil.which("unzip"))
    seen = subprocess.run([unzip, "-t", str(file)], capture_output=True, text=True, check=False)
    assert seen.returncode == 0, seen.stdout
    assert "No errors detected" in seen.stdout


def test_the_json_files_agree_with_the_script_and_fit_their_schemas() -> None:
    words = samples.words("ko", 7)
    made = {script.episode: script for script in screenplay.scripts(words, CUTS, 7)}
    with opened(built(language="ko-KR", require_json=True)) as whole:
        for number, script in made.items():
            transcript = json.loads(whole.read(f"{number}_transcript.json"))
            storyboard = json.loads(whole.read(f"{number}_storyboard.json"))
            assert transcript == screenplay.transcript(script)
            assert storyboard == screenplay.storyboard(script)
            validator("transcript").validate(transcript)
            validator("storyboard").validate(storyboard)
        namelist = json.loads(whole.read("namelist.json"))
    assert namelist == screenplay.namelist(made.values())
    validator("namelist").validate(namelist)


def test_json_is_written_for_people() -> None:
    with opened(built(require_json=True)) as whole:
        text = whole.read("namelist.json").decode()
    first = json.loads(text)["names"][0]["name"]
    assert f'"name": "{first}"' in text  # its letters, no escapes
    assert text.startswith('{\n  "names": [\n')


def test_a_sheet_has_the_rows_of_its_episode_and_merged_those_of_all() -> None:
    with opened(built(require_xlsx=True, require_merge_xlsx=True)) as whole:
        for cut in CUTS:
            assert rows(whole.read(f"{cut.number}.xlsx")) == expected_rows(cut)
        assert rows(whole.read("merged.xlsx")) == expected_rows(*CUTS)


def test_an_episode_without_length_has_a_sheet_with_nothing_but_its_header() -> None:
    with opened(built(episodes=(EpisodeCut("1", 0),), **ALL)) as whole:
        assert rows(whole.read("1.xlsx")) == rows(whole.read("merged.xlsx")) == [COLUMNS]
        assert json.loads(whole.read("namelist.json")) == {"names": []}


@pytest.mark.parametrize(("member", "title"), [("2.xlsx", "Episode 2"), ("merged.xlsx", "All episodes")])
def test_a_sheet_is_laid_out_for_people(member: str, title: str) -> None:
    with opened(built(require_xlsx=True, require_merge_xlsx=True)) as whole:
        book = load_workbook(BytesIO(whole.read(member)))
    assert book.properties.created == datetime(2026, 3, 13, 10)  # noqa: DTZ001 - openpyxl reads it so
    page = book[title]
    assert page.freeze_panes == "A2"
    assert all(cell.font.bold for cell in page[1])
    assert not any(cell.font.bold for cell in page[2])
    assert all(cell.alignment.wrap_text for cell in page[2])
    assert len(WIDTHS) == len(COLUMNS)
    assert page.column_dimensions["I"].width > page.column_dimensions["A"].width


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    words = samples.words("en", 7)
    evil = screenplay.Shot(0, 1_000, '=HYPERLINK("http://a.b")', ())
    scene = screenplay.Scene(0, 1_000, "http://a.b/", "1", (evil,))
    script = screenplay.Script("1", words.language, 1_000, (scene,))
    for name, file in members(lambda: iter([script]), **{**ALL, "require_json": False}):
        with file:
            book = load_workbook(file)
        cells = {cell.value: cell for cell in book.worksheets[0][2]}
        assert cells[evil.description].data_type == "s", name
        assert cells[scene.location].hyperlink is None, name


def digest(**arguments: Any) -> str:
    return sha256(content(built(**{**ALL, **arguments}))).hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_or_language_others() -> None:
    assert digest() == digest()
    assert digest(seed=8) != digest()
    assert digest(language="ja") != digest()
    assert digest(episodes=CUTS[:2]) != digest()


def test_the_order_in_which_episodes_are_given_changes_nothing() -> None:
    assert digest(episodes=CUTS[::-1]) == digest()


PROGRAM = """
import sys
from hashlib import sha256
from screenplay_mock.archive import build
from screenplay_mock.core.screenplay import EpisodeCut
cuts = [EpisodeCut("10", 61_500), EpisodeCut("2", 45_040), EpisodeCut("1", 90_000)]
archive = build(
    seed=7, language="zh-CN", episodes=cuts, require_json=True, require_xlsx=True, require_merge_xlsx=True
)
print(sha256(archive.file.read()).hexdigest())
"""


def test_another_process_builds_the_same_bytes() -> None:
    for hash_seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(sys.path), "TZ": "Asia/Seoul"},
        )
        assert ran.stdout.strip() == digest(), ran.stderr


def test_a_small_archive_stays_in_memory_and_a_large_one_goes_to_disk() -> None:
    # a spooled file has a name once it is a real one
    with built(require_json=True).file as small:
        assert small.name is None
    cuts = [EpisodeCut(str(number), 290_000) for number in range(1, 91)]
    archive = built(episodes=cuts, require_json=True, require_xlsx=True)
    with archive.file as large:
        assert archive.size > IN_MEMORY
        assert large.name is not None


def peak_of(episodes: int) -> int:
    """The most bytes that Python held while it built a workbook of so many episodes."""
    cuts = [EpisodeCut(str(number), 290_000) for number in range(1, episodes + 1)]
    tracemalloc.start()
    try:
        built(episodes=cuts, require_merge_xlsx=True).file.close()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_the_memory_for_a_workbook_does_not_grow_with_its_episodes() -> None:
    built(require_merge_xlsx=True).file.close()  # imports and banks are no part of it
    assert peak_of(30) - peak_of(3) < IN_MEMORY  # it would be three times that if the sheet were in memory


def test_each_member_is_made_when_its_turn_comes() -> None:
    taken: list[str] = []

    def scripts() -> Iterator[Script]:
        for script in screenplay.scripts(samples.words("en", 7), CUTS, 7):
            taken.append(script.episode)
            yield script

    made = members(scripts, **{**ALL, "require_merge_xlsx": False})
    assert taken == []
    for name, file in islice(made, 2):
        file.close()
        assert taken == ["1"], name
    for name, file in made:
        file.close()
        if name.endswith(".xlsx"):
            assert taken[-1] == name.removesuffix(".xlsx")


def test_a_build_that_fails_leaves_no_file_open() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        built(episodes=(EpisodeCut("one", 1_000),), require_json=True)
