"""A scenario written as plain data or as JSON reads back as the same value; what is wrong is told, whatever it is."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from screenplay_mock.core.dialect import DOCUMENTED, SWITCHES
from screenplay_mock.core.plan import LONGEST
from screenplay_mock.core.scenario import (
    HAPPY,
    AccountRules,
    Completes,
    Fails,
    Fixed,
    Lognormal,
    Scenario,
    Stuck,
    SubmissionRules,
    TaskLife,
    Uniform,
    WebhookRules,
)
from screenplay_mock.scenarios import ScenarioError, builtin, from_data, names, text, to_data
from screenplay_mock.scenarios.scalars import (
    RICHEST,
    dollars_text,
    duration_text,
    micro_dollars,
    milliseconds,
)
from screenplay_mock.scenarios.yaml_source import read
from screenplay_schemas import validator

# what YAML can hold raw: no control characters, surrogates or the marks of byte order
CHARACTERS = st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"], exclude_characters="\ufeff")
LINES = st.text(CHARACTERS, min_size=1, max_size=50)
SPANS = st.integers(0, LONGEST)
SIGMAS = st.floats(0, 10)
DURATIONS = (
    st.builds(Fixed, SPANS)
    | st.tuples(SPANS, SPANS).map(lambda ends: Uniform(min(ends), max(ends)))
    | st.builds(Lognormal, SPANS, SIGMAS)
)
OUTCOMES = st.builds(Completes) | st.builds(Stuck) | st.builds(Fails, LINES, st.text(CHARACTERS), st.floats(0, 1))
LIVES = st.builds(TaskLife, DURATIONS, st.none(), DURATIONS, OUTCOMES) | st.builds(
    TaskLife, DURATIONS, DURATIONS, st.just(HAPPY.tasks.per_episode), OUTCOMES
)
DIALECTS = st.fixed_dictionaries({switch: st.sampled_from(allowed) for switch, allowed in SWITCHES.items()}).map(
    lambda switches: replace(DOCUMENTED, **switches)
)
MICROS = st.integers(0, RICHEST * 10**6)
SCENARIOS = st.builds(
    Scenario,
    LINES,
    st.just("") | LINES,
    LIVES,
    st.builds(
        AccountRules,
        st.none() | MICROS,
        st.none() | st.floats(0, exclude_min=True, allow_infinity=False),
        st.sampled_from([None, "http://127.0.0.1:9000/hook", "https://example.org"]),
    ),
    st.builds(WebhookRules, DURATIONS, st.lists(SPANS, max_size=5).map(tuple), st.integers(1, LONGEST)),
    st.builds(
        SubmissionRules,
        coming_soon_modes=st.booleans(),
        require_output=st.booleans(),
        strict_assets=st.booleans(),
    ),
    DURATIONS,
    st.none() | DIALECTS,
)


@given(SCENARIOS)
def test_a_scenario_reads_back_from_plain_data_as_the_same_value(scenario: Scenario) -> None:
    assert from_data(to_data(scenario)) == scenario


@given(SCENARIOS)
def test_a_scenario_reads_back_from_json_which_is_yaml_too_as_the_same_value(scenario: Scenario) -> None:
    written = json.dumps(to_data(scenario), ensure_ascii=False)
    assert from_data(json.loads(written)) == scenario
    assert from_data(read(written.encode(), "x.yaml").data) == scenario


@given(SCENARIOS)
def test_the_schema_accepts_the_plain_data_of_every_scenario(scenario: Scenario) -> None:
    assert list(validator("scenario").iter_errors(to_data(scenario))) == []


@given(SPANS)
def test_a_duration_reads_back_from_its_text(whole: int) -> None:
    assert milliseconds(duration_text(whole)) == whole


@given(MICROS)
def test_an_amount_reads_back_from_its_text_and_from_its_number(micros: int) -> None:
    assert micro_dollars(dollars_text(micros)) == micros
    assert micro_dollars(micros / 10**6) == micros


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@st.composite
def spoilt(draw: st.DrawFn) -> object:
    """The plain data of a scenario with one member, at any depth, replaced by something else."""
    whole = draw(SCENARIOS.map(to_data))
    place = whole
    while True:
        key = draw(st.sampled_from(sorted(place)))
        if not (isinstance(place[key], dict) and draw(st.booleans())):
            place[key] = draw(JSON)
            return whole
        place = place[key]


@given(spoilt() | JSON)
def test_whatever_is_wrong_is_told_in_words_of_our_own(data: object) -> None:
    try:
        from_data(data)
    except ScenarioError as error:
        for problem in error.problems:
            assert not problem.message.startswith(("Input", "Value", "String", "Unable", "Extra"))
            assert str(problem).isprintable()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A built-in file with a stretch of it replaced."""
    raw = text(draw(st.sampled_from(names()))).encode()
    start = draw(st.integers(0, len(raw)))
    end = draw(st.integers(start, min(len(raw), start + 5)))
    return raw[:start] + draw(st.text("[]{}*&!|>'\"%@`-?:,#\n\t\x85\u2028 as0").map(str.encode)) + raw[end:]


@given(damaged() | st.binary())
def test_any_bytes_are_read_or_told_with_a_place(raw: bytes) -> None:
    try:
        document = read(raw, "x.yaml")
    except ScenarioError as error:
        problems = error.problems
    else:
        assert () in document.values
        problems = document.flaws
    assert all(problem.line and problem.column for problem in problems)


def test_the_built_in_scenarios_read_back_from_plain_data_too() -> None:
    for name in names():
        assert from_data(to_data(builtin(name))) == builtin(name)
