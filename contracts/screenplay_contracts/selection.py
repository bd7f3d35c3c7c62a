"""Which checks: patterns of names, in which `*` stands for one part or some of it, and `**` for anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class MatchesNothing(ValueError):
    """A pattern that fits no name; the text says which names are near."""


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*)", pattern)
    return re.compile("".join({"**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts))


def fits(pattern: str, name: str) -> bool:
    return _pattern(pattern).fullmatch(name) is not None


def must_fit(pattern: str, names: Iterable[str], *, what: str = "check") -> None:
    """Raise MatchesNothing if *pattern* fits none of *names*, which are those of *what*."""
    known = tuple(names)
    if not any(fits(pattern, name) for name in known):
        near = get_close_matches(pattern, known, 1)
        way_out = f"did you mean {near[0]!r}?" if near else "--list shows their names"
        raise MatchesNothing(f"no {what} is called {pattern!r}; {way_out}")


@dataclass(frozen=True, slots=True)
class Selection:
    """What fits one of `run` (none given: everything), and none of `skip`."""

    run: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    def takes(self, name: str) -> bool:
        wanted = not self.run or any(fits(pattern, name) for pattern in self.run)
        return wanted and not any(fits(pattern, name) for pattern in self.skip)

    def check(self, names: Iterable[str]) -> None:
        """Raise MatchesNothing for the first pattern that fits none of *names*."""
        known = tuple(names)
        for pattern in (*self.run, *self.skip):
            must_fit(pattern, known)
