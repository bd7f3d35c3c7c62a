"""What bad input gets: a clear answer, nothing lost, nothing charged."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_schemas import validator

if TYPE_CHECKING:
    from collections.abc import Callable

TASKS = "/serve/api/v2/screenplay/tasks"
GOOD = {"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}}


def changed(**members: Any) -> bytes:
    return json.dumps({**GOOD, **members}).encode()


REFUSED = {
    "nothing": (b"", "body/json"),
    "no JSON": (b"{", "body/json"),
    "not UTF-8": (b'{"mode": "\xff"}', "body/json"),
    "NaN": (b'{"mode": NaN}', "body/json"),
    "deep nesting": (b"[" * 500_000, "body/json"),
    "a list": (b"[]", "schema/type"),
    "no config": (b'{"mode":"short_drama","episodes":{"1":"re_1"}}', "schema/required"),
    "an unknown mode": (changed(mode="long_drama"), "schema/enum"),
    "a mode that is coming soon": (changed(mode="korean_drama"), "submission"),
    "no episodes": (changed(episodes={}), "schema/minProperties"),
    "10,000 episodes": (changed(episodes={str(n): "re_1" for n in range(1, 10_000)}), "schema/maxProperties"),
    "episode zero": (changed(episodes={"0": "re_1"}), "schema/pattern"),
    "episode with a line end": (changed(episodes={"1\n": "re_1"}), "schema/pattern"),
    "a number for an asset": (changed(episodes={"1": 1}), "schema/type"),
    "a string for true": (changed(config={"require_json": "true"}), "schema/type"),
    "null for an option": (changed(config={"language": None}), "schema/type"),
    "no concurrency": (changed(config={"concurrency": 0}), "schema/minimum"),
    "no output": (changed(config={"require_json": False}), "submission"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_submission_is_refused_says_why_and_costs_nothing(api: Any, screenplay: Any, case: str) -> None:
    body, rule = REFUSED[case]
    answer = api.send("POST", TASKS, body, Content_Type="application/json")
    assert (answer.status, answer.msg) == (400, "Invalid request parameters")
    assert rule in answer.violations
    validator("error").validate(answer.json)
    assert (screenplay.tasks, screenplay.account["charges"]) == ([], [])
    assert rule in [violation["rule"] for violation in screenplay.violations]


def test_a_body_of_ten_megabytes_is_too_large(api: Any) -> None:
    answer = api.send("POST", TASKS, b"[" * 10_000_000, Content_Type="application/json")
    assert answer.status == 413
    validator("error").validate(answer.json)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_415(api: Any, content_type: str) -> None:
    answer = api.send("POST", TASKS, json.dumps(GOOD).encode(), Content_Type=content_type)
    assert (answer.status, answer.msg) == (415, "Unsupported media type")


def test_an_unknown_member_is_accepted_and_noted(api: Any, screenplay: Any) -> None:
    answer = api.call("POST", "/screenplay/tasks", {**GOOD, "webhook": "x", "config": {"colour": 1}})
    assert answer.status == 200
    assert answer.violations == ["schema/unknown-member"] * 2
    assert [one["location"] for one in screenplay.violations] == ["$.webhook", "$.config.colour"]


def test_a_member_that_is_given_twice_is_noted(api: Any) -> None:
    body = b'{"mode":"short_drama","episodes":{"1":"re_a","1":"re_b"},"config":{}}'
    answer = api.send("POST", TASKS, body, Content_Type="application/json")
    assert (answer.status, answer.violations) == (200, ["body/repeated-member"])


def test_the_list_of_violations_stays_under_four_kilobytes_and_counts_the_rest(api: Any, screenplay: Any) -> None:
    episodes = {str(number): 0 for number in range(1, 91)}
    answer = api.call("POST", "/screenplay/tasks", {**GOOD, "episodes": episodes})
    header = answer.headers["X-Screenplay-Violations"]
    assert len(header) <= 4096
    assert header.isascii()
    *listed, more = json.loads(header)
    assert (more["rule"], more["location"]) == ("more", "/__admin/violations")
    assert more["message"].startswith(f"{90 - len(listed)} more")
    assert len(screenplay.violations) == 90


def test_every_asset_that_is_refused_gets_its_reason_in_one_answer(api: Any) -> None:
    audio = api.admin("POST", "/assets", {"kind": "audio"}).json["asset_id"]
    long = api.admin("POST", "/assets", {"duration_seconds": 300}).json["asset_id"]
    uploading = api.admin("POST", "/assets", {"upload_status": "UPLOADING"}).json["asset_id"]
    answer = api.submit("re_1", audio, long, uploading, "re_9")
    assert answer.status == 400
    assert answer.msg == (
        "Episode 2: Asset is not a video; Episode 3: Video must be under 5 minutes; "
        "Episode 4: Asset is not ready, current upload status: UPLOADING; Episode 5: Asset not found"
    )


def test_one_reason_is_given_alone(api: Any) -> None:
    answer = api.submit("re_1", "re_9")
    assert (answer.status, answer.msg) == (400, "Asset not found")


ODD_IDS = ["a%2Fb", "..%2F..%2Fetc", "%00", "x" * 10_000, "%E2%82%AC", "a b".replace(" ", "%20"), "{task_id}", "%ff"]


@pytest.mark.parametrize("task_id", ODD_IDS)
@pytest.mark.parametrize(("method", "suffix"), [("GET", ""), ("DELETE", ""), ("GET", "/download")])
def test_an_odd_task_id_is_not_found(api: Any, task_id: str, method: str, suffix: str) -> None:
    answer = api.send(method, f"{TASKS}/{task_id}{suffix}")
    assert answer.status == 400
    assert answer.msg.startswith("Task not found for id: ")
    validator("error").validate(answer.json)


def test_dots_in_a_path_lead_nowhere(api: Any) -> None:
    for path in (f"{TASKS}/../../../etc/passwd", f"{TASKS}/..", "/serve/api/v2/../../__admin/tasks"):
        assert api.send("GET", path).status in {200, 400, 404, 405}


def test_a_body_that_is_cut_off_is_charged_nothing(api: Any, screenplay: Any) -> None:
    body = json.dumps(GOOD).encode()
    with socket.create_connection((api.host, api.port)) as connection:
        head = f"POST {TASKS} HTTP/1.1\r\nHost: x\r\nAuthorization: {api.key}\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:-5])
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass
    assert (screenplay.tasks, screenplay.account["charges"]) == ([], [])
    assert api.status("x").status == 400


@pytest.mark.parametrize(
    ("key", "status", "rule"),
    [("Bearer sk-1", 401, ["auth/bearer"]), ("bearer  sk-1", 401, ["auth/bearer"]), ("", 401, ["auth/missing"])],
)
def test_a_key_in_a_wrong_form_is_unauthorized(api: Any, key: str, status: int, rule: list[str]) -> None:
    answer = api.send("GET", f"{TASKS}/x", Authorization=key)
    assert (answer.status, answer.msg, answer.violations) == (status, "Unauthorized", rule)


@pytest.mark.parametrize("written", [str.lower, str.upper, str.title])
def test_magic_keys_are_refused(api: Any, written: Callable[[str], str]) -> None:
    assert api.send("GET", f"{TASKS}/x", Authorization=written("sk-invalid-1")).status == 401
    assert api.send("GET", f"{TASKS}/x", Authorization=written("sk-disabled-1")).status == 403
    api.key = written("sk-broke-1")
    assert api.submit("re_1").status == 402


def test_a_body_or_a_query_where_none_is_documented_is_noted(api: Any) -> None:
    answer = api.send("GET", f"{TASKS}/x?a={api.key}", b"{}")
    assert answer.violations == ["auth/key-in-url", "query/unexpected", "body/unexpected"]


def test_too_many_requests_a_second_are_refused_and_the_next_second_is_free_again(api: Any, screenplay: Any) -> None:
    api.admin("PATCH", "/account", {"rate_limit": 1})
    assert [api.status("x").status for _ in range(2)] == [400, 429]
    assert api.submit("re_1").status == 200
    screenplay.advance(1)
    assert api.status("x").status == 400
    api.admin("PUT", "/dialect", {"rate_limit": 400})
    answer = api.status("x")
    assert (answer.status, answer.msg) == (400, "Request has exceeded the limit.")


def test_a_disabled_account_is_forbidden(api: Any) -> None:
    api.admin("PATCH", "/account", {"disabled": True})
    assert api.status("x").status == 403
