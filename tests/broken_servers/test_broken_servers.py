"""Every check has a broken server that it catches, and that nobody else catches but its named neighbours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.broken_servers.catalogue import ROWS
from tests.broken_servers.judging import caught, judged
from tests.broken_servers.proxy import Answer, Ask, Fault, Memory
from tests.broken_servers.row import Broken, row

from screenplay_contracts.server.checks import RULES
from screenplay_contracts.server.script import CHAPTERS
from screenplay_contracts.verdict import Verdict, exit_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from screenplay_mock.testing import RunningServer

NAMES = {rule.check.name for rule in RULES}


def test_every_check_has_a_broken_server() -> None:
    assert {each.check for each in ROWS} == NAMES


def test_the_catalogue_names_checks_and_chapters_that_exist() -> None:
    chapters = {chapter.name for chapter in CHAPTERS}
    assert [each.what for each in ROWS if each.neighbours - NAMES or set(each.chapters) - chapters] == []
    assert len({each.what for each in ROWS}) == len(ROWS)


@pytest.mark.parametrize("broken", ROWS, ids=lambda each: each.check)
def test_a_broken_server_is_caught_by_its_check(
    screenplay_server: RunningServer, broken: Broken, record_property: Callable[[str, object], None]
) -> None:
    results = judged(screenplay_server.origin, broken, broken.chapters, only={broken.check, *broken.neighbours})
    record_property("broken server", (broken.what, sorted(caught(results))))
    assert broken.check in caught(results)
    assert [(one.check.name, one.reason) for one in results if one.verdict is Verdict.ERROR] == []


@pytest.mark.parametrize("chapter", [chapter.name for chapter in CHAPTERS])
def test_a_chapter_finds_nothing_wrong_with_the_fake_behind_the_same_proxy(
    screenplay_server: RunningServer, chapter: str
) -> None:
    whole = row("nothing is broken", "nothing", chapter, Fault(webhook=lambda *_: None))
    assert caught(judged(screenplay_server.origin, whole, whole.chapters)) == frozenset()


NONSENSE = {
    "no JSON": lambda _: b"<html>",
    "nothing": lambda _: b"",
    "a list": lambda _: b"[]",
    "data is a list": lambda body: {**body, "data": [1]},
    "data is a text": lambda body: {**body, "data": "x"},
    "members are lists": lambda body: {**body, "data": {name: [] for name in body.get("data") or ()}},
    "members are objects": lambda body: {name: {} for name in body},
    "members are null": lambda body: {**body, "data": dict.fromkeys(body.get("data") or ())},
}


@pytest.mark.parametrize(
    ("nonsense", "of_admin"),
    [*((one, False) for one in NONSENSE), ("a list", True), ("members are objects", True)],
)
def test_a_server_that_answers_nonsense_is_judged_to_the_end(
    screenplay_server: RunningServer, nonsense: str, *, of_admin: bool
) -> None:
    def answer(ask: Ask, given: Answer, _: Memory) -> None:
        if ask.target.startswith("/__admin") is of_admin and isinstance(given.json, dict):
            made = NONSENSE[nonsense](given.json)
            given.body = made if isinstance(made, bytes) else json.dumps(made).encode()

    results = judged(screenplay_server.origin, row(nonsense, "nothing", "life", Fault(answer=answer)), None)
    assert [(one.check.name, one.reason) for one in results if one.verdict is Verdict.ERROR] == []
    assert exit_code(results) == 1
