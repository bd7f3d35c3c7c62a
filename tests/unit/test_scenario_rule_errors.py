"""Rules, webhook calls, lists of a scenario file that are wrong: told with place, reason and a way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screenplay_mock.scenarios import names
from screenplay_mock.scenarios.yaml_source import read
from screenplay_schemas import validator

if TYPE_CHECKING:
    from collections.abc import Callable

    Told = Callable[[str | bytes], str]

SIZES = "is not a size; write bytes such as 1000, '64kB' or '20MB'"

# the text of a file, its problems; the schema refuses these files too
WRONG: tuple[tuple[str, str], ...] = (
    ("faults: {on: any}", "1:9: faults: needs a list, not a mapping; put a dash before it"),
    ("faults: {a: {on: any}}", "1:9: faults: needs a list, not a mapping; put a dash before each of its items"),
    ("faults: getTask", "1:9: faults: needs a list, not 'getTask'; write a list of mappings, such as [{on: …}]"),
    ("rules: 5", "1:8: rules: needs a list, not 5; write a list of mappings, such as [{when: …}]"),
    (
        "webhook: {calls: end}",
        "1:18: webhook.calls: needs a list, not 'end'; write a list of mappings, such as [{at: …}]",
    ),
    ("faults: ~", "1:9: faults: needs a list, not null; write a list of mappings, such as [{on: …}]"),
    ("rules: [{whn: {}}]", "1:10: rules[0].whn: unknown key 'whn'; did you mean 'when'?"),
    ("rules: [{when: {asets: []}}]", "1:17: rules[0].when.asets: unknown key 'asets'; did you mean 'assets'?"),
    ("rules: [{when: {assets: re_1}}]", "1:25: rules[0].when.assets: needs a list, not 're_1'; write [re_1]"),
    ("rules: [{when: {nth: 0}}]", "1:22: rules[0].when.nth: 0 must be at least 1"),
    ("rules: [{outcome: stuck}]", "1:10: rules[0].outcome: unknown key 'outcome'; it belongs in tasks"),
    (
        "rules: [{webhook: {calls: [{stat: x}]}}]",
        "1:29: rules[0].webhook.calls[0].stat: unknown key 'stat'; did you mean 'status'?",
    ),
    (
        "webhook: {calls: [{at: ende}]}",
        (
            "1:24: webhook.calls[0].at: 'ende' is not one of 'end', 'submitted', 'started', 'cancelled'; did you mean"
            " 'end'?"
        ),
    ),
    (
        "webhook: {calls: [{method: post, copies: 0}]}",
        (
            "1:28: webhook.calls[0].method: 'post' is not one of 'POST', 'GET', 'PUT', 'PATCH', 'DELETE'; did you mean"
            " 'POST'?\n1:42: webhook.calls[0].copies: 0 must be at least 1"
        ),
    ),
    (
        'webhook: {calls: [{content_type: "a\\nb"}]}',
        (
            "1:34: webhook.calls[0].content_type: 'a\\nb' has a line end or another control character, which a header"
            " cannot hold"
        ),
    ),
    ("webhook: {calls: [{padding: 1KB}]}", f"1:29: webhook.calls[0].padding: '1KB' {SIZES}"),
    ("webhook: {answers_lost: 101}", "1:25: webhook.answers_lost: 101 must be at most 100"),
    ("webhook: {answers_lost: some}", "1:25: webhook.answers_lost: 'some' is not a whole number"),
    ("account: {retry_after: true}", "1:24: account.retry_after: says nothing; its keys are: seconds, date, text"),
    (
        "account: {retry_after: {secnds: 1s}}",
        "1:25: account.retry_after.secnds: unknown key 'secnds'; did you mean 'seconds'?",
    ),
    (
        "tasks: {result: no_file}",
        "1:17: tasks.result: 'no_file' is not one of 'zip', 'no_files', 'no_result'; did you mean 'no_files'?",
    ),
    ("tasks: {id_suffix: é}", "1:20: tasks.id_suffix: 'é' is not visible ASCII that begins without a space"),
    ("tasks: {id_suffix: ' a'}", "1:20: tasks.id_suffix: ' a' is not visible ASCII that begins without a space"),
    ("tries: SUB-01", "1:8: tries: needs a list, not 'SUB-01'; write [SUB-01]"),
    ("extends: 5", "1:10: extends: 5 is not text; put it in quotes if it should be"),
    ("extends: ~", "1:10: extends: is empty; write text, or leave it out"),
    ("tries: [~]", "1:9: tries[0]: is empty; write text, or leave it out"),
)

# the same, but beyond what the schema says: arithmetic, and which built-in scenarios there are
WRONG_BEYOND_THE_SCHEMA: tuple[tuple[str, str], ...] = (
    (
        "rules: [{when: {at_least_episodes: 3, at_most_episodes: 2}}]",
        "1:16: rules[0].when: picks no task: none has at least so many episodes, and at most so few",
    ),
    (
        "rules: [{when: {nth: 3, every: 2}}]",
        "1:16: rules[0].when: picks no task: nth, first and every leave no number",
    ),
    (
        "webhook: {calls: [{copies: 1000, at: started, status: running}, {}]}",
        "1:18: webhook.calls: have 1001 copies together; a task has at most 1000 deliveries",
    ),
    ("extends: hapy", "1:10: extends: there is no built-in scenario 'hapy'; did you mean 'happy'?"),
    (
        "extends: zzz",
        (
            "1:10: extends: there is no built-in scenario 'zzz'; there are:"
            f" {', '.join(name for name in names() if '/' not in name)}, and more: screenplay-mock scenarios list"
        ),
    ),
)


@pytest.mark.parametrize(("written", "problems"), [*WRONG, *WRONG_BEYOND_THE_SCHEMA])
def test_a_mistake_is_told_with_its_place_its_reason_and_a_way_out(written: str, problems: str, told: Told) -> None:
    assert told(written) == problems


@pytest.mark.parametrize("written", [written for written, _ in WRONG])
def test_the_schema_refuses_it_too(written: str) -> None:
    assert not validator("scenario").is_valid(read(written.encode(), "x.yaml").data)
