"""Archives that lie: each does what it says, and nothing else, to readers that are not ours."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import suppress
from functools import cache, partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from stat import S_ISLNK
from typing import Any, get_args, get_type_hints
from unicodedata import normalize
from zipfile import BadZipFile, ZipFile, ZipInfo

import pytest

from screenplay_mock.archive import build
from screenplay_mock.core.fault_kinds import Zip
from screenplay_mock.core.screenplay import EpisodeCut
from screenplay_mock.lies import LIES, spoilt
from screenplay_mock.lies.escapes import ABSOLUTE
from screenplay_mock.lies.honest import honest
from screenplay_mock.lies.names import CJK, LONGEST, ODD
from screenplay_mock.lies.records import zip_of
from screenplay_schemas import validator

MEGABYTE = 1_000_000
SIZED = {"bomb_ratio": MEGABYTE, "bomb_count": 1_000, "large": MEGABYTE}  # as small as the tests can do with

FLAGS = {
    "json": {"require_json": True, "require_xlsx": True, "require_merge_xlsx": False},
    "xlsx": {"require_json": False, "require_xlsx": True, "require_merge_xlsx": True},
    "nothing": {"require_json": False, "require_xlsx": False, "require_merge_xlsx": False},
}
NAMES = {
    "json": ["1_transcript.json", "1_storyboard.json", "namelist.json", "1.xlsx"],
    "xlsx": ["1.xlsx", "merged.xlsx"],
    "nothing": ["namelist.json"],  # put there, for there to be something to spoil
}
VICTIMS = {"json": "namelist.json", "xlsx": "1.xlsx", "nothing": "namelist.json"}


@cache
def true(flags: str = "json") -> bytes:
    """An honest archive."""
    cuts = (EpisodeCut("1", 61_500),)
    with build(seed=7, language="zh-CN", episodes=cuts, **FLAGS[flags]).file as file:
        return file.read()


def spoil(lie: str, *, size: int | None = None, flags: str = "json") -> bytes:
    """The archive that lies, read in pieces; of a modest size where it would be large. `honest` is no lie."""
    if lie == "honest":
        return true(flags)
    file, weight = spoilt(BytesIO(true(flags)), lie, SIZED.get(lie) if size is None else size)
    with file:
        data = b"".join(iter(partial(file.read, 4_099), b""))
    assert len(data) == weight
    return data


def opened(data: bytes) -> ZipFile:
    return ZipFile(BytesIO(data))


def names(data: bytes) -> list[str]:
    return [entry.orig_filename for entry in opened(data).infolist()]


def contents(data: bytes) -> list[bytes]:
    archive = opened(data)
    return [archive.read(entry) for entry in archive.infolist()]


def python_says(data: bytes) -> str:
    """What is wrong in the eyes of Python's zipfile, which reads every member."""
    try:
        with opened(data) as archive:
            wrong = archive.testzip()
    except BadZipFile as error:
        return str(error)
    return f"bad {wrong}" if wrong else "fine"


PYTHON = {"truncated": "File is not a zip file", "no_end": "File is not a zip file", "bad_crc": "bad {victim}"}
UNZIP = {"truncated": (9, 9), "no_end": (9, 9), "bad_crc": (2, 0), "empty": (1, 1)}  # exit codes of -t and -l


def test_there_is_a_lie_for_every_name_that_a_scenario_can_say() -> None:
    assert tuple(LIES) == get_args(get_type_hints(Zip)["lie"])


@pytest.mark.parametrize("flags", ["json", "xlsx"])
def test_an_archive_that_is_only_taken_apart_and_put_together_has_the_same_bytes(flags: str) -> None:
    whole = zip_of(honest(BytesIO(true(flags)), None).members)
    assert b"".join(whole.chunks) == true(flags)


@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("lie", ["honest", *LIES])
def test_python_complains_about_damage_and_about_nothing_else(lie: str, flags: str) -> None:
    assert python_says(spoil(lie, flags=flags)) == PYTHON.get(lie, "fine").format(victim=VICTIMS[flags])


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
@pytest.mark.parametrize("lie", ["honest", *LIES])
def test_unzip_complains_about_damage_and_about_nothing_else(tmp_path: Path, lie: str) -> None:
    file = tmp_path / "result.zip"
    file.write_bytes(spoil(lie))
    unzip = str(shutil.which("unzip"))
    ran = [subprocess.run([unzip, how, file], capture_output=True, check=False) for how in ("-t", "-l")]
    assert tuple(each.returncode for each in ran) == UNZIP.get(lie, (0, 0)), ran


@pytest.mark.parametrize("lie", LIES)
def test_the_same_archive_is_spoilt_in_the_same_way(lie: str) -> None:
    assert sha256(spoil(lie)).digest() == sha256(spoil(lie)).digest()
    assert spoil(lie) != true()


ADDED = {
    "extra_entry": ["readme.txt"],
    "slip": ["../outside.txt", "../../outside.txt"],
    "absolute_path": [ABSOLUTE],
    "windows_path": ["C:\\outside.txt", "..\\..\\outside.txt"],
    "symlink": ["link", "link/outside.txt"],
    "bomb_ratio": ["9999_storyboard.json"],
    "bomb_count": [f"{number}_transcript.json" for number in range(10_000, 11_000)],
    "duplicate_names": ["{victim}"],
    "case_clash": ["{VICTIM}"],
    "no_utf8_flag": [CJK.encode().decode("cp437")],  # as one reads it who goes by the flag
    "odd_names": list(ODD),
    "large": ["9999_storyboard.json"],
}


@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("lie", ADDED)
def test_what_a_lie_adds_stands_after_the_honest_members(lie: str, flags: str) -> None:
    data = spoil(lie, flags=flags)
    victim = VICTIMS[flags]
    added = [name.format(victim=victim, VICTIM=victim.upper()) for name in ADDED[lie]]
    assert names(data) == NAMES[flags] + added
    if flags != "nothing":
        assert contents(data)[: len(NAMES[flags])] == contents(true(flags))


def test_every_lie_is_seen_in_the_names_or_is_damage() -> None:
    assert {*ADDED, *UNZIP, "missing_entry"} == set(LIES)


# damage


@pytest.mark.parametrize("flags", FLAGS)
def test_a_truncated_archive_ends_in_the_middle_of_its_last_member(flags: str) -> None:
    data, whole = spoil("truncated", flags=flags), spoil("extra_entry", flags=flags)
    *_, last, after = opened(whole).infolist()
    assert whole.startswith(data)
    assert last.header_offset + 30 + len(last.filename) < len(data) < after.header_offset


def test_a_bad_crc_is_wrong_in_both_headers_and_nothing_else_is_changed() -> None:
    pairs = zip(true(), spoil("bad_crc"), strict=True)
    differing = [at for at, (before, after) in enumerate(pairs) if before != after]
    entry = opened(true()).getinfo("namelist.json")
    header = entry.header_offset + 14
    assert differing[:4] == list(range(header, header + 4))
    directory = true().rindex(b"namelist.json") - 30
    assert differing[4:] == list(range(directory, directory + 4))
    with pytest.raises(BadZipFile, match="Bad CRC-32"):
        opened(spoil("bad_crc")).read("namelist.json")


def test_without_its_end_record_an_archive_is_otherwise_complete() -> None:
    assert spoil("no_end") + true("nothing")[:4] == true()[:-18]  # the signature, and 18 bytes after it


def test_an_empty_archive_has_22_bytes() -> None:
    assert spoil("empty") == true("nothing")
    assert len(spoil("empty")) == 22


# another choice of members


@pytest.mark.parametrize("flags", FLAGS)
def test_the_missing_entry_is_the_namelist_or_the_first(flags: str) -> None:
    left = [name for name in NAMES[flags] if name != VICTIMS[flags]]
    assert names(spoil("missing_entry", flags=flags)) == left


def test_members_of_one_name_or_of_names_that_clash_have_different_contents() -> None:
    for lie in ("duplicate_names", "case_clash"):
        found = [entry for entry in opened(spoil(lie)).infolist() if entry.filename.lower() == "namelist.json"]
        first, second = (opened(spoil(lie)).read(entry) for entry in found)
        assert first != second, lie
        validator("namelist").validate(json.loads(second))


# ways out


def careless(archive: ZipFile, entry: ZipInfo, folder: Path) -> None:
    """Unpack as many clients do: the name is joined to the folder, a link is made."""
    target = folder / entry.filename
    if S_ISLNK(entry.external_attr >> 16):
        target.symlink_to(archive.read(entry).decode())
    else:
        target.write_bytes(archive.read(entry))


def careful(archive: ZipFile, entry: ZipInfo, folder: Path) -> None:
    """Python drops `..`, and makes a link a file, below which there is no other."""
    with suppress(NotADirectoryError):
        archive.extract(entry, folder)


@pytest.mark.parametrize(
    ("lie", "outside"), [("slip", ["a/outside.txt", "outside.txt"]), ("symlink", ["a/outside.txt"]), ("honest", [])]
)
def test_a_careless_client_writes_outside_and_a_careful_one_does_not(
    tmp_path: Path, lie: str, outside: list[str]
) -> None:
    folder = tmp_path / "a" / "b"
    with opened(spoil(lie)) as archive:
        for unpack, expected in ((careful, []), (careless, outside)):
            folder.mkdir(parents=True)
            for entry in archive.infolist():
                unpack(archive, entry, folder)
            assert (folder / "1.xlsx").is_file()
            shutil.rmtree(folder)
            left = sorted(path for path in tmp_path.rglob("*") if path.is_file())
            assert [str(path.relative_to(tmp_path)) for path in left] == expected


def test_absolute_names_and_those_of_windows_leave_any_folder() -> None:
    assert PurePosixPath("/home/result") / names(spoil("absolute_path"))[-1] == PurePosixPath(ABSOLUTE)
    folder = PureWindowsPath(r"D:\home\result")
    drive, up = (folder / name for name in names(spoil("windows_path"))[-2:])
    assert drive == PureWindowsPath(r"C:\outside.txt")
    assert up.parts[-3:] == ("..", "..", "outside.txt")


# names


def test_a_name_without_its_flag_is_utf_8_and_every_other_is_flagged() -> None:
    entry = opened(spoil("no_utf8_flag")).infolist()[-1]
    assert entry.flag_bits == 0
    assert spoil("no_utf8_flag").count(CJK.encode()) == 2
    odd = opened(spoil("odd_names")).infolist()
    assert [entry.flag_bits for entry in odd] == [0 if entry.filename.isascii() else 1 << 11 for entry in odd]
    assert sum(entry.flag_bits != 0 for entry in odd) == 2


def test_odd_names_are_two_forms_of_one_a_device_dropped_ends_and_too_long_a_one() -> None:
    composed, decomposed, device, dot, space, long = ODD
    assert composed != decomposed
    assert composed == normalize("NFC", decomposed)
    assert PureWindowsPath(device).stem == "CON"
    assert (dot[-1], space[-1]) == (".", " ")
    assert len(long.encode()) > LONGEST


# the files


@pytest.mark.parametrize("lie", LIES)
def test_the_honest_file_is_closed_with_the_one_that_lies(lie: str) -> None:
    source = BytesIO(true())
    file, _ = spoilt(source, lie, SIZED.get(lie))
    assert file.read(10)
    file.close()
    assert source.closed


@pytest.mark.parametrize(("content", "lie", "error"), [(b"no zip", "slip", BadZipFile), (None, "white", KeyError)])
def test_the_honest_file_is_closed_where_it_cannot_be_spoilt(content: Any, lie: str, error: type[Exception]) -> None:
    source = BytesIO(content or true())
    with pytest.raises(error):
        spoilt(source, lie, None)
    assert source.closed
