"""`GET /__admin/requests.har`: the journal as HAR 1.2, and what is recorded there judged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_contracts.har_reading import FAULT, is_of_fake, log_of, messages
from screenplay_contracts.selection import Selection
from screenplay_contracts.server.dialect import DIALECTS
from screenplay_contracts.traffic import NothingToJudge, judged_traffic
from screenplay_contracts.verdict import BREACHES, Verdict, exit_code

if TYPE_CHECKING:
    from tests.integration.conftest import Api

    from screenplay_contracts.verdict import Result


@pytest.fixture
def session(api: Api, screenplay: Any) -> dict[str, Any]:
    """What a client does in an hour: two tasks at once, an upload, mistakes; as HAR."""
    tasks = [api.submitted("re_1", "re_2"), api.submitted("re_3")]
    for _ in range(5):
        for task_id in tasks:
            api.status(task_id)
        screenplay.advance_to_next()
    api.call("GET", f"/screenplay/tasks/{tasks[0]}/download")
    api.call("DELETE", f"/screenplay/tasks/{tasks[1]}")
    api.upload(b"a film")
    api.call("GET", "/screenplay/tasks/nope?verbose=1")
    api.call("POST", "/screenplay/tasks", {"mode": "wrong", "episodes": {"1": "re_1"}, "config": {}})
    api.send("POST", f"{api.base}/screenplay/tasks", b"{", **{"Content-Type": "application/json"})
    recorded: dict[str, Any] = api.admin("GET", "/requests.har").json
    return recorded


def judged(har: dict[str, Any]) -> tuple[Result, ...]:
    exchanges, received = messages(log_of(har))
    return judged_traffic(exchanges, received, dialect=DIALECTS["documented"], selection=Selection(), fake=True)


def breaches(har: dict[str, Any]) -> set[str]:
    return {one.check.name for one in judged(har) if one.verdict in BREACHES}


def test_every_exchange_of_the_journal_is_an_entry_in_order(session: dict[str, Any], api: Api) -> None:
    journal = api.admin("GET", "/requests").json["requests"]
    entries = session["log"]["entries"]
    assert [(one["request"]["method"], one["response"]["status"]) for one in entries] == [
        (one["method"], one["response"]["status"]) for one in journal
    ]
    assert [one["_id"] for one in entries] == [one["id"] for one in journal]
    assert [one["startedDateTime"] for one in entries] == sorted(one["startedDateTime"] for one in entries)


def test_it_has_what_har_1_2_asks_for(session: dict[str, Any]) -> None:
    log = session["log"]
    assert (log["version"], log["creator"]["name"], log["pages"]) == ("1.2", "screenplay-mock", [])
    message = {"httpVersion", "cookies", "headers", "headersSize", "bodySize"}
    for entry in log["entries"]:
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= entry.keys()
        assert {"method", "url", "queryString", *message} <= entry["request"].keys()
        assert {"status", "statusText", "content", "redirectURL", *message} <= entry["response"].keys()
        assert entry["request"]["url"].startswith("http://127.0.0.1:")
    queries = [one["request"]["queryString"] for one in log["entries"] if one["request"]["queryString"]]
    assert queries == [[{"name": "verbose", "value": "1"}]]


def test_keys_are_redacted_and_files_are_told_by_size_alone(session: dict[str, Any], api: Api) -> None:
    assert api.key not in json.dumps(session)
    (download,) = [one for one in session["log"]["entries"] if one["request"]["url"].endswith("/download")]
    assert "text" not in download["response"]["content"]
    assert download["response"]["content"]["size"] > 100
    (upload,) = [one for one in session["log"]["entries"] if one["request"]["url"].endswith("/upload")]
    assert "postData" not in upload["request"]
    assert upload["request"]["bodySize"] == len(b"a film")


def test_a_limit_takes_the_newest(session: dict[str, Any], api: Api) -> None:
    newest = api.admin("GET", "/requests.har?limit=2").json["log"]["entries"]
    assert newest == session["log"]["entries"][-2:]


def test_a_recorded_session_with_the_fake_keeps_the_contract(session: dict[str, Any]) -> None:
    results = judged(session)
    assert exit_code(results, strict=True) == 0
    passed = {one.check.name for one in results if one.verdict is Verdict.PASSED}
    assert {
        "status/terminal-is-for-ever",
        "envelope/code-equals-status",
        "cancel/only-unfinished",
        "schema/response",
    } <= passed
    assert {one.verdict for one in results} == {Verdict.PASSED, Verdict.SKIPPED}


def test_it_says_that_it_is_of_a_fake(session: dict[str, Any]) -> None:
    assert is_of_fake(log_of(session))


def test_one_status_that_is_another_one_is_found_with_its_rule(session: dict[str, Any]) -> None:
    changed = json.loads(json.dumps(session))
    polls = [one for one in changed["log"]["entries"] if "completed" in one["response"]["content"].get("text", "")]
    content = polls[-1]["response"]["content"]
    content["text"] = content["text"].replace("current status: completed", "current status: running")
    assert breaches(changed) == {"cancel/refusal"}
    changed["log"]["entries"][0]["response"]["status"] = 400
    assert "envelope/code-equals-status" in breaches(changed)
    assert exit_code(judged(changed)) == 1


def test_what_a_fault_struck_is_marked_and_not_judged(api: Api) -> None:
    task_id = api.submitted("re_1")
    api.admin("POST", "/faults", {"on": "getTask", "status": 503, "times": 1})
    api.status(task_id)
    api.status(task_id)
    har = api.admin("GET", "/requests.har").json
    assert ["_fault" in one for one in har["log"]["entries"]] == [False, True, False]
    assert [one.note.startswith(FAULT) for one in messages(log_of(har))[0]] == [False, True, False]
    assert breaches(har) == set()


def test_a_recording_of_something_else_is_nothing_to_judge(session: dict[str, Any]) -> None:
    for entry in session["log"]["entries"]:
        entry["request"]["url"] = "https://example.com/"
    with pytest.raises(NothingToJudge, match="/serve/api/v2"):
        judged(session)
