"""The arguments of a client's command that are paths, made absolute: its working folder is another than the user's."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_NAMED = re.compile(r"(-{0,2}[A-Za-z_][\w.-]*=)(.+)", re.DOTALL)  # --config=PATH, NAME=PATH
#: What stands behind them names a module, and is found by other ways: `python -m adapter`, and there is such a folder.
_OF_MODULES = frozenset({"-m", "--module"})
_WILDCARDS = ("/*", f"{os.sep}*")  # all archives in a folder, in a class path of Java
_HERE = frozenset({os.curdir, os.pardir})


def absolute(arguments: Sequence[str], folder: Path) -> Iterator[str]:
    """
    *arguments*, given in *folder*, as they are right elsewhere.

    A path is what is there: a file, or a folder that is written with a slash (`./build`), or stands behind an option
    (`-cp build`); elsewhere the bare name of a folder is a word (`npm test`). So is each part of a list
    (`lib/a.jar:build`), where all of them are there, and what stands behind `=`.
    """
    before = ""
    for argument in arguments:
        named = _NAMED.fullmatch(argument)
        if before in _OF_MODULES:
            yield argument
        elif named is not None and not _is_there(folder, argument):
            yield named[1] + _path(named[2], folder, is_asked_for=False)
        else:
            yield _path(argument, folder, is_asked_for=before.startswith("-"))
        before = argument


def _path(text: str, folder: Path, *, is_asked_for: bool) -> str:
    parts = text.split(os.pathsep)
    if len(parts) == 1 or _is_there(folder, text):
        return _whole(text, folder) if _is_path(text, folder, is_asked_for=is_asked_for) else text
    has_all = all(_is_path(part, folder, is_asked_for=True) for part in parts if part)
    are_paths = [_is_path(part, folder, is_asked_for=has_all) for part in parts]
    return os.pathsep.join(
        _whole(part, folder) if is_path else part for part, is_path in zip(parts, are_paths, strict=True)
    )


def _is_path(text: str, folder: Path, *, is_asked_for: bool) -> bool:
    if is_asked_for and text.endswith(_WILDCARDS):
        return _is_there(folder, text[:-1])
    if not text or not _is_there(folder, text):
        return False
    return is_asked_for or text in _HERE or has_folder(text) or (folder / text).is_file()


def _is_there(folder: Path, name: str) -> bool:
    try:
        return (folder / name).exists()
    except (OSError, ValueError):  # no name of a file
        return False


def _whole(name: str, folder: Path) -> str:
    """*name* from the root; what begins there stays, since it may be part of an address such as file:///tmp/x."""
    return name if os.path.isabs(name) else os.path.abspath(folder / name)  # noqa: PTH100, PTH117 - links stay links


def has_folder(name: str) -> bool:
    return "/" in name or os.sep in name
