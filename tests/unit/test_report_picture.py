"""A case as a picture: where bars lie, what is written beside them, and that all of it is to scale."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_contracts.report import story as stories
from screenplay_contracts.report.picture import (
    LEFT,
    MOST_LANES,
    MOST_ROWS,
    MOST_TICKS,
    WIDTH,
    Scale,
    picture,
    shortened,
    told,
)
from screenplay_contracts.report.story import Happening, Story

if TYPE_CHECKING:
    from collections.abc import Iterator

POST = "POST /screenplay/tasks"
POLL = "GET /screenplay/tasks/…a3f8c2b1"


def drawn(*happenings: Happening, deadline: float = 100, left_out: int = 0) -> ET.Element:
    story = Story("submit/ok", "submit/ok", 1.0, deadline, 1, {}, happenings, left_out)
    return ET.fromstring(picture(json.loads(json.dumps(stories.data(story)))))  # noqa: S314 - our own


def request(at: float, until: float | None, name: str = POST, status: int | None = 200, **how: Any) -> Happening:
    return Happening("request", at, until, name, status, **how)


PROCESS = Happening("process", 0.0, 2.0, "process", 1)


def rects(svg: ET.Element, kind: str) -> list[dict[str, str]]:
    return [one.attrib for one in svg.iter("rect") if kind in one.attrib["class"].split()]


def words(svg: ET.Element) -> list[str]:
    return [one.text or "" for one in svg.iter("text")]


def test_what_takes_longer_is_wider_and_what_comes_later_lies_further_right() -> None:
    svg = drawn(PROCESS, request(0.5, 1.0), request(1.0, 1.25))
    (process,) = rects(svg, "process")
    first, second = rects(svg, "request")
    assert float(process["x"]) == LEFT
    assert float(first["width"]) == pytest.approx(float(process["width"]) / 4, abs=0.2)
    assert float(second["width"]) == pytest.approx(float(process["width"]) / 8, abs=0.2)
    assert float(second["x"]) == pytest.approx(float(first["x"]) + float(first["width"]), abs=0.2)


def test_requests_of_one_name_share_a_row_and_those_that_overlap_lie_in_lanes() -> None:
    svg = drawn(PROCESS, request(0.1, 0.5), request(0.2, 0.6), request(0.7, 0.8), request(0.1, 0.2, POLL))
    first, later, overlapping, other = (float(one["y"]) for one in rects(svg, "request"))
    assert first == later < overlapping < other
    assert words(svg).count(POST) == 1


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (request(0.1, 0.2), "well"),
        (request(0.1, 0.2, status=503), "oddly"),
        (request(0.1, 0.2, status=302), "oddly"),
        (request(0.1, 0.2, status=None, note="no answer"), "badly"),
        (Happening("process", 0.0, 1.0, "process", 0), "well"),
        (Happening("process", 0.0, 1.0, "process", 1), "oddly"),
        (Happening("process", 0.0, 1.0, "process", None, "ended by force: 20 s"), "badly"),
        (Happening("delivery", 0.1, 0.2, "webhook call", 204), "well"),
        (Happening("delivery", 0.1, 0.2, "webhook call", None, "refused"), "badly"),
    ],
)
def test_how_it_went_is_seen_by_the_colour(one: Happening, kind: str) -> None:
    (rect,) = rects(drawn(one), one.what)
    assert rect["class"].split()[0] == kind


def test_what_came_of_it_stands_beside_it_with_its_fault_where_there_is_room() -> None:
    close = request(0.2, 0.3, status=None, note="no answer", fault="close after acceptance")
    assert "no answer, close after acceptance" in words(drawn(PROCESS, close))
    crowded = words(drawn(PROCESS, *(request(n / 6, n / 6 + 0.01, POLL, 503, fault="status") for n in range(12))))
    assert "503" in crowded
    assert crowded.count("503, status") <= 1, "only the last has the room"


def test_how_a_process_ended_stands_in_its_bar_where_there_is_no_room_behind_it() -> None:
    forced = Happening("process", 0.0, 20.0, "process", None, "ended by force: more than 5000 requests")
    svg = drawn(forced, Happening("signal", 10.0, 10.0, "process", note="signal"))
    assert forced.note in words(svg)


def test_each_fault_is_marked() -> None:
    svg = drawn(PROCESS, request(0.1, 0.2, fault="reset"), request(0.5, 0.6))
    assert len([one for one in svg.iter("path") if one.get("class") == "fault"]) == 1


def test_each_happening_is_told_where_a_pointer_rests() -> None:
    svg = drawn(PROCESS, request(0.1, 0.25, status=None, note="no answer", fault="reset"))
    titles = [one.text for one in svg.iter("title")]
    assert f"{POST}: no answer, 0.100 s to 0.250 s; struck by reset" in titles
    assert "process: exit 1, 0.000 s to 2.000 s" in titles


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (Happening("signal", 0.5, 0.5, "process", note="signal"), "process: signal, 0.500 s"),
        (Happening("process", 0, 1, "process", -9), "process: signal 9, 0.000 s to 1.000 s"),
        (request(0.5, None, status=None), f"{POST}: not over, 0.500 s"),
    ],
)
def test_sentences(one: Happening, sentence: str) -> None:
    assert told(stories.data(Story("a", "a", 1, 1, 1, {}, (one,)))["happenings"][0]) == sentence


def test_a_signal_is_a_line_on_its_process() -> None:
    svg = drawn(PROCESS, Happening("signal", 1.0, 1.0, "process", note="signal"))
    (line,) = (one.attrib for one in svg.iter("line") if one.get("class") == "signal")
    (process,) = rects(svg, "process")
    assert float(line["x1"]) == pytest.approx(float(process["x"]) + float(process["width"]) / 2, abs=0.2)
    assert words(svg).count("process") == 1


def test_what_is_not_over_reaches_to_the_edge() -> None:
    svg = drawn(Happening("process", 0, 2, "process", 0), request(1.0, None, status=None))
    (process,), (one,) = rects(svg, "process"), rects(svg, "request")
    assert float(one["x"]) + float(one["width"]) == pytest.approx(
        float(process["x"]) + float(process["width"]), abs=0.2
    )


@pytest.mark.parametrize(("deadline", "lines"), [(2.0, 1), (1.0, 1), (30.0, 0)])
def test_a_deadline_is_drawn_where_it_is_near(deadline: float, lines: int) -> None:
    svg = drawn(PROCESS, deadline=deadline)
    assert len([one for one in svg.iter("line") if one.get("class") == "deadline"]) == lines


def happenings(count: int) -> Iterator[Happening]:
    return (request(0.0, 1.0, f"GET /{number}") for number in range(count))


def test_very_many_rows_and_lanes_are_cut_and_counted() -> None:
    svg = drawn(*happenings(MOST_ROWS + 7))
    assert "… and 7 rows more" in words(svg)
    together = drawn(*(request(0.0, 1.0) for _ in range(50)))
    assert len({one["y"] for one in rects(together, "request")}) == MOST_LANES
    assert len(rects(together, "request")) == 50


def test_nothing_lies_outside_of_the_picture() -> None:
    svg = drawn(PROCESS, *happenings(MOST_ROWS + 7), request(1.999, 2.0, POLL, 200, fault="status 503"))
    (root,) = svg.iter("svg")
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for one in svg.iter("rect"):
        assert float(one.attrib["x"]) + float(one.attrib["width"]) <= width == WIDTH
        assert float(one.attrib["y"]) + float(one.attrib["height"]) <= height


@pytest.mark.parametrize("seconds", [0.05, 0.31, 1.0, 7.7, 20.0, 199.0, 3600.0])
def test_ticks_are_few_round_and_begin_at_zero(seconds: float) -> None:
    ticks = Scale(seconds).ticks
    assert ticks[0] == 0
    assert 3 <= len(ticks) <= MOST_TICKS + 1
    assert ticks[-1] <= seconds


def test_a_long_name_keeps_its_beginning_and_its_end() -> None:
    name = "GET /" + "x" * 100 + "/download"
    assert shortened(name).startswith("GET /x")
    assert shortened(name).endswith("/download")
    assert shortened(POST) == POST


def test_where_nothing_is_to_be_drawn_there_is_no_picture() -> None:
    assert picture(stories.data(Story("a/b", "a/b", 1, 1, 1, {}))) == ""


def test_names_cannot_become_markup() -> None:
    assert "<script>" in words(drawn(request(0.1, 0.2, "<script>")))
