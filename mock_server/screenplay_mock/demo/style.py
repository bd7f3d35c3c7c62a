"""How the tour looks: with lines and colours on a terminal, in plain ASCII elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

Tone = Literal["plain", "bad", "good", "faint", "strong", "title"]

NARROWEST, WIDEST = 80, 100  # columns

_LOOKS: Mapping[Tone, Mapping[str, object]] = {
    "bad": {"fg": "red", "bold": True},
    "good": {"fg": "green", "bold": True},
    "faint": {"dim": True},
    "strong": {"bold": True},
    "title": {"fg": "cyan", "bold": True},
}


@dataclass(frozen=True, slots=True)
class Style:
    """`width` in columns. The signs are one column each."""

    width: int = 96
    colours: bool = False
    line: str = "-"
    bar: str = "|"
    right: str = ">"
    left: str = "<"
    broken: str = "x"
    rule: str = "="

    def painted(self, text: str, tone: Tone) -> str:
        look = _LOOKS.get(tone)
        return click.style(text, **look) if self.colours and look is not None else text  # type: ignore[arg-type]


def style_for(stream: TextIO, environment: Mapping[str, str], columns: int) -> Style:
    """The look that *stream* can show. NO_COLOR: see no-color.org."""
    if not stream.isatty() or environment.get("TERM") == "dumb":
        return Style()
    width = min(max(columns, NARROWEST), WIDEST)
    colours = not environment.get("NO_COLOR")
    if (stream.encoding or "").lower().replace("-", "") != "utf8":
        return Style(width, colours)
    return Style(width, colours, line="─", bar="│", right="▶", left="◀", broken="✗", rule="━")
