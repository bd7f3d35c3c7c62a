"""Faults by hand: planted, counted, listed, removed; and each condition of `when` seen over HTTP."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any

import pytest

from screenplay_mock.adversary import MOST_PLANTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.conftest import Answer, Api

OK, BUSY = 200, 503


def plant(api: Api, **fault: Any) -> dict[str, Any]:
    """Plant a fault, by default on polls; what the admin API says of it."""
    answer = api.admin("POST", "/faults", {"on": "getTask", **fault})
    assert answer.status == 200, answer.json
    return dict(answer.json)


def polls(api: Api, count: int, task_id: str | None = None) -> list[int]:
    task_id = task_id or api.submitted()
    return [api.status(task_id).status for _ in range(count)]


def listed(api: Api) -> list[tuple[str, str, int]]:
    """(id, whose, how often it struck) of every fault, in the order in which they are asked."""
    return [(one["id"], one["from"], one["struck"]) for one in api.admin("GET", "/faults").json["faults"]]


def charges(api: Api) -> list[str]:
    return [charge["kind"] for charge in api.admin("GET", "/account").json["charges"]]


def problem(answer: Answer) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status, str(answer.json["detail"])


def test_a_fault_strikes_once_unless_it_says_how_often(api: Api) -> None:
    assert plant(api, status=BUSY) == {
        "id": "1",
        "from": "admin",
        "struck": 0,
        "on": "getTask",
        "times": 1,
        "status": {"code": 503},
    }
    assert polls(api, 3) == [BUSY, OK, OK]
    plant(api, status=BUSY, times=2)
    assert polls(api, 4) == [BUSY, BUSY, OK, OK]
    plant(api, status=BUSY, times="always")
    assert polls(api, 20) == [BUSY] * 20
    assert listed(api) == [("1", "admin", 1), ("2", "admin", 2), ("3", "admin", 20)]


@pytest.mark.parametrize(
    ("when", "struck"),
    [
        ({"call": 2}, [2]),
        ({"first": 2}, [1, 2]),
        ({"from_call": 5}, [5, 6, 7]),
        ({"every": 3}, [3, 6]),
        ({"from_call": 2, "first": 4}, [2, 3, 4]),
        ({"every": 2, "from_call": 3}, [4, 6]),
        ({"probability": 1}, [1, 2, 3, 4, 5, 6, 7]),
        ({"probability": 0}, []),
    ],
    ids=str,
)
def test_when_says_which_calls_of_each_task_are_struck(api: Api, when: dict[str, Any], struck: list[int]) -> None:
    plant(api, status=BUSY, when=when)
    expected = [BUSY if number in struck else OK for number in range(1, 8)]
    for _ in range(2):
        assert polls(api, 7) == expected


def test_calls_of_the_whole_sandbox_can_be_counted_instead(api: Api) -> None:
    plant(api, status=BUSY, when={"every": 3, "count": "sandbox"})
    assert [polls(api, 2), polls(api, 2), polls(api, 2)] == [[OK, OK], [BUSY, OK], [OK, BUSY]]


def test_calls_are_counted_since_the_fault_is_there(api: Api) -> None:
    task_id = api.submitted()
    polls(api, 5, task_id)
    plant(api, status=BUSY, when={"call": 1})
    assert polls(api, 2, task_id) == [BUSY, OK]


def test_probability_is_drawn_from_the_seed(api: Api) -> None:
    def pattern(seed: int) -> list[int]:
        api.admin("DELETE", "/sandbox")
        api.admin("PUT", "/clock", {"mode": "manual"})
        api.admin("POST", "/reset", {"seed": seed})
        plant(api, status=BUSY, when={"probability": "30%"})
        return polls(api, 60)

    first = pattern(1)
    assert 8 < first.count(BUSY) < 30
    assert pattern(1) == first != pattern(2)


@pytest.mark.parametrize(("acceptance", "charged"), [("before", []), ("after", ["submit"])])
def test_acceptance_says_whether_the_operation_has_taken_effect(api: Api, acceptance: str, charged: list[str]) -> None:
    plant(api, on="submitTask", status=500, when={"acceptance": acceptance})
    assert api.submit().status == 500
    assert charges(api) == charged
    assert len(api.admin("GET", "/tasks").json["tasks"]) == len(charged)


def test_one_fault_can_be_on_several_operations_or_on_any(api: Api) -> None:
    task_id = api.submitted()
    plant(api, on=["getTask", "cancelTask"], status=BUSY, times=2)
    target = f"/screenplay/tasks/{task_id}"
    assert [api.call(method, target).status for method in ("DELETE", "GET", "DELETE")] == [BUSY, BUSY, OK]
    plant(api, on="any", status=BUSY, times="always")
    assert [api.submit().status, api.status(task_id).status, api.call("GET", "/re_1/metadata").status] == [BUSY] * 3


def test_faults_by_hand_beat_those_of_the_scenario_which_go_on_counting(api: Api) -> None:
    api.admin("PUT", "/scenario", {"name": "t/retry/503x5"})
    assert plant(api, status=429, when={"first": 2})["id"] == "1"
    assert polls(api, 6) == [429, 429, BUSY, BUSY, BUSY, OK]
    assert listed(api) == [("1", "admin", 2), ("scenario-2-0", "scenario", 3)]


def test_of_several_faults_the_one_that_was_planted_first_strikes(api: Api) -> None:
    plant(api, status=501)
    plant(api, status=502)
    assert polls(api, 3) == [501, 502, OK]


def test_a_fault_is_removed_by_its_id_or_with_all_others(api: Api) -> None:
    for status in (501, 502, 504):
        plant(api, status=status, times="always")
    removed = api.admin("DELETE", "/faults/1").json
    assert [fault["id"] for fault in removed["faults"]] == ["2", "3"]
    assert polls(api, 1) == [502]
    assert api.admin("DELETE", "/faults").json == {"faults": []}
    assert polls(api, 1) == [OK]
    assert plant(api, status=501)["id"] == "4"  # an id is never given again


def test_the_scenario_s_own_faults_stay_until_another_is_played(api: Api) -> None:
    api.admin("PUT", "/scenario", {"name": "t/retry/503-forever"})
    answer = api.admin("DELETE", "/faults/scenario-2-0")
    assert problem(answer) == (404, "no fault 'scenario-2-0' was planted in this sandbox; there are: none")
    assert [fault["from"] for fault in api.admin("DELETE", "/faults").json["faults"]] == ["scenario"]
    assert polls(api, 1) == [BUSY]
    api.admin("DELETE", "/scenario")
    assert (polls(api, 1), listed(api)) == ([OK], [])


def test_a_reset_removes_what_was_planted_and_counts_the_scenario_s_anew(api: Api) -> None:
    api.admin("PUT", "/scenario", {"name": "submit/429-then-ok"})
    plant(api, status=BUSY, times="always")
    assert [api.submit().status, api.submit().status] == [429, 200]
    api.admin("POST", "/reset")
    assert [(whose, struck) for _, whose, struck in listed(api)] == [("scenario", 0)]
    assert [api.submit().status, api.submit().status] == [429, 200]
    assert polls(api, 1) == [OK]


def test_a_fault_is_of_one_sandbox(api: Api, another_api: Callable[[str], Api]) -> None:
    other = another_api("other")
    plant(api, status=BUSY, times="always", on="any")
    assert [other.submit().status, api.submit().status] == [OK, BUSY]
    assert listed(other) == []


def test_the_journal_says_what_struck(api: Api) -> None:
    plant(api, on="submitTask", close="nothing", when={"acceptance": "after"})
    with pytest.raises(http.client.RemoteDisconnected):
        api.submit()
    (entry,) = api.admin("GET", "/requests").json["requests"]
    assert (entry["fault"], entry["response"]["status"]) == ("close after acceptance", None)
    assert entry["task_id"] == api.admin("GET", "/tasks").json["tasks"][0]["task_id"]


@pytest.mark.parametrize(
    ("fault", "status", "detail"),
    [
        ({"on": "getTsk", "status": 503}, 400, "'getTsk' is no operation; did you mean 'getTask'?"),
        ({"on": "getTask", "statuss": 503}, 400, "unknown key 'statuss'; did you mean 'status'?"),
        ({"on": "getTask", "status": 503, "when": {"fist": 2}}, 400, "unknown key 'fist'; did you mean 'first'?"),
        ({"on": "getTask", "html": "bad_gatway"}, 400, "did you mean 'bad_gateway'?"),
        ({"on": "getTask", "status": 503, "html": "login"}, 400, "keep one"),
        ({"on": "getTask"}, 400, "nothing happens; add latency, or one of: "),
        ({"on": "getTask", "times": 0, "status": 503}, 400, "write a whole number from 1 to 1000000, or 'always'"),
        ({"on": "getTask", "zip": "bad_crc"}, 400, "goes with on: downloadTask only"),
        ({"status": 503}, 400, "on: is missing"),
        ([], 400, "needs a mapping, not a list"),
        ({"on": "connection", "refused": "always"}, 409, "start one with serve --scenario FILE"),
        ({"on": "connection", "tls": "expired"}, 409, "start one with serve --scenario FILE"),
        ({"on": "connection", "silent": True}, 409, "start one with serve --scenario FILE"),
    ],
    ids=str,
)
def test_what_is_refused_is_told_with_the_way_out(api: Api, fault: Any, status: int, detail: str) -> None:
    told = problem(api.admin("POST", "/faults", fault))
    assert told[0] == status
    assert detail in told[1]
    assert listed(api) == []


@pytest.mark.parametrize("name", ["net/refused", "t/net/black-hole", "tls/expired"])
def test_a_scenario_of_the_listener_is_for_the_whole_server(api: Api, name: str) -> None:
    status, detail = problem(api.admin("PUT", "/scenario", {"name": name}))
    assert (status, "serve --scenario" in detail) == (409, True)


def test_an_unknown_fault_is_told_with_the_nearest(api: Api) -> None:
    for _ in range(12):
        plant(api, status=BUSY)
    answer = api.admin("DELETE", "/faults/122")
    assert problem(answer) == (404, "no fault '122' was planted in this sandbox; did you mean '12'?")


def test_a_sandbox_has_so_many_faults_and_no_more(api: Api) -> None:
    connection = http.client.HTTPConnection(api.host, api.port, timeout=20)
    for number in range(1, MOST_PLANTED + 2):
        connection.request("POST", "/__admin/faults", '{"on": "getTask", "status": 503}', {"Authorization": api.key})
        response = connection.getresponse()
        body = json.loads(response.read())
        assert response.status == (200 if number <= MOST_PLANTED else 409)
    connection.close()
    assert body["detail"] == "a sandbox has at most 1,000 faults by hand; remove some (DELETE /__admin/faults)"
