"""Each switch has its readings, and each reading shows on the wire."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from screenplay_mock.core import wire
from screenplay_mock.core.assets import derived_asset
from screenplay_mock.core.dialect import DIALECTS, DOCUMENTED, SWITCHES, Dialect, name_of, values, with_switches
from screenplay_mock.core.errors import ApiError, ErrorKind, status_of, text_of
from screenplay_mock.core.lifecycle import Completed
from screenplay_mock.core.plan import Episode, Record, task_at
from screenplay_mock.core.submission import Options

RECORD = Record("ros-1", "r1", "short_drama", 0, (Episode("1", "re_1", 1),), Options(), 0, (Completed(0),))
CALLBACK_TEXTS = ("message", "msg")


def reading(switch: str, value: Any) -> Dialect:
    return replace(DOCUMENTED, **{switch: value})


def failed(dialect: Dialect, kind: ErrorKind, **blanks: str) -> Any:
    return wire.failure(dialect, ApiError(kind, **blanks))


@pytest.mark.parametrize("code", [200, "200", "0000"])
def test_success_code_is_the_code_of_answers_and_of_callbacks(code: Any) -> None:
    dialect = reading("success_code", code)
    assert repr(wire.success(dialect, None)["code"]) == repr(code)
    assert repr(wire.callback(dialect, RECORD, task_at(RECORD, 0))["code"]) == repr(code)


@pytest.mark.parametrize(("flags", "members"), [(True, {"success", "failed"}), (False, set())])
def test_error_flags_stand_in_errors_or_do_not(flags: bool, members: set[str]) -> None:  # noqa: FBT001
    body = failed(reading("error_flags", flags), ErrorKind.UNAUTHORIZED)
    assert body.keys() - {"code", "msg", "data"} == members


@pytest.mark.parametrize(("code_type", "code"), [("integer", 401), ("string", "401")])
def test_error_code_type_is_the_type_of_the_code_of_errors(code_type: str, code: Any) -> None:
    assert repr(failed(reading("error_code_type", code_type), ErrorKind.UNAUTHORIZED)["code"]) == repr(code)


@pytest.mark.parametrize(("status", "text"), [(429, "Rate limit exceeded"), (400, "Request has exceeded the limit.")])
def test_rate_limit_is_the_status_and_the_text_of_a_call_too_fast(status: int, text: str) -> None:
    dialect, error = reading("rate_limit", status), ApiError(ErrorKind.RATE_LIMITED)
    assert (status_of(error, dialect), text_of(error, dialect)) == (status, text)
    assert failed(dialect, ErrorKind.RATE_LIMITED) == {
        "code": status,
        "msg": text,
        "data": None,
        "failed": True,
        "success": False,
    }


@pytest.mark.parametrize(
    ("value", "text"), [("not_found", "Asset not found"), ("limit", "Request has exceeded the limit.")]
)
def test_unknown_asset_is_the_text_for_an_asset_that_does_not_exist(value: str, text: str) -> None:
    body = failed(reading("unknown_asset", value), ErrorKind.ASSET_NOT_FOUND)
    assert (body["code"], body["msg"]) == (400, text)


@pytest.mark.parametrize("status", [400, 404])
def test_not_found_status_is_that_of_unknown_tasks_and_of_nothing_else(status: int) -> None:
    dialect = reading("not_found_status", status)
    assert failed(dialect, ErrorKind.TASK_NOT_FOUND, task_id="t1")["code"] == status
    assert failed(dialect, ErrorKind.ASSET_NOT_FOUND)["code"] == 400


@pytest.mark.parametrize(("value", "task_id"), [("request_id", "r1"), ("task_id", "ros-1")])
def test_callback_task_id_is_the_id_at_the_top_of_a_callback(value: str, task_id: str) -> None:
    body = wire.callback(reading("callback_task_id", value), RECORD, task_at(RECORD, 0))
    assert (body["task_id"], body["data"]["task_id"]) == (task_id, "ros-1")


@pytest.mark.parametrize("member", CALLBACK_TEXTS)
def test_callback_text_member_names_the_text_of_a_callback(member: str) -> None:
    body = wire.callback(reading("callback_text_member", member), RECORD, task_at(RECORD, 0))
    assert [text for text in CALLBACK_TEXTS if text in body] == [member]
    assert body[member] == "SUCCESS"


@pytest.mark.parametrize("value", [False, True])
def test_metadata_duration_is_there_or_not(value: bool) -> None:  # noqa: FBT001
    asset = derived_asset("re_1")
    assert asset is not None
    (row,) = wire.metadata(reading("metadata_duration", value), asset, 0)["resource"]
    assert row.get("duration") == (asset.duration / 1000 if value else None)


def test_the_documented_dialect_has_the_first_value_of_every_switch() -> None:
    assert values(DOCUMENTED) == {switch: allowed[0] for switch, allowed in SWITCHES.items()}
    assert [field.name for field in fields(Dialect)] == list(SWITCHES)
    assert DIALECTS["documented"] == DOCUMENTED == Dialect()


def test_the_named_dialects_are_those_of_the_table() -> None:
    changed = {
        name: {switch: value for switch, value in values(dialect).items() if value != values(DOCUMENTED)[switch]}
        for name, dialect in DIALECTS.items()
    }
    assert changed == {
        "documented": {},
        "legacy": {
            "success_code": "0000",
            "error_code_type": "string",
            "callback_task_id": "task_id",
            "callback_text_member": "msg",
            "asset_paths": "both",
        },
        "live": {
            "error_flags": False,
            "rate_limit": 400,
            "unknown_asset": "limit",
            "missing_webhook": "reject",
        },
    }


@pytest.mark.parametrize("name", DIALECTS)
def test_a_named_dialect_knows_its_name_and_only_has_values_that_exist(name: str) -> None:
    assert name_of(DIALECTS[name]) == name
    assert with_switches(DOCUMENTED, values(DIALECTS[name])) == DIALECTS[name]


def test_a_dialect_of_ones_own_is_custom_and_keeps_the_rest() -> None:
    own = with_switches(DIALECTS["live"], {"bearer": "accept"})
    assert name_of(own) == "custom"
    assert values(own) == {**values(DIALECTS["live"]), "bearer": "accept"}


def test_an_unknown_switch_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"^there is no switch 'sucess_code'; there are: success_code, error_flags, "):
        with_switches(DOCUMENTED, {"sucess_code": 200})


@pytest.mark.parametrize(
    ("switch", "value"),
    [
        ("success_code", 200.0),
        ("success_code", True),
        ("success_code", 201),
        ("error_flags", 1),
        ("error_flags", 0),
        ("error_flags", "yes"),
        ("metadata_duration", 0),
        ("not_found_status", "404"),
        ("rate_limit", 429.0),
        ("bearer", None),
        ("bearer", []),
        ("bearer", "Accept"),
    ],
)
def test_a_value_that_is_only_like_one_that_exists_is_refused(switch: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{switch} cannot be .*; it can be {SWITCHES[switch][0]!r}"):
        with_switches(DOCUMENTED, {switch: value})
