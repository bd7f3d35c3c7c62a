"""Which fault strikes which call: a pure decision; and the kinds of faults as a table."""

from __future__ import annotations

from dataclasses import fields

import pytest

from screenplay_mock.core import fault_kinds
from screenplay_mock.core.fault_kinds import (
    KINDS,
    Bytes,
    Close,
    Code,
    Count,
    Drip,
    Edit,
    Empty,
    Kind,
    Milliseconds,
    Receive,
    Refused,
    Reset,
    Share,
    Short,
    Stage,
    Status,
    Zip,
)
from screenplay_mock.core.faults import (
    ANY,
    CONNECTION,
    NAMES,
    OPERATIONS,
    Fault,
    When,
    described,
    matches,
    scope,
    strike_draw,
    strikes,
)
from screenplay_mock.core.scenario import Fixed
from screenplay_schemas import bundle

CALLS = range(1, 11)


def struck(fault: Fault, *, draw: float = 0.5) -> list[int]:
    """Which of ten calls *fault* strikes, when they are made one after another."""
    found: list[int] = []
    for number in CALLS:
        if strikes(fault, number=number, struck=len(found), draw=draw):
            found.append(number)
    return found


@pytest.mark.parametrize(
    ("when", "times", "numbers"),
    [
        (When(), None, [*CALLS]),
        (When(), 1, [1]),
        (When(), 3, [1, 2, 3]),
        (When(call=Count(4)), None, [4]),
        (When(first=Count(2)), None, [1, 2]),
        (When(from_call=Count(9)), None, [9, 10]),
        (When(from_call=Count(3)), 2, [3, 4]),
        (When(every=Count(3)), None, [3, 6, 9]),
        (When(every=Count(3)), 2, [3, 6]),
        (When(every=Count(2), from_call=Count(4), first=Count(8)), None, [4, 6, 8]),
        (When(call=Count(4), every=Count(3)), None, []),
        (When(call=Count(4), first=Count(3)), None, []),
        (When(call=Count(4), from_call=Count(5)), None, []),
    ],
)
def test_a_fault_strikes_the_calls_that_meet_all_its_conditions_as_often_as_it_may(
    when: When, times: int | None, numbers: list[int]
) -> None:
    assert struck(Fault((ANY,), when, times)) == numbers


@pytest.mark.parametrize(
    ("probability", "draw", "strikes_it"),
    [(0.0, 0.0, False), (0.5, 0.499, True), (0.5, 0.5, False), (1.0, 0.999, True), (None, 0.999, True)],
)
def test_a_draw_below_the_probability_strikes(probability: float | None, draw: float, strikes_it: bool) -> None:  # noqa: FBT001
    fault = Fault((ANY,), When(probability=None if probability is None else Share(probability)), times=None)
    assert struck(fault, draw=draw) == ([*CALLS] if strikes_it else [])


@pytest.mark.parametrize(
    ("when", "is_counting"),
    [
        (When(), False),
        (When(count="sandbox", acceptance="after"), False),
        (When(call=Count(1)), True),
        (When(first=Count(1)), True),
        (When(from_call=Count(1)), True),
        (When(every=Count(1)), True),
        (When(probability=Share(0.0)), True),
    ],
)
def test_conditions_on_calls_count_them(when: When, is_counting: bool) -> None:  # noqa: FBT001
    assert when.is_counting is is_counting


@pytest.mark.parametrize(
    ("on", "operation", "counts"),
    [
        (("getTask",), "getTask", True),
        (("getTask",), "submitTask", False),
        (("getTask", "submitTask"), "submitTask", True),
        ((ANY,), "deleteAsset", True),
        ((ANY,), CONNECTION, False),
        ((CONNECTION,), CONNECTION, True),
        ((CONNECTION,), "getTask", False),
    ],
)
def test_a_fault_counts_calls_of_its_operations_alone(on: tuple[str, ...], operation: str, counts: bool) -> None:  # noqa: FBT001
    assert matches(Fault(on), operation) is counts


def test_calls_are_counted_for_each_task_or_together() -> None:
    by_task, together = Fault((ANY,)), Fault((ANY,), When(count="sandbox"))
    assert scope(by_task, "a") == scope(by_task, "a") != scope(by_task, "b")
    assert scope(by_task, None) == scope(together, None) == scope(together, "a") == scope(together, "b")


def test_a_draw_is_of_its_call_alone() -> None:
    usual = (7, "key", "fault-1", "task-1", 3)
    others = [(8, *usual[1:]), (7, "yek", *usual[2:]), (7, "key", "fault-2", "task-1", 3), (*usual[:3], "task-2", 3)]
    drawn = {strike_draw(*each) for each in [usual, *others, (*usual[:4], 4)]}
    assert len(drawn) == 6
    assert strike_draw(*usual) in drawn


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(("submitTask",), When(acceptance="after"), kinds=(Close(),)), "close after acceptance"),
        (Fault((ANY,), latency=Fixed(1), kinds=(Status(Code(503)),)), "latency, status 503"),
        (Fault((ANY,), latency=Fixed(1)), "latency"),
        (
            Fault((ANY,), kinds=(Receive("head"), Edit(status=Code(500)), Reset("whole"))),
            "receive head, edit, reset whole",
        ),
        (Fault((ANY,), kinds=(Reset(0.25),)), "reset"),
        (Fault((ANY,), kinds=(Short(Share(0.1)),)), "short"),
        (Fault((ANY,), kinds=(Empty(), Drip())), "empty, drip"),
        (Fault((ANY,), kinds=(Empty(Code(204)), Drip(Bytes(7)))), "empty 204, drip 7"),
        (Fault(("downloadTask",), kinds=(Zip("slip"),)), "zip slip"),
        (Fault((CONNECTION,), kinds=(Refused(),)), "refused"),
        (Fault((CONNECTION,), kinds=(Refused(Milliseconds(1500)),)), "refused 1500"),
    ],
)
def test_a_fault_is_described_by_its_kinds_and_what_is_not_usual_of_them(fault: Fault, words: str) -> None:
    assert described(fault) == words


def test_the_only_kind_of_a_stage_is_found() -> None:
    status, reset = Status(Code(503)), Reset()
    fault = Fault((ANY,), kinds=(status, Edit(status=Code(1)), reset))
    assert fault.kind(Stage.ANSWER) is status
    assert fault.kind(Stage.CARRY) is reset
    assert fault.kind(Stage.RECEIVE) is None


def test_the_operations_are_those_of_the_document() -> None:
    calls = [operation for path in bundle()["paths"].values() for operation in path.values()]
    assert [one["operationId"] for one in calls if isinstance(one, dict) and "operationId" in one] == list(OPERATIONS)


def test_names_are_the_kinds_the_other_way_round() -> None:
    assert {name: kind for kind, name in NAMES.items()} == KINDS
    assert len(NAMES) == len(KINDS)


def test_every_kind_is_in_the_table() -> None:
    classes = [each for each in vars(fault_kinds).values() if isinstance(each, type) and issubclass(each, Kind)]
    assert set(KINDS.values()) == set(classes) - {Kind}


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_kind_says_what_it_does_and_at_which_stage(kind: type[Kind]) -> None:
    assert kind.__doc__ is not None
    assert not kind.__doc__.startswith(f"{kind.__name__}(")  # what dataclass makes up when there is none
    assert " ".join(kind.__doc__.split()).endswith(".")
    assert kind.stage in Stage
    assert fields(kind)
