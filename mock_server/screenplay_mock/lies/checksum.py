"""
CRC-32 of what is put together, from the CRCs of its parts: terabytes of the same need not be gone through.

A CRC is a polynomial over GF(2), its highest bit the lowest power; n more bytes multiply it by x to the power 8n
(as crc32_combine of zlib has it).
"""

from __future__ import annotations

_ONE, _BYTE = 1 << 31, 1 << 23  # x to the power 0, and 8
_POLYNOMIAL = 0xEDB8_8320  # without the power 32


def joined(first: int, second: int, size: int) -> int:
    """The CRC of two parts, one after the other; the second has *size* bytes."""
    return _product(first, _power(_BYTE, size)) ^ second


def repeated(crc: int, size: int, times: int) -> int:
    """The CRC of *times* times the same *size* bytes, whose own is *crc*."""
    whole = 0  # of no bytes
    while times:
        if times & 1:
            whole = joined(whole, crc, size)
        crc, size, times = joined(crc, crc, size), size * 2, times >> 1
    return whole


def _product(first: int, second: int) -> int:
    product = 0
    while first:
        if first & _ONE:
            product ^= second
        first = first << 1 & 0xFFFF_FFFF
        second = second >> 1 ^ (_POLYNOMIAL if second & 1 else 0)
    return product


def _power(base: int, exponent: int) -> int:
    power = _ONE
    while exponent:
        if exponent & 1:
            power = _product(power, base)
        base, exponent = _product(base, base), exponent >> 1
    return power
