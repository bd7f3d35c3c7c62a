"""Whatever a server answers, checks judge it: none of them falls over."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screenplay_contracts.recorder import Recorder
from screenplay_contracts.server.checks import RULES
from screenplay_contracts.server.dialect import DIALECTS
from screenplay_contracts.server.receiver import Receiver
from screenplay_contracts.server.recording import recording
from screenplay_contracts.server.rules import results
from screenplay_contracts.server.script import CHAPTERS, play
from screenplay_contracts.server.session import Session
from screenplay_contracts.server.target import Target
from screenplay_contracts.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_contracts.exchange import Exchange, Received
    from screenplay_mock.testing import RunningServer

PLAYED = {"cancel", "uploads", "signed URLs", "webhooks", "balance", "magic"}

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


class Played(NamedTuple):
    exchanges: tuple[Exchange, ...]
    received: tuple[Received, ...]

    def __repr__(self) -> str:
        return "what was played"  # Hypothesis shows it with a failure


@pytest.fixture(scope="module")
def recorded(screenplay_server: RunningServer) -> Played:
    """Some chapters of the script against the fake."""
    recorder = Recorder()
    target = Target(screenplay_server.base_url, "sk-mai-nonsense", admin_url=screenplay_server.admin_url)
    with Receiver(recorder) as receiver:
        session = Session(target, DIALECTS["documented"], recorder, receiver)
        play(session, [chapter for chapter in CHAPTERS if chapter.name in PLAYED])
        session.clean()
    return Played(recorder.exchanges, recorder.received)


def errors(exchanges: Iterable[Exchange], received: Iterable[Received]) -> list[str]:
    every = results(RULES, recording(exchanges, received, fake=True))
    return [f"{one.check.name}: {one.reason}" for one in every if one.verdict is Verdict.ERROR]


def somewhere(value: Any, new: Any, place: int) -> Any:
    """*value* with *new* at one of its places, counted from the outside."""
    if place <= 0 or not isinstance(value, dict | list) or not value:
        return new
    if isinstance(value, list):
        return [somewhere(one, new, place - 1) if at == place % len(value) else one for at, one in enumerate(value)]
    chosen = sorted(value)[place % len(value)]
    return {name: somewhere(one, new, place - 1) if name == chosen else one for name, one in value.items()}


EXAMPLES = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EXAMPLES
@given(changes=st.lists(st.tuples(st.integers(0, 10_000), VALUES, st.integers(0, 4)), min_size=1, max_size=20))
def test_nonsense_in_answers_is_judged(recorded: Played, changes: list[tuple[int, Any, int]]) -> None:
    exchanges, received = list(recorded.exchanges), recorded.received
    for where, new, place in changes:
        number = where % len(exchanges)
        body = json.dumps(somewhere(exchanges[number].answer, new, place), default=repr).encode()
        exchanges[number] = replace(exchanges[number], response_body=body)
    assert errors(exchanges, received) == []


@EXAMPLES
@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, 10_000),
            st.none() | st.sampled_from([100, 200, 204, 302, 404, 500, 999]),
            st.none() | st.binary(max_size=30),
            st.lists(
                st.tuples(st.sampled_from(["Content-Type", "Allow", "Date", "X-Screenplay-Violations"]), st.text()),
                max_size=2,
            ),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_nonsense_around_bodies_is_judged(
    recorded: Played,
    changes: list[tuple[int, int | None, bytes | None, list[tuple[str, str]]]],
) -> None:
    exchanges, received = list(recorded.exchanges), recorded.received
    for where, status, body, headers in changes:
        number = where % len(exchanges)
        exchanges[number] = replace(
            exchanges[number], status=status, response_body=body, response_headers=tuple(headers), at="?"
        )
    assert errors(exchanges, received) == []


@EXAMPLES
@given(
    payloads=st.lists(
        VALUES.map(lambda value: json.dumps(value, default=repr).encode()) | st.binary(), min_size=1, max_size=8
    )
)
def test_nonsense_in_webhook_calls_is_judged(recorded: Played, payloads: list[bytes]) -> None:
    received = [
        replace(one, body=payloads[place % len(payloads)]) if place % 2 else one
        for place, one in enumerate(recorded.received)
    ]
    assert errors(recorded.exchanges, received) == []


def test_without_nonsense_nothing_is_wrong(recorded: Played) -> None:
    assert errors(*recorded) == []
