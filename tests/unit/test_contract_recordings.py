"""What checks look at: operations, tasks in order, assets, dialects; and what a request may cost at most."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_contracts.exchange import Exchange, Received
from screenplay_contracts.server import magic, money
from screenplay_contracts.server.assets import Asset, Assets, file_part, parts
from screenplay_contracts.server.budget import Budget
from screenplay_contracts.server.client import multipart
from screenplay_contracts.server.dialect import DIALECTS, Dialect, UnknownSwitch, from_switches
from screenplay_contracts.server.media import film_seconds, tiny_mp4
from screenplay_contracts.server.operations import OPERATIONS, allowed, below, found
from screenplay_contracts.server.recording import recording
from screenplay_contracts.server.target import Target, is_loopback, usual_admin_url
from screenplay_mock.core import dialect as mocks
from screenplay_mock.core.magic import MAGIC_IDS
from screenplay_mock.web.routes import OPERATIONS as SERVED

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "http://127.0.0.1:1/serve/api/v2"


def exchange(number: int, method: str, path: str, answer: Any = None, **members: Any) -> Exchange:
    import json

    body = json.dumps({"code": 200, "data": answer}).encode()
    made = Exchange(number, "a", method, BASE + path, 200, (("Authorization", "[redacted]"),), response_body=body)
    return replace(made, **members)


def test_the_operations_are_those_that_the_fake_serves() -> None:
    assert {(one.id, one.method) for one in OPERATIONS} == {(one.id, one.method) for one in SERVED}


@pytest.mark.parametrize(
    ("method", "path", "operation", "subject"),
    [
        ("POST", "/screenplay/tasks", "submitTask", None),
        ("GET", "/screenplay/tasks/ros%2Fa", "getTask", "ros/a"),
        ("GET", "/screenplay/tasks/a/download", "downloadTask", "a"),
        ("DELETE", "/re_1", "deleteAsset", "re_1"),
        ("GET", "/re_1/metadata", "getAssetMetadata", "re_1"),
        ("GET", "/asset/re_1/metadata", "getAssetMetadata", "re_1"),
        ("POST", "/storage/abc", "storeAsset", "abc"),
    ],
)
def test_a_request_means_an_operation(method: str, path: str, operation: str, subject: str | None) -> None:
    match = found(method, path)
    assert match is not None
    assert (match[0].id, match[1]) == (operation, subject)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/upload"), ("DELETE", "/upload"), ("GET", "/"), ("GET", "/a/b/c/d")]
)
def test_other_requests_mean_none(method: str, path: str) -> None:
    assert found(method, path) is None


def test_a_path_has_the_methods_of_its_operations() -> None:
    assert allowed("/screenplay/tasks/a") == {"GET", "DELETE"}
    assert allowed("/upload") == {"POST"}
    assert allowed("/asset/re_1") == frozenset()
    assert allowed("/asset/re_1", legacy=True) == {"DELETE"}


def test_a_base_path_may_have_a_prefix_or_be_none() -> None:
    assert below("/prefix/serve/api/v2/upload", "/serve/api/v2") == "/upload"
    assert below("/serve/api/v2x/upload", "/serve/api/v2") is None
    assert below("/upload", "") == "/upload"
    assert below("/__admin/clock", "") is None


def test_a_task_is_known_by_its_submission_and_has_its_calls_in_order() -> None:
    submitted = exchange(1, "POST", "/screenplay/tasks", {"task_id": "t", "status": "pending"})
    asked = exchange(2, "GET", "/screenplay/tasks/t", {"task_id": "t", "status": "running"})
    told = Received(3, "a", "/hook/a", body=b'{"data": {"task_id": "t", "status": "completed"}}')
    (task,) = recording([asked, submitted], [told]).tasks
    assert task.submission is not None
    assert [status for _, status in task.seen] == ["pending", "running"]
    assert task.received == (told,)
    assert (task.seen_before(2), task.seen_before(1), task.seen[-1][1]) == ("pending", None, "running")


def test_another_accounts_call_is_not_about_the_task() -> None:
    submitted = exchange(1, "POST", "/screenplay/tasks", {"task_id": "t", "status": "pending"})
    strange = exchange(2, "GET", "/screenplay/tasks/t", account="b", status=400)
    (task,) = recording([submitted, strange]).tasks
    assert task.calls == ()


def test_calls_that_were_under_way_together_are_not_ordered() -> None:
    def poll(number: int, second: str, seconds: float, status: str) -> Exchange:
        at = f"2026-03-13T10:00:{second}Z"
        return exchange(number, "GET", "/screenplay/tasks/t", {"status": status}, at=at, seconds=seconds)

    polls = [poll(1, "01.000", 5, "completed"), poll(2, "02.000", 0.1, "running"), poll(3, "07.000", 0.1, "completed")]
    (task,) = recording(polls).tasks
    assert task.unordered == {1, 2}
    assert [status for _, status in task.seen] == ["completed"]


def test_what_was_not_recorded_is_left_out_but_for_files() -> None:
    lost = exchange(1, "GET", "/screenplay/tasks/t", response_body=None)
    file = exchange(2, "GET", "/screenplay/tasks/t/download", response_body=None)
    assert [call.number for call in recording([lost, file]).calls] == [2]


def test_what_is_not_the_apis_is_left_out_and_the_admin_api_is_apart() -> None:
    page = replace(exchange(1, "GET", ""), url="http://127.0.0.1:1/index.html")
    admin = replace(exchange(2, "GET", ""), url="http://127.0.0.1:1/__admin/account")
    recorded = recording([page, admin])
    assert (recorded.calls, recorded.admin) == ((), (admin,))


def test_an_asset_is_sure_only_when_nothing_can_have_changed() -> None:
    raw, content_type = multipart(tiny_mp4(42), "a.mp4")
    headers = (("Authorization", "[redacted]"), ("Content-Type", content_type))
    upload = exchange(1, "POST", "/upload", {"asset_id": "re_9"}, request_headers=headers, request_body=raw)
    working = exchange(3, "GET", "/re_9/metadata", {"resource": [{"upload_status": "UPLOADING"}]})
    ready = exchange(5, "GET", "/re_9/metadata", {"resource": [{"upload_status": "SUCCESS"}]})
    gone = exchange(7, "DELETE", "/re_9")
    assets = Assets(recording([upload, working, ready, gone]))
    assert assets.at("a", "re_9", 1) is None
    assert [getattr(assets.at("a", "re_9", number), "sure", None) for number in (2, 4, 6, 8)] == [
        False,
        False,
        True,
        True,
    ]
    assert assets.at("a", "re_9", 6) == Asset(seconds=42, size=len(tiny_mp4(42)))
    assert assets.at("a", "re_9", 8) == Asset(exists=False)
    assert assets.at("b", "re_9", 6) is None


def test_of_a_fake_magic_ids_are_known() -> None:
    assets = Assets(recording([], fake=True))
    assert assets.at("a", "re_abc001", 1) == Asset()
    assert assets.at("a", magic.AUDIO, 1) == Asset(kind="audio")
    for unknown in (magic.UNKNOWN, "re_912345678901234567", "re_000000000000000999", "nothing"):
        assert assets.at("a", unknown, 1) == Asset(exists=False)


def test_the_magic_ids_are_those_of_the_fake() -> None:
    ours = {value for name, value in vars(magic).items() if name.isupper() and isinstance(value, str)}
    assert set(MAGIC_IDS) == {one for one in ours if one.startswith(magic.RESERVED) and len(one) == 21}


def test_the_part_file_is_found_among_others() -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
        b"--b\r\ncontent-disposition: form-data; filename=x.mp4; name=file\r\n\r\n\0\r\n--c\r\n--b--\r\n"
    )
    sent = exchange(
        1,
        "POST",
        "/upload",
        request_headers=(("Content-Type", 'multipart/form-data; boundary="b"'),),
        request_body=body,
    )
    assert len(parts(sent)) == 2
    assert file_part(sent) == ("x.mp4", b"\0\r\n--c")
    assert file_part(replace(sent, request_headers=(("Content-Type", "text/plain"),))) is None


def test_a_tiny_film_says_how_long_it_is() -> None:
    assert film_seconds(tiny_mp4(59.5)) == 59.5
    assert film_seconds(b"no film") is None


SWITCHES = {field.name for field in fields(Dialect)} - {"name", "success_codes"} | {"success_code"}


def test_the_switches_are_those_of_the_fake() -> None:
    assert set(mocks.SWITCHES) == SWITCHES


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_is_what_the_fake_says_of_it(name: str) -> None:
    said = from_switches("custom", mocks.values(mocks.DIALECTS[name]))
    ours = DIALECTS[name]
    assert replace(said, name=name, success_codes=ours.success_codes) == ours
    assert said.success_codes[0] in ours.success_codes


def test_a_switch_that_is_not_known_is_told() -> None:
    with pytest.raises(UnknownSwitch, match="'colour'"):
        from_switches("custom", {"colour": "red"})


def test_prices_are_those_of_the_pages() -> None:
    assert money.price_of_episodes([60]) == 1_000_000
    assert money.price_of_episodes([60.001, 0.001]) == 3_000_000
    assert money.price_of_download(10**9) == 120_000
    assert money.price_of_download(1) == 1


ONE: Mapping[str, Any] = {"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}}


@pytest.mark.parametrize(
    ("method", "path", "body", "size", "most"),
    [
        ("POST", "/screenplay/tasks", ONE, 0, 5_000_000),
        ("POST", "/screenplay/tasks", {**ONE, "episodes": {"1": "re_1", "2": "re_known"}}, 0, 6_000_000),
        ("POST", "/screenplay/tasks", {**ONE, "episodes": ["re_1", "re_2"]}, 0, 10_000_000),
        ("POST", "/screenplay/tasks", {**ONE, "mode": "wrong"}, 0, 5_000_000),
        ("POST", "/screenplay/tasks", {**ONE, "episodes": {}}, 0, 0),
        ("POST", "/screenplay/tasks", None, 7, 0),
        ("GET", "/screenplay/tasks/known/download", None, 0, 120_000),
        ("GET", "/screenplay/tasks/unknown/download", None, 0, 0),
        ("GET", "/re_file/download", None, 0, 120),
        ("GET", "/re_other/download", None, 0, 0),
        ("POST", "/upload", None, 10**6, 1),
        ("POST", "/storage/abc", None, 10**9, 1_000),
        ("GET", "/re_1/metadata", None, 0, 0),
        ("DELETE", "/screenplay/tasks/known", None, 0, 0),
        ("PUT", "/upload", None, 0, 0),
    ],
)
def test_the_most_that_a_request_may_cost(method: str, path: str, body: Any, size: int, most: int) -> None:
    known = {"re_known": 42.0, "known": True, "bytes:re_file": 10**6}
    operation, subject = found(method, path) or (None, None)
    assert money.most(operation, subject, body, size, known) == most


def test_a_budget_is_never_exceeded() -> None:
    budget = Budget(1_000_000)
    assert budget.allows(1_000_000)
    budget.spend(400_000)
    assert not budget.allows(600_001)
    assert budget.allows(600_000)
    assert budget.refused == 1
    assert Budget(0).allows(0)
    assert not Budget(0).allows(1)
    assert Budget(None).allows(10**12)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:1/a", True),
        ("http://127.8.9.1", True),
        ("http://[::1]:1", True),
        ("http://localhost:1", True),
        ("https://mavi-backend.memories.ai/serve/api/v2", False),
        ("http://10.0.0.1", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1.example.com", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, *, local: bool) -> None:
    assert is_loopback(url) is local


def test_a_target_never_shows_its_keys() -> None:
    target = Target("http://127.0.0.1:1/serve/api/v2", "sk-secret", other_key="sk-other", admin_token="sk-token")
    assert "sk-" not in repr(target)
    assert usual_admin_url(target.base_url) == "http://127.0.0.1:1/__admin"
