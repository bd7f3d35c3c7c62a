"""JSON comes out as the same bytes, whoever encodes it."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from screenplay_mock import encoding
from screenplay_mock.core.lifecycle import Status
from screenplay_mock.encoding import encoded, plainly_encoded

#: What answers hold: seconds, which are milliseconds divided, and whatever the admin API was given and gives back.
numbers = st.integers() | st.integers(0, 10**12).map(lambda milliseconds: milliseconds / 1000)
texts = st.text() | st.text(st.characters(codec=None), max_size=5)  # the second has surrogates too
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(values)
@example({"\ud800": "\udfff"})
@example(2**64)
@example(-(2**63) - 1)
@example(450.0)
@example('\x00\x1f\x7f\u2028\U0001f600"\\/')
def test_both_encoders_give_the_same_bytes(value: Any) -> None:
    assert encoded(value) == plainly_encoded(value)


@settings(max_examples=100, deadline=None)
@given(st.integers(-(10**15), 10**15))
@example(1)
@example(10**15)
def test_both_encoders_write_seconds_with_milliseconds_alike(milliseconds: int) -> None:
    assert encoded(milliseconds / 1000) == plainly_encoded(milliseconds / 1000)


@settings(max_examples=100, deadline=None)
@given(values)
def test_what_was_encoded_can_be_read_again(value: Any) -> None:
    assert json.loads(encoded(value).decode()) == value
    assert json.loads(plainly_encoded(value).decode()) == value


@pytest.mark.parametrize("encoder", [encoded, plainly_encoded])
def test_json_is_compact_and_not_escaped_where_it_need_not_be(encoder: Any) -> None:
    assert encoder({"a": [1, 2.5, None, True], "ü": "é\n"}) == '{"a":[1,2.5,null,true],"ü":"é\\n"}'.encode()


@pytest.mark.parametrize("encoder", [encoded, plainly_encoded])
def test_a_lone_surrogate_falls_back_to_escapes(encoder: Any) -> None:
    assert encoder(["\ud800", "é"]) == b'["\\ud800","\\u00e9"]'


@pytest.mark.parametrize("encoder", [encoded, plainly_encoded])
def test_a_number_beyond_64_bits_is_written_out(encoder: Any) -> None:
    assert encoder(2**70) == b"1180591620717411303424"


@pytest.mark.parametrize("encoder", [encoded, plainly_encoded])
def test_a_status_is_written_as_its_name_on_the_wire(encoder: Any) -> None:
    assert encoder({"status": Status.RUNNING}) == b'{"status":"running"}'


def test_the_extra_speed_is_used_where_it_is_installed() -> None:
    assert (encoding.orjson is None) == ("orjson" not in sys.modules)
