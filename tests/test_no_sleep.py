"""No test waits for real time to pass: time is an argument. Giving way, `sleep(0)`, is fine."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parent
PROGRAMS = TESTS / "clients"  # programs under test, which may wait as they do in life


def sleeps(source: str) -> Iterator[int]:
    """The lines of *source* where something sleeps; also where a sleep is passed on to be called elsewhere."""
    tree = ast.parse(source)
    giving_way = {
        node.func
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and not node.keywords and [ast.unparse(each) for each in node.args] == ["0"]
    }
    for node in ast.walk(tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name == "sleep" and node not in giving_way:
            yield node.lineno  # type: ignore[attr-defined]
        if isinstance(node, ast.ImportFrom) and any(alias.name == "sleep" and alias.asname for alias in node.names):
            yield node.lineno


def test_no_test_sleeps() -> None:
    assert [
        f"{path.relative_to(TESTS)}:{line}"
        for path in sorted(TESTS.rglob("*.py"))
        if PROGRAMS not in path.parents
        for line in sleeps(path.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        "time.sleep(0.1)",
        "await asyncio.sleep(1)",
        "sleep(seconds)",
        "sleep(0 + 1)",
        "time.sleep(secs=0.1)",
        "wait = asyncio.sleep",
        "from time import sleep as wait",
    ],
)
def test_a_sleep_is_found(source: str) -> None:
    assert list(sleeps(source)) == [1]


@pytest.mark.parametrize("source", ["await asyncio.sleep(0)", "from asyncio import sleep", "asleep(1)", "'sleep(1)'"])
def test_giving_way_is_no_sleep(source: str) -> None:
    assert list(sleeps(source)) == []
