"""What a process prints, however much: the beginning and the end are kept, and a canary is looked for in all of it."""

from __future__ import annotations

MOST = 256 * 1024  # bytes kept of the beginning, and as many of the end


class Output:
    """*canary* is what must not be printed; an empty one never is."""

    def __init__(self, canary: bytes, *, most: int = MOST) -> None:
        self.size = 0
        self.has_canary = False
        self._canary, self._most = canary, most
        self._beginning, self._end = bytearray(), bytearray()
        self._seam = b""  # the last bytes, in which a canary may have begun

    def add(self, data: bytes) -> None:
        self.size += len(data)
        if self._canary and not self.has_canary:
            self.has_canary = self._canary in self._seam + data
            self._seam = (self._seam + data)[-len(self._canary) + 1 :] if len(self._canary) > 1 else b""
        room = max(0, self._most - len(self._beginning))
        self._beginning += data[:room]
        self._end += data[room:]
        if len(self._end) > 2 * self._most:  # not at each addition: it is moved in memory
            del self._end[: -self._most]

    @property
    def kept(self) -> bytes:
        end = bytes(self._end[-self._most :])
        left_out = self.size - len(self._beginning) - len(end)
        gap = b"\n... %d bytes left out here ...\n" % left_out if left_out else b""
        return bytes(self._beginning) + gap + end
