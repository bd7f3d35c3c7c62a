"""The admin API, through the real server."""

from __future__ import annotations

from typing import Any

import pytest

from screenplay_mock.serving import ServerThread
from screenplay_mock.settings import Settings
from screenplay_mock.testing import RunningServer, Screenplay, journal_text
from screenplay_mock.web.admin import world


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


def test_a_clock_is_set_forward_but_never_back(api: Any) -> None:
    answer = api.admin("PUT", "/clock", {"now": "2026-03-13T12:00:00+01:00"})
    assert (answer.status, answer.json["now"]) == (200, "2026-03-13T11:00:00Z")
    for method, path, body in (
        ("PUT", "/clock", {"now": "2026-03-13T10:00:00Z"}),
        ("POST", "/clock/advance", {"seconds": -1}),
    ):
        answer = api.admin(method, path, body)
        assert answer.status == 409
        assert "no clock goes back" in answer.json["detail"]
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


def test_health_version_and_document_are_served(api: Any) -> None:
    assert api.admin("GET", "/health").json == {"status": "ok"}
    assert api.admin("GET", "/ready").json == {"ready": True}
    assert api.admin("GET", "/version").json["name"] == "screenplay-mock"
    document = api.admin("GET", "/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert [server["url"] for server in document["servers"]] == ["/serve/api/v2"]


def test_a_short_key_is_shown_whole_neither_in_a_repr_nor_in_a_report(screenplay: Any) -> None:
    short = Screenplay(RunningServer.found(screenplay.base_url), "sk-12345")
    assert repr(short) == f"<Screenplay sk-…5 at {screenplay.base_url}>"
    assert journal_text(short).startswith("sandbox of sk-…5, seed 0;")
    short.close()


async def test_the_document_is_put_together_only_once() -> None:
    asking: Any = None  # it says the same to everybody
    assert await world.openapi(asking) is await world.openapi(asking)


def test_the_newest_tasks_and_requests_are_shown_up_to_a_limit(api: Any) -> None:
    ids = [api.submitted(f"re_{number}") for number in range(3)]
    assert [one["task_id"] for one in api.admin("GET", "/tasks?limit=2").json["tasks"]] == ids[1:]
    assert [one["id"] for one in api.admin("GET", "/requests?limit=2").json["requests"]] == ["2", "3"]
    assert len(api.admin("GET", "/tasks?limit=9").json["tasks"]) == 3
    for wrong in ("0", "-1", "x", "", "1.5", "%C2%B2", "9" * 5000):
        answer = api.admin("GET", f"/requests?limit={wrong}")
        assert (answer.status, answer.json["detail"][:32]) == (400, "limit must be a whole number fro"[:32])


def test_sandboxes_are_listed_without_their_keys(api: Any) -> None:
    api.submitted("re_1")
    listed = api.admin("GET", "/sandboxes")
    assert api.key not in listed.body.decode()
    assert {"tasks": 1, "clock": "manual", "scenario": "happy"}.items() <= listed.json["sandboxes"][-1].items()


def test_a_strict_server_refuses_what_others_only_note(api: Any) -> None:
    with ServerThread(Settings(port=0, strict=True)) as running:
        api.port = int(running.server.origin.rpartition(":")[2])
        answer = api.submit("re_1", x=1)
        assert (answer.status, answer.violations) == (400, ["schema/unknown-member"])
        assert api.send("GET", "/serve/api/v2/screenplay/tasks/x", b"{}").violations == ["body/unexpected"]
