"""What a process prints, however much: the beginning and the end are kept, and a key is looked for in all of it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 256 * 1024  # bytes kept of the beginning, and as many of the end
TELLING = 20  # characters of a key's secret that give it away; masks show fewer


@dataclass(frozen=True, slots=True)
class Trace:
    """A form of a key in which it is known by a part of `least` bytes; `core` is in every part of that length."""

    whole: bytes
    least: int

    @property
    def core(self) -> bytes:
        return self.whole[len(self.whole) - self.least : self.least]

    def is_in(self, data: bytes) -> bool:
        at = data.find(self.core)
        while at >= 0:
            if self._known_around(data, at) >= self.least:
                return True
            at = data.find(self.core, at + 1)
        return False

    def _known_around(self, data: bytes, at: int) -> int:
        """How many bytes in a row around the core at *at* are those of the key."""
        first, end = len(self.whole) - self.least, self.least
        before, rest = data[max(0, at - first) : at], at + len(self.core)
        behind = data[rest : rest + len(self.whole)]
        known = zip(reversed(self.whole[:first]), reversed(before), strict=False)
        more = zip(self.whole[end:], behind, strict=False)
        return len(self.core) + _alike(known) + _alike(more)


def _alike(pairs: Iterable[tuple[int, int]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


@cache
def traces(key: bytes) -> tuple[Trace, ...]:
    """
    The forms in which *key* gives itself away: as it is, in percent-encoding, and in base64, whatever stands before it.

    Of a long key it is the secret behind the last hyphen that counts. A short one is only looked for as it is.
    """
    _, _, secret = key.rpartition(b"-")
    if len(secret) < TELLING:
        return (Trace(key, len(key)),) if key else ()
    escaped = "".join(f"%{byte:02X}" for byte in secret).encode()
    return (_trace(secret, TELLING), _trace(escaped, 3 * TELLING), *map(_in_base64, (secret,) * 3, range(3)))


def _in_base64(secret: bytes, before: int) -> Trace:
    """In base64, with so many bytes before it in its first group of three; what others have a part in is left out."""
    text = b64encode(bytes(before) + secret)
    return _trace(text[-(-8 * before // 6) : 8 * (before + len(secret)) // 6], -(-8 * TELLING // 6))


def _trace(whole: bytes, least: int) -> Trace:
    return Trace(whole, max(least, len(whole) // 2 + 1))  # else two parts might have nothing in common


def gives_away(key: bytes, data: bytes) -> bool:
    """Whether *key*, or enough of it, is in *data*."""
    return any(trace.is_in(data) for trace in traces(key))


class Output:
    """*canary* is a key that must not be printed; an empty one never is."""

    def __init__(self, canary: bytes, *, most: int = MOST) -> None:
        self.size = 0
        self.has_canary = False
        self._canary, self._most = canary, most
        self._overlap = max((len(trace.whole) for trace in traces(canary)), default=1) - 1
        self._beginning, self._end = bytearray(), bytearray()
        self._seam = b""  # the last bytes, in which the key may have begun

    def add(self, data: bytes) -> None:
        self.size += len(data)
        if self._canary and not self.has_canary:
            seen = self._seam + data
            self.has_canary = gives_away(self._canary, seen)
            self._seam = seen[-self._overlap :] if self._overlap else b""
        room = max(0, self._most - len(self._beginning))
        self._beginning += data[:room]
        self._end += data[room:]
        if len(self._end) > 2 * self._most:  # not at each addition: it is moved in memory
            del self._end[: len(self._end) - self._most]

    @property
    def kept(self) -> bytes:
        end = bytes(self._end[max(0, len(self._end) - self._most) :])
        left_out = self.size - len(self._beginning) - len(end)
        gap = b"\n... %d bytes left out here ...\n" % left_out if left_out else b""
        return bytes(self._beginning) + gap + end
