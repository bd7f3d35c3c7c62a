"""The built-in scenarios, and scenarios in plain data."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_mock.core.lifecycle import Completed, Failed, Progressed, Started
from screenplay_mock.core.plan import plan
from screenplay_mock.core.scenario import HAPPY, MINUTE, SECOND, AccountRules, Uniform
from screenplay_mock.scenarios import (
    ScenarioError,
    area,
    builtin,
    from_data,
    load_file,
    names,
    resolve,
    text,
    to_data,
    whole_text,
)
from screenplay_mock.scenarios.yaml_source import read
from screenplay_mock.scenarios.yaml_text import written
from screenplay_schemas import validator

if TYPE_CHECKING:
    from pathlib import Path

TOP = "extends, name, description, dialect, tasks, account, webhook, submission, assets, uploads, rules, faults, tries"


def test_the_plain_built_in_scenarios_come_before_those_of_areas() -> None:
    assert {"broke", "failing", "happy", "slow", "stuck"} <= set(names())
    assert list(names()) == sorted(names(), key=lambda name: ("/" in name, name))


def test_a_built_in_scenario_is_named_like_its_file_and_says_in_a_sentence_what_it_is_for() -> None:
    assert [builtin(name).name for name in names()] == list(names())
    assert [name for name in names() if not re.fullmatch(r".{15,}\.", builtin(name).description)] == []


@pytest.mark.parametrize(
    ("name", "about"),
    [("happy", ""), ("submit/402", "submit"), ("t/submit/slow-answer", "submit"), ("webhook/signed/replay", "webhook")],
)
def test_the_area_of_a_name_is_its_first_folder_whether_or_not_its_waits_are_real(name: str, about: str) -> None:
    assert area(name) == about


def test_what_stands_in_a_folder_takes_its_name_from_there_alone() -> None:
    named = [name for name in names() if "name" in read(text(name).encode(), name).data]
    assert named == [name for name in names() if "/" not in name]


def test_happy_reads_equal_to_the_defaults_of_the_core(tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(text("happy"), encoding="utf-8")
    assert load_file(file) == HAPPY
    assert builtin("happy") is HAPPY
    assert resolve("happy") is HAPPY


@pytest.mark.parametrize(
    ("name", "ended"),
    [
        ("happy", [Started(2_000), Progressed(5_000, 1), Completed(8_000)]),
        ("failing", [Started(2_000), Failed(5_000, "PROCESSING_FAILED", "The video could not be processed.")]),
        ("stuck", [Started(2_000)]),
        ("broke", [Started(2_000), Progressed(5_000, 1), Completed(8_000)]),
    ],
)
def test_a_task_of_two_episodes_goes_as_its_scenario_says(name: str, ended: list[object]) -> None:
    assert list(plan(builtin(name).tasks, [60_000, 60_000], created_at=0, seed=1)) == ended


def test_a_task_of_slow_takes_minutes_and_its_webhook_seconds() -> None:
    slow = builtin("slow")
    ends = [plan(slow.tasks, [60_000], created_at=0, seed=seed)[-1].at for seed in range(100)]
    assert 3 * MINUTE < sorted(ends)[50] < 10 * MINUTE
    assert max(ends) > 2 * min(ends)
    assert slow.webhook.delay == Uniform(2 * SECOND, 8 * SECOND)


def test_broke_has_no_money() -> None:
    assert builtin("broke") == replace(
        HAPPY,
        name="broke",
        description=builtin("broke").description,
        account=AccountRules(balance_micro_dollars=0),
    )


@pytest.mark.parametrize("name", names())
def test_plain_data_shows_all_that_a_scenario_says(name: str) -> None:
    data = to_data(builtin(name))
    assert from_data(data) == builtin(name)
    assert json.loads(json.dumps(data)) == data
    assert set(data) - {"dialect"} == set(TOP.split(", ")) - {"extends", "dialect"}


@pytest.mark.parametrize("name", names())
def test_the_whole_text_says_the_same_and_extends_nothing(name: str) -> None:
    document = read(whole_text(name).encode(), name)
    assert not document.flaws
    assert "extends" not in document.data
    assert replace(from_data(document.data), name=name) == builtin(name)


def test_written_text_is_in_quotes_where_it_would_not_be_read_as_text_and_nowhere_else() -> None:
    words = ["1e3", "on", "~", "010", "5", "true", "", "0x1f"]
    assert written(words) == "['1e3', on, '~', 010, '5', 'true', '', 0x1f]\n"
    assert written({"on": [5, 0.5, None, True], "b": "\x85"}) == 'on: [5, 0.5, null, true]\nb: "\\N"\n'
    assert read(written(words).encode(), "x").data == words


IMPORTS = """
import sys
import screenplay_mock.scenarios as scenarios
from screenplay_mock.core.scenario import HAPPY
assert scenarios.builtin("happy") is HAPPY and scenarios.resolve("happy") is HAPPY
assert "happy" in scenarios.names() and scenarios.text("slow") and scenarios.to_data(HAPPY)
print(sorted({"pydantic", "yaml"} & set(sys.modules)))
scenarios.builtin("slow")
print(sorted({"pydantic", "yaml"} & set(sys.modules)))
"""


def test_pydantic_and_yaml_wait_until_a_file_is_read() -> None:
    ran = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["[]", "['pydantic', 'yaml']"]


@pytest.mark.parametrize("name", names())
def test_the_schema_accepts_the_built_in_files_as_written_and_as_plain_data(name: str) -> None:
    for data in (read(text(name).encode(), name).data, to_data(builtin(name))):
        assert list(validator("scenario").iter_errors(data)) == []


def test_a_built_in_scenario_is_read_once() -> None:
    assert [name for name in names() if builtin(name) is not builtin(name)] == []


def test_inline_data_is_told_by_path_without_lines() -> None:
    with pytest.raises(ScenarioError) as caught:
        from_data({"tasks": {"outcome": "stuk"}, "webhook": {"retries": ["5s", 1]}}, source="body")
    assert str(caught.value).splitlines() == [
        "body: tasks.outcome: 'stuk' is not one of 'completed', 'failed', 'stuck', 'cancelled'; did you mean 'stuck'?",
        "body: webhook.retries[1]: 1 has no unit; write '1s' for seconds (units: ms, s, m, h, d)",
    ]
    assert {(problem.line, problem.column) for problem in caught.value.problems} == {(None, None)}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (None, f"inline: is empty (all defaults, as in happy, is written {{}}); its keys are: {TOP}"),
        ([], f"inline: needs a mapping, not a list; its keys are: {TOP}"),
        ({1: 2}, "inline: [1]: a key must be text"),
        ({"name": "\ud800"}, "inline: name: holds half a character (a lone surrogate); write the character itself"),
        ({"a\nb": 1}, f"inline: 'a\\nb': unknown key 'a\\nb'; there are: {TOP}"),
        ({"account": {"rate_limit": float("nan")}}, "inline: account.rate_limit: nan is not a number"),
        (
            {"account": {"rate_limit": 10**5000}},
            "inline: account.rate_limit: a number of so many digits is not a number",
        ),
        (
            {"account": {"balance": 10**5000}},
            (
                "inline: account.balance: a number of so many digits is not from 0 to 1000000000 dollars;"
                " for no limit write 'unlimited'"
            ),
        ),
        (
            {"account": {"balance": float("nan")}},
            "inline: account.balance: nan is not an amount; write dollars such as 2.50, or 'unlimited'",
        ),
        (
            {"tasks": {"outcome": {"failed": {"after": float("nan")}}}},
            "inline: tasks.outcome.failed.after: nan is not a fraction; write 0.5 or '50%'",
        ),
    ],
)
def test_inline_data_that_no_file_could_hold_is_told_too(data: Any, problem: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        from_data(data)
    assert str(caught.value) == problem


def test_of_thousands_of_mistakes_the_first_hundred_are_told() -> None:
    with pytest.raises(ScenarioError) as caught:
        from_data({f"key-{number}": 1 for number in range(5_000)})
    assert len(caught.value.problems) == 100
