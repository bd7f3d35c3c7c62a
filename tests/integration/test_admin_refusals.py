"""What the admin API refuses, and how: a problem that says what would be right, never a failure of its own."""

from __future__ import annotations

import http.client
import json
from math import inf, nan
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from screenplay_mock.core.dialect import SWITCHES
from screenplay_mock.core.submission import submission
from screenplay_mock.sandbox import LOCAL_KEY, Defaults
from screenplay_mock.scenarios import names
from screenplay_mock.serving import ServerThread
from screenplay_mock.settings import Settings
from screenplay_mock.timekeeper import NeverSettles, Timekeeper
from screenplay_mock.web.admin.asking import nearest
from screenplay_mock.web.app import application
from screenplay_mock.web.services import Services

PROBLEM = "application/problem+json"
PLAIN = ", ".join(name for name in names() if "/" not in name)
HUGE = 10**400
VALUES = ([], [[]], {}, {"a": []}, 5, -5, 0.5, 1e308, HUGE, -HUGE, inf, -inf, nan, True, False, None, "", "x", "\ud800")
TIMES = ("0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00")
MEMBERS = {
    ("PUT", "/clock"): ("mode", "clock", "now"),
    ("POST", "/clock/advance"): ("seconds", "to"),
    ("PUT", "/scenario"): ("name", "scenario", "description", "tasks", "webhook", "account", "submission", "dialect"),
    ("PUT", "/dialect"): ("name", "dialect", "switches", *SWITCHES),
    ("PATCH", "/account"): ("balance_micro_dollars", "rate_limit", "webhook_url", "disabled"),
    ("POST", "/assets"): ("duration_seconds", "kind", "upload_status", "original_filename"),
    ("POST", "/tasks/{id}/fail"): ("error_code", "error_message"),
    ("POST", "/reset"): ("seed",),
    ("POST", "/requests/find"): ("operation", "method", "path", "status", "task_id", "violations"),
    ("POST", "/requests/count"): ("operation", "method", "path", "status", "task_id", "violations"),
}


@pytest.mark.parametrize(("method", "path"), MEMBERS)
def test_no_value_of_any_member_makes_the_admin_api_fail(api: Any, method: str, path: str) -> None:
    target = path.replace("{id}", api.submitted("re_1"))
    bodies = [*VALUES, *({name: value} for name in MEMBERS[method, path] for value in (*VALUES, *TIMES))]
    for body in bodies:
        answer = api.admin(method, target, body)
        assert answer.status < 500, (body, answer.body)
        if answer.status >= 400:
            assert (answer.headers["Content-Type"], answer.json["status"]) == (PROBLEM, answer.status)
    for path_after in ("/clock", "/scenario", "/dialect", "/account", "/assets", "/tasks"):
        assert api.admin("GET", path_after).status == 200


@pytest.mark.parametrize("moment", TIMES)
def test_a_time_whose_zone_leads_out_of_the_calendar_is_refused(api: Any, moment: str) -> None:
    assert api.admin("PUT", "/clock", {"now": moment}).status == 400


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/assets", {"upload_status": []}),
        ("POST", "/assets", {"kind": {}}),
        ("POST", "/clock/advance", {"to": []}),
        ("PUT", "/dialect", {"name": []}),
        ("PUT", "/dialect", {"switches": 5}),
    ],
)
def test_values_of_another_kind_are_refused(api: Any, method: str, path: str, body: Any) -> None:
    answer = api.admin(method, path, body)
    assert (answer.status, answer.headers["Content-Type"]) == (400, PROBLEM)


@pytest.mark.parametrize(
    ("method", "path", "body", "detail"),
    [
        (
            "PUT",
            "/dialect",
            {"name": "legacy", "switches": {"bearer": "accept"}, "success_code": 200},
            "there is more than name beside switches: success_code; put it into switches",
        ),
        ("PUT", "/dialect", {"dialect": "live", "name": "legacy"}, "name and dialect say the same; keep one"),
        ("PUT", "/scenario", "sloww", "there is no scenario 'sloww'; did you mean 'slow'?"),
        (
            "PUT",
            "/scenario",
            {"name": "zzzzz"},
            f"there is no scenario 'zzzzz'; there are: {PLAIN}, and more: screenplay-mock scenarios list",
        ),
        *(
            (
                "PUT",
                "/scenario",
                body,
                f"faults of the listener are for the whole server: start one with serve --scenario {scenario}",
            )
            for body, scenario in (
                ("net/refused", "net/refused"),
                ({"name": "tls/expired"}, "tls/expired"),
                ({"extends": "net/refused", "name": "mine"}, "FILE"),
            )
        ),
    ],
)
def test_what_cannot_be_is_told_with_the_way_out(api: Any, method: str, path: str, body: Any, detail: str) -> None:
    before = api.admin("GET", "/dialect").json, api.admin("GET", "/scenario").json
    assert api.admin(method, path, body).json["detail"] == detail
    assert (api.admin("GET", "/dialect").json, api.admin("GET", "/scenario").json) == before


@pytest.mark.parametrize(
    ("path", "raw", "member"),
    [
        ("/scenario", '{"name": "failing", "name": "stuck"}', "name"),
        ("/scenario", '{"tasks": {"outcome": "stuck", "result": "zip", "outcome": "failed"}}', "outcome"),
    ],
)
def test_a_member_that_is_given_twice_is_refused(api: Any, path: str, raw: str, member: str) -> None:
    connection = http.client.HTTPConnection(api.host, api.port, timeout=20)
    connection.request("PUT", f"/__admin{path}", raw, {"Authorization": api.key})
    response = connection.getresponse()
    detail = json.loads(response.read())["detail"]
    connection.close()
    assert (response.status, detail) == (400, f"the body has the member '{member}' twice; keep one")


def test_a_body_that_is_too_large_is_said_to_be(api: Any) -> None:
    answer = api.admin("PUT", "/scenario", "x" * 2**20)
    assert (answer.status, answer.headers["Content-Type"]) == (413, PROBLEM)
    assert answer.json["detail"] == "the body is too large; the admin API takes at most 1,048,576 bytes"


def test_an_expectation_is_met_if_it_can_be(api: Any) -> None:
    answer = api.admin("POST", "/reset", {}, Expect="a miracle")
    assert (answer.status, answer.headers["Content-Type"]) == (417, PROBLEM)
    assert "100-continue" in answer.json["detail"]
    assert api.admin("POST", "/reset", {}, Expect="100-continue").status == 200


def test_a_long_detail_is_cut_and_says_so(api: Any) -> None:
    answer = api.admin("PUT", "/scenario", {f"k{number}": 1 for number in range(500)})
    assert (answer.status, len(answer.json["detail"]) < 4_100) == (400, True)
    assert "cut here" in answer.json["detail"]


def test_of_many_words_the_last_ones_are_compared_and_few_are_listed() -> None:
    words = [f"ros-{number:05}" for number in range(10_000)]
    assert nearest("ros-0999", words) == "did you mean 'ros-09999'?"
    listed = nearest("?", words)
    assert listed == f"there are: {', '.join(words[-10:])} and 9990 more"
    assert nearest("?", ()) == "there are: none"
    assert nearest("first-of-all", ["first-of-al", *"x" * 500]).startswith("there are: ")


class Restless(Timekeeper):
    """One under which every webhook causes the next."""

    async def settle(self, key: str, task_id: str) -> None:
        await super().settle(key, task_id)
        raise NeverSettles


async def test_a_forced_end_that_never_settles_is_a_conflict_as_for_an_advance() -> None:
    services = Services(Settings(port=0, defaults=Defaults(clock="manual")))
    services.timekeeper = Restless(services.sandboxes, services.deliveries)
    wanted = submission({"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}})
    record = await services.engine.submit(LOCAL_KEY, wanted)
    async with TestClient(TestServer(application(services))) as client:
        answer = await client.post(f"/__admin/tasks/{record.id}/complete")
        assert (answer.status, answer.content_type) == (409, PROBLEM)
        assert "stopped after" in (await answer.json())["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
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


@pytest.mark.parametrize(
    "change",
    [
        {"balance_micro_dollars": -1},
        {"balance_micro_dollars": 1.5},
        {"rate_limit": 0},
        {"webhook_url": "ftp://x/"},
        {"webhook_url": "/hook"},
        {"webhook_url": "http://a b/\n"},
        {"disabled": 1},
        {"charges": []},
    ],
)
def test_a_wrong_change_of_the_account_changes_nothing(api: Any, change: Any) -> None:
    before = api.admin("GET", "/account").json
    assert api.admin("PATCH", "/account", {"rate_limit": 5, **change}).status == 400
    assert api.admin("GET", "/account").json == before


def test_pages_of_other_sites_are_kept_out(api: Any) -> None:
    own = f"http://{api.host}:{api.port}"
    assert api.admin("GET", "/tasks", Origin=own).status == 200
    assert api.admin("GET", "/tasks", Origin="http://evil.example").status == 403
    assert api.admin("POST", "/reset", Origin="null").status == 403
    assert api.admin("POST", "/reset", Origin="http://[").status == 403
    assert api.admin("GET", "/tasks", Sec_Fetch_Site="cross-site").status == 403
    assert api.admin("GET", "/tasks", Host="evil.example").status == 403
    assert api.admin("GET", "/tasks", Host=f"localhost:{api.port}").status == 200


def test_wrong_paths_and_methods_are_problems(api: Any) -> None:
    missing = api.admin("GET", "/nope")
    assert (missing.status, missing.headers["Content-Type"]) == (404, "application/problem+json")
    wrong = api.admin("DELETE", "/clock")
    assert (wrong.status, wrong.headers["Content-Type"]) == (405, "application/problem+json")
    assert wrong.headers["Allow"] == "GET,PUT"


def test_with_a_token_every_admin_request_needs_it_and_keys_can_be_listed(api: Any) -> None:
    settings = Settings(port=0, admin_token="s3cret", keys=frozenset({"sk-a"}), defaults=Defaults(clock="manual"))
    with ServerThread(settings) as running:
        api.port = int(running.server.origin.rpartition(":")[2])
        assert api.admin("GET", "/tasks").status == 401
        assert api.admin("GET", "/tasks", X_Admin_Token="wrong").status == 401
        assert api.admin("GET", "/tasks", X_Admin_Token="s3cret").status == 200
        assert api.admin("GET", "/tasks", X_Admin_Token="\xff").status == 401
        for probe in ("/health", "/ready"):
            assert api.admin("GET", probe, Host="10.0.0.7").status == 200
        assert api.status("x").status == 401
        api.key = "sk-a"
        assert api.status("x").status == 400
