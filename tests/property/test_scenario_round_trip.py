"""A scenario written as plain data or as JSON reads back as the same value; what is wrong is told, whatever it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from hypothesis import given
from hypothesis import strategies as st

from screenplay_mock.core import scenario as core
from screenplay_mock.core.dialect import DOCUMENTED, SWITCHES
from screenplay_mock.core.fault_kinds import (
    KINDS,
    Bytes,
    Close,
    Code,
    Count,
    Drip,
    Edit,
    Gzip,
    Huge,
    Kind,
    Milliseconds,
    Point,
    Redirect,
    RetryAfter,
    Share,
    Spoil,
    Stage,
)
from screenplay_mock.core.faults import ANY, CONNECTION, OPERATIONS, Fault, When
from screenplay_mock.core.plan import LONGEST
from screenplay_mock.core.scenario import (
    HAPPY,
    AccountRules,
    Cancels,
    Completes,
    Fails,
    Fixed,
    Lognormal,
    Picks,
    Result,
    Rule,
    Scenario,
    Stuck,
    SubmissionRules,
    TaskLife,
    Uniform,
    WebhookCall,
    WebhookRules,
)
from screenplay_mock.scenarios import (
    ScenarioError,
    builtin,
    fault_data,
    fault_from_data,
    from_data,
    names,
    to_data,
)
from screenplay_mock.scenarios.counting import can_hold
from screenplay_mock.scenarios.fault_objections import DOWNLOADS, ONLY_ON
from screenplay_mock.scenarios.scalars import (
    LARGEST_SIZE,
    RICHEST,
)
from screenplay_mock.scenarios.yaml_source import read
from screenplay_schemas import validator

# what YAML can hold raw: no control characters, surrogates or the marks of byte order
CHARACTERS = st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"], exclude_characters="\ufeff")
TEXTS = st.text(CHARACTERS, max_size=20)
LINES = st.text(CHARACTERS, min_size=1, max_size=20)
SPANS = st.integers(0, LONGEST)
SIZES = st.integers(0, LARGEST_SIZE)
MICROS = st.integers(0, RICHEST * 10**6)
DURATIONS = (
    st.builds(Fixed, SPANS)
    | st.tuples(SPANS, SPANS).map(lambda ends: Uniform(min(ends), max(ends)))
    | st.builds(Lognormal, SPANS, st.floats(0, 10))
)
NUMBERS = st.integers(1, 12)  # small, so that conditions on them meet
PLAIN = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False)
MEMBERS = st.dictionaries(
    TEXTS, PLAIN | TEXTS | st.lists(PLAIN | st.dictionaries(TEXTS, PLAIN, max_size=2), max_size=2)
)
HEADER_NAMES = st.from_regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,9}", fullmatch=True)

#: Values of the members of the core's classes, by their types.
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    Milliseconds: SPANS,
    Share: st.floats(0, 1),
    Bytes: SIZES,
    Code: st.integers(200, 599),
    Count: NUMBERS,
    Point: st.sampled_from(["nothing", "head", "whole"]) | st.floats(0, 1),
    core.Duration: DURATIONS,
    bool: st.booleans(),
    str: TEXTS,
    tuple[str, ...]: st.lists(LINES, max_size=3).map(tuple),
    Mapping[str, Any]: MEMBERS,
    Mapping[str, str | None]: st.dictionaries(HEADER_NAMES, st.none() | TEXTS, max_size=3),
    NoneType: st.none(),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of the type *hint*."""
    if hint in VALUES:
        return VALUES[hint]
    if is_dataclass(hint):
        return built(hint)
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    return st.one_of(*map(values, get_args(hint)))


def built(made: Any, **own: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of the dataclass *made*; *own* says of single members what they are."""
    hints = get_type_hints(made)
    members = {one.name: own[one.name] if one.name in own else values(hints[one.name]) for one in fields(made)}
    optional = {member.name for member in fields(made) if member.default is not MISSING}
    given = st.fixed_dictionaries(
        {name: value for name, value in members.items() if name not in optional},
        optional={name: value for name, value in members.items() if name in optional},
    ).map(lambda chosen: made(**chosen))
    return given.filter(lambda value: value != made()) if made in {Edit, RetryAfter} else given


KIND_VALUES: dict[type[Kind], st.SearchStrategy[Any]] = {kind: built(kind) for kind in KINDS.values()} | {
    Drip: built(Drip, bytes=st.integers(1, LARGEST_SIZE)),
    Redirect: built(Redirect, code=st.integers(300, 399)),
}
WHENS = built(When).filter(
    lambda when: can_hold(exactly=when.call, first=when.first, since=when.from_call, every=when.every)
)
PICKS = built(Picks).filter(
    lambda picks: (
        (picks.at_least_episodes or 1) <= (picks.at_most_episodes or 12)
        and can_hold(exactly=picks.nth, first=picks.first, since=None, every=picks.every)
    )
)
OF_NO_FILE = {Edit, Spoil, Huge, Gzip}  # changes that leave a download as it is
TIMES = st.none() | st.integers(1, 10**6)


def _rank(kind: type[Kind]) -> object:
    """The same for kinds of which a fault has at most one."""
    return kind if kind.stage is Stage.CHANGE else kind.stage


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    """A fault with some kinds, at most one of each stage that allows only one."""
    on = tuple(draw(st.lists(st.sampled_from([*OPERATIONS, ANY]), min_size=1, max_size=3)))
    on = draw(st.sampled_from([on, (CONNECTION,), *ONLY_ON.values()]))
    stages = {Stage.CONNECTION} if on == (CONNECTION,) else {*Stage} - {Stage.CONNECTION}
    fitting = [kind for kind in KINDS.values() if kind.stage in stages and set(on) <= set(ONLY_ON.get(kind, on))]
    chosen = draw(
        st.lists(
            st.sampled_from(fitting),
            min_size=1,
            unique_by=lambda kind: (kind.stage, kind.stage is Stage.CHANGE and kind),
        )
    )
    if Huge in chosen and Gzip in chosen:
        chosen.remove(Gzip)
    if set(on) <= set(DOWNLOADS) and {Stage.ANSWER, Stage.MEANWHILE}.isdisjoint(kind.stage for kind in chosen):
        chosen = [kind for kind in chosen if kind not in OF_NO_FILE] or [Close]
    kinds = tuple(draw(KIND_VALUES[kind]) for kind in KINDS.values() if kind in chosen)
    if not set(on) <= set(DOWNLOADS):
        kinds = tuple(replace(kind, to="other") if isinstance(kind, Redirect) else kind for kind in kinds)
    if on == (CONNECTION,):
        return Fault(on, times=draw(TIMES), kinds=kinds)
    latency = draw(st.none() | DURATIONS)
    return Fault(on, draw(WHENS), draw(TIMES), latency, kinds if latency is None or draw(st.booleans()) else ())


OUTCOMES = (
    st.builds(Completes) | st.builds(Stuck) | st.builds(Cancels) | st.builds(Fails, LINES, TEXTS, st.floats(0, 1))
)
REST = {"result": st.sampled_from(get_args(Result)), "id_suffix": st.from_regex(r"([!-~][ -~]*)?", fullmatch=True)}
LIVES = st.builds(TaskLife, DURATIONS, st.none(), DURATIONS, OUTCOMES, **REST) | st.builds(
    TaskLife, DURATIONS, DURATIONS, st.just(HAPPY.tasks.per_episode), OUTCOMES, **REST
)
CALLS = built(
    WebhookCall, copies=st.integers(1, 500), method=st.sampled_from(["POST", "GET", "PUT", "PATCH", "DELETE"])
)
WEBHOOKS = built(
    WebhookRules,
    retries=st.lists(SPANS, max_size=3).map(tuple),
    timeout=st.integers(1, LONGEST),
    calls=st.lists(CALLS, max_size=2).map(tuple),
    answers_lost=st.integers(0, 100),
)
ACCOUNTS = st.builds(
    AccountRules,
    balance_micro_dollars=st.none() | MICROS,
    rate_limit=st.none() | st.floats(0, exclude_min=True, allow_infinity=False),
    retry_after=st.none() | built(RetryAfter),
    disabled=st.booleans(),
    webhook_url=st.sampled_from([None, "http://127.0.0.1:9000/hook", "https://example.org"]),
)
DIALECTS = st.fixed_dictionaries({switch: st.sampled_from(allowed) for switch, allowed in SWITCHES.items()}).map(
    lambda switches: replace(DOCUMENTED, **switches)
)
SCENARIOS = st.builds(
    Scenario,
    LINES,
    TEXTS,
    LIVES,
    ACCOUNTS,
    WEBHOOKS,
    built(SubmissionRules),
    DURATIONS,
    st.none() | DIALECTS,
    st.lists(st.builds(Rule, PICKS, LIVES, WEBHOOKS), max_size=2).map(tuple),
    st.lists(faults(), max_size=3).map(tuple),
    st.lists(LINES, max_size=2).map(tuple),
)


@given(SCENARIOS)
def test_a_scenario_reads_back_from_plain_data_as_the_same_value(scenario: Scenario) -> None:
    assert from_data(to_data(scenario)) == scenario


@given(st.sampled_from([*KIND_VALUES]).flatmap(lambda kind: KIND_VALUES[kind]))
def test_a_fault_of_any_kind_reads_back_from_plain_data_as_the_same_value(kind: Kind) -> None:
    of_no_file = "getTask" if type(kind) in OF_NO_FILE else "downloadTask"
    on = CONNECTION if kind.stage is Stage.CONNECTION else of_no_file
    fault = Fault((on,), kinds=(kind,))
    assert fault_from_data(fault_data(fault)) == fault


@given(SCENARIOS)
def test_a_scenario_reads_back_from_json_which_is_yaml_too_as_the_same_value(scenario: Scenario) -> None:
    written = json.dumps(to_data(scenario), ensure_ascii=False)
    assert from_data(json.loads(written)) == scenario
    assert from_data(read(written.encode(), "x.yaml").data) == scenario


@given(SCENARIOS)
def test_the_schema_accepts_the_plain_data_of_every_scenario(scenario: Scenario) -> None:
    assert list(validator("scenario").iter_errors(to_data(scenario))) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@st.composite
def spoilt(draw: st.DrawFn) -> object:
    """The plain data of a scenario with one member, at any depth, replaced by something else."""
    whole = draw(SCENARIOS.map(to_data))
    place: Any = whole
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not place[key] or not isinstance(place[key], dict | list) or draw(st.booleans()):
            place[key] = draw(JSON)
            return whole
        place = place[key]


@given(spoilt() | JSON)
def test_what_is_wrong_is_told_in_words_of_our_own_and_what_is_right_the_schema_accepts(data: object) -> None:
    try:
        from_data(data)
    except ScenarioError as error:
        for problem in error.problems:
            assert not problem.message.startswith(("Input", "Value", "String", "Unable", "Extra"))
            assert str(problem).isprintable()
    else:
        assert list(validator("scenario").iter_errors(data)) == []


def test_the_built_in_scenarios_read_back_from_plain_data_too() -> None:
    for name in names():
        assert from_data(to_data(builtin(name))) == builtin(name)
