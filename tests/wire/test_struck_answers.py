"""But for what its fault is about, an answer that a fault has struck is as HTTP wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.wire.conftest import Playing
    from tests.wire.raw import Seen
    from tests.wire.world import World

#: Faults that change nothing but the way on which an answer crosses the wire.
CARRIED: list[dict[str, Any]] = [
    {"latency": "0s"},
    {"drip": {"bytes": 100, "every": "1ms"}},
    {"drip": {"bytes": 100, "every": "1ms", "part": "head"}},
    {"close": "whole"},
    {"reset": "whole"},
    {"framing": "early_hints"},
    {"framing": "long_head"},
]


def polled(world: World, fault: dict[str, Any], **headers: str) -> Seen:
    task_id = world.submitted()
    world.admin("POST", "/faults", {"on": "getTask", **fault})
    seen = world.poll(task_id, headers)
    world.admin("DELETE", "/faults")
    return seen


@pytest.mark.parametrize("fault", CARRIED, ids=str)
def test_the_answer_is_the_same_as_without_the_fault(fault: dict[str, Any], playing: Playing) -> None:
    with playing("quick") as world:
        struck, plain = polled(world, fault), world.poll(world.submitted())
    assert struck.is_whole
    assert (struck.status, struck.task["status"]) == (plain.status, plain.task["status"]) == (200, "pending")
    for name in ("Content-Type", "Content-Length", "Server"):
        assert struck.headers(name) == plain.headers(name)
    assert len(struck.headers("Date")) == 1


@pytest.mark.parametrize("fault", CARRIED, ids=str)
def test_who_asks_for_the_last_answer_of_a_connection_is_told_that_it_is(
    fault: dict[str, Any], playing: Playing
) -> None:
    with playing("quick") as world:
        seen = polled(world, fault, Connection="close")
    assert (seen.is_whole, seen.headers("Connection")) == (True, ["close"])


@pytest.mark.parametrize("carried", CARRIED, ids=str)
@pytest.mark.parametrize("made", [{"edit": {"status": 204}}, {"status": 304}, {"empty": 204}], ids=str)
def test_where_there_can_be_no_body_there_is_none(
    made: dict[str, Any], carried: dict[str, Any], playing: Playing
) -> None:
    with playing("quick") as world:
        seen = polled(world, {**made, **carried}, Connection="close")
    assert (seen.status in {204, 304}, seen.body) == (True, b"")
    assert seen.headers("Content-Length") == []


def test_a_length_that_a_scenario_sets_is_the_only_one(playing: Playing) -> None:
    with playing("quick") as world:
        seen = polled(world, {"edit": {"headers": {"content-length": "9"}}, "close": "whole"})
    assert seen.headers("Content-Length") == ["9"]
