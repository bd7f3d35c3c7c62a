"""Plain data from outside, and where each part of it stands in the text that it came from, if it has one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from screenplay_mock.scenarios.errors import Problem, shown

Path = tuple[str | int, ...]
Place = tuple[int, int]  # line and column, both from 1

_PLAIN_KEY = re.compile(r"[\w-]{1,60}")


@dataclass(frozen=True, slots=True)
class Document:
    """
    *values* and *keys* hold the places of every value and of every key by path, and are empty without a text.
    *flaws* are the problems that the reader got over; it put None at the paths *unread*.
    """

    source: str
    data: Any
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    flaws: tuple[Problem, ...] = ()
    unread: frozenset[Path] = frozenset()

    def problem(self, path: Path, message: str, *, at_key: bool = False) -> Problem:
        """A problem with the value at *path* (or with its key), or with what holds it when it is missing."""
        place = self.keys.get(path) if at_key else self.values.get(path)
        for end in range(len(path), -1, -1):
            place = place or self.values.get(path[:end])
        line, column = place or (None, None)
        return Problem(self.source, line, column, dotted(path), message)


def dotted(path: Path) -> str:
    """`("webhook", "retries", 2)` as `webhook.retries[2]`; odd keys in quotes."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            key = part if _PLAIN_KEY.fullmatch(part) else shown(part)
            text += f".{key}" if text else key
    return text
