"""Archives that lie about how large they are: small on the wire or on our side, and true in every number."""

from __future__ import annotations

import json
import tracemalloc
from functools import cache
from io import BytesIO
from struct import unpack_from
from typing import TYPE_CHECKING
from zipfile import ZipFile
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screenplay_mock.archive import build
from screenplay_mock.core.screenplay import EpisodeCut
from screenplay_mock.lies import bombs, spoilt
from screenplay_mock.lies.checksum import joined, repeated
from screenplay_mock.lies.records import Member, stored, zip_of
from screenplay_mock.lies.runs import BLOCK
from screenplay_schemas import validator

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 1_000_000
TERABYTE = 10**12
HONEST = 3  # members: transcript, storyboard, namelist


@cache
def true() -> bytes:
    """An honest archive."""
    with build(
        seed=7,
        language="zh-CN",
        episodes=[EpisodeCut("1", 61_500)],
        require_json=True,
        require_xlsx=False,
        require_merge_xlsx=False,
    ).file as file:
        return file.read()


def spoil(lie: str, *, size: int | None = None) -> bytes:
    """The archive that lies, whole in memory."""
    file, weight = spoilt(BytesIO(true()), lie, size)
    with file:
        data = file.read()
    assert len(data) == weight
    return data


def opened(data: bytes) -> ZipFile:
    return ZipFile(BytesIO(data))


@pytest.mark.parametrize("size", [0, 100, BLOCK, BLOCK + 31, BLOCK + 32, BLOCK + 33, 3 * BLOCK + 17])
@pytest.mark.parametrize("lie", ["bomb_ratio", "large"])
def test_a_large_member_is_a_storyboard_of_just_that_size(lie: str, size: int) -> None:
    archive = opened(spoil(lie, size=size))
    assert archive.testzip() is None
    content = archive.read(archive.namelist()[-1])
    text = content.rstrip(b" ")
    assert len(content) == max(size, len(text))
    validator("storyboard").validate(json.loads(content))


def test_a_large_member_takes_the_name_of_no_honest_one() -> None:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("9999_storyboard.json", "{}")
        archive.writestr("9997_storyboard.json", "{}")
    with spoilt(file, "large", 100)[0] as lying:
        added = opened(lying.read())
    assert added.namelist()[-1] == "9998_storyboard.json"
    assert json.loads(added.read("9998_storyboard.json"))["episode"] == "9998"


def test_a_bomb_weighs_a_thousandth_of_what_it_unpacks_to() -> None:
    data = spoil("bomb_ratio")
    bomb = opened(data).infolist()[-1]
    assert bomb.file_size == bombs.RATIO == 2_000_000_000
    assert bomb.file_size > 1_000 * bomb.compress_size
    assert len(data) < 2 * MEGABYTE + len(true())


def test_a_bomb_of_many_members_has_a_hundred_thousand_of_one_byte() -> None:
    data = spoil("bomb_count")
    archive = opened(data)
    added = archive.infolist()[HONEST:]
    assert len({entry.filename for entry in added}) == len(added) == 100_000
    assert {(entry.file_size, entry.CRC) for entry in added} == {(1, crc32(b"0"))}
    assert archive.read(added[-1]) == b"0"
    assert len(data) < 12 * MEGABYTE
    signature, *counts = unpack_from("<4s20x2Q", data, len(data) - 22 - 20 - 56)  # Python does not look at them
    assert (signature, *counts) == (b"PK\6\6", *[100_000 + HONEST] * 2)


def test_members_are_counted_by_the_bytes_they_unpack_to_and_there_is_an_end_to_them() -> None:
    assert len(opened(spoil("bomb_count", size=3)).namelist()) == HONEST + 3
    _, size = spoilt(BytesIO(true()), "bomb_count", TERABYTE)
    assert 100 < size // bombs.MOST < 125  # bytes that one of them takes


def test_a_large_archive_weighs_300_megabytes_and_what_is_honest_in_it() -> None:
    file, size = spoilt(BytesIO(true()), "large", None)
    file.close()
    assert 300 * MEGABYTE < size < 300 * MEGABYTE + len(true()) + 1_000


@pytest.mark.parametrize(
    ("lie", "size"), [("large", TERABYTE), ("bomb_ratio", TERABYTE), ("bomb_count", 30_000), ("slip", None)]
)
def test_what_is_not_read_is_not_made(lie: str, size: int | None) -> None:
    """A terabyte would never be ready; 30,000 members take 5 MB."""
    true()
    tracemalloc.start()
    try:
        with spoilt(BytesIO(true()), lie, size)[0] as file:
            assert file.read(MEGABYTE)
        assert tracemalloc.get_traced_memory()[1] < 3 * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [0xFFFF_FFFE, 0xFFFF_FFFF, 5_000_000_000])
def test_sizes_beyond_four_gigabytes_are_told(size: int) -> None:
    bomb = opened(spoil("bomb_ratio", size=size)).infolist()[-1]
    assert bomb.file_size == size
    assert bomb.extract_version == (20 if size == 0xFFFF_FFFE else 45)


def test_a_member_behind_four_gigabytes_is_found(tmp_path: Path) -> None:
    size = 5_000_000_000
    hole = Member(b"hole", 0, size, size, list)
    whole = zip_of([hole, stored("after.txt", "here")])
    with (tmp_path / "sparse.zip").open("wb") as file:
        file.write(next(whole.chunks))
        file.seek(size, 1)  # a file system need not write what is skipped
        file.writelines(whole.chunks)
        assert file.tell() == whole.size
    with ZipFile(tmp_path / "sparse.zip") as archive:
        assert archive.getinfo("hole").compress_size == size
        assert archive.read("after.txt") == b"here"


@given(st.binary(), st.binary(), st.integers(0, 50))
def test_the_crc_of_the_whole_follows_from_those_of_its_parts(first: bytes, second: bytes, times: int) -> None:
    assert joined(crc32(first), crc32(second), len(second)) == crc32(first + second)
    assert repeated(crc32(first), len(first), times) == crc32(first * times)
