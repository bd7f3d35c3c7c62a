"""
Result archives that lie: the transfer is right, the zip is hostile or damaged.

A new lie is a function from an honest archive to a content, a row of LIES, and a name in `core.fault_kinds.Zip`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO

from screenplay_mock.lies import bombs, choice, damage, escapes, names
from screenplay_mock.lies.content import Content, Made
from screenplay_mock.lies.honest import Honest, honest

__all__ = ["LIES", "spoilt"]

Lie = Callable[[Honest], Content]

#: Every lie, by its name in a scenario.
LIES: Mapping[str, Lie] = {
    "truncated": damage.truncated,
    "bad_crc": damage.bad_crc,
    "no_end": damage.no_end,
    "missing_entry": choice.missing_entry,
    "extra_entry": choice.extra_entry,
    "slip": escapes.slip,
    "absolute_path": escapes.absolute_path,
    "windows_path": escapes.windows_path,
    "symlink": escapes.symlink,
    "bomb_ratio": bombs.bomb_ratio,
    "bomb_count": bombs.bomb_count,
    "duplicate_names": choice.duplicate_names,
    "case_clash": choice.case_clash,
    "no_utf8_flag": names.no_utf8_flag,
    "odd_names": names.odd_names,
    "empty": damage.empty,
    "large": bombs.large,
}


def spoilt(file: IO[bytes], lie: str, size: int | None) -> tuple[IO[bytes], int]:
    """
    The archive *file* with a *lie*, and how many bytes it is; the same bytes for the same archive and arguments.

    *file* can seek, and is a zip as `archive.build` makes it. It is closed with the new file, or at once if this
    fails. The new one stands at its beginning and is made while it is read: it cannot seek. *size*, in bytes, is
    what a bomb unpacks to, or the large member has; other lies have no use for it. Call it in a worker thread: a
    bomb of a hundred thousand members takes a fraction of a second to count.
    """
    try:
        content = LIES[lie](honest(file, size))
    except BaseException:
        file.close()
        raise
    return Made(content.chunks, file), content.size
