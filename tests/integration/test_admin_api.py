"""The admin API, through the real server."""

from __future__ import annotations

from typing import Any

import pytest

from screenplay_mock.sandbox import Defaults
from screenplay_mock.serving import ServerThread
from screenplay_mock.settings import Settings


def test_time_passes_by_seconds_to_the_next_thing_and_until_nothing_is_planned(api: Any) -> None:
    api.submitted("re_1", "re_2")
    advance = "/clock/advance"
    answers = [
        list(api.admin("POST", advance, body).json.values())
        for body in ({"to": "next"}, {"seconds": 1.5}, {"to": "idle"}, {"to": "idle"})
    ]
    assert answers == [
        ["2026-03-13T10:00:02Z", 1, 0],
        ["2026-03-13T10:00:03.500Z", 0, 0],
        ["2026-03-13T10:00:08Z", 2, 0],
        ["2026-03-13T10:00:08Z", 0, 0],
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"seconds": -1},
        {"seconds": "1"},
        {"seconds": True},
        {"seconds": 1, "to": "next"},
        {"to": "end"},
        [],
        {"s": 1},
    ],
)
def test_an_advance_that_makes_no_sense_is_a_problem_and_moves_nothing(api: Any, body: Any) -> None:
    answer = api.admin("POST", "/clock/advance", body)
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= answer.json.keys()
    assert api.admin("GET", "/clock").json["now"] == "2026-03-13T10:00:00Z"


def test_a_clock_is_set_forward_but_never_back(api: Any) -> None:
    answer = api.admin("PUT", "/clock", {"now": "2026-03-13T12:00:00+01:00"})
    assert (answer.status, answer.json["now"]) == (200, "2026-03-13T11:00:00Z")
    assert api.admin("PUT", "/clock", {"now": "2026-03-13T10:00:00Z"}).status == 409
    assert api.admin("PUT", "/clock", {"now": "2026-03-13T12:00:00"}).status == 400
    assert api.admin("PUT", "/clock", {"mode": "x0"}).status == 400
    assert api.admin("PUT", "/clock", {"mode": "x60"}).json["mode"] == "x60"


def test_a_forced_end_drops_the_plan_and_sends_its_webhook_before_it_answers(api: Any, screenplay: Any) -> None:
    assert screenplay.webhook.url
    task_id = api.submitted("re_1", "re_2")
    answer = api.admin("POST", f"/tasks/{task_id}/fail", {"error_code": "X", "error_message": "Y"})
    assert (answer.json["status"], answer.json["planned"]) == ("failed", [])
    data = {"task_id": task_id, "status": "failed", "error_code": "X", "error_message": "Y"}
    assert [payload["data"] for payload in screenplay.webhook.received] == [data]
    screenplay.advance_to_idle()
    assert len(screenplay.webhook.received) == 1


def test_a_forced_start_keeps_the_plan_and_shifts_it(api: Any) -> None:
    task_id = api.submitted("re_1", "re_2")
    answer = api.admin("POST", f"/tasks/{task_id}/start").json
    assert [event["at"] for event in answer["past"] + answer["planned"]] == [
        "2026-03-13T10:00:00Z",
        "2026-03-13T10:00:03Z",
        "2026-03-13T10:00:06Z",
    ]


def test_what_the_table_does_not_allow_is_409_and_says_what_it_does(api: Any) -> None:
    task_id = api.submitted("re_1")
    api.admin("POST", f"/tasks/{task_id}/complete")
    answer = api.admin("POST", f"/tasks/{task_id}/start")
    assert answer.status == 409
    assert answer.json["detail"] == f"task '{task_id}' is completed, so Started cannot happen; it has ended"


def test_an_unknown_task_names_the_nearest(api: Any) -> None:
    task_id = api.submitted("re_1")
    answer = api.admin("POST", f"/tasks/{task_id[:-1]}/cancel")
    assert answer.status == 404
    assert task_id in answer.json["detail"]


def test_scenarios_are_set_by_name_or_inline_and_unset(api: Any) -> None:
    assert api.admin("PUT", "/scenario", {"name": "failing"}).json["name"] == "failing"
    assert api.admin("PUT", "/scenario", "stuck").json["name"] == "stuck"
    inline = api.admin("PUT", "/scenario", {"name": "mine", "tasks": {"pending_for": "1m"}}).json
    assert (inline["name"], inline["scenario"]["tasks"]["pending_for"]) == ("mine", "1m")
    assert api.admin("DELETE", "/scenario").json["name"] == "happy"
    assert {"happy", "slow", "failing", "stuck", "broke"} <= {
        scenario["name"] for scenario in api.admin("GET", "/scenarios").json["scenarios"]
    }


@pytest.mark.parametrize("wanted", ["fialing", {"name": "fialing"}])
def test_an_unknown_scenario_names_the_nearest(api: Any, wanted: Any) -> None:
    answer = api.admin("PUT", "/scenario", wanted)
    assert answer.status == 400
    assert "failing" in answer.json["detail"]


def test_a_dialect_is_set_by_name_or_switch_by_switch(api: Any) -> None:
    assert api.admin("PUT", "/dialect", {"name": "legacy"}).json["name"] == "legacy"
    assert api.submit("re_1").json["code"] == "0000"
    mixed = api.admin("PUT", "/dialect", {"success_code": "200"}).json
    assert (mixed["name"], mixed["switches"]["callback_text_member"]) == ("custom", "msg")
    assert api.submit("re_1").json["code"] == "200"
    assert "succes_code" in api.admin("PUT", "/dialect", {"succes_code": 200}).json["detail"]
    assert api.admin("PUT", "/dialect", {"error_flags": 1}).status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"balance_micro_dollars": -1},
        {"balance_micro_dollars": 1.5},
        {"rate_limit": 0},
        {"webhook_url": "ftp://x/"},
        {"webhook_url": "/hook"},
        {"disabled": 1},
        {"charges": []},
    ],
)
def test_a_wrong_change_of_the_account_changes_nothing(api: Any, change: Any) -> None:
    before = api.admin("GET", "/account").json
    assert api.admin("PATCH", "/account", {"rate_limit": 5, **change}).status == 400
    assert api.admin("GET", "/account").json == before


def test_the_journal_is_searched_counted_shown_and_forgotten(api: Any) -> None:
    task_id = api.submitted("re_1")
    api.status(task_id)
    api.status("nope")
    assert api.admin("POST", "/requests/count", {"operation": "getTask"}).json == {"count": 2}
    found = api.admin("POST", "/requests/find", {"task_id": task_id, "status": 200}).json["requests"]
    assert [one["operation"] for one in found] == ["submitTask", "getTask"]
    one = api.admin("GET", f"/requests/{found[1]['id']}").json
    assert one == found[1]
    assert ["Authorization", "[redacted]"] in one["headers"]
    assert api.key not in api.admin("GET", "/requests").body.decode()
    assert api.admin("POST", "/requests/find", {"operator": "x"}).status == 400
    api.admin("DELETE", "/requests")
    assert api.admin("GET", "/requests").json == {"requests": []}
    assert api.admin("GET", f"/requests/{found[1]['id']}").status == 404


def test_a_delivery_can_be_sent_again_and_its_attempts_are_kept(api: Any, screenplay: Any) -> None:
    screenplay.webhook.answer(500, times=1)
    api.submitted("re_1")
    screenplay.advance(5)
    (delivery,) = screenplay.deliveries
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500]
    assert delivery["next_attempt_at"] == "2026-03-13T10:00:10Z"
    again = api.admin("POST", f"/deliveries/{delivery['id']}/redeliver").json
    assert [attempt["status"] for attempt in again["attempts"]] == [500, 200]
    assert again["next_attempt_at"] is None
    screenplay.advance_to_idle()
    assert len(screenplay.webhook.received) == 2
    assert api.admin("POST", "/deliveries/nope/redeliver").status == 404


def test_a_sandbox_is_emptied_by_reset_and_gone_after_delete(api: Any, screenplay: Any) -> None:
    api.admin("PUT", "/scenario", "failing")
    first = api.submitted("re_1")
    screenplay.advance(100)
    assert api.admin("POST", "/reset").json == {"now": "2026-03-13T10:00:00Z", "mode": "manual"}
    assert (screenplay.tasks, screenplay.requests, screenplay.account["charges"]) == ([], [], [])
    assert api.admin("GET", "/scenario").json["name"] == "failing"
    assert api.submitted("re_1") == first
    assert api.admin("DELETE", "/sandbox").json == {"deleted": True}
    assert api.admin("DELETE", "/sandbox").json == {"deleted": False}


def test_magic_keys_are_served_here(api: Any) -> None:
    for key in ("sk-invalid", "sk-disabled", "sk-broke"):
        assert api.admin("GET", "/account", Authorization=key).status == 200
        api.admin("DELETE", "/sandbox", Authorization=key)


def test_pages_of_other_sites_are_kept_out(api: Any) -> None:
    own = f"http://{api.host}:{api.port}"
    assert api.admin("GET", "/tasks", Origin=own).status == 200
    assert api.admin("GET", "/tasks", Origin="http://evil.example").status == 403
    assert api.admin("POST", "/reset", Origin="null").status == 403
    assert api.admin("GET", "/tasks", Sec_Fetch_Site="cross-site").status == 403
    assert api.admin("GET", "/tasks", Host="evil.example").status == 403
    assert api.admin("GET", "/tasks", Host=f"localhost:{api.port}").status == 200


def test_wrong_paths_and_methods_are_problems(api: Any) -> None:
    missing = api.admin("GET", "/nope")
    assert (missing.status, missing.headers["Content-Type"]) == (404, "application/problem+json")
    wrong = api.admin("DELETE", "/clock")
    assert (wrong.status, wrong.headers["Content-Type"]) == (405, "application/problem+json")
    assert wrong.headers["Allow"] == "GET,PUT"


def test_health_version_and_document_are_served(api: Any) -> None:
    assert api.admin("GET", "/health").json == {"status": "ok"}
    assert api.admin("GET", "/ready").json == {"ready": True}
    assert api.admin("GET", "/version").json["name"] == "screenplay-mock"
    document = api.admin("GET", "/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert [server["url"] for server in document["servers"]] == ["/serve/api/v2"]


def test_sandboxes_are_listed_without_their_keys(api: Any) -> None:
    api.submitted("re_1")
    listed = api.admin("GET", "/sandboxes")
    assert api.key not in listed.body.decode()
    assert {"tasks": 1, "clock": "manual", "scenario": "happy"}.items() <= listed.json["sandboxes"][-1].items()


def test_with_a_token_every_admin_request_needs_it_and_keys_can_be_listed(api: Any) -> None:
    settings = Settings(port=0, admin_token="s3cret", keys=frozenset({"sk-a"}), defaults=Defaults(clock="manual"))
    with ServerThread(settings) as running:
        api.port = int(running.server.origin.rpartition(":")[2])
        assert api.admin("GET", "/tasks").status == 401
        assert api.admin("GET", "/tasks", X_Admin_Token="wrong").status == 401
        assert api.admin("GET", "/tasks", X_Admin_Token="s3cret").status == 200
        assert api.status("x").status == 401
        api.key = "sk-a"
        assert api.status("x").status == 400


def test_a_strict_server_refuses_what_others_only_note(api: Any) -> None:
    with ServerThread(Settings(port=0, strict=True)) as running:
        api.port = int(running.server.origin.rpartition(":")[2])
        answer = api.submit("re_1", x=1)
        assert (answer.status, answer.violations) == (400, ["schema/unknown-member"])
        assert api.send("GET", "/serve/api/v2/screenplay/tasks/x", b"{}").violations == ["body/unexpected"]
