"""Faults that are wrong, in a scenario file or alone: told with their place, their reason and a way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from screenplay_mock.core.fault_kinds import KINDS
from screenplay_mock.scenarios import ScenarioError, fault_from_data
from screenplay_mock.scenarios.yaml_source import read
from screenplay_schemas import validator

if TYPE_CHECKING:
    from collections.abc import Callable

    Told = Callable[[str | bytes], str]

OPERATIONS = (
    "submitTask, getTask, cancelTask, downloadTask, uploadAsset, createSignedUrl, storeAsset, getAssetMetadata,"
    " deleteAsset, downloadAsset, any, connection"
)
OPERATIONS_IN_QUOTES = ", ".join(map(repr, OPERATIONS.split(", ")))
KIND_KEYS = ", ".join(KINDS)
UNITS = "write numbers with units (ms, s, m, h, d), such as '500ms', '20s' or '1m30s'"
DURATION_FORMS = "write one such as 20s, {uniform: [1s, 5s]} or {lognormal: {median: 20s, sigma: 0.5}}"
POINTS = "is not a point of an answer; write nothing, head, whole, or a share of its body such as '50%'"
SIZES = "is not a size; write bytes such as 1000, '64kB' or '20MB'"
TIMES = "is not a number of times; write a whole number from 1 to 1000000, or 'always'"
DOWNLOADS = "downloadTask, downloadAsset"
EXCLUDES = "excludes status: each decides what is answered instead of the operation; keep one"
OWN_GZIP = "which has a gzip of its own; write huge: {size: …, gzip: true} alone"
FILELESS = "add what answers without one, such as status, or remove it"

# members of the only fault of a file, from column 14 on; its problem; the schema refuses it too
WRONG: tuple[tuple[str, str], ...] = (
    # operations
    ("status: 503", f"1:12: faults[0].on: is missing; it is one of {OPERATIONS_IN_QUOTES}"),
    ("on: getTsk, status: 503", "1:17: faults[0].on: 'getTsk' is no operation; did you mean 'getTask'?"),
    ("on: 5, status: 503", f"1:17: faults[0].on: 5 is no operation; there are: {OPERATIONS}"),
    ("on: {a: b}, status: 503", f"1:17: faults[0].on: a mapping is no operation; there are: {OPERATIONS}"),
    ("on: [], status: 503", f"1:17: faults[0].on: names no operation; there are: {OPERATIONS}"),
    (
        "on: [getTask, cancel, ~], status: 503",
        (
            "1:27: faults[0].on[1]: 'cancel' is no operation; did you mean 'cancelTask'?\n"
            f"1:35: faults[0].on[2]: null is no operation; there are: {OPERATIONS}"
        ),
    ),
    # keys
    ("on: any, staus: 503", "1:22: faults[0].staus: unknown key 'staus'; did you mean 'status'?"),
    ("on: any, retry_after: 1s", "1:22: faults[0].retry_after: unknown key 'retry_after'; it belongs in status"),
    ("on: any, probability: 1", "1:22: faults[0].probability: unknown key 'probability'; it belongs in when"),
    ("on: any, zzz: 1", f"1:22: faults[0].zzz: unknown key 'zzz'; there are: on, when, times, latency, {KIND_KEYS}"),
    ("on: any, status: {cod: 503}", "1:31: faults[0].status.cod: unknown key 'cod'; did you mean 'code'?"),
    (
        "on: any, status: {code: 503, retry_after: {secnds: 1s}}",
        "1:56: faults[0].status.retry_after.secnds: unknown key 'secnds'; did you mean 'seconds'?",
    ),
    (
        "on: connection, refused: {lastng: 1s}",
        "1:39: faults[0].refused.lastng: unknown key 'lastng'; did you mean 'lasting'?",
    ),
    ("on: any, when: {cal: 1}, html: true", "1:29: faults[0].when.cal: unknown key 'cal'; did you mean 'call'?"),
    # what happens
    ("on: any", f"1:13: faults[0].on: nothing happens; add latency, or one of: {KIND_KEYS}"),
    ("on: any, times: 2", f"1:13: faults[0].on: nothing happens; add latency, or one of: {KIND_KEYS}"),
    (
        "on: any, html: true, status: 503",
        "1:22: faults[0].html: excludes status: each decides what is answered instead of the operation; keep one",
    ),
    (
        "on: any, stall: head, drip: 1",
        "1:35: faults[0].drip: excludes stall: each decides how the answer crosses the wire; keep one",
    ),
    (
        'on: any, status: {code: 429, retry_after: {text: "1\\nX: y"}}',
        (
            "1:62: faults[0].status.retry_after.text: '1\\nX: y' has a line end or another control character,"
            " which a header cannot hold"
        ),
    ),
    ("on: any, zip: slip", "1:22: faults[0].zip: goes with on: downloadTask only"),
    (
        "on: [getTask, submitTask], meanwhile: failed",
        "1:40: faults[0].meanwhile: goes with on: getTask, cancelTask, downloadTask only",
    ),
    (
        "on: [downloadTask, getTask], redirect: {to: storage}",
        "1:42: faults[0].redirect: to: storage goes with on: downloadTask, downloadAsset only",
    ),
    ("on: any, redirect: storage", f"1:22: faults[0].redirect: to: storage goes with on: {DOWNLOADS} only"),
    ("on: getTask, huge: true, gzip: always", f"1:38: faults[0].gzip: does nothing beside huge, {OWN_GZIP}"),
    *(
        (f"on: {on}, {kind}: true", f"1:{19 + len(on)}: faults[0].{kind}: leaves a file as it is; {FILELESS}")
        for on in ("downloadTask", "[downloadAsset, downloadTask]")
        for kind in ("spoil", "huge", "gzip")
    ),
    *(
        (
            f"on: downloadTask, edit: {{{edit}}}",
            f"1:31: faults[0].edit: set and remove leave a file as it is; {FILELESS}",
        )
        for edit in ("set: {a: 1}", "status: 299, remove: [a]")
    ),
    # several objections
    (
        "on: getTask, zip: slip, range: part, html: true, empty: 204, status: 503, redirect: storage",
        (
            "1:26: faults[0].zip: goes with on: downloadTask only\n"
            f"1:37: faults[0].range: goes with on: {DOWNLOADS} only\n"
            f"1:50: faults[0].html: {EXCLUDES}\n"
            f"1:62: faults[0].empty: {EXCLUDES}\n"
            f"1:87: faults[0].redirect: {EXCLUDES}\n"
            f"1:87: faults[0].redirect: to: storage goes with on: {DOWNLOADS} only"
        ),
    ),
    (
        "on: getTask, refused: true, when: {call: 1}, zip: slip",
        (
            "1:26: faults[0].refused: goes with on: connection only\n"
            "1:41: faults[0].when: cannot stand beside refused, which strikes before there is a call; remove one\n"
            "1:58: faults[0].zip: cannot stand beside refused, which strikes before there is a call; remove one"
        ),
    ),
    # the listener
    ("on: getTask, refused: true", "1:26: faults[0].refused: goes with on: connection only"),
    ("on: [connection, getTask], silent: true", "1:40: faults[0].silent: goes with on: connection only"),
    ("on: connection, reset: head", "1:13: faults[0].on: connection is for one of refused, silent, tls"),
    *(
        (
            f"on: connection, tls: expired, {member}",
            (
                f"1:43: faults[0].{member.partition(':')[0]}: cannot stand beside tls, which strikes before there is a"
                " call; remove one"
            ),
        )
        for member in ("status: 500", "latency: 1s", "when: {call: 1}")
    ),
    (
        "on: connection, silent: true, refused: 1s",
        "1:29: faults[0].silent: cannot stand beside refused, which strikes before there is a call; remove one",
    ),
    ("on: connection, refused: alwys", f"1:38: faults[0].refused: 'alwys' is not a duration; {UNITS}, or 'always'"),
    # values: a bare one stands for the first member
    ("on: any, status: 99", "1:30: faults[0].status: 99 must be at least 200"),
    ("on: any, status: [503]", "1:30: faults[0].status: a list is not a whole number"),
    (
        "on: any, status: ~",
        "1:30: faults[0].status: is empty; its keys are: code, message, retry_after, body",
    ),
    ("on: any, status: true", "1:30: faults[0].status.code: is missing"),
    (
        "on: any, receive: true",
        "1:31: faults[0].receive.how: is missing; it is one of 'no_continue', 'head', 'part'",
    ),
    (
        "on: any, receive: hed",
        "1:31: faults[0].receive: 'hed' is not one of 'no_continue', 'head', 'part'; did you mean 'head'?",
    ),
    ("on: any, reset: hed", f"1:29: faults[0].reset: 'hed' {POINTS}"),
    ("on: any, close: {after: 1.5}", f"1:37: faults[0].close.after: 1.5 {POINTS}"),
    ("on: any, stall: false", f"1:29: faults[0].stall: false {POINTS}"),
    ("on: any, stall: [head]", f"1:29: faults[0].stall: a list {POINTS}"),
    ("on: any, short: half", "1:29: faults[0].short: 'half' is not a fraction; write 0.5 or '50%'"),
    ("on: any, drip: 0", "1:28: faults[0].drip: 0 must be at least 1"),
    ("on: any, huge: 5 MB", f"1:28: faults[0].huge: '5 MB' {SIZES}"),
    ("on: any, huge: {size: 5XB}", f"1:35: faults[0].huge.size: '5XB' {SIZES}"),
    ("on: any, huge: 5000000000", "1:28: faults[0].huge: 5000000000 is not a whole number of bytes from 0 to 4GB"),
    ("on: any, redirect: {code: 200}", "1:39: faults[0].redirect.code: 200 must be at least 300"),
    (
        "on: any, status: {code: 429, retry_after: 5}",
        "1:55: faults[0].status.retry_after: 5 has no unit; write '5s' for seconds (units: ms, s, m, h, d)",
    ),
    ("on: any, latency: soon", f"1:31: faults[0].latency: 'soon' is not a duration; {UNITS}"),
    ("on: any, latency: ~", f"1:31: faults[0].latency: null is not a duration; {DURATION_FORMS}"),
    # edits
    ("on: any, edit: true", "1:28: faults[0].edit: says nothing; its keys are: set, remove, status, headers"),
    ("on: any, edit: {}", "1:28: faults[0].edit: says nothing; its keys are: set, remove, status, headers"),
    ("on: any, edit: {set: x}", "1:34: faults[0].edit.set: needs a mapping, not 'x'"),
    ("on: any, edit: {remove: a.b}", "1:37: faults[0].edit.remove: needs a list, not 'a.b'; write [a.b]"),
    ("on: any, edit: {headers: x}", "1:38: faults[0].edit.headers: needs a mapping, not 'x'"),
    (
        "on: any, edit: {headers: {A b: c}}",
        "1:39: faults[0].edit.headers.'A b': 'A b' is no name of a header; write letters, digits and dashes",
    ),
    (
        "on: any, edit: {headers: {A: 5}}",
        "1:42: faults[0].edit.headers.A: 5 is not text; put it in quotes if it should be",
    ),
    (
        'on: any, edit: {headers: {A: "b\\r\\nc"}}',
        (
            "1:42: faults[0].edit.headers.A: 'b\\r\\nc' has a line end or another control character, which a header"
            " cannot hold"
        ),
    ),
    # when, how often
    ("on: any, html: true, times: 0", f"1:41: faults[0].times: 0 {TIMES}"),
    ("on: any, html: true, times: alwys", f"1:41: faults[0].times: 'alwys' {TIMES}"),
    ("on: any, html: true, times: true", f"1:41: faults[0].times: true {TIMES}"),
    (
        "on: any, html: true, when: first",
        (
            "1:40: faults[0].when: needs a mapping, not 'first'; its keys are: call, first, from_call, every,"
            " probability, count, acceptance"
        ),
    ),
    ("on: any, html: true, when: {call: 0}", "1:47: faults[0].when.call: 0 must be at least 1"),
    ("on: any, html: true, when: {every: 2.5}", "1:48: faults[0].when.every: 2.5 is not a whole number"),
    ("on: any, html: true, when: {first: 1000001}", "1:48: faults[0].when.first: 1000001 must be at most 1000000"),
    (
        "on: any, html: true, when: {probability: 2}",
        "1:54: faults[0].when.probability: 2 is not from 0 to 1; half is written 0.5 or '50%'",
    ),
    (
        "on: any, html: true, when: {acceptance: aftr}",
        "1:53: faults[0].when.acceptance: 'aftr' is not one of 'before', 'after'; did you mean 'after'?",
    ),
)

# the same, but beyond what the schema says: arithmetic
WRONG_BEYOND_THE_SCHEMA: tuple[tuple[str, str], ...] = (
    ("on: any, huge: 5GB", "1:28: faults[0].huge: '5GB' is not a whole number of bytes from 0 to 4GB"),
    ("on: any, huge: 0.5B", "1:28: faults[0].huge: '0.5B' is not a whole number of bytes from 0 to 4GB"),
    ("on: any, drip: 0B", "1:28: faults[0].drip: 0 must be at least 1"),
    *(
        (
            f"on: any, html: true, when: {{{when}}}",
            "1:40: faults[0].when: strikes no call: call, first, from_call and every leave no number",
        )
        for when in ("first: 2, from_call: 3", "call: 3, first: 2", "call: 3, every: 2", "first: 4, every: 5")
    ),
    ("on: any, edit: {set: {a: [{b: 1e999}]}}", "1:34: faults[0].edit.set: holds inf, which JSON cannot"),
)


def of_a_file(table: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(f"faults: [  {{{members}}}]", problem) for members, problem in table]


@pytest.mark.parametrize(
    ("written", "problems"),
    [
        *of_a_file(WRONG),
        *of_a_file(WRONG_BEYOND_THE_SCHEMA),
    ],
)
def test_a_mistake_is_told_with_its_place_its_reason_and_a_way_out(written: str, problems: str, told: Told) -> None:
    assert told(written) == problems


@pytest.mark.parametrize("written", [written for written, _ in of_a_file(WRONG)])
def test_the_schema_refuses_it_too(written: str) -> None:
    assert not validator("scenario").is_valid(read(written.encode(), "x.yaml").data)


def is_accepted(fault: Any) -> bool:
    try:
        fault_from_data(fault)
    except ScenarioError:
        return False
    return True


def test_the_schema_knows_as_the_model_does_which_kinds_go_together() -> None:
    needed: dict[str, Any] = {"receive": "head", "meanwhile": "failed", "status": 503, "framing": "odd", "zip": "slip"}
    given = dict.fromkeys(KINDS, True) | needed | {"edit": {"status": 500}}
    faults = [{"on": "downloadTask", one: given[one], other: given[other]} for one in KINDS for other in KINDS]
    schema = validator("scenario")
    accepted = [is_accepted(fault) for fault in faults]
    assert [schema.is_valid({"faults": [fault]}) for fault in faults] == accepted
    assert 100 < sum(accepted) < len(faults) - 100


def test_the_right_form_is_looked_into_behind_several_faults(told: Told) -> None:
    written = "faults:\n" + "  - {on: any, status: 503}\n" * 3 + "  - {on: any, staus: 503}\n"
    assert told(written) == "5:15: faults[3].staus: unknown key 'staus'; did you mean 'status'?"


def test_mistakes_in_several_faults_are_told_together(told: Told) -> None:
    written = """\
faults:
  - {on: getTsk, status: 503}
  - on: getTask
    reset: hed
    when: {frist: 1}
  - {on: getTask, status: 503, close: head, html: login}
"""
    assert told(written).splitlines() == [
        "2:10: faults[0].on: 'getTsk' is no operation; did you mean 'getTask'?",
        f"4:12: faults[1].reset: 'hed' {POINTS}",
        "5:12: faults[1].when.frist: unknown key 'frist'; did you mean 'first'?",
        "6:45: faults[2].html: excludes status: each decides what is answered instead of the operation; keep one",
    ]
