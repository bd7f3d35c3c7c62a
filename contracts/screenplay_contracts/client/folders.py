"""The folders of one client under test: where it may write, and all around it where it may not."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from os import DirEntry, scandir, stat_result
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CANARY = "do-not-touch.txt"
BLOCK = 512  # bytes: the unit of st_blocks, whatever the file system's is


@dataclass(frozen=True, slots=True)
class Folders:
    """`above` are two folders around `out`, so that who climbs out of it is still within `root`."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def job(self) -> Path:
        return self.root / "job"

    @property
    def above(self) -> Path:
        return self.root / "above"

    @property
    def out(self) -> Path:
        return self.above / "around" / "out"

    def make(self) -> None:
        for folder in (self.home, self.tmp, self.work, self.job, self.out):
            folder.mkdir(parents=True)
        for folder in (self.above, self.out.parent):
            (folder / CANARY).write_text("No client has business here.\n", "utf-8")

    def written(self) -> int:
        """How much room all that is in them takes, in bytes."""
        return sum(_room(entry) for _, entry in walked(self.root))

    def remove(self) -> None:
        """Delete them with all that is in them."""
        shutil.rmtree(self.root, onerror=_try_harder)


def walked(root: Path) -> Iterator[tuple[str, DirEntry[str]]]:
    """All below *root* but folders, with their paths from there; links are not followed, what is closed is left out."""
    waiting = [("", str(root))]
    while waiting:
        path, folder = waiting.pop()
        try:
            with scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((f"{path}{entry.name}/", entry.path))
                    else:
                        yield f"{path}{entry.name}", entry
        except OSError:  # it has gone meanwhile, or is closed to us
            continue


def status(entry: DirEntry[str]) -> stat_result | None:
    with suppress(OSError):
        return entry.stat(follow_symlinks=False)
    return None


def _room(entry: DirEntry[str]) -> int:
    found = status(entry)
    if found is None:
        return 0
    return found.st_blocks * BLOCK if hasattr(found, "st_blocks") else found.st_size


def _try_harder(remove: Callable[..., object], path: str, _: object) -> None:
    """A client may have closed a folder to us that is ours."""
    with suppress(OSError):
        Path(path).parent.chmod(0o700)
        if Path(path).is_dir() and not Path(path).is_symlink():
            Path(path).chmod(0o700)
            shutil.rmtree(path, ignore_errors=True)
        else:
            remove(path)
