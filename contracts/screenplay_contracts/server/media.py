"""Small files to upload: a film without pictures whose header says how long it is, and a sound."""

from __future__ import annotations

from struct import pack

VIDEO_SECONDS = 42


def tiny_mp4(seconds: float) -> bytes:
    """An MP4 (ISO/IEC 14496-12) without tracks, *seconds* long by its movie header."""
    unity = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    times = pack(">B3xIIII", 0, 0, 0, 1000, round(seconds * 1000))
    rest = pack(">IH10x9I24xI", 0x10000, 0x100, *unity, 1)
    return _box(b"ftyp", b"isom\0\0\2\0isommp42") + _box(b"moov", _box(b"mvhd", times + rest)) + _box(b"mdat", b"")


def _box(name: bytes, content: bytes) -> bytes:
    return pack(">I4s", 8 + len(content), name) + content


#: The beginning of an MP3: an ID3v2 tag without frames, and the header of a frame.
TINY_MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x64" + bytes(413)
