"""`screenplay-mock scenarios`: the list by areas, a scenario as a file, and the check of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from screenplay_mock.cli import main
from screenplay_mock.commands.scenarios import WIDTH
from screenplay_mock.scenarios import area, builtin, load_file, names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def invoked(*arguments: str) -> Result:
    """What a command does, in this process: four times as fast."""
    return CliRunner().invoke(main, ["scenarios", *arguments])


def test_the_list_has_a_line_for_each_the_plain_ones_first_then_the_areas(run: Callable[..., Any]) -> None:
    first, *areas = run("scenarios", "list").out.split("\n\n")
    plain = [name for name in names() if "/" not in name]
    assert [line.split()[0] for line in first.splitlines()] == plain
    listed = list(plain)
    for paragraph in areas:
        heading, *lines = paragraph.splitlines()
        found = [line.split()[0] for line in lines]
        assert {f"{area(name)}/" for name in found} == {heading}
        assert all(line.startswith("  ") for line in lines)
        listed += found
    assert sorted(listed) == sorted(names())


def test_the_list_is_aligned_and_fits_into_its_width() -> None:
    for paragraph in invoked("list").output.split("\n\n"):
        lines = [line for line in paragraph.splitlines() if not line.endswith("/")]
        column = lines[0].index(builtin(lines[0].split()[0]).description[:10])
        for line in lines:
            assert line[:column].split() == [line.split()[0]]
            assert builtin(line.split()[0]).description.startswith(line[column:].removesuffix(" …"))
            assert len(line) <= WIDTH


@pytest.mark.parametrize("wanted", ["submit", "submit/"])
def test_the_list_of_an_area_has_that_alone(wanted: str) -> None:
    heading, *lines = invoked("list", "--area", wanted).output.splitlines()
    assert heading == "submit/"
    assert [line.split()[0] for line in lines] == [name for name in names() if area(name) == "submit"]


def test_names_alone_are_for_scripts() -> None:
    assert sorted(invoked("list", "--names").output.splitlines()) == sorted(names())
    found = invoked("list", "--names", "--area", "submit").output.splitlines()
    assert found == [name for name in names() if area(name) == "submit"]


@pytest.mark.parametrize(
    ("wanted", "said"), [("submti", "did you mean 'submit'?"), ("", "there are: "), ("zzz", "submit")]
)
def test_an_unknown_area_is_2_with_the_nearest(wanted: str, said: str) -> None:
    done = invoked("list", "--area", wanted)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize("options", [[], ["--whole"]])
@pytest.mark.parametrize("name", ["happy", "submit/close-after-accept"])
def test_what_is_shown_is_a_file_that_is_right_and_says_the_same(
    name: str, options: list[str], run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text(run("scenarios", "show", name, *options).out)
    done = run("scenarios", "check", "mine.yaml")
    assert (done.code, done.out, done.err) == (0, "mine.yaml: right\n", "")
    mine = load_file(tmp_path / "mine.yaml")
    assert (mine.tasks, mine.webhook, mine.faults) == (builtin(name).tasks, builtin(name).webhook, builtin(name).faults)


def test_the_whole_of_a_scenario_extends_nothing() -> None:
    assert "extends: " in invoked("show", "submit/close-after-accept").output
    assert "extends: " not in invoked("show", "--whole", "submit/close-after-accept").output


@pytest.mark.parametrize("options", [[], ["--whole"]])
def test_an_unknown_scenario_is_2_with_the_nearest(options: list[str]) -> None:
    done = invoked("show", "submit/close-after-acept", *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "did you mean 'submit/close-after-accept'?" in done.stderr


def test_three_mistakes_in_a_file_are_three_lines_with_their_places(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "extends: hapy\nfaults:\n  - on: getTask\n    staus: 503\nwebhook:\n  calls: [{at: ende}]\n"
    )
    done = run("scenarios", "check", "mine.yaml")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        "mine.yaml:1:10: extends: there is no built-in scenario 'hapy'; did you mean 'happy'?",
        "mine.yaml:4:5: faults[0].staus: unknown key 'staus'; did you mean 'status'?",
        (
            "mine.yaml:6:16: webhook.calls[0].at: 'ende' is not one of 'end', 'submitted', 'started', 'cancelled';"
            " did you mean 'end'?"
        ),
    ]


def test_every_mistake_of_every_file_is_told(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("tasks:\n  pending_for: 3\nacount: 1\n")
    (tmp_path / "b.yaml").write_text("name: b\n")
    done = run("scenarios", "check", "a.yaml", "b.yaml", "c.yaml")
    assert done.code == 2
    assert [line.partition(": ")[0] for line in done.err.splitlines()] == ["a.yaml:2:16", "a.yaml:3:1", "c.yaml"]
    assert done.out == "b.yaml: right\n"
