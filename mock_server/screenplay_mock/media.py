"""What an uploaded file is, by its first bytes or else its name: video, audio or image; and its duration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO, Literal

from screenplay_mock.mp4 import SMALLEST_MP4, duration_of, tiny_mp4

__all__ = ["SMALLEST_MP4", "Kind", "Media", "probe", "tiny_mp4"]

Kind = Literal["video", "audio", "image", "other"]

HEAD = 1_024  # bytes looked at; the farthest mark is the third packet of a transport stream


@dataclass(frozen=True, slots=True)
class Media:
    """
    What a file is. `duration` in whole milliseconds, None where no header tells (MP4, MOV and M4A do).

    `extension` is lower case, without a dot: that of the filename, else of the content, else "".
    """

    kind: Kind
    mime: str
    extension: str
    duration: int | None


#: The formats of the upload page, and others that people have, by extension.
TYPES: dict[str, tuple[Kind, str]] = {
    "mp4": ("video", "video/mp4"),
    "m4v": ("video", "video/x-m4v"),
    "mov": ("video", "video/quicktime"),
    "avi": ("video", "video/x-msvideo"),
    "webm": ("video", "video/webm"),
    "mkv": ("video", "video/x-matroska"),
    "flv": ("video", "video/x-flv"),
    "wmv": ("video", "video/x-ms-wmv"),
    "mpeg": ("video", "video/mpeg"),
    "mpg": ("video", "video/mpeg"),
    "ts": ("video", "video/mp2t"),
    "m2ts": ("video", "video/mp2t"),
    "mp3": ("audio", "audio/mpeg"),
    "wav": ("audio", "audio/wav"),
    "aac": ("audio", "audio/aac"),
    "flac": ("audio", "audio/flac"),
    "ogg": ("audio", "audio/ogg"),
    "m4a": ("audio", "audio/mp4"),
    "jpeg": ("image", "image/jpeg"),
    "jpg": ("image", "image/jpeg"),
    "png": ("image", "image/png"),
    "gif": ("image", "image/gif"),
    "webp": ("image", "image/webp"),
    "bmp": ("image", "image/bmp"),
    "tiff": ("image", "image/tiff"),
    "tif": ("image", "image/tiff"),
    "heic": ("image", "image/heic"),
    "avif": ("image", "image/avif"),
}
OTHER: tuple[Kind, str] = ("other", "application/octet-stream")

#: How files of each type begin; the first that fits counts.
MARKS = tuple(
    (re.compile(pattern, re.DOTALL).match, extension)
    for pattern, extension in (
        (rb".{4}ftypM4[ABP] ", "m4a"),
        (rb".{4}ftypqt  ", "mov"),
        (rb".{4}ftyp(?:heic|heix|mif1)", "heic"),
        (rb".{4}ftypavi[fs]", "avif"),
        (rb".{4}ftyp", "mp4"),
        (rb".{4}(?:moov|mdat)|\0.{3}(?:wide|free|skip|pnot)", "mov"),  # QuickTime of before there was ftyp
        (rb"\x1aE\xdf\xa3.{0,60}webm", "webm"),
        (rb"\x1aE\xdf\xa3", "mkv"),
        (rb"RIFF.{4}AVI ", "avi"),
        (rb"RIFF.{4}WAVE", "wav"),
        (rb"RIFF.{4}WEBP", "webp"),
        (rb"FLV\x01", "flv"),
        (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", "wmv"),
        (rb"\0\0\x01[\xba\xb3]", "mpeg"),  # program stream, bare video
        (rb"\xff\xd8\xff", "jpeg"),
        (rb"\x89PNG\r\n\x1a\n", "png"),
        (rb"GIF8[79]a", "gif"),
        (rb"BM.{4}\0{4}", "bmp"),
        (rb"II\*\0|MM\0\*", "tiff"),
        (rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", "mp3"),  # tagged, or at once a frame of layer III
        (rb"\xff[\xf0\xf1\xf8\xf9]", "aac"),
        (rb"fLaC", "flac"),
        (rb"OggS", "ogg"),
        (rb"G.{187}G(?:.{187}G|.{0,187}\Z)", "ts"),  # a G begins each packet of 188 bytes
        (rb".{4}G.{191}G(?:.{191}G|.{0,191}\Z)", "m2ts"),  # of 192
    )
)

_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,16})\Z")


def probe(file: BinaryIO, filename: str) -> Media:
    """
    What *file*, seekable and uploaded as *filename*, is; it is rewound afterwards. Anything gets an answer.

    Content that nobody knows counts as what its name says: people send a fake made-up bytes as `ep1.mp4`.
    An MP4 with nothing but sound in it is told by its brand or not at all.
    """
    file.seek(0)
    head = file.read(HEAD)
    content = next((extension for fits, extension in MARKS if fits(head)), "")
    match = _EXTENSION.search(filename)
    name = match[1].lower() if match else ""
    kind, mime = TYPES.get(content or name, OTHER)
    media = Media(kind, mime, name or content, duration_of(file))
    file.seek(0)
    return media
