"""Requests that no operation takes: the answer, what it says was wrong, and what the journal keeps of it."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from screenplay_schemas import validator

BASE = "/serve/api/v2"


def listed(answer: Any) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(answer.headers["X-Screenplay-Violations"])
    return found


@pytest.mark.parametrize("name", ["upload", "screenplay", "storage", "asset"])
@pytest.mark.parametrize("suffix", ["metadata", "download"])
def test_the_names_of_paths_are_no_asset_ids(api: Any, name: str, suffix: str) -> None:
    answer = api.call("GET", f"/{name}/{suffix}")
    assert answer.status == (405 if name == "storage" else 404)  # /storage/{token} takes any token
    validator("error").validate(answer.json)


@pytest.mark.parametrize("asset_id", ["uploads", "my_upload", "asset-1", "storage.mp4"])
def test_an_id_that_only_contains_such_a_name_is_an_asset_id(api: Any, asset_id: str) -> None:
    answer = api.call("GET", f"/{asset_id}/metadata")
    assert (answer.status, answer.msg) == (400, "Asset not found")
    assert api.call("DELETE", f"/{asset_id}").msg == "Asset not found"


def test_a_path_of_one_part_is_an_asset_where_it_can_be_one(api: Any) -> None:
    deleted = api.call("DELETE", "/foo")
    assert (deleted.status, deleted.msg) == (400, "Asset not found")
    assert api.call("GET", "/nope").status == 404
    answer = api.call("GET", "/re_1")
    assert (answer.status, answer.headers["Allow"]) == (405, "DELETE")


@pytest.mark.parametrize("path", ["/", f"{BASE}/nope", f"{BASE}/a/b/c", f"{BASE}/asset/re_1", f"{BASE}/screenplay"])
def test_an_unknown_path_says_where_the_paths_begin(api: Any, screenplay: Any, path: str) -> None:
    answer = api.send("GET", path)
    (violation,) = listed(answer)
    assert (answer.status, violation["rule"], violation["location"]) == (404, "path/unknown", "path")
    assert violation["message"] == f"there is no such path; the API's paths begin with {BASE}"
    assert "Allow" not in answer.headers
    (request,) = screenplay.requests
    assert request["violations"] == [violation]


def test_a_wrong_method_says_which_are_right(api: Any, screenplay: Any) -> None:
    answer = api.call("PUT", "/screenplay/tasks/x")
    (violation,) = listed(answer)
    assert (answer.status, violation["rule"], violation["location"]) == (405, "method/not-allowed", "method")
    assert violation["message"] == f"the methods of this path: {answer.headers['Allow']}"
    assert {name.strip() for name in answer.headers["Allow"].split(",")} == {"GET", "DELETE"}
    (request,) = screenplay.requests
    assert request["violations"] == [violation]


@pytest.mark.parametrize(("method", "path"), [("GET", "/screenplay/tasks/x"), ("DELETE", "/re_1"), ("POST", "/upload")])
def test_an_unknown_expectation_is_417_in_the_vendors_envelope(
    api: Any, screenplay: Any, method: str, path: str
) -> None:
    answer = api.call(method, path, Expect="foo")
    assert (answer.status, answer.msg, answer.violations) == (417, "Expectation failed", ["header/expect"])
    assert answer.headers["Content-Type"] == "application/json"
    validator("error").validate(answer.json)
    (request,) = screenplay.requests
    assert [one["rule"] for one in request["violations"]] == ["header/expect"]


def exchanged(api: Any, version: str, expect: str) -> str:
    """What a client gets that submits a task with an Expect header, and waits for 100 Continue if it asks for it."""
    body = json.dumps({"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}}).encode()
    head = (
        f"POST {BASE}/screenplay/tasks HTTP/{version}\r\nHost: x\r\nAuthorization: {api.key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        f"Expect: {expect}\r\n\r\n"
    )
    with socket.create_connection((api.host, api.port), timeout=20) as connection:
        connection.sendall(head.encode())
        first = connection.recv(4096) if version == "1.1" else b""
        connection.sendall(body)
        while more := connection.recv(4096):
            first += more
    return first.decode()


@pytest.mark.parametrize("expect", ["100-continue", "100-Continue"])
def test_a_client_that_waits_may_send_its_body(api: Any, screenplay: Any, expect: str) -> None:
    text = exchanged(api, "1.1", expect)
    assert text.startswith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert len(screenplay.tasks) == 1


def test_an_old_client_cannot_expect_anything(api: Any) -> None:
    assert exchanged(api, "1.0", "foo").startswith("HTTP/1.0 200 OK\r\n")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/screenplay/tasks", {"POST"}),
        ("HEAD", "/screenplay/tasks/x", {"GET", "DELETE"}),
        ("POST", "/screenplay/tasks/x/download", {"GET"}),
        ("GET", "/upload", {"POST"}),
        ("OPTIONS", "/upload/signed-url", {"POST"}),
        ("PATCH", "/re_1/metadata", {"GET"}),
        ("GET", "/re_1", {"DELETE"}),
        ("DELETE", "/storage/x", {"POST"}),
    ],
)
def test_a_wrong_method_is_405_and_says_which_are_right(api: Any, method: str, path: str, allow: set[str]) -> None:
    answer = api.call(method, path)
    assert answer.status == 405
    assert {name.strip() for name in answer.headers["Allow"].split(",")} == allow


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/serve/api/v2",
        "/serve/api/v2/",
        "/serve/api/v2/nope",
        "/serve/api/v2/a/b/c",
        f"{BASE}/screenplay/tasks/",
        "/x?y",
    ],
)
def test_an_unknown_path_is_404_in_the_vendors_envelope(api: Any, target: str) -> None:
    answer = api.send("GET", target)
    assert answer.status == 404
    validator("error").validate(answer.json)
