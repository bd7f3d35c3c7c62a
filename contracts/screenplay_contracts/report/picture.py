"""A case as a picture: what the client and the fake did, from left to right. SVG that stands in a page."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

WIDTH, LEFT, RIGHT = 1000, 300, 90  # pixels: of all, of the names, at the right edge
TOP, ROW, LANE, BAR = 26, 10, 22, 12  # pixels: of the scale, between rows, of a lane, of a bar
LETTER = 6.8  # pixels that a character takes, at most
LEAST = 5.0  # pixels of a bar, however short
MOST_ROWS, MOST_LANES, MOST_TICKS = 24, 8, 8
LONGEST = 44  # characters of a name
REACH = 1.25  # a deadline is shown if it is at most that much later than all that happened

STYLE = """
svg.story { display: block; width: 100%; min-width: 44rem; height: auto; font: 11px ui-monospace, monospace; }
svg.story text { fill: var(--text); } svg.story .soft { fill: var(--soft); }
svg.story .grid { stroke: var(--line); } svg.story .deadline { stroke: var(--warned); stroke-dasharray: 4 3; }
svg.story .stripe { fill: var(--box); }
svg.story rect.well { fill: var(--passed); } svg.story rect.oddly { fill: var(--warned); }
svg.story rect.badly { fill: var(--failed); } svg.story rect.process { fill-opacity: .35; }
svg.story rect.process:not(.badly) { fill: var(--soft); }
svg.story .fault { stroke: var(--failed); stroke-width: 2; fill: var(--page); }
svg.story .signal { stroke: var(--inconclusive); stroke-width: 3; }
.drawn { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; padding: .4rem; margin: .6rem 0; }
"""


@dataclass(frozen=True, slots=True)
class Scale:
    """From seconds to pixels."""

    seconds: float

    def x(self, at: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * min(max(at, 0.0), self.seconds) / self.seconds, 1)

    @property
    def ticks(self) -> tuple[float, ...]:
        """Round numbers of seconds, at most MOST_TICKS."""
        step = next(
            unit * 10**power
            for power in range(-3, 7)
            for unit in (1, 2, 5)
            if self.seconds / (unit * 10**power) <= MOST_TICKS
        )
        return tuple(round(number * step, 6) for number in range(int(self.seconds / step) + 1))


@dataclass(frozen=True, slots=True)
class Bar:
    """One happening, and where it begins and ends."""

    of: Mapping[str, Any]
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Row:
    """Happenings of one name; those that overlap lie in different lanes. It begins at `y`."""

    name: str
    lanes: tuple[tuple[Bar, ...], ...]
    y: float

    @property
    def height(self) -> float:
        return len(self.lanes) * LANE + ROW


def picture(story: Mapping[str, Any]) -> str:
    """The SVG of a case of a report; nothing where nothing is to be drawn."""
    happenings = story["happenings"]
    if not happenings:
        return ""
    latest = max(one["at"] if one["until"] is None else one["until"] for one in happenings)
    deadline = float(story["deadline_seconds"])
    has_deadline = deadline <= latest * REACH
    scale = Scale(max(latest, deadline if has_deadline else 0.0, 0.05))
    rows, more = _rows(happenings, scale)
    bottom = rows[-1].y + rows[-1].height
    parts = [_stripe(row) for row in rows[::2]]
    parts += [_tick(scale.x(at), f"{at:g} s", bottom) for at in scale.ticks]
    parts += [_deadline(scale.x(deadline), bottom)] if has_deadline else []
    parts += [_row(row) for row in rows]
    if more:
        bottom += LANE
        parts.append(
            f'<text class="soft" x="0" y="{bottom - 6:g}">… and {more} {"row" if more == 1 else "rows"} more</text>'
        )
    label = escape(f"{story['name']}: what happened in {latest:.2f} seconds")
    shape = f'viewBox="0 0 {WIDTH} {bottom:g}" role="img" aria-label="{label}"'
    return f'<div class="drawn" tabindex="0"><svg class="story" {shape}>{"".join(parts)}</svg></div>'


def _rows(happenings: Iterable[Mapping[str, Any]], scale: Scale) -> tuple[list[Row], int]:
    """The rows that are shown, in the order in which they begin, and how many are not."""
    named: dict[str, list[Mapping[str, Any]]] = {}
    for one in happenings:
        named.setdefault(one["name"], []).append(one)
    rows, y = [], float(TOP)
    for name, some in list(named.items())[:MOST_ROWS]:
        rows.append(Row(name, _lanes(some, scale), y))
        y += rows[-1].height
    return rows, max(0, len(named) - MOST_ROWS)


def _lanes(happenings: Iterable[Mapping[str, Any]], scale: Scale) -> tuple[tuple[Bar, ...], ...]:
    """Each in the first lane in which it overlaps nothing; what fits in none of MOST_LANES lies in the last."""
    lanes: list[list[Bar]] = []
    for one in happenings:
        left = scale.x(one["at"])
        right = scale.x(scale.seconds if one["until"] is None else one["until"])
        bar = Bar(one, left, max(right, left + LEAST))
        free = (lane for lane in lanes if one["what"] == "signal" or lane[-1].right <= left)
        lane = next(free, None)
        if lane is None and len(lanes) < MOST_LANES:
            lanes.append([])
        (lane if lane is not None else lanes[-1]).append(bar)
    return tuple(tuple(lane) for lane in lanes)


def _stripe(row: Row) -> str:
    return f'<rect class="stripe" x="0" y="{row.y:g}" width="{WIDTH}" height="{row.height:g}"/>'


def _tick(x: float, text: str, bottom: float) -> str:
    line = f'<line class="grid" x1="{x:g}" x2="{x:g}" y1="{TOP - 6}" y2="{bottom:g}"/>'
    return f'{line}<text class="soft" x="{x:g}" y="{TOP - 12}" text-anchor="{_anchor(x)}">{text}</text>'


def _deadline(x: float, bottom: float) -> str:
    line = f'<line class="deadline" x1="{x:g}" x2="{x:g}" y1="{TOP - 6}" y2="{bottom:g}"/>'
    return f"<g>{line}<title>the deadline of the job</title></g>"


def _anchor(x: float) -> str:
    return "start" if x <= LEFT else "end" if x > WIDTH - RIGHT - 3 * LETTER else "middle"


def _row(row: Row) -> str:
    y = row.y + ROW / 2
    name = f"<g><title>{escape(row.name)}</title>{_text(4, y + BAR, shortened(row.name))}</g>"
    bars = (
        _drawn(bar, following, y + place * LANE)
        for place, lane in enumerate(row.lanes)
        for bar, following in _pairs(lane)
    )
    return name + "".join(bars)


def _pairs(lane: Sequence[Bar]) -> Iterator[tuple[Bar, float]]:
    """Each bar with where the next one begins, or the picture ends; signals are in nobody's way."""
    for place, bar in enumerate(lane):
        later = (other.left for other in lane[place + 1 :] if other.of["what"] != "signal")
        yield bar, next(later, float(WIDTH))


def _drawn(bar: Bar, following: float, y: float) -> str:
    one = bar.of
    title = f"<title>{escape(told(one))}</title>"
    if one["what"] == "signal":
        where = f'x1="{bar.left:g}" x2="{bar.left:g}" y1="{y - 2:g}" y2="{y + BAR + 2:g}"'
        return f'<g><line class="signal" {where}/>{title}</g>'
    size = f'x="{bar.left:g}" y="{y:g}" width="{bar.right - bar.left:.1f}" height="{BAR}" rx="2"'
    rect = f'<rect class="{went(one)} {one["what"]}" {size}/>'
    mark = _fault(bar.right, y) if one["fault"] else ""
    return f"<g>{rect}{mark}{_label(bar, following, y)}{title}</g>"


def _fault(x: float, y: float) -> str:
    """A diamond behind what was struck."""
    half = BAR / 2 - 1
    return f'<path class="fault" d="M{x:g} {y + BAR / 2:g}l{half} -{half}l{half} {half}l-{half} {half}Z"/>'


def _label(bar: Bar, following: float, y: float) -> str:
    """What came of it, as much as there is room for: behind the bar, or in it where it is a process."""
    one, end = bar.of, came_of(bar.of)
    start = bar.right + (BAR + 3 if one["fault"] else 4)
    texts = (f"{end}, {one['fault']}", end) if one["fault"] else (end,)
    for text in texts:
        needed = len(text) * LETTER
        if start + needed <= following:
            return _text(start, y + BAR - 2, text)
        if one["what"] == "process" and bar.right - bar.left > needed + LETTER:
            return _text(bar.right - needed, y + BAR - 2, text)
    return ""


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:g}" y="{y:g}">{escape(text)}</text>'


def shortened(name: str) -> str:
    """*name* with its middle left out, if it is long."""
    half = LONGEST // 2
    return name if len(name) <= LONGEST else f"{name[:half]}…{name[1 - half :]}"


def went(one: Mapping[str, Any]) -> str:
    """well, oddly or badly."""
    status = one["status"]
    if status is None:
        return "badly"
    well = status == 0 if one["what"] == "process" else 200 <= status <= 299  # noqa: PLR2004 - success
    return "well" if well else "oddly"


def came_of(one: Mapping[str, Any]) -> str:
    status = one["status"]
    if status is None:
        return str(one["note"]) or "not over"
    return str(status) if one["what"] != "process" else f"exit {status}" if status >= 0 else f"signal {-status}"


def told(one: Mapping[str, Any]) -> str:
    """*one* in a sentence."""
    until = "" if one["until"] in (None, one["at"]) else f" to {one['until']:.3f} s"
    struck = f"; struck by {one['fault']}" if one["fault"] else ""
    end = one["note"] if one["what"] == "signal" else came_of(one)
    return f"{one['name']}: {end}, {one['at']:.3f} s{until}{struck}"
