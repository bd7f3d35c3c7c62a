"""The timelines of the demo: events in, lines out."""

from __future__ import annotations

import io
import os
from dataclasses import replace

import pytest

from screenplay_mock.demo.outcome import CRASHED, STOPPED, Outcome, dollars, findings
from screenplay_mock.demo.pauses import pauses_for
from screenplay_mock.demo.style import Style, style_for
from screenplay_mock.demo.timeline import TIME, WIRE, Event, Way, drawn, duration

PLAIN = Style()
LINES = Style(line="─", bar="│", right="▶", left="◀", broken="✗", rule="━")
ASKS = Event(0, Way.REQUEST, "GET /tasks/..f167f82e")
GETS = Event(0, Way.ANSWER, "200 running")
ONE_OF_EACH = [
    Event(0, Way.REQUEST, "POST /tasks", "accepts ..f167f82e, charges $6.00", bad=True),
    Event(0, Way.LOST, "the connection breaks", "(close after acceptance)"),
    Event(0, Way.SAID, "no answer, so once more"),
    Event(0, Way.WAITED, seconds=30),
    Event(30_000, Way.WEBHOOK, "webhook: ..f167f82e completed"),
    Event(30_000, Way.REQUEST, "GET /tasks/..f167f82e/download"),
    Event(30_000, Way.ANSWER, "200 zip"),
    Event(30_000, Way.NOTED, "writes ../outside.txt"),
]


def lines(events: list[Event], style: Style = PLAIN) -> list[str]:
    """What is drawn below the head."""
    return "\n".join(drawn(events, style)).splitlines()[1:]


def rounds(count: int, **changes: object) -> list[Event]:
    return [
        replace(event, at=at * 1000, **changes)  # type: ignore[arg-type]
        for at in range(count)
        for event in (ASKS, GETS)
    ]


@pytest.mark.parametrize("event", [one for one in ONE_OF_EACH if one.way not in (Way.SAID, Way.WAITED, Way.NOTED)])
@pytest.mark.parametrize("style", [PLAIN, LINES])
def test_what_crosses_the_wire_fills_the_room_between_the_bars(event: Event, style: Style) -> None:
    (line,) = lines([event], style)
    assert (line[TIME], line[TIME + WIRE + 1]) == (style.bar, style.bar)
    assert event.text in line[TIME : TIME + WIRE]
    assert line[TIME + WIRE + 2 :].strip() == event.vendor


def test_requests_go_right_answers_and_webhooks_left_and_what_is_lost_does_not_arrive() -> None:
    wires = [lines([event])[0][TIME + 1 : TIME + WIRE + 1] for event in ONE_OF_EACH]
    right, lost, left = wires[0], wires[1], (wires[4], wires[6])
    assert right.endswith(">")
    assert all(wire.startswith("<") for wire in left)
    assert ("x the connection breaks" in lost, lost[0]) == (True, " ")


@pytest.mark.parametrize("width", [80, 96, 100])
def test_no_line_is_wider_than_the_style(width: int) -> None:
    long = "a sentence of many words " * 10
    events = [replace(event, text=event.text + long, vendor=long) for event in ONE_OF_EACH]
    for line in lines(events, Style(width)):
        assert len(line) <= width


def test_plain_text_is_ascii_and_has_no_colours() -> None:
    text = "\n".join(drawn(ONE_OF_EACH, PLAIN))
    assert text.isascii()
    assert "\x1b" not in text


def test_colours_are_asked_for() -> None:
    assert "\x1b[31m" in "\n".join(drawn(ONE_OF_EACH, Style(colours=True)))


def test_rounds_that_are_the_same_are_drawn_once() -> None:
    drawn_lines = lines(rounds(240))
    assert len(drawn_lines) == 3
    assert drawn_lines[2].split() == ["3:59", "|", *["...", "and", "the", "same", "239", "times", "more"]]


def test_two_rounds_are_drawn_both() -> None:
    assert len(lines(rounds(2))) == 4


def test_a_round_that_is_different_is_drawn() -> None:
    events = rounds(5)
    events[5] = replace(events[5], text="200 completed")
    text = "\n".join(lines(events))
    assert "200 completed" in text
    assert "the same" not in text


def test_a_request_that_answers_a_webhook_is_of_its_round() -> None:
    told = Event(0, Way.WEBHOOK, "webhook: completed")
    assert len(lines([told, ASKS, GETS] * 5)) == 4
    assert "the same 4 times more" in lines([*[told] * 5, replace(ASKS, at=1)])[1]


def test_waits_that_follow_one_another_are_one() -> None:
    waits = [Event(0, Way.WAITED, seconds=1800)] * 4
    assert [line.strip() for line in lines([ASKS, *waits, GETS, waits[0]])][1::2] == ["| waits 2 h", "| waits 30 min"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.5, "0.5 s"), (30, "30 s"), (90, "90 s"), (120, "2 min"), (3600, "1 h"), (5400, "1 h 30 min"), (7195, "2 h")],
)
def test_durations_are_no_more_exact_than_one_cares_for(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("at", "text"), [(0, "0:00"), (900, "0:00.9"), (65_000, "1:05"), (7_170_000, "1:59:30")])
def test_the_time_is_that_since_the_beginning(at: int, text: str) -> None:
    assert lines([replace(ASKS, at=at)])[0].split()[0] == text


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def terminal(encoding: str = "utf-8") -> Terminal:
    return Terminal(io.BytesIO(), encoding=encoding)


def test_only_a_terminal_gets_lines_and_colours() -> None:
    assert style_for(io.StringIO(), {}, 200) == PLAIN
    assert style_for(terminal(), {"TERM": "dumb"}, 200) == PLAIN
    style = style_for(terminal(), {}, 200)
    assert (style.colours, style.bar, style.width) == (True, "│", 100)


def test_no_color_leaves_the_lines_and_ascii_the_colours() -> None:
    assert style_for(terminal(), {"NO_COLOR": "1"}, 90) == replace(LINES, width=90)
    assert style_for(terminal("ascii"), {}, 40) == Style(80, colours=True)


def test_pauses_are_for_terminals_and_for_those_who_ask() -> None:
    assert not pauses_for(terminal(), slow=False)
    assert not pauses_for(io.StringIO("\n"), slow=True)
    assert not pauses_for(None, slow=True)
    assert pauses_for(terminal(), slow=True)


def test_enter_ends_a_pause() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as keyboard, Terminal(os.fdopen(reading, "rb")) as stdin:
        keyboard.write("\n\nrest\n")
        keyboard.flush()
        pauses = pauses_for(stdin, slow=True)
        pauses.step()
        pauses.scene()
        assert stdin.readline() == "rest\n"


GOOD = Outcome("completed", price=6_000_000, submissions=1, downloads=1, paid=6_000_003, has_result=True)


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (replace(GOOD, submissions=3, paid=18_000_000), "Pays $18.00 for a job of $6.00: it was accepted 3 times."),
        (replace(GOOD, downloads=5), "Downloads one result 5 times, each billed."),
        (replace(GOOD, leaks=1), "Gives its API key to another server."),
        (replace(GOOD, escaped=("../x",)), "Writes outside of its folder: ../x."),
        (replace(GOOD, no_archives=("result.zip",)), "Leaves a result.zip that is no archive."),
        (replace(GOOD, has_result=False), 'Says "completed", and has no result.'),
        (Outcome(STOPPED, elapsed=7_200_000), "Would wait for ever: the tour stops it after 2 h."),
        (Outcome(CRASHED, "KeyError: 'data'"), "Crashes: KeyError: 'data'."),
    ],
)
def test_what_is_bad_is_said(outcome: Outcome, sentence: str) -> None:
    assert [one.text for one in findings([outcome]) if one.bad] == [sentence]


def test_what_is_good_is_said() -> None:
    assert [(one.text, one.bad) for one in findings([GOOD])] == [
        ("Pays $6.00, once.", False),
        ("Has the result.", False),
    ]
    assert [one.text for one in findings([Outcome("rejected")])] == [
        "Pays nothing.",
        'Says "rejected", and has no result.',
    ]


def test_many_jobs_are_one_bill() -> None:
    jobs = [GOOD, replace(GOOD, submissions=2, paid=12_000_000), Outcome("unknown", price=6_000_000, submissions=1)]
    assert [one.text for one in findings(jobs)] == [
        "Pays $18.00 for 3 jobs of $6.00: 4 were accepted.",
        "Has 2 of 3 results (1 unknown).",
    ]


@pytest.mark.parametrize(
    ("micro", "text"), [(0, "$0.00"), (3, "$0.000003"), (10_000, "$0.01"), (6_000_003, "$6.00"), (10**10, "$10,000.00")]
)
def test_money_is_in_dollars(micro: int, text: str) -> None:
    assert dollars(micro) == text
