"""What a client has left on the disk."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def outside(root: Path, folder: Path) -> tuple[str, ...]:
    """The files below *root* that are not in *folder*, as seen from there; but for zips beside it, which are meant."""
    found = (
        path
        for path in root.rglob("*")
        if path.is_file()
        and not path.is_relative_to(folder)
        and not (path.parent == folder.parent and path.suffix == ".zip")
    )
    return tuple(sorted(Path(os.path.relpath(path, folder)).as_posix() for path in found))


def has_result(folder: Path, episodes: Iterable[str]) -> bool:
    """Whether *folder* has a transcript of each of *episodes* that can be read."""
    try:
        return all(json.loads((folder / f"{one}_transcript.json").read_bytes())["lines"] for one in episodes)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def no_archives(folder: Path) -> tuple[str, ...]:
    """The zips in *folder* that are none."""
    return tuple(path.name for path in sorted(folder.glob("*.zip")) if not zipfile.is_zipfile(path))


def cleared(root: Path, folder: Path) -> Path:
    """*folder*, empty, and nothing else below *root*."""
    for path in root.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    folder.mkdir(parents=True)
    return folder
