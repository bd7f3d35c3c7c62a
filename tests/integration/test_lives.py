"""Sandboxes do not meet, and what belongs to one life of a sandbox does not reach the next."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

from screenplay_mock.core.submission import Options, Submission
from screenplay_mock.deliveries import MOST_AT_ONCE
from screenplay_mock.sandbox import Defaults, holding
from screenplay_mock.settings import Settings
from screenplay_mock.web.exchange import MOST_VIOLATIONS
from screenplay_mock.web.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Receiver

ONE = Submission("short_drama", (("1", "re_1"),), Options())


async def webhook_of(services: Services, key: str, url: str) -> None:
    async with services.sandboxes.change(key) as space:
        await space.put_sandbox(holding(await space.sandbox(), {"webhook_url": url}))


async def test_a_receiver_that_never_answers_holds_up_its_own_sandbox_alone(receiver: Receiver) -> None:
    services = Services(Settings(defaults=Defaults(clock="manual", webhook_url=receiver.url)))
    receiver.answers = [None] * MOST_AT_ONCE
    for _ in range(2 * MOST_AT_ONCE):
        await services.engine.submit("slow", ONE)
    _, space = await services.sandboxes.read("slow")
    calls = [
        asyncio.ensure_future(services.deliveries.attempt("slow", delivery)) for delivery in await space.deliveries()
    ]
    await receiver.until(MOST_AT_ONCE)
    await services.engine.submit("quick", ONE)
    passed = await services.timekeeper.advance("quick", "idle")
    assert passed.deliveries == 1
    assert not any(call.done() for call in calls)
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    await services.close()


async def test_what_one_receiver_sets_as_a_cookie_no_other_is_sent() -> None:
    cookies: list[str | None] = []

    async def receive(request: web.Request) -> web.Response:
        cookies.append(request.headers.get("Cookie"))
        return web.Response(headers={"Set-Cookie": "who=first"})

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    services = Services(Settings(defaults=Defaults(clock="manual")))
    for key in ("first", "second"):
        await webhook_of(services, key, f"http://localhost:{runner.addresses[0][1]}/hook")
        await services.engine.submit(key, ONE)
        await services.timekeeper.advance(key, "idle")
    await services.close()
    await runner.cleanup()
    assert cookies == [None, None]


async def test_an_advance_ends_when_the_sandbox_is_reset_while_it_passes(receiver: Receiver) -> None:
    services = Services(Settings(defaults=Defaults(clock="manual", webhook_url=receiver.url)))

    async def begin_anew(_: Any) -> None:
        await services.sandboxes.reset("k")
        await services.engine.submit("k", ONE)

    receiver.hook = begin_anew
    await services.engine.submit("k", ONE)
    sandbox, _ = await services.sandboxes.read("k")
    beginning = services.sandboxes.now(sandbox)
    await services.timekeeper.advance("k", beginning + 3_600_000)
    sandbox, space = await services.sandboxes.read("k")
    assert services.sandboxes.now(sandbox) == beginning
    assert [delivery.attempts for delivery in await space.deliveries()] == [()]
    await services.close()


def test_a_scenario_that_names_no_dialect_and_no_webhook_brings_back_those_of_the_server(api: Any) -> None:
    url = "http://127.0.0.1:9/a"
    api.admin("PUT", "/scenario", {"dialect": "legacy", "account": {"webhook_url": url}})
    assert (api.admin("GET", "/dialect").json["name"], api.admin("GET", "/account").json["webhook_url"]) == (
        "legacy",
        url,
    )
    for method, body in (("PUT", "happy"), ("DELETE", None)):
        api.admin(method, "/scenario", body)
        assert api.admin("GET", "/dialect").json["name"] == "documented"
        assert api.admin("GET", "/account").json["webhook_url"] is None


def test_what_was_set_by_hand_stays_under_another_scenario(api: Any) -> None:
    api.admin("PUT", "/dialect", "legacy")
    api.admin("PATCH", "/account", {"webhook_url": "http://127.0.0.1:9/mine"})
    api.admin("PUT", "/scenario", "failing")
    assert api.admin("GET", "/dialect").json["name"] == "legacy"
    assert api.admin("GET", "/account").json["webhook_url"] == "http://127.0.0.1:9/mine"


def test_thousands_of_violations_are_counted_and_the_first_are_kept(api: Any, screenplay: Any) -> None:
    body = {"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}}
    unknown = {f"member-{number}": number for number in range(20_000)}
    answer = api.call("POST", "/screenplay/tasks", body | unknown)
    assert answer.status == 200
    header = answer.headers["X-Screenplay-Violations"]
    assert len(header) <= 4096
    shown = len(answer.violations) - 1
    assert f"{20_000 - shown} more violations" in header
    assert len(screenplay.violations) == MOST_VIOLATIONS


def test_a_signed_url_obeys_the_account_of_its_owner(api: Any, another_api: Callable[[str], Any]) -> None:
    other = another_api("other")
    paths = [
        urlsplit(one.call("POST", "/upload/signed-url", {"original_filename": "a.mp4"}).data["signed_url"]).path
        for one in (api, other)
    ]
    api.admin("PATCH", "/account", {"disabled": True})
    api.key = ""  # as the vendor's storage is called
    assert [api.upload(b"x", path=path).status for path in paths] == [403, 200]


def test_a_client_that_leaves_before_the_first_byte_pays_nothing(api: Any, screenplay: Any) -> None:
    task_id = api.submitted(*(f"re_a{number}" for number in range(1, 60)), require_xlsx=True)
    screenplay.advance_to_idle()
    with socket.create_connection((api.host, api.port)) as connection:
        path = f"{api.base}/screenplay/tasks/{task_id}/download"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {api.key}\r\n\r\n".encode())
    while not any(one["operation"] == "downloadTask" for one in screenplay.requests):
        pass  # the archive is still being built
    assert [charge["kind"] for charge in screenplay.account["charges"]] == ["submit"]


def test_every_refused_episode_is_named_beside_the_answer(api: Any, screenplay: Any) -> None:
    answer = api.submit("re_1", "re_9", "re_2")
    assert (answer.msg, answer.violations) == ("Asset not found", ["asset"])
    assert [one["location"] for one in screenplay.violations] == ["$.episodes['2']"]


def test_an_asset_that_still_waits_for_its_content_cannot_be_downloaded(api: Any) -> None:
    asset_id = api.call("POST", "/upload/signed-url", {"original_filename": "a.mp4"}).data["asset_id"]
    answer = api.call("GET", f"/{asset_id}/download")
    assert (answer.status, answer.msg) == (400, "Asset is not ready, current upload status: WAITING")


def test_a_signed_url_for_a_host_that_is_none_is_on_the_address_of_the_server(api: Any) -> None:
    for host in ("a b:x", "", "a:99999"):
        answer = api.call("POST", "/upload/signed-url", {"original_filename": "a.mp4"}, Host=host)
        assert answer.status == 200
        assert answer.data["signed_url"].startswith(f"http://127.0.0.1:{api.port}{api.base}/storage/")
