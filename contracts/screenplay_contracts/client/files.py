"""What a client has left in its folders, and where it should have left nothing."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISLNK, S_ISREG
from typing import TYPE_CHECKING

from screenplay_contracts.client.folders import status, walked
from screenplay_contracts.client.observation import Files
from screenplay_contracts.client.output import Output

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screenplay_contracts.client.folders import Folders

RESULT = "result"
MOST_OF_RESULT = 1_000_000  # bytes kept of each file
MOST_OF_OTHERS = 65_536
MOST_KEPT = 64_000_000  # bytes kept in all; beyond them only the names
CHUNK = 1 << 20
#: How files that the fake's lying archives want to have outside begin: such a one is ours to remove.
OF_A_LIE = b"Unpacked from a result of screenplay-mock"

#: Of a file: what shows that it is another one, or has been changed.
Trace = tuple[int, int, int]
_O_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_O_NONBLOCK: int = getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class Before:
    """What was outside of SCREENPLAY_OUT before the client came; `elsewhere` are absolute paths to be watched, too."""

    traces: Mapping[str, Trace]
    elsewhere: Mapping[str, Trace | None]


class _Survey:
    def __init__(self, key: str) -> None:
        self.result: dict[str, bytes] = {}
        self.others: dict[str, int] = {}
        self.texts: dict[str, bytes] = {}
        self.links: dict[str, str] = {}
        self.with_key: list[str] = []
        self._key, self._room = key, MOST_KEPT

    def look_outside(self, path: str, entry: os.DirEntry[str], about: os.stat_result) -> None:
        if S_ISREG(about.st_mode) and _read(entry.path, 0, self._key)[1]:
            self.with_key.append(path)

    def look_inside(self, path: str, entry: os.DirEntry[str], about: os.stat_result) -> None:
        """At what is in SCREENPLAY_OUT, with its *path* there."""
        if S_ISLNK(about.st_mode):
            with suppress(OSError):
                self.links[path] = str(Path(entry.path).readlink())
        elif S_ISREG(about.st_mode):
            self._read(path, entry.path, about.st_size)
        else:
            self.others[path] = 0

    def _read(self, name: str, path: str, size: int) -> None:
        folder, _, rest = name.partition("/")
        in_result = folder == RESULT and bool(rest)
        begin, has_key = _read(path, min(self._room, MOST_OF_RESULT if in_result else MOST_OF_OTHERS), self._key)
        self._room -= len(begin)
        if has_key:
            self.with_key.append(name)
        if in_result:
            self.result[rest] = begin
        else:
            self.others[name], self.texts[name] = size, begin


def before(folders: Folders, elsewhere: tuple[str, ...] = ()) -> Before:
    for path in elsewhere:
        _remove_lie(path)
    return Before(_outside(folders), {path: _trace_of(path) for path in elsewhere})


def survey(folders: Folders, earlier: Before, key: str) -> Files:
    """What is there now, against *earlier*; files of lies elsewhere are removed."""
    seen = _Survey(key)
    for path, entry in walked(folders.root):
        about, inside = status(entry), _below_out(folders, path)
        if about is not None and inside is None:
            seen.look_outside(path, entry, about)
        elif about is not None and inside is not None:
            seen.look_inside(inside, entry, about)
    return Files(
        result=seen.result if (folders.out / RESULT).is_dir() else None,
        others=seen.others,
        outside=(*_changed(earlier.traces, _outside(folders)), *_elsewhere(earlier)),
        with_key=tuple(seen.with_key),
        texts=seen.texts,
        links=seen.links,
    )


def _below_out(folders: Folders, path: str) -> str | None:
    prefix = f"{folders.out.relative_to(folders.root).as_posix()}/"
    return path.removeprefix(prefix) if path.startswith(prefix) else None


def _read(path: str, most: int, key: str) -> tuple[bytes, bool]:
    """(the first *most* bytes, whether *key* is in it); of a file that cannot be read nothing."""
    output = Output(key.encode(), most=0)
    kept = bytearray()
    with suppress(OSError):
        number = os.open(path, os.O_RDONLY | _O_NOFOLLOW | _O_NONBLOCK)
        with open(number, "rb", buffering=0) as file:  # noqa: PTH123 - of a number, not of a path
            while data := file.read(CHUNK):
                kept += data[: max(0, most - len(kept))]
                output.add(data)
    return bytes(kept), output.has_canary


def _outside(folders: Folders) -> dict[str, Trace]:
    """The traces of all files that are not below SCREENPLAY_OUT."""
    found = {}
    for path, entry in walked(folders.root):
        about = status(entry)
        if about is not None and _below_out(folders, path) is None:
            found[path] = _trace(about)
    return found


def _trace(about: os.stat_result) -> Trace:
    return about.st_ino, about.st_size, about.st_mtime_ns


def _trace_of(path: str) -> Trace | None:
    with suppress(OSError):
        return _trace(Path(path).lstat())
    return None


def _changed(earlier: Mapping[str, Trace], now: Mapping[str, Trace]) -> tuple[str, ...]:
    """What is new, another, or gone."""
    return tuple(sorted(path for path in {*earlier, *now} if earlier.get(path) != now.get(path)))


def _elsewhere(earlier: Before) -> tuple[str, ...]:
    changed = tuple(path for path, trace in earlier.elsewhere.items() if _trace_of(path) != trace)
    for path in changed:
        _remove_lie(path)
    return changed


def _remove_lie(path: str) -> None:
    if _read(path, len(OF_A_LIE), "")[0] == OF_A_LIE:
        with suppress(OSError):
            Path(path).unlink()
