"""What happened between a client and the vendor, drawn: events become lines. Nothing here does anything."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from screenplay_mock.demo.style import Style, Tone

TIME = 8  # columns, before the client's bar
WIRE = 48  # columns between the bars
LEAST_FOLDED = 3  # rounds that are the same


class Way(Enum):
    """Which way something goes, or that it goes nowhere."""

    REQUEST = auto()
    ANSWER = auto()
    LOST = auto()
    WEBHOOK = auto()
    SAID = auto()
    WAITED = auto()
    NOTED = auto()


@dataclass(frozen=True, slots=True)
class Event:
    """`at`: milliseconds since the beginning. `vendor`: what happens on the other side. `seconds`: of a wait."""

    at: int
    way: Way
    text: str = ""
    vendor: str = ""
    bad: bool = False
    seconds: float = 0


def drawn(events: Sequence[Event], style: Style) -> Iterator[str]:
    """The timeline of *events*, one after the other; each may be more than one line."""
    yield style.painted(f"{'time':>{TIME - 1}} client{'':{WIRE - 5}}vendor", "faint")
    for same in _rounds(_merged(events)):
        rounds = list(same)
        shown = 1 if len(rounds) >= LEAST_FOLDED else len(rounds)
        for event in (event for one in rounds[:shown] for event in one):
            yield _drawn(event, style)
        if shown < len(rounds):
            text = f"... and the same {len(rounds) - shown} times more"
            yield style.painted(f"{_time(rounds[-1][0].at):>{TIME - 1}} {style.bar} {text}", "faint")


def _merged(events: Iterable[Event]) -> Iterator[Event]:
    """*events* with waits that follow one another as one."""
    waited: Event | None = None
    for event in events:
        if event.way is Way.WAITED:
            waited = event if waited is None else replace(waited, seconds=waited.seconds + event.seconds)
            continue
        if waited is not None:
            yield waited
            waited = None
        yield event
    if waited is not None:
        yield waited


def _rounds(events: Iterable[Event]) -> Iterator[Iterator[tuple[Event, ...]]]:
    """*events* in rounds, from what begins one up to the next; those that are the same but for the time together."""
    rounds: list[list[Event]] = []
    for event in events:
        if not rounds or _begins_round(event, rounds[-1][-1]):
            rounds.append([])
        rounds[-1].append(event)
    for _, same in groupby(map(tuple, rounds), key=lambda one: tuple(replace(event, at=0) for event in one)):
        yield same


def _begins_round(event: Event, before: Event) -> bool:
    """A webhook does, and a request unless it answers a webhook."""
    answers = before.way is Way.WEBHOOK and before.at == event.at
    return event.way is Way.WEBHOOK or (event.way is Way.REQUEST and not answers)


def _drawn(event: Event, style: Style) -> str:
    tone: Tone = "bad" if event.bad else "plain"
    if event.way in (Way.SAID, Way.WAITED, Way.NOTED):
        return _remark(event, style, tone)
    wire = style.painted(_arrow(event, style), tone)
    time = _time(event.at) if event.way in (Way.REQUEST, Way.WEBHOOK) else ""
    notes = textwrap.wrap(event.vendor, style.width - TIME - WIRE - 3) or [""]
    first, *rest = (style.painted(note, tone) for note in notes)
    lines = [f"{time:>{TIME - 1}} {style.bar}{wire}{style.bar} {first}".rstrip()]
    return "\n".join([*lines, *(f"{'':{TIME}}{style.bar}{'':{WIRE}}{style.bar} {note}" for note in rest)])


def _arrow(event: Event, style: Style) -> str:
    """Exactly WIRE columns: an arrow with its text in it."""
    lost = WIRE // 3 if event.way is Way.LOST else 0  # columns that nothing crosses
    room = WIRE - lost - 6
    text = event.text if len(event.text) <= room else f"{event.text[: room - 3]}..."
    if event.way is Way.REQUEST:
        return f"{f' {style.line * 2} {text} ':{style.line}<{WIRE - 1}}{style.right}"
    if event.way is Way.LOST:
        return f"{'':{lost}}{f'{style.broken} {text} ':{style.line}<{WIRE - lost}}"
    return f"{style.left}{f' {text} {style.line * 2}':{style.line}>{WIRE - 1}}"


def _remark(event: Event, style: Style, tone: Tone) -> str:
    """What the client says, does or is seen to do, without the other side."""
    if event.way is Way.WAITED:
        return style.painted(f"{'':{TIME}}{style.bar} waits {duration(event.seconds)}", "faint")
    text = f'"{event.text}"' if event.way is Way.SAID else event.text
    lines = textwrap.wrap(text, style.width - TIME - 3)
    return "\n".join(f"{'':{TIME}}{style.bar} {style.painted(line, tone)}" for line in lines)


def _time(at: int) -> str:
    """Milliseconds as `1:05`, or `2:00:00` from an hour up; tenths where they are not whole seconds."""
    seconds, rest = divmod(at, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{clock}.{rest // 100}" if rest else clock


def duration(seconds: float) -> str:
    """`30 s`, `5 min`, `2 h`, `1 h 30 min`: no more exact than one cares for."""
    if seconds < 120:  # noqa: PLR2004 - two minutes
        return f"{seconds:g} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{minutes} min"] if minutes else [])])
