"""Small files to upload: a film without pictures whose header says how long it is, and a sound; how long a film is."""

from __future__ import annotations

from struct import pack, unpack

VIDEO_SECONDS = 42
FIRST_BYTES = 19  # of a movie header behind its version: flags, two dates, time scale, length


def tiny_mp4(seconds: float) -> bytes:
    """An MP4 (ISO/IEC 14496-12) without tracks, *seconds* long by its movie header."""
    unity = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    times = pack(">B3xIIII", 0, 0, 0, 1000, round(seconds * 1000))
    rest = pack(">IH10x9I24xI", 0x10000, 0x100, *unity, 1)
    return _box(b"ftyp", b"isom\0\0\2\0isommp42") + _box(b"moov", _box(b"mvhd", times + rest)) + _box(b"mdat", b"")


def film_seconds(content: bytes) -> float | None:
    """How long an MP4 is by its movie header; None where that is not there, or of the kind for centuries."""
    _, found, header = content.partition(b"mvhd\0")
    if not found or len(header) < FIRST_BYTES:
        return None
    scale, length = unpack(">11xII", header[:FIRST_BYTES])
    return length / scale if scale else None


def _box(name: bytes, content: bytes) -> bytes:
    return pack(">I4s", 8 + len(content), name) + content


#: The beginning of an MP3: an ID3v2 tag without frames, and the header of a frame.
TINY_MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x64" + bytes(413)
