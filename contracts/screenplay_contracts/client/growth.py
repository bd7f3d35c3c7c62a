"""How a folder grows while a client is at work, and how to look at it no oftener than that costs little."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from screenplay_contracts.client.folders import status, walked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from screenplay_contracts.client.observation import Stage

T = TypeVar("T")

SHARE = 0.1  # of a thread's time that looking may take
MOST_STAGES = 1_000  # that are kept


class Growth:
    """*folder* as it was seen, each time that it was another; whoever renames a finished one into place shows one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stages: list[Stage] = []

    def look(self) -> None:
        if self._folder.is_dir() and len(self._stages) < MOST_STAGES:
            sizes = [0 if (about := status(entry)) is None else about.st_size for _, entry in walked(self._folder)]
            stage = (len(sizes), sum(sizes))
            if self._stages[-1:] != [stage]:
                self._stages.append(stage)

    @property
    def stages(self) -> tuple[Stage, ...]:
        return tuple(self._stages)


def seldom(look: Callable[[], T], *, clock: Callable[[], float] = time.monotonic) -> Callable[[], T | None]:
    """*look*, which answers None, without a look, where it would take more than its SHARE of time."""
    next_at = 0.0

    def looked() -> T | None:
        nonlocal next_at
        began = clock()
        if began < next_at:
            return None
        found = look()
        ended = clock()
        next_at = ended + (ended - began) / SHARE
        return found

    return looked
