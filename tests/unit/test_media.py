"""What uploaded bytes are taken for, and how long; all files are made here by hand."""

from __future__ import annotations

from io import BytesIO
from itertools import islice
from struct import pack
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screenplay_mock.media import SMALLEST_MP4, TYPES, Media, probe, tiny_mp4
from screenplay_mock.mp4 import CHUNK, MOST_BOXES, duration_of

MINUTE = 60_000


def box(name: bytes, content: bytes = b"") -> bytes:
    return pack(">I4s", 8 + len(content), name) + content


def long_box(name: bytes, content: bytes = b"") -> bytes:
    return pack(">I4sQ", 1, name, 16 + len(content)) + content


def mvhd(timescale: int, duration: int, version: int = 0) -> bytes:
    layout = ">B3xIIII" if version == 0 else ">B3xQQIQ"
    return box(b"mvhd", pack(layout, version, 5, 6, timescale, duration) + bytes(80))


def long_mvhd(duration: int) -> bytes:
    return long_box(b"mvhd", mvhd(1_000, duration)[8:])


FTYP = box(b"ftyp", b"isom" + bytes(4) + b"isom")
MDAT = box(b"mdat", bytes(100))


def film(*inside: bytes) -> bytes:
    return FTYP + box(b"moov", b"".join(inside))


def duration(content: bytes) -> int | None:
    return duration_of(BytesIO(content))


RECOGNISED = [
    (FTYP, "mp4"),
    (box(b"ftyp", b"mp42" + bytes(4)), "mp4"),
    (box(b"ftyp", b"qt  " + bytes(4)), "mov"),
    (box(b"ftyp", b"M4A " + bytes(4)), "m4a"),
    (box(b"ftyp", b"heic" + bytes(4)), "heic"),
    (box(b"ftyp", b"avif" + bytes(4)), "avif"),
    (box(b"moov", mvhd(600, 600)), "mov"),
    (box(b"wide") + MDAT, "mov"),
    (b"RIFF\x24\0\0\0AVI LIST", "avi"),
    (b"RIFF\x24\0\0\0WAVEfmt ", "wav"),
    (b"RIFF\x24\0\0\0WEBPVP8 ", "webp"),
    (b"\x1aE\xdf\xa3\x9f\x42\x82\x84webm", "webm"),
    (b"\x1aE\xdf\xa3\x9f\x42\x82\x88matroska", "mkv"),
    (b"FLV\x01\x05", "flv"),
    (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), "wmv"),
    (b"\0\0\x01\xba\x44", "mpeg"),
    (b"\0\0\x01\xb3\x14", "mpeg"),
    ((b"G" + bytes(187)) * 3, "ts"),
    ((b"G" + bytes(187)) * 2, "ts"),
    ((bytes(4) + b"G" + bytes(187)) * 3, "m2ts"),
    (b"ID3\x04\0", "mp3"),
    (b"\xff\xfb\x90\x64", "mp3"),
    (b"\xff\xf1\x50\x80", "aac"),
    (b"fLaC\0\0\0\x22", "flac"),
    (b"OggS\0\x02", "ogg"),
    (b"\xff\xd8\xff\xe0", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM\x46\0\0\0\0\0\0\0", "bmp"),
    (b"II*\0\x08\0", "tiff"),
    (b"MM\0*\0\0", "tiff"),
]
UPLOAD_PAGE = ["mp4", "mov", "avi", "webm", "mkv", "flv", "wmv", "mpeg"]
UPLOAD_PAGE += ["mp3", "wav", "aac", "flac", "ogg", "m4a"]
UPLOAD_PAGE += ["jpeg", "png", "gif", "webp", "bmp", "tiff"]
UNKNOWN = [
    b"",
    b"\0",
    b"just a text",
    b"BMW is a make of cars",
    b"Go" + bytes(185) + b"Gone",
    b"RIFF\x24\0\0\0ACON",
    "\ufeffUTF-16".encode("utf-16-le"),
    b"\x7fELF",
    b"PK\x03\x04",
    b"%PDF-1.7",
]


@pytest.mark.parametrize(("content", "extension"), RECOGNISED, ids=[extension for _, extension in RECOGNISED])
def test_content_tells_what_a_file_is_whatever_its_name(content: bytes, extension: str) -> None:
    for filename in (f"a.{extension}", "a.txt", "a", "a.png", "a.mp4"):
        media = probe(BytesIO(content), filename)
        assert (media.kind, media.mime) == TYPES[extension]
    assert probe(BytesIO(content), "noname").extension == extension


@pytest.mark.parametrize("content", UNKNOWN, ids=[repr(content[:8]) for content in UNKNOWN])
def test_unknown_content_is_what_its_name_says(content: bytes) -> None:
    assert probe(BytesIO(content), "ep1.mp4") == Media("video", "video/mp4", "mp4", None)
    assert probe(BytesIO(content), "SONG.MP3") == Media("audio", "audio/mpeg", "mp3", None)
    assert probe(BytesIO(content), "a.b.Jpg") == Media("image", "image/jpeg", "jpg", None)
    assert probe(BytesIO(content), "notes.txt") == Media("other", "application/octet-stream", "txt", None)
    assert probe(BytesIO(content), "notes") == Media("other", "application/octet-stream", "", None)


@pytest.mark.parametrize(
    "extension",
    UPLOAD_PAGE,
)
def test_every_format_of_the_upload_page_is_known_by_name(extension: str) -> None:
    assert probe(BytesIO(b"made up"), f"file.{extension}").kind != "other"


@pytest.mark.parametrize(
    ("filename", "extension"),
    [
        ("a.MP4", "mp4"),
        (".mp4", "mp4"),
        ("a.", ""),
        ("a.mp4 ", ""),
        ("a.tar/b", ""),
        ("a.mp\u0664", ""),
        ("a.mp4\n", ""),
        ("", ""),
        ("videos/x.y/第一集.mov", "mov"),
    ],
)
def test_an_extension_is_the_plain_end_of_the_name(filename: str, extension: str) -> None:
    assert probe(BytesIO(b"made up"), filename).extension == extension


def test_probe_rewinds_the_file_before_and_after() -> None:
    file = BytesIO(b"".join(tiny_mp4(MINUTE, 1_000)))
    file.seek(500)
    assert probe(file, "x").duration == MINUTE
    assert file.tell() == 0


def test_probe_reads_a_spooled_file() -> None:
    with SpooledTemporaryFile[bytes](max_size=10) as file:
        file.write(b"".join(tiny_mp4(MINUTE, 1_000)))
        assert probe(cast("BinaryIO", file), "x").duration == MINUTE


def test_sound_with_a_header_has_a_duration_and_a_matroska_none() -> None:
    sound = box(b"ftyp", b"M4A " + bytes(4)) + box(b"moov", mvhd(1_000, 5))
    assert probe(BytesIO(sound), "a.m4a") == Media("audio", "audio/mp4", "m4a", 5)
    assert probe(BytesIO(b"OggS" + sound[4:]), "a.ogg").duration is None


DURATIONS = {
    "milliseconds": (film(mvhd(1_000, 90_500)), 90_500),
    "other units": (film(mvhd(600, 600)), 1_000),
    "version 1": (film(mvhd(90_000, 90_000 * 7_200, version=1)), 7_200_000),
    "beyond 32 bits": (film(mvhd(1_000, 2**33, version=1)), 2**33),
    "rounded down from 33.4": (film(mvhd(30_000, 1_001)), 33),
    "rounded up from 33.5": (film(mvhd(30_000, 1_006)), 34),
    "among other boxes": (film(box(b"iods", bytes(9)), mvhd(1_000, 8), box(b"trak", bytes(99))), 8),
    "behind the media": (FTYP + MDAT + box(b"free", bytes(7)) + box(b"moov", mvhd(1_000, 9)), 9),
    "long sizes": (FTYP + long_box(b"mdat", bytes(99)) + long_box(b"moov", long_mvhd(10)), 10),
    "to the end": (FTYP + pack(">I4s", 0, b"moov") + mvhd(1_000, 11), 11),
    "media to the end": (film(mvhd(1_000, 12)) + pack(">I4s", 0, b"mdat") + bytes(9), 12),
    "cut off behind the header": (film(mvhd(1_000, 13)) + pack(">I4s", 10**6, b"mdat"), 13),
}
NO_DURATIONS = {
    "empty": b"",
    "only a type": FTYP,
    "no header": FTYP + MDAT,
    "empty header": film(),
    "header without mvhd": film(box(b"trak", bytes(99))),
    "no timescale": film(mvhd(0, 1_000)),
    "fragmented": film(mvhd(1_000, 0)),
    "less than half a millisecond": film(mvhd(10**6, 1)),
    "unknown in version 0": film(mvhd(1_000, 2**32 - 1)),
    "unknown in version 1": film(mvhd(1_000, 2**64 - 1, version=1)),
    "version 2": film(box(b"mvhd", b"\2" + bytes(99))),
    "empty mvhd": film(box(b"mvhd")),
    "short version 0": film(box(b"mvhd", pack(">IIII3x", 0, 5, 6, 1_000))),
    "short version 1": film(box(b"mvhd", pack(">B3xQQII", 1, 5, 6, 1_000, 0) + bytes(3))),
    "cut off": film(mvhd(1_000, 5))[:-1],
    "cut off in the media": FTYP + pack(">I4s", 10**6, b"mdat") + box(b"moov", mvhd(1_000, 5)),
    "nothing but media": FTYP + pack(">I4s", 0, b"mdat") + box(b"moov", mvhd(1_000, 5)),
    "smaller than its head": FTYP + pack(">I4s", 7, b"mdat") + box(b"moov", mvhd(1_000, 5)),
    "smaller than its long head": FTYP + pack(">I4sQ", 1, b"mdat", 15) + box(b"moov", mvhd(1_000, 5)),
    "long size 0": FTYP + pack(">I4sQ", 1, b"mdat", 0),
    "largest long size": FTYP + pack(">I4sQ", 1, b"mdat", 2**64 - 1) + box(b"moov", mvhd(1_000, 5)),
    "no long size": FTYP + pack(">I4s", 1, b"mdat"),
    "long size outside its parent": film(pack(">I4s", 1, b"mvhd")) + pack(">Q", 50) + mvhd(1_000, 5)[8:],
    "child larger than its parent": film(pack(">I4s", 10**6, b"trak") + mvhd(1_000, 5)),
    "mvhd one byte too large": film(pack(">I4s", len(mvhd(1, 1)) + 1, b"mvhd") + mvhd(1_000, 5)[8:]) + MDAT,
}
HOSTILE = {
    "a million boxes": FTYP + box(b"free") * 1_000_000 + box(b"moov", mvhd(1_000, 5)),
    "a million children": FTYP + box(b"moov", box(b"free") * 1_000_000 + mvhd(1_000, 5)),
    "large media": FTYP + box(b"mdat", bytes(2_000_000)),
    "large mvhd": FTYP + box(b"moov", box(b"mvhd", bytes(2_000_000))),
}


@pytest.mark.parametrize("case", DURATIONS)
def test_the_header_tells_the_duration(case: str) -> None:
    content, milliseconds = DURATIONS[case]
    assert duration(content) == milliseconds


@pytest.mark.parametrize("case", NO_DURATIONS)
def test_a_header_that_does_not_tell_gives_no_duration(case: str) -> None:
    assert duration(NO_DURATIONS[case]) is None


class Watched(BytesIO):
    """Counts the bytes and the calls of reading."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.calls = self.read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.calls += 1
        self.read_bytes += len(data)
        return data


@pytest.mark.parametrize("case", HOSTILE)
def test_of_a_hostile_file_only_a_few_bytes_are_read(case: str) -> None:
    file = Watched(HOSTILE[case])
    assert probe(file, "evil.mp4").duration is None
    assert file.calls <= 2 * MOST_BOXES + 2
    assert file.read_bytes < 40_000


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.text(".mp4MOV/é\n", max_size=9))
def test_any_bytes_get_an_answer(content: bytes, filename: str) -> None:
    for start in (b"", FTYP, FTYP + pack(">I4s", 8 + len(content), b"moov")):
        media = probe(BytesIO(start + content), filename)
        assert media.duration is None or media.duration > 0


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 10**9), st.integers(SMALLEST_MP4, 5 * CHUNK))
def test_a_tiny_mp4_has_the_size_and_the_duration_asked_for(duration: int, size: int) -> None:
    chunks = list(tiny_mp4(duration, size))
    content = b"".join(chunks)
    assert len(content) == size
    assert max(map(len, chunks)) <= CHUNK
    assert probe(BytesIO(content), "x.mp4") == Media("video", "video/mp4", "mp4", duration)


@pytest.mark.parametrize("more", [0, 1, CHUNK, CHUNK + 1])
def test_the_boxes_of_a_tiny_mp4_fill_it_to_the_last_byte(more: int) -> None:
    size = SMALLEST_MP4 + more
    content = b"".join(tiny_mp4(MINUTE, size))
    names, at = [], 0
    while at < len(content):
        names.append(content[at + 4 : at + 8])
        at += int.from_bytes(content[at : at + 4], "big")
    assert names == [b"ftyp", b"moov", b"mdat"]
    assert at == size


def test_a_huge_mp4_is_streamed_with_a_long_size() -> None:
    size = 2**33
    (head,) = islice(tiny_mp4(MINUTE, size), 1)
    assert head[-16:] == pack(">I4sQ", 1, b"mdat", size - (len(head) - 16))


def test_an_mp4_without_room_for_its_header_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="159 bytes has no room for its header; the smallest has 160"):
        tiny_mp4(MINUTE, SMALLEST_MP4 - 1)
