"""A body of known size that is made while it is read."""

from __future__ import annotations

from dataclasses import dataclass
from io import BufferedReader
from typing import IO, TYPE_CHECKING

from screenplay_mock.streams import made_while_read

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Content:
    """Chunks to be read once, and how many bytes they are together."""

    chunks: Iterator[bytes]
    size: int

    def first(self, size: int) -> Content:
        """The first *size* bytes of it, which are no more than it has."""
        return Content(_first(self.chunks, size), size)


def _first(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk[:size]
        size -= len(chunk)
        if size <= 0:
            return


class Made(BufferedReader):
    """The file of some *chunks*: it can only be read, and closes *source*, from which they are made, with itself."""

    def __init__(self, chunks: Iterator[bytes], source: IO[bytes]) -> None:
        super().__init__(made_while_read(chunks).detach())
        self._source = source

    def close(self) -> None:
        self._source.close()
        super().close()
