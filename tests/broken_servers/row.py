"""What a broken server is: what it does wrong, which check catches it, and which others see it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.broken_servers.proxy import Fault


@dataclass(frozen=True)
class Broken:
    """
    `check` is the check that it breaks, `chapters` the part of the script that shows it.

    `neighbours` are the checks that may see it too, in whatever chapter: what they promise is broken by it as well.
    """

    what: str
    check: str
    chapters: tuple[str, ...]
    fault: Fault
    neighbours: frozenset[str] = frozenset()


def row(what: str, check: str, chapters: str, fault: Fault, *neighbours: str) -> Broken:
    return Broken(what, check, tuple(chapters.split(", ")), fault, frozenset(neighbours))
