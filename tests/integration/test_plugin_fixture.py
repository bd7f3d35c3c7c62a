"""The fixture `screenplay`, as the tests of a client use it."""

from __future__ import annotations

import http.client
import socket
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from screenplay_mock.sandbox import shortened
from screenplay_mock.testing import AdminError, RunningServer, Screenplay, journal_text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

START = "2026-03-13T10:00:00Z"


def test_a_sandbox_begins_empty_and_its_clock_stands(screenplay: Screenplay) -> None:
    assert (screenplay.now, screenplay.admin("GET", "/clock")["mode"]) == (START, "manual")
    assert (screenplay.tasks, screenplay.assets, screenplay.requests) == ([], [], [])
    assert (screenplay.violations, screenplay.deliveries) == ([], [])
    assert screenplay.account == {
        "balance_micro_dollars": None,
        "charges": [],
        "rate_limit": None,
        "webhook_url": None,
        "disabled": False,
    }


def test_advance_says_what_has_happened(screenplay: Screenplay, api: Any) -> None:
    api.submitted("re_1")
    assert screenplay.advance_to_next() == {"now": "2026-03-13T10:00:02Z", "events": 1, "deliveries": 0}
    assert screenplay.advance(0.5) == {"now": "2026-03-13T10:00:02.500Z", "events": 0, "deliveries": 0}
    assert screenplay.advance_to_idle()["now"] == screenplay.now == "2026-03-13T10:00:05Z"


def test_what_was_seen_is_fetched_anew_each_time(screenplay: Screenplay, api: Any) -> None:
    task_id = api.submitted("re_1")
    assert [(task["task_id"], task["status"]) for task in screenplay.tasks] == [(task_id, "pending")]
    screenplay.advance_to_idle()
    assert [task["status"] for task in screenplay.tasks] == ["completed"]
    assert [(one["operation"], one["response"]["status"]) for one in screenplay.requests] == [("submitTask", 200)]
    assert [charge["kind"] for charge in screenplay.account["charges"]] == ["submit"]
    api.submit("re_1", mode="nonsense")
    assert [(one["request_id"], one["operation"]) for one in screenplay.violations] == [("2", "submitTask")]


def test_tasks_can_be_forced(screenplay: Screenplay, api: Any) -> None:
    first, second, third = (api.submitted("re_1") for _ in range(3))
    assert screenplay.start(first)["status"] == "running"
    assert screenplay.complete(first)["status"] == "completed"
    assert screenplay.cancel(third)["status"] == "cancelled"
    assert screenplay.fail(second, error_code="NO_FACE")["past"][-1] == {
        "event": "failed",
        "at": START,
        "error_code": "NO_FACE",
        "error_message": "The video could not be processed.",
    }
    assert api.status(second).data["error_code"] == "NO_FACE"


def test_what_the_admin_api_refuses_is_an_error_that_says_why(screenplay: Screenplay, api: Any) -> None:
    task_id = api.submitted("re_1")
    screenplay.complete(task_id)
    with pytest.raises(AdminError, match=f"task '{task_id}' is completed") as caught:
        screenplay.cancel(task_id)
    assert caught.value.status == 409
    with pytest.raises(AdminError, match=r"this sandbox has no task '\.\./clock'") as caught:
        screenplay.complete("../clock")
    assert caught.value.status == 404
    with pytest.raises(AdminError, match="no clock goes back"):
        screenplay.advance(-1)


def test_assets_and_the_account_can_be_set(screenplay: Screenplay, api: Any) -> None:
    asset_id = screenplay.add_asset(duration_seconds=61, original_filename="pilot.mov")
    assert [asset["original_filename"] for asset in screenplay.assets] == ["pilot.mov"]
    assert screenplay.set_account(balance_micro_dollars=2_000_000)["balance_micro_dollars"] == 2_000_000
    assert api.submit(asset_id).data["total_duration_seconds"] == 61
    assert screenplay.account["balance_micro_dollars"] == 0


def test_a_scenario_is_a_name_a_value_or_a_file(screenplay: Screenplay, api: Any, tmp_path: Path) -> None:
    def outcome() -> str:
        task_id = api.submitted("re_1")
        screenplay.advance_to_idle()
        return str(api.status(task_id).data["status"])

    screenplay.use("failing")
    assert outcome() == "failed"
    screenplay.use({"tasks": {"outcome": "stuck"}})
    assert outcome() == "running"
    file = tmp_path / "quick.yaml"
    file.write_text("tasks: {pending_for: 0s, running_for: 1s}\n", "utf-8")
    for path in (file, str(file)):
        screenplay.use(path)
        before = datetime.fromisoformat(screenplay.now)
        assert outcome() == "completed"
        assert datetime.fromisoformat(screenplay.now) - before == timedelta(seconds=1)
    with pytest.raises(AdminError, match="did you mean 'failing'"):
        screenplay.use("faling")


def test_a_dialect_is_a_name_or_switches(screenplay: Screenplay, api: Any) -> None:
    screenplay.use_dialect("legacy")
    assert api.submit().json["code"] == "0000"
    screenplay.use_dialect(success_code="200")
    assert screenplay.admin("GET", "/dialect")["switches"]["error_code_type"] == "string"
    assert api.submit().json["code"] == "200"
    screenplay.use_dialect("documented", bearer="accept")
    assert api.send("GET", f"{api.base}/screenplay/tasks/x", Authorization=f"Bearer {api.key}").status == 400


def test_after_a_reset_the_same_requests_get_the_same_answers(screenplay: Screenplay, api: Any) -> None:
    first = api.submit().body
    screenplay.advance_to_idle()
    screenplay.reset()
    assert (screenplay.tasks, screenplay.now) == ([], START)
    assert api.submit().body == first
    screenplay.reset(seed=1)
    assert api.submit().body != first


def test_what_a_killed_test_left_is_gone_when_the_next_begins(
    screenplay: Screenplay, screenplay_server: Any, api: Any
) -> None:
    assert screenplay.webhook.url
    screenplay.use({"account": {"rate_limit": 1}})
    screenplay.use_dialect("legacy")
    screenplay.advance(1)
    api.submit()
    Screenplay(screenplay_server, screenplay.key).begin()
    assert (screenplay.now, screenplay.tasks, screenplay.requests) == (START, [], [])
    assert (screenplay.account["webhook_url"], screenplay.account["rate_limit"]) == (None, None)
    assert screenplay.admin("GET", "/dialect")["name"] == "documented"


def test_the_key_is_not_shown_whole(screenplay: Screenplay, api: Any) -> None:
    api.call("GET", f"/screenplay/tasks/{screenplay.key}?key={screenplay.key}")
    assert screenplay.key not in repr(screenplay) + journal_text(screenplay)
    assert "Task not found for id: [key]" in journal_text(screenplay)


def test_the_receiver_answers_while_the_test_waits(screenplay: Screenplay, api: Any) -> None:
    assert screenplay.account["webhook_url"] is None
    receiver = screenplay.webhook
    assert screenplay.account["webhook_url"] == receiver.url
    task_ids = [api.submitted(asset) for asset in ("re_1", "re_2")]
    assert screenplay.advance_to_idle()["deliveries"] == 2
    assert [payload["data"] for payload in receiver.received] == [
        {"task_id": task_id, "status": "completed"} for task_id in task_ids
    ]
    assert [one["payload"] for one in screenplay.deliveries] == screenplay.webhook.received
    assert [(one.path, one.headers["content-type"], one.status) for one in receiver.requests] == [
        ("/webhook", "application/json", 200),
        ("/webhook", "application/json", 200),
    ]
    assert task_ids[0].encode() in receiver.requests[0].body


def test_a_receiver_that_answers_500_is_called_again(screenplay: Screenplay, api: Any) -> None:
    screenplay.webhook.answer(500)
    api.submitted("re_1")
    screenplay.advance(10)
    assert [one.status for one in screenplay.webhook.requests] == [500, 500]
    screenplay.webhook.answer(204)
    screenplay.advance(3600)
    assert [one.status for one in screenplay.webhook.requests] == [500, 500, 204]
    (delivery,) = screenplay.deliveries
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 500, 204]
    first, *repeated = screenplay.webhook.received
    assert repeated == [first, first]


def test_a_receiver_answers_differently_so_many_times(screenplay: Screenplay, api: Any) -> None:
    screenplay.webhook.answer(503, times=2)
    api.submitted("re_1")
    screenplay.advance_to_idle()
    assert [one.status for one in screenplay.webhook.requests] == [503, 503, 200]


@pytest.mark.parametrize(("status", "times"), [(99, None), (600, None), (500, 0)])
def test_a_receiver_refuses_an_answer_that_is_none(screenplay: Screenplay, status: int, times: int | None) -> None:
    with pytest.raises(ValueError, match=r"a status from 200 to 599|at least 1"):
        screenplay.webhook.answer(status, times=times)


def test_a_receiver_keeps_what_is_no_json_beside_the_payloads(screenplay: Screenplay) -> None:
    host, _, port = screenplay.webhook.url.removeprefix("http://").removesuffix("/webhook").partition(":")
    connection = http.client.HTTPConnection(host, int(port))
    try:
        connection.request("POST", "/elsewhere", b"\xff")
        assert connection.getresponse().status == 200
    finally:
        connection.close()
    assert screenplay.webhook.received == []
    assert [(one.path, one.body) for one in screenplay.webhook.requests] == [("/elsewhere", b"\xff")]


def test_a_closed_receiver_listens_no_more(screenplay_server: Any, screenplay: Screenplay) -> None:
    other = Screenplay(screenplay_server, f"{screenplay.key}-other")
    port = int(other.webhook.url.removesuffix("/webhook").rpartition(":")[2])
    other.close()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
async def receiver_in_the_loop(screenplay: Screenplay) -> AsyncIterator[list[Any]]:
    """The payloads that an aiohttp receiver in the test's own loop gets as the account's webhook."""
    payloads: list[Any] = []

    async def receive(request: web.Request) -> web.Response:
        payloads.append(await request.json())
        return web.Response()

    app = web.Application()
    app.router.add_post("/", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        screenplay.set_account(webhook_url=f"http://127.0.0.1:{runner.addresses[0][1]}/")
        yield payloads
    finally:
        await runner.cleanup()


async def test_a_receiver_in_the_loop_of_the_test_is_called_during_aadvance(
    screenplay: Screenplay, api: Any, receiver_in_the_loop: list[Any]
) -> None:
    api.submitted("re_1")
    assert (await screenplay.aadvance_to_next())["events"] == 1
    assert (await screenplay.aadvance(2.9), receiver_in_the_loop) == (
        {"now": "2026-03-13T10:00:04.900Z", "events": 0, "deliveries": 0},
        [],
    )
    assert (await screenplay.aadvance_to_idle())["deliveries"] == 1
    assert [payload["data"]["status"] for payload in receiver_in_the_loop] == ["completed"]
    assert [one["attempts"][0]["status"] for one in screenplay.deliveries] == [200]


async def test_a_receiver_in_the_loop_of_the_test_is_called_when_a_task_is_forced(
    screenplay: Screenplay, api: Any, receiver_in_the_loop: list[Any]
) -> None:
    first, second = api.submitted("re_1"), api.submitted("re_2")
    assert (await screenplay.acomplete(first))["status"] == "completed"
    assert (await screenplay.afail(second, error_message="no sound"))["status"] == "failed"
    assert [payload["data"].get("error_message") for payload in receiver_in_the_loop] == [None, "no sound"]
    assert [[attempt["status"] for attempt in one["attempts"]] for one in screenplay.deliveries] == [[200], [200]]


def test_a_long_journal_shows_its_end(screenplay: Screenplay, api: Any) -> None:
    for _ in range(203):
        api.status("x" * 500)
    lines = journal_text(screenplay, seed=3).splitlines()
    assert lines[0] == f"sandbox of {shortened(screenplay.key)}, seed 3; the times are those of its clock"
    assert (lines[1], lines[2][:30]) == ("… 3 earlier exchanges are left out", f"   4  {START}  GE")
    assert len(lines) == 202
    assert max(map(len, lines)) == 401


def test_a_journal_that_cannot_be_read_says_why(screenplay: Screenplay) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        gone = RunningServer(f"http://127.0.0.1:{nobody.getsockname()[1]}")
        assert "cannot be read: [Errno" in journal_text(Screenplay(gone, screenplay.key))
