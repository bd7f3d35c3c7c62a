"""Result archives that lie, in transfers that are right: their bytes, looked at with `zipfile` afterwards."""

from __future__ import annotations

import re
import stat
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from tests.wire.claims.downloads import ZIP, is_zip, unzipped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zipfile import ZipFile

    from tests.wire.claims import Claim
    from tests.wire.world import World


def transferred(world: World) -> bytes:
    """The body of a download that HTTP has nothing against."""
    seen = world.downloaded()
    assert (seen.status, seen.header("Content-Type"), seen.is_whole) == (200, ZIP, True)
    assert seen.header("Content-Length") == str(len(seen.body))
    return seen.body


def holding(look: Callable[[ZipFile], None], *, intact: bool = True) -> Claim:
    """A claim about the zip that comes; *intact*: its checksums are right."""

    def claim(world: World) -> None:
        body = transferred(world)
        with unzipped(body) as archive:
            look(archive)
        assert is_zip(body) is intact

    return claim


def with_names(*names: str) -> Claim:
    def look(archive: ZipFile) -> None:
        found = [entry.orig_filename for entry in archive.infolist()]
        assert found[-len(names) :] == list(names)
        assert "1_transcript.json" in found  # beside what was asked for

    return holding(look)


def bad_crc(archive: ZipFile) -> None:
    assert archive.testzip() == "namelist.json"


def case_clash(archive: ZipFile) -> None:
    names = archive.namelist()
    assert len(set(names)) == len(names) > len({name.lower() for name in names})


def duplicate_names(archive: ZipFile) -> None:
    twice = [name for name, count in Counter(archive.namelist()).items() if count == 2]
    contents = {archive.read(entry) for entry in archive.infolist() if entry.filename in twice}
    assert (len(twice), len(contents)) == (1, 2)


def missing_entry(archive: ZipFile) -> None:
    names = archive.namelist()
    assert "1_transcript.json" in names
    assert "namelist.json" not in names


def odd_names(archive: ZipFile) -> None:
    names = archive.namelist()
    composed = [name for name in names if unicodedata.normalize("NFC", name) in set(names) - {name}]
    assert len(composed) == 1  # another one is the same letter, composed
    for form in (r"CON\..*", r".*\.", r".* ", r".{256,}"):
        assert any(re.fullmatch(form, name) for name in names), (form, names)


def no_utf8_flag(archive: ZipFile) -> None:
    odd = [entry for entry in archive.infolist() if not entry.orig_filename.isascii()]
    assert [entry.flag_bits & 0x800 for entry in odd] == [0]
    assert odd[0].orig_filename.encode("cp437").decode("utf-8") == "角色表.json"


def symlink(archive: ZipFile) -> None:
    link = next((one for one in archive.infolist() if stat.S_ISLNK(one.external_attr >> 16)), None)
    assert link is not None
    assert (archive.read(link), f"{link.filename}/outside.txt" in archive.namelist()) == (b"..", True)


def empty(world: World) -> None:
    assert transferred(world) == b"PK\5\6" + bytes(18)


def no_end_record(world: World) -> None:
    body = transferred(world)
    assert (body[:4], b"PK\1\2" in body, b"PK\5\6" in body) == (b"PK\3\4", True, False)


def truncated(world: World) -> None:
    body = transferred(world)
    assert (body[:4], b"PK\1\2" in body, b"PK\5\6" in body) == (b"PK\3\4", False, False)


def bomb(world: World) -> None:
    body = transferred(world)
    with unzipped(body) as archive:
        largest = max(archive.infolist(), key=lambda entry: entry.file_size)
    assert len(body) < 4_000_000
    assert largest.file_size == 2_000_000_000
    assert largest.compress_size * 900 < largest.file_size


def crowd(world: World) -> None:
    body = transferred(world)
    with unzipped(body) as archive:
        assert len(archive.infolist()) > 100_000
    assert len(body) < 20_000_000


CLAIMS: Mapping[str, Claim] = {
    "download/absolute-path": with_names("/tmp/screenplay-mock-outside.txt"),  # noqa: S108 - nobody opens it
    "download/bad-crc": holding(bad_crc, intact=False),
    "download/case-clash": holding(case_clash),
    "download/duplicate-names": holding(duplicate_names),
    "download/empty-zip": empty,
    "download/extra-entry": with_names("readme.txt"),
    "download/missing-entry": holding(missing_entry),
    "download/names": holding(odd_names),
    "download/no-end-record": no_end_record,
    "download/no-utf8-flag": holding(no_utf8_flag),
    "download/symlink": holding(symlink),
    "download/truncated": truncated,
    "download/windows-path": with_names(r"C:\outside.txt", r"..\..\outside.txt"),
    "download/zip-bomb": bomb,
    "download/zip-bomb-count": crowd,
    "download/zip-slip": with_names("../outside.txt", "../../outside.txt"),
}
