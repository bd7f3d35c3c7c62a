"""The fast look at a submission and its JSON Schema are of one mind, and its content comes out whole."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from screenplay_mock.core import submission as rules
from screenplay_mock.core.errors import ApiError, ErrorKind
from screenplay_mock.core.scenario import SubmissionRules
from screenplay_mock.core.submission import COMING_SOON, FLAGS, MODES, Options
from screenplay_schemas import load, validator

quick = settings(max_examples=80, deadline=None)

VENDORS = load("submit-request")["examples"][0]

modes = st.sampled_from(sorted(MODES))
numbers = st.integers(1, 9_999).map(str)
assets = st.text(min_size=1, max_size=8)
options = {
    "language": st.text(min_size=1, max_size=5),
    "concurrency": st.integers(1, 10**30) | st.integers(1, 10**15).map(float),
    **{flag: st.booleans() for flag in FLAGS},
}
configs = st.fixed_dictionaries({}, optional=options)
bodies = st.fixed_dictionaries(
    {"mode": modes, "episodes": st.dictionaries(numbers, assets, min_size=1, max_size=5), "config": configs}
)

#: What a member may be instead: right here, wrong there, and always a trap.
TRAPS = (
    *(None, True, False, "", " ", "x", "short_drama", "SHORT_DRAMA", "1", "1\n", [], {}, ["1"], {"1": "re_1"}),
    *(0, 1, -1, 2**70, 0.0, 0.5, 1.0, 1.5, -1.0, 1e300, float("inf"), "\ud800", "100", "true"),
)
#: What an episode may be called, mostly wrongly.
NAMES = (
    "0",
    "01",
    "1\n",
    "\n1",
    " 1",
    "1 ",
    "+1",
    "1.0",
    "10000",
    "9999",
    "\u0663",
    "\uff11",
    "\u00b2",
    "1e1",
    "",
    "-1",
    "1_0",
)

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner))
traps = st.sampled_from(TRAPS) | values


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """A valid body with one member somewhere removed, replaced, renamed or added."""
    body = copy.deepcopy(draw(bodies))
    place = draw(st.sampled_from([body, body["episodes"], body["config"]]))
    name = draw(st.sampled_from([*place, "extra"]))
    match draw(st.sampled_from(["remove", "replace", "rename", "add"])):
        case "remove":
            place.pop(name, None)
        case "replace":
            place[name] = draw(traps)
        case "rename":
            place[draw(st.sampled_from(NAMES) | st.text(max_size=3))] = place.pop(name, "re_1")
        case "add":
            place[draw(st.sampled_from([*body, *options, *NAMES]))] = draw(traps)
    return body


def agreed(body: Any) -> bool:
    """Whether both accept *body*; that they do not agree is an error."""
    fast, judged = rules.accepts(body), validator("submit-request").is_valid(body)
    assert fast == judged, f"the look says {fast}, the schema {judged}: {body!r}"
    return fast


@quick
@given(bodies)
def test_a_valid_body_is_accepted_by_the_look_and_by_the_schema(body: Any) -> None:
    assert agreed(body)


@settings(max_examples=150, deadline=None)
@given(spoilt())
def test_the_look_and_the_schema_agree_on_a_body_with_one_thing_changed(body: Any) -> None:
    agreed(body)


@quick
@given(values)
@example({})
@example({"mode": "short_drama", "episodes": {"1": "re_1"}})
def test_the_look_and_the_schema_agree_on_any_json(body: Any) -> None:
    agreed(body)


@pytest.mark.parametrize("member", ["mode", "episodes", "config"])
def test_the_look_and_the_schema_agree_on_every_trap_as_a_member(member: str) -> None:
    for trap in TRAPS:
        agreed({**VENDORS, member: trap})


@pytest.mark.parametrize("option", options)
def test_the_look_and_the_schema_agree_on_every_trap_as_an_option(option: str) -> None:
    for trap in TRAPS:
        agreed({**VENDORS, "config": {option: trap}})


def test_the_look_and_the_schema_agree_on_every_trap_as_an_asset() -> None:
    accepted = [trap for trap in TRAPS if agreed({**VENDORS, "episodes": {"1": trap}})]
    assert accepted == [trap for trap in TRAPS if isinstance(trap, str) and trap]


@pytest.mark.parametrize("name", NAMES)
def test_the_look_and_the_schema_agree_on_every_name_of_an_episode(name: str) -> None:
    assert agreed({**VENDORS, "episodes": {name: "re_1"}}) == (name == "9999")


@pytest.mark.parametrize(("count", "accepted"), [(0, False), (1, True), (1_000, True), (1_001, False)])
def test_a_submission_has_one_to_a_thousand_episodes(count: int, accepted: bool) -> None:  # noqa: FBT001
    assert agreed({**VENDORS, "episodes": {str(number): "re_1" for number in range(1, count + 1)}}) is accepted


@pytest.mark.parametrize(
    ("concurrency", "accepted"),
    [("100", True), ("100.0", True), ("1e2", True), ("1.5", False), ("true", False), ("0", False), ("1e999", False)],
)
def test_a_concurrency_is_a_whole_number_however_it_is_written(concurrency: str, accepted: bool) -> None:  # noqa: FBT001
    body = {**VENDORS, "config": json.loads(f'{{"concurrency": {concurrency}}}')}
    assert agreed(body) is accepted
    if accepted:
        assert type(rules.submission(body).options.concurrency) is int


def test_the_documented_defaults_are_filled_in() -> None:
    wanted = rules.submission({"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}})
    documented = {
        name: option["default"]
        for name, option in load("submit-request")["properties"]["config"]["properties"].items()
        if "default" in option
    }
    assert documented == {
        "require_json": True,
        "require_xlsx": False,
        "require_merge_xlsx": False,
        "concurrency": 100,
    }
    assert documented == {name: getattr(wanted.options, name) for name in documented}


@quick
@given(bodies)
def test_the_content_of_a_body_comes_out_whole_and_in_the_order_of_the_numbers(body: dict[str, Any]) -> None:
    wanted = rules.submission(body)
    assert wanted.mode == body["mode"]
    assert dict(wanted.episodes) == body["episodes"]
    order = [int(number) for number, _ in wanted.episodes]
    assert order == sorted(order)
    assert wanted.options == Options(**body["config"])


@quick
@given(bodies, st.dictionaries(st.text(max_size=3), leaves, max_size=3))
def test_unknown_members_are_named_and_change_nothing(body: dict[str, Any], more: dict[str, Any]) -> None:
    extended = {**body, **more, "config": {**body["config"], **more}}
    named = rules.unknown_members(extended)
    assert named == [f"$.{name}" for name in more] + [f"$.config.{name}" for name in more]
    assert rules.submission(extended) == rules.submission(body)
    assert rules.unknown_members(body) == []


@quick
@given(bodies, st.booleans(), st.booleans())
def test_only_what_the_rules_say_is_refused(body: dict[str, Any], open_modes: bool, outputs: bool) -> None:  # noqa: FBT001
    wanted = rules.submission(body)
    said = SubmissionRules(coming_soon_modes=open_modes, require_output=outputs)
    refused = rules.refusal(wanted, said)
    soon = wanted.mode in COMING_SOON and not open_modes
    config = {"require_json": True, **body["config"]}
    empty = outputs and not any(config.get(f"require_{kind}") for kind in ("json", "xlsx", "merge_xlsx"))
    assert (None if refused is None else refused[0]) == ("$.mode" if soon else "$.config" if empty else None)


def test_a_refusal_says_what_would_be_right() -> None:
    body = {**VENDORS, "mode": "korean_drama"}
    assert rules.refusal(rules.submission(body), SubmissionRules()) == (
        "$.mode",
        "mode 'korean_drama' is documented as coming soon; the one that works is 'short_drama'",
    )
    body = {**VENDORS, "config": {"require_json": False}}
    assert rules.refusal(rules.submission(body), SubmissionRules()) == (
        "$.config",
        "at least one of require_json, require_xlsx and require_merge_xlsx must be true",
    )


def test_one_refused_episode_is_answered_with_its_reason_alone() -> None:
    error = ApiError(ErrorKind.ASSET_NOT_FOUND)
    assert rules.together([("3", error)], {"3": str(error)}) is error


def test_several_refused_episodes_are_each_named_in_one_answer() -> None:
    refused = [("2", ApiError(ErrorKind.ASSET_NOT_FOUND)), ("10", ApiError(ErrorKind.ASSET_TOO_LONG))]
    together = rules.together(refused, {number: str(error) for number, error in refused})
    assert together.kind is ErrorKind.REASONS
    assert str(together) == "Episode 2: Asset not found; Episode 10: Video must be under 5 minutes"
