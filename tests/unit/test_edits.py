"""A JSON body is changed where it was asked for and nowhere else."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screenplay_mock.core.edits import edited, filled

BODY = {"code": 200, "data": {"task_id": "t", "progress": {"total": 3}, "names": ["a"]}, "a.b": 1}

names = st.text("ab.", max_size=3)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(names, inner), max_leaves=8
)
bodies = st.dictionaries(names, values)


@pytest.mark.parametrize(
    ("wanted", "becomes"),
    [
        ({"data": {"status": "x"}}, {**BODY, "data": {**BODY["data"], "status": "x"}}),  # type: ignore[dict-item]
        ({"data": {"progress": {"total": 0}}}, {**BODY, "data": {**BODY["data"], "progress": {"total": 0}}}),  # type: ignore[dict-item]
        ({"data": None}, {**BODY, "data": None}),
        ({"data": {}}, BODY),
        ({"data": {"names": {"b": 1}}}, {**BODY, "data": {**BODY["data"], "names": {"b": 1}}}),  # type: ignore[dict-item]
        ({"code": {"deep": 1}}, {**BODY, "code": {"deep": 1}}),
        ({"new": {"deep": None}}, {**BODY, "new": {"deep": None}}),
        (None, BODY),
    ],
)
def test_mappings_are_merged_and_anything_else_is_replaced(wanted: Any, becomes: Any) -> None:
    assert edited(BODY, wanted) == becomes


@pytest.mark.parametrize(
    ("path", "becomes"),
    [
        ("code", {"data": BODY["data"], "a.b": 1}),
        ("data.progress.total", {**BODY, "data": {**BODY["data"], "progress": {}}}),  # type: ignore[dict-item]
        ("a.b", {"code": 200, "data": BODY["data"]}),
        *((path, BODY) for path in ("data.nothing", "nothing", "nothing.at.all", "code.deep", "data.names.0", "", ".")),
    ],
)
def test_a_dotted_path_removes_its_member_and_one_that_leads_nowhere_nothing(path: str, becomes: Any) -> None:
    assert edited(BODY, None, [path]) == becomes


def test_what_was_set_can_be_removed_again() -> None:
    assert edited({"data": {"a": 1}}, {"data": {"b": 2}}, ["data.b", "data.a"]) == {"data": {}}


@settings(max_examples=100, deadline=None)
@given(bodies, st.none() | bodies, st.lists(st.text("ab.", max_size=5), max_size=3))
def test_the_body_itself_and_the_changes_stay_as_they_are(body: Any, wanted: Any, removed: list[str]) -> None:
    before = deepcopy((body, wanted))
    once = edited(body, wanted, removed)
    assert (body, wanted) == before
    assert edited(once, wanted, removed) == once


def test_blanks_are_filled_in_every_text_and_in_no_name() -> None:
    value = {"{url}": "see {url} and {url}", "list": ["{url}", 1, None, {"deep": "{other}"}]}
    assert filled(value, "url", "X") == {"{url}": "see X and X", "list": ["X", 1, None, {"deep": "{other}"}]}
