"""Scenes and the whole tour as text. What is yielded is what is said in one breath, of a line or more."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

from screenplay_mock.demo.outcome import dollars, findings, paid
from screenplay_mock.demo.timeline import drawn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from screenplay_mock.demo.outcome import Outcome
    from screenplay_mock.demo.scenes import Scene
    from screenplay_mock.demo.stage import Run
    from screenplay_mock.demo.style import Style

ROOMY = 90  # columns in which the table has room for whole names
MONEY = 7  # columns of an amount

#: A scene, and its runs by the name of the client.
Played = tuple["Scene", "Mapping[str, Run]"]

INTRODUCTION = """\
Two clients do the same job at an API that costs money: they submit a short drama of two episodes, wait until it is
done, and download the result. The API is a fake on this machine. In each scene it misbehaves in another way, as the
real one, a gateway, a network or a stranger may.

The naive client is what one writes on the first afternoon: one retry around everything, and trust in whatever comes.
The careful client knows what a call costs. Both really run. Time is virtual, so that hours pass at once; money is what
the fake's account says at the end, and files are looked for on the disk.

In the timelines, arrows to the right are requests, to the left answers and webhooks; {broken} is what never arrives.
"""

GOING_ON = """\
How to go on:
  screenplay-mock serve                     a good day, for a client of your own
  screenplay-mock serve --scenario chaos    a bad day
  screenplay-mock scenarios list            all that can be provoked"""


def introduction(style: Style) -> str:
    paragraphs = INTRODUCTION.format(broken=style.broken).split("\n\n")
    return "\n\n".join(_wrapped(" ".join(paragraph.split()), style, indent="") for paragraph in paragraphs)


def opening(scene: Scene, place: str, style: Style) -> str:
    """Title, scenario, what happens."""
    head = f"{style.rule * 2} {place} {style.rule * 2} {scene.title} "
    return "\n".join(
        [
            "",
            style.painted(f"{head:{style.rule}<{style.width}}", "title"),
            _wrapped(scene.happens, style),
        ]
    )


def performance(client: str, run: Run, style: Style) -> Iterator[str]:
    """What one client did, and what came of it."""
    yield style.painted(f"\n  The {client} client", "strong")
    yield from drawn(run.events, style) if len(run.outcomes) == 1 else _jobs(run.outcomes, style)
    found = findings(run.outcomes)
    text = _wrapped(" ".join(finding.text for finding in found), style, indent="  => ", later="     ")
    yield style.painted(text, "bad" if any(finding.bad for finding in found) else "good")


def _jobs(outcomes: Sequence[Outcome], style: Style) -> Iterator[str]:
    yield style.painted(f"    {'job':4} {'pays':>9}   {'ends':12} what strikes it", "faint")
    for number, one in enumerate(outcomes, start=1):
        counts = Counter(one.troubles)
        troubles = (
            ", ".join(trouble if count == 1 else f"{count}x {trouble}" for trouble, count in counts.items())
            or "nothing"
        )
        end = "result" if one.has_result else one.said
        row = f"    {number:>3}  {dollars(one.paid):>9}   {end:12} "
        lines = textwrap.wrap(troubles, style.width - len(row))
        text = f"\n{'':{len(row)}}".join(lines)
        yield style.painted(row + text, "bad" if one.submissions > 1 else "plain")


def closing(scene: Scene, style: Style) -> str:
    return "\n".join(
        [
            "",
            _wrapped(f"The rule: {scene.rule}", style),
            style.painted(f"  Provoke it yourself: screenplay-mock serve --scenario {scene.scenario}", "faint"),
        ]
    )


def summary(played: Sequence[Played], style: Style) -> str:
    """All scenes in a table, what they cost together, and how to go on."""
    clients = list(played[0][1])
    names = [scene.scenario if style.width >= ROOMY else scene.scenario.rpartition("/")[2] for scene, _ in played]
    first = max(map(len, names))
    cell = (style.width - first - 2) // len(clients) - 2
    rows = [
        ("", [f"{client:>{MONEY}}" for client in clients]),
        *(
            (name, [_cell(runs[client], style, cell) for client in clients])
            for name, (_, runs) in zip(names, played, strict=True)
        ),
        ("in all", [_sum([runs[client] for _, runs in played]) for client in clients]),
    ]
    title = f"{style.rule * 2} What it came to "
    lines = [
        "",
        style.painted(f"{title:{style.rule}<{style.width}}", "title"),
        *(f"  {name:{first}}{''.join(f'  {text:{cell}}' for text in texts)}".rstrip() for name, texts in rows),
        "",
        GOING_ON,
    ]
    return "\n".join(lines)


def _cell(run: Run, style: Style, width: int) -> str:
    """What was paid, the worst, and the end; the worst alone where there is no room for both."""
    found = findings(run.outcomes)
    bad = [one.short for one in found if one.bad and one.short]
    words = list(dict.fromkeys([*bad[:1], found[-1].short]))
    text = _amount(run.outcomes, ", ".join(words))
    text = text if len(text) <= width else _amount(run.outcomes, words[0])
    return style.painted(f"{text:{width}}", "bad" if any(one.bad for one in found) else "good")


def _sum(runs: Sequence[Run]) -> str:
    outcomes = [outcome for run in runs for outcome in run.outcomes]
    results = sum(one.has_result for one in outcomes)
    return _amount(outcomes, f"{results} of {len(outcomes)} results")


def _amount(outcomes: Sequence[Outcome], words: str) -> str:
    return f"{dollars(paid(outcomes)):>{MONEY}}  {words}"


def _wrapped(text: str, style: Style, *, indent: str = "  ", later: str | None = None) -> str:
    return textwrap.fill(
        text,
        style.width,
        initial_indent=indent,
        subsequent_indent=indent if later is None else later,
        break_on_hyphens=False,
        break_long_words=False,
    )
