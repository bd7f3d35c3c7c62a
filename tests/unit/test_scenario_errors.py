"""Scenario files that are wrong: every mistake is told at once, with its place, its reason and a way out."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from screenplay_mock.scenarios import Problem, ScenarioError, load_file
from screenplay_mock.scenarios.yaml_source import read
from screenplay_schemas import validator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Told = Callable[[str | bytes], str]

DURATION_FORMS = "write one such as 20s, {uniform: [1s, 5s]} or {lognormal: {median: 20s, sigma: 0.5}}"
OUTCOME_FORMS = (
    "write completed, failed, stuck, cancelled"
    " or {failed: {error_code: NO_SPEECH, error_message: Nobody speaks., after: 50%}}"
)
UNITS = "write numbers with units (ms, s, m, h, d), such as '500ms', '20s' or '1m30s'"
TWO = "needs a list of two durations, the shorter one first, such as [1s, 5s]"
URL = "is not an absolute http or https URL; write it whole, such as http://127.0.0.1:9000/hook"
TOP = "extends, name, description, dialect, tasks, account, webhook, submission, assets, uploads, rules, faults, tries"
ENDS = "'completed', 'failed', 'stuck', 'cancelled'"

# the text of a file, its problems; the schema refuses these files too
WRONG: tuple[tuple[str, str], ...] = (
    # the whole
    ("[]", f"1:1: needs a mapping, not a list; its keys are: {TOP}"),
    ("happy", f"1:1: needs a mapping, not 'happy'; its keys are: {TOP}"),
    *(
        (empty, f"1:1: is empty (all defaults, as in happy, is written {{}}); its keys are: {TOP}")
        for empty in ("", "# only a comment\n", "~")
    ),
    # keys
    ("tsks: {}", "1:1: tsks: unknown key 'tsks'; did you mean 'tasks'?"),
    ("zzz: {}", f"1:1: zzz: unknown key 'zzz'; there are: {TOP}"),
    ("<<: {name: x}", f"1:1: '<<': unknown key '<<'; there are: {TOP}"),
    ("'a b': 1", f"1:1: 'a b': unknown key 'a b'; there are: {TOP}"),
    (
        "account: {rate_limit: 1,\n  ballance: 1}",
        "2:3: account.ballance: unknown key 'ballance'; did you mean 'balance'?",
    ),
    (
        "tasks: {outcome: {failed: {mesage: x}}}",
        "1:28: tasks.outcome.failed.mesage: unknown key 'mesage'; did you mean 'error_message'?",
    ),
    ("dialect: {barer: accept}", "1:11: dialect.barer: unknown key 'barer'; did you mean 'bearer'?"),
    ("disabled: true", "1:1: disabled: unknown key 'disabled'; it belongs in account"),
    ("timeout: 5s", "1:1: timeout: unknown key 'timeout'; it belongs in webhook"),
    # sections
    ("uploads: 10s", "1:10: uploads: needs a mapping, not '10s'; its keys are: ready_after"),
    ("uploads: ~", "1:10: uploads: is empty; its keys are: ready_after"),
    # text
    ("name: 5", "1:7: name: 5 is not text; put it in quotes if it should be"),
    ("name: [a]", "1:7: name: a list is not text; put it in quotes if it should be"),
    ("name: ''", "1:7: name: must not be empty; leave the key out for the default"),
    (f"name: {'x' * 501}", "1:7: name: must have at most 500 characters"),
    # durations
    (
        "tasks: {pending_for: 5}",
        "1:22: tasks.pending_for: 5 has no unit; write '5s' for seconds (units: ms, s, m, h, d)",
    ),
    (
        "tasks: {pending_for: '2.5'}",
        "1:22: tasks.pending_for: '2.5' has no unit; write '2.5s' for seconds (units: ms, s, m, h, d)",
    ),
    ("tasks: {pending_for: 5 sec}", f"1:22: tasks.pending_for: '5 sec' is not a duration; {UNITS}"),
    ("tasks: {pending_for: -5s}", f"1:22: tasks.pending_for: '-5s' is not a duration; {UNITS}"),
    ("tasks: {pending_for: 1s1m}", f"1:22: tasks.pending_for: '1s1m' is not a duration; {UNITS}"),
    ("tasks: {pending_for: 1:30}", f"1:22: tasks.pending_for: '1:30' is not a duration; {UNITS}"),
    ('tasks: {pending_for: "5s\\n"}', f"1:22: tasks.pending_for: '5s\\n' is not a duration; {UNITS}"),
    ('tasks: {pending_for: "\\u0665s"}', f"1:22: tasks.pending_for: '\u0665s' is not a duration; {UNITS}"),
    ("tasks: {pending_for: [1s]}", f"1:22: tasks.pending_for: a list is not a duration; {DURATION_FORMS}"),
    ("tasks: {pending_for: true}", f"1:22: tasks.pending_for: true is not a duration; {DURATION_FORMS}"),
    ("tasks: {pending_for: ~}", f"1:22: tasks.pending_for: null is not a duration; {DURATION_FORMS}"),
    ("tasks: {pending_for: {}}", f"1:22: tasks.pending_for: a mapping is not a duration; {DURATION_FORMS}"),
    (
        "tasks: {pending_for: {unifrom: [1s, 2s]}}",
        f"1:22: tasks.pending_for: a mapping is not a duration; {DURATION_FORMS}; did you mean 'uniform'?",
    ),
    (
        "tasks: {pending_for: {uniform: [1s, 2s], lognormal: {median: 1s, sigma: 1}}}",
        f"1:22: tasks.pending_for: a mapping is not a duration; {DURATION_FORMS}",
    ),
    ("tasks: {pending_for: {uniform: 3s}}", f"1:32: tasks.pending_for.uniform: {TWO}"),
    ("tasks: {pending_for: {uniform: [3s]}}", f"1:32: tasks.pending_for.uniform: {TWO}"),
    ("tasks: {pending_for: {uniform: [1s, 2s, 3s]}}", f"1:32: tasks.pending_for.uniform: {TWO}"),
    (
        "tasks: {pending_for: {uniform: [1s, 5]}}",
        "1:37: tasks.pending_for.uniform[1]: 5 has no unit; write '5s' for seconds (units: ms, s, m, h, d)",
    ),
    (
        "tasks: {pending_for: {lognormal: {}}}",
        "1:34: tasks.pending_for.lognormal.median: is missing\n1:34: tasks.pending_for.lognormal.sigma: is missing",
    ),
    (
        "tasks: {pending_for: {lognormal: {medain: 1s, sigma: 11}}}",
        (
            "1:35: tasks.pending_for.lognormal.medain: unknown key 'medain'; did you mean 'median'?\n"
            "1:54: tasks.pending_for.lognormal.sigma: 11 must be at most 10"
        ),
    ),
    (
        "tasks: {pending_for: {lognormal: {median: 1s, sigma: -1}}}",
        "1:54: tasks.pending_for.lognormal.sigma: -1 must be at least 0",
    ),
    (
        "tasks:\n  running_for: 1m\n  per_episode: 2s",
        (
            "3:16: tasks.per_episode: stands beside running_for, but they exclude each other: the time of each"
            " episode, or of the whole task; keep one"
        ),
    ),
    # outcomes
    (
        "tasks: {outcome: complete}",
        f"1:18: tasks.outcome: 'complete' is not one of {ENDS}; did you mean 'completed'?",
    ),
    ("tasks: {outcome: {}}", f"1:18: tasks.outcome: a mapping is not an outcome; {OUTCOME_FORMS}"),
    ("tasks: {outcome: true}", f"1:18: tasks.outcome: true is not an outcome; {OUTCOME_FORMS}"),
    (
        "tasks: {outcome: {faild: {}}}",
        f"1:18: tasks.outcome: a mapping is not an outcome; {OUTCOME_FORMS}; did you mean 'failed'?",
    ),
    (
        "tasks: {outcome: {failed: {after: 50, error_code: ''}}}",
        (
            "1:35: tasks.outcome.failed.after: 50 is not from 0 to 1; half is written 0.5 or '50%'\n"
            "1:51: tasks.outcome.failed.error_code: must not be empty; leave the key out for the default"
        ),
    ),
    (
        "tasks: {outcome: {failed: {after: half}}}",
        "1:35: tasks.outcome.failed.after: 'half' is not a fraction; write 0.5 or '50%'",
    ),
    # account
    (
        "account: {balance: -1}",
        "1:20: account.balance: -1 is not from 0 to 1000000000 dollars; for no limit write 'unlimited'",
    ),
    (
        "account: {balance: 1e999}",
        "1:20: account.balance: inf is not an amount; write dollars such as 2.50, or 'unlimited'",
    ),
    (
        "account: {balance: true}",
        "1:20: account.balance: true is not an amount; write dollars such as 2.50, or 'unlimited'",
    ),
    (
        "account: {balance: $3}",
        "1:20: account.balance: '$3' is not an amount; write dollars such as 2.50, or 'unlimited'",
    ),
    ("account: {rate_limit: 0}", "1:23: account.rate_limit: 0 must be more than 0"),
    ("account: {rate_limit: on}", "1:23: account.rate_limit: 'on' is not a number"),
    ("account: {rate_limit: .inf}", "1:23: account.rate_limit: '.inf' is not a number"),
    ("account: {webhook_url: /hook}", f"1:24: account.webhook_url: '/hook' {URL}"),
    ("account: {webhook_url: ftp://host/}", f"1:24: account.webhook_url: 'ftp://host/' {URL}"),
    ("account: {webhook_url: http:///hook}", f"1:24: account.webhook_url: 'http:///hook' {URL}"),
    ("account: {webhook_url: 9000}", f"1:24: account.webhook_url: 9000 {URL}"),
    ("account: {disabled: yes}", "1:21: account.disabled: 'yes' is not one of true, false"),
    # webhook
    ("webhook: {retries: 5s}", "1:20: webhook.retries: needs a list, not '5s'; write [5s]"),
    (f"webhook: {{retries: [{'5s,' * 101}]}}", "1:20: webhook.retries: has 101 items; 100 are the most"),
    ("webhook: {retries: [5s, soon]}", f"1:25: webhook.retries[1]: 'soon' is not a duration; {UNITS}"),
    # words
    (
        "assets: stict",
        "1:9: assets: 'stict' is not one of 'lenient', 'strict'; did you mean 'strict'?",
    ),
    (
        "submission: {coming_soon_modes: true}",
        "1:33: submission.coming_soon_modes: true is not one of 'refuse', 'accept'",
    ),
    (
        "submission: {require_output: yes}",
        "1:30: submission.require_output: 'yes' is not one of true, false",
    ),
    # dialects
    (
        "dialect: legcy",
        "1:10: dialect: 'legcy' is not one of 'documented', 'legacy', 'live'; did you mean 'legacy'?",
    ),
    (
        "dialect: [live]",
        "1:10: dialect: a list is not a dialect; write documented, legacy, live or {base: legacy, bearer: accept}",
    ),
    (
        "dialect: {base: lice, not_found_status: '404', error_flags: 1, success_code: 0000}",
        (
            "1:17: dialect.base: 'lice' is not one of 'documented', 'legacy', 'live'; did you mean 'live'?\n"
            "1:41: dialect.not_found_status: '404' is not one of 400, 404; did you mean 404?\n"
            "1:61: dialect.error_flags: 1 is not one of true, false"
        ),
    ),
)

# the same, but beyond what the schema says: arithmetic, what a host is, lines
WRONG_BEYOND_THE_SCHEMA: tuple[tuple[str, str], ...] = (
    ("tasks: {pending_for: 1001d}", "1:22: tasks.pending_for: '1001d' is longer than 1000d, the longest duration"),
    (
        "tasks: {pending_for: 0.1ms}",
        "1:22: tasks.pending_for: '0.1ms' is not a whole number of milliseconds; round it",
    ),
    (
        "tasks: {pending_for: {uniform: [5s, 1s]}}",
        "1:32: tasks.pending_for.uniform: the shorter duration comes first, such as [1s, 5s]; swap them",
    ),
    (
        "webhook: {timeout: 0s}",
        "1:20: webhook.timeout: must be longer than nothing: no receiver answers in no time",
    ),
    (
        "account: {balance: 1.1234567}",
        "1:20: account.balance: 1.1234567 has more than 6 decimals; a micro-dollar is the smallest amount",
    ),
    (
        "tasks: {outcome: {failed: {after: 101%}}}",
        "1:35: tasks.outcome.failed.after: '101%' is not from 0 to 1; half is written 0.5 or '50%'",
    ),
    ("account: {webhook_url: 'http://:80/'}", f"1:24: account.webhook_url: 'http://:80/' {URL}"),
    ("account: {webhook_url: 'http://h:99999'}", f"1:24: account.webhook_url: 'http://h:99999' {URL}"),
    ("account: {webhook_url: 'http://[::1'}", f"1:24: account.webhook_url: 'http://[::1' {URL}"),
    ('account: {webhook_url: "http://h/\\t"}', f"1:24: account.webhook_url: 'http://h/\\t' {URL}"),
    ('name: "a\\r"', "1:7: name: must be one line; `>-` makes one of several"),
    ("description: |\n  a\n", "1:14: description: must be one line; `>-` makes one of several"),
)


@pytest.mark.parametrize(("written", "problems"), [*WRONG, *WRONG_BEYOND_THE_SCHEMA])
def test_a_mistake_is_told_with_its_place_its_reason_and_a_way_out(written: str, problems: str, told: Told) -> None:
    assert told(written) == problems


@pytest.mark.parametrize("written", [written for written, _ in WRONG])
def test_the_schema_refuses_it_too(written: str) -> None:
    assert not validator("scenario").is_valid(read(written.encode(), "x.yaml").data)


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines(told: Told) -> None:
    written = """\
name: &x mine
uploads: {ready_after: 10}
tasks:
  pending_fro: 5s
  outcome: stuk
  outcome: stuk
webhook:
  retries: [5s, *x, 1q]
  timeout: !!str 5s
tsks: {}
"""
    assert told(written).splitlines() == [
        "2:24: uploads.ready_after: 10 has no unit; write '10s' for seconds (units: ms, s, m, h, d)",
        "4:3: tasks.pending_fro: unknown key 'pending_fro'; did you mean 'pending_for'?",
        "6:3: tasks.outcome: is given twice, first on line 5; keep one",
        f"6:12: tasks.outcome: 'stuk' is not one of {ENDS}; did you mean 'stuck'?",
        "8:17: webhook.retries[1]: the alias *x is not read; write the value out",
        f"8:21: webhook.retries[2]: '1q' is not a duration; {UNITS}",
        "9:12: webhook.timeout: a tag (the word after !) is not read; remove it",
        "10:1: tsks: unknown key 'tsks'; did you mean 'tasks'?",
    ]


def test_running_for_beside_per_episode_is_told_even_when_it_is_wrong_itself(told: Told) -> None:
    lines = told("tasks:\n  running_for: 1\n  per_episode: 2s").splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["2:16", "tasks.running_for"],
        ["3:16", "tasks.per_episode"],
    ]


def test_a_problem_has_its_parts(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("tasks:\n  outcom: stuck\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_file(file)
    message = "unknown key 'outcom'; did you mean 'outcome'?"
    assert caught.value.problems == (Problem(str(file), 2, 3, "tasks.outcom", message),)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own


def test_a_long_value_is_told_in_short(told: Told) -> None:
    assert len(told(f"assets: {'x' * 100_000}")) < 200
    assert len(told(f"{'x' * 1_000}: 1")) < 400
