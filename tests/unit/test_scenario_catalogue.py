"""The built-in scenarios, and how a scenario is found: by name, by path, or in plain data."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from screenplay_mock.core.lifecycle import Completed, Failed, Progressed, Started
from screenplay_mock.core.plan import plan
from screenplay_mock.core.scenario import HAPPY, MINUTE, SECOND, AccountRules, Uniform
from screenplay_mock.scenarios import (
    ScenarioError,
    UnknownScenario,
    builtin,
    from_data,
    load_file,
    names,
    resolve,
    text,
    to_data,
)
from screenplay_mock.scenarios.yaml_source import read
from screenplay_schemas import validator

TOP = "name, description, dialect, tasks, account, webhook, submission, assets, uploads"


def test_the_built_in_scenarios_are_these() -> None:
    assert names() == ("broke", "failing", "happy", "slow", "stuck")


@pytest.mark.parametrize("name", names())
def test_a_built_in_file_is_named_like_its_scenario_and_begins_by_saying_what_it_is_for(name: str) -> None:
    assert builtin(name).name == name
    assert len(builtin(name).description) > 20
    first, second, *_ = text(name).splitlines()
    assert first.startswith("# ")
    assert second.startswith("# ")


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
    assert {"name", "description", "tasks", "account", "webhook", "submission", "assets", "uploads"} == set(data)


def test_a_name_comes_before_a_file_and_a_path_has_a_slash_or_an_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("stuck", "mine.yaml", "mine.YML", "mine"):
        Path(file).write_text("{description: a file}", encoding="utf-8")
    assert resolve("stuck") is builtin("stuck")
    for path in ("./stuck", "mine.yaml", "mine.YML", "./mine", str(tmp_path / "mine")):
        assert resolve(path).description == "a file"


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


HINT = "(a file is given by a path with a slash, or one that ends in .yaml)"


@pytest.mark.parametrize("find", [builtin, text, resolve])
def test_an_unknown_name_is_told_with_the_nearest(find: Any) -> None:
    with pytest.raises(UnknownScenario) as caught:
        find("hapy")
    assert str(caught.value) == f"there is no scenario 'hapy'; did you mean 'happy'? {HINT}"
    assert caught.value.nearest == "happy"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own


def test_an_unknown_name_that_is_like_no_other_is_told_with_all() -> None:
    with pytest.raises(UnknownScenario) as caught:
        builtin("zzz")
    assert str(caught.value) == f"there is no scenario 'zzz'; there are: {', '.join(names())} {HINT}"
    assert caught.value.nearest is None


@pytest.mark.parametrize("name", ["../happy", "builtin/happy", "happy.yaml", "", "/etc/passwd"])
def test_a_built_in_name_is_no_path(name: str) -> None:
    with pytest.raises(UnknownScenario):
        builtin(name)
    with pytest.raises(UnknownScenario):
        text(name)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("./nope", "./nope: there is no such file"),
        ("happy.yml", "happy.yml: there is no such file"),
        ("./folder", "./folder: this is a directory; name a file in it"),
        ("x\0/y", "x\0/y: the file cannot be read: embedded null byte"),
        ("file/x", "file/x: the file cannot be read: Not a directory"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_as_it_was_given(
    path: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ScenarioError) as caught:
        resolve(path)
    assert str(caught.value) == problem


def test_inline_data_is_told_by_path_without_lines() -> None:
    with pytest.raises(ScenarioError) as caught:
        from_data({"tasks": {"outcome": "stuk"}, "webhook": {"retries": ["5s", 1]}}, source="body")
    assert str(caught.value).splitlines() == [
        "body: tasks.outcome: 'stuk' is not one of 'completed', 'failed', 'stuck'; did you mean 'stuck'?",
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
