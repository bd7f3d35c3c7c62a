"""What a fault does not change: what is accepted, what is paid for, who may know a key, and whose life it is."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from tests.wire.raw import deadline

if TYPE_CHECKING:
    from tests.integration.conftest import Api

BODY = json.dumps({"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}}).encode()


def plant(api: Api, on: str, **fault: Any) -> None:
    answer = api.admin("POST", "/faults", {"on": on, "times": "always", **fault})
    assert answer.status == 200, answer.json


def struck(api: Api) -> list[int]:
    return [one["struck"] for one in api.admin("GET", "/faults").json["faults"]]


def charges(api: Api) -> list[str]:
    return [charge["kind"] for charge in api.admin("GET", "/account").json["charges"]]


def completed(api: Api) -> str:
    task_id = api.submitted()
    api.admin("POST", f"/tasks/{task_id}/complete")
    return task_id


def request_of(api: Api, method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Authorization: {api.key}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def raw(api: Api, request: bytes) -> bytes:
    """All that comes back until the server closes, or has nothing more to say."""
    with socket.create_connection((api.host, api.port), timeout=20) as connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
    return answer


def submit_and_leave(api: Api) -> None:
    with socket.create_connection((api.host, api.port), timeout=20) as connection:
        path = f"{api.base}/screenplay/tasks"
        connection.sendall(request_of(api, "POST", path, "Host: x", "Content-Type: application/json", body=BODY))


@pytest.mark.parametrize("fault", [{"edit": {"headers": {"X-A": "b"}}}, {"latency": "300ms"}, {"framing": "close"}])
def test_a_client_that_leaves_is_charged_for_what_it_sent(api: Api, fault: dict[str, Any]) -> None:
    plant(api, "submitTask", **fault)
    submit_and_leave(api)
    assert any(charges(api) == ["submit"] for _ in deadline())


@pytest.mark.parametrize(
    ("fault", "headers"),
    [
        ({"range": "unsatisfiable"}, {"Range": "bytes=0-9"}),
        ({"edit": {"status": 204}}, {}),
        ({"short": 0}, {}),
        ({"cut_chunk": 0}, {}),
        ({"reset": "head"}, {}),
    ],
    ids=str,
)
def test_nothing_is_paid_where_no_byte_leaves(api: Api, fault: dict[str, Any], headers: dict[str, str]) -> None:
    task_id = completed(api)
    plant(api, "downloadTask", **fault)
    path = f"{api.base}/screenplay/tasks/{task_id}/download"
    with suppress(http.client.HTTPException, OSError):  # some of them are no answers
        api.send("GET", path, **headers)
    assert charges(api) == ["submit"]


@pytest.mark.parametrize("fault", [{"gzip": "always"}, {"framing": "early_hints"}, {"latency": "1ms"}, {"status": 409}])
def test_a_magic_answer_is_lost_whatever_else_strikes(api: Api, fault: dict[str, Any]) -> None:
    plant(api, "submitTask", when={"acceptance": "after"}, **fault)
    with pytest.raises(http.client.RemoteDisconnected):
        api.submit("re_000000000000000503")
    assert charges(api) == ["submit"]


def test_after_acceptance_nothing_strikes_what_was_refused(api: Api) -> None:
    plant(api, "submitTask", when={"acceptance": "after"}, times=1, close="nothing")
    assert api.submit("nobody").status == 400
    assert struck(api) == [0]
    with pytest.raises(http.client.RemoteDisconnected):
        api.submit()
    assert struck(api) == [1]


def test_an_archive_that_does_not_exist_cannot_lie(api: Api) -> None:
    task_id = api.submitted()
    plant(api, "downloadTask", times=1, zip="empty")
    assert api.call("GET", f"/screenplay/tasks/{task_id}/download").status == 400
    assert struck(api) == [0]
    api.admin("POST", f"/tasks/{task_id}/complete")
    assert len(api.call("GET", f"/screenplay/tasks/{task_id}/download").body) == 22
    assert [one["fault"] for one in api.admin("GET", "/requests").json["requests"]][-2:] == [None, "zip empty"]


@pytest.mark.parametrize("host", ["Host: x:99999", "Host:", "Host: 127.0.0.1"])
def test_a_redirect_to_the_same_url_leads_there_whatever_the_host_says(api: Api, host: str) -> None:
    plant(api, "getTask", redirect="same")
    answer = raw(api, request_of(api, "GET", f"{api.base}/screenplay/tasks/x", host, "Connection: close"))
    assert answer.startswith(b"HTTP/1.1 302")
    location = next(line for line in answer.decode().split("\r\n") if line.startswith("Location: "))
    assert urlsplit(location.removeprefix("Location: ")).hostname == "127.0.0.1"


def test_a_key_in_a_url_is_nowhere_in_the_journal(api: Api) -> None:
    plant(api, "getTask", redirect="other")
    answer = api.call("GET", f"/screenplay/tasks/x?key={api.key}")
    there = urlsplit(answer.headers["Location"])
    connection = http.client.HTTPConnection(there.netloc, timeout=20)
    connection.request("GET", f"{there.path}?{there.query}")
    assert connection.getresponse().status == 401
    connection.close()
    assert api.key not in api.admin("GET", "/requests").body.decode()
    seen = {(one["rule"], one["location"]) for one in api.admin("GET", "/violations").json["violations"]}
    assert ("auth/key-to-other-origin", "query") in seen


def test_a_short_key_is_not_found_in_every_word(api: Api) -> None:
    short = type(api)(f"http://{api.host}:{api.port}{api.base}", "a")
    short.call("GET", "/screenplay/tasks/x?fruit=banana")
    rules = [one["rule"] for one in short.admin("GET", "/violations").json["violations"]]
    short.admin("DELETE", "/sandbox")
    assert "auth/key-in-url" not in rules


def test_a_stranger_at_the_other_origin_opens_no_sandbox(api: Api) -> None:
    plant(api, "getTask", redirect="other")
    there = urlsplit(api.call("GET", "/screenplay/tasks/x").headers["Location"])
    connection = http.client.HTTPConnection(there.netloc, timeout=20)
    connection.request("GET", "/elsewhere", headers={"Authorization": "sk-mai-of-a-stranger"})
    assert connection.getresponse().status == 401
    connection.close()
    assert "sk-mai-" not in [
        one["key"][:7] for one in api.admin("GET", "/sandboxes").json["sandboxes"] if one["key"].endswith("ger")
    ]


def test_headers_that_are_removed_are_not_there(api: Api) -> None:
    plant(api, "getTask", edit={"headers": {"Content-Type": None, "Date": None, "Server": None}})
    answer = api.status("x")
    assert {"Content-Type", "Date", "Server"} & set(answer.headers) == set()
    assert answer.json["code"] == 400


def test_a_fault_by_hand_draws_otherwise_than_one_of_the_scenario(api: Api) -> None:
    half = {"when": {"probability": 0.5}}
    twice = {"on": "getTask", **half, "status": 500}
    api.admin("PUT", "/scenario", {"name": "mine", "faults": [{"on": "cancelTask", "html": "login"}, twice]})
    plant(api, "getTask", **half, status=503)
    task_id = api.submitted()
    statuses = {api.status(task_id).status for _ in range(60)}
    assert statuses == {200, 500, 503}


def test_tasks_that_do_not_exist_are_counted_together(api: Api) -> None:
    plant(api, "getTask", when={"call": 3}, status=503)
    assert [api.status(f"nobody-{number}").status for number in range(4)] == [400, 400, 503, 400]


def test_what_began_in_a_former_life_is_not_in_the_journal_of_the_next(api: Api) -> None:
    plant(api, "submitTask", when={"acceptance": "after"}, latency="400ms")
    path = f"{api.base}/screenplay/tasks"
    request = request_of(api, "POST", path, "Host: x", "Content-Type: application/json", "Connection: close", body=BODY)
    with socket.create_connection((api.host, api.port), timeout=20) as connection:
        connection.sendall(request)
        assert any(charges(api) for _ in deadline())
        api.admin("POST", "/reset")
        assert b"200 OK" in connection.recv(65_536)
    assert api.admin("GET", "/requests").json["requests"] == []


def test_a_bomb_is_small_here_and_large_there(api: Api) -> None:
    plant(api, "getTask", huge={"size": "20MB", "gzip": True})
    answer = api.status("x")
    assert len(answer.body) < 40_000
    unpacked = gzip.decompress(answer.body)
    assert (len(unpacked), json.loads(unpacked)["code"]) == (20_000_000, 400)
