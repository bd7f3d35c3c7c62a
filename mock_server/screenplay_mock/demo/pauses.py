"""Pauses for talks: a second between steps, or until Enter; and none at all where nobody could press it."""

from __future__ import annotations

import select
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

STEP = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Pauses:
    """`stdin` None: there are none."""

    stdin: TextIO | None = None

    def __bool__(self) -> bool:
        return self.stdin is not None

    def step(self) -> None:
        """Wait a second, or until Enter."""
        if self.stdin is not None and select.select([self.stdin], [], [], STEP)[0]:
            self.stdin.readline()

    def scene(self) -> None:
        """Wait until Enter."""
        if self.stdin is not None:
            self.stdin.readline()


def pauses_for(stdin: TextIO | None, *, slow: bool) -> Pauses:
    return Pauses(stdin if slow and stdin is not None and stdin.isatty() else None)
