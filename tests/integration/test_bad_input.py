"""What bad input gets: a clear answer, nothing lost, nothing charged."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, web

from screenplay_mock.core.errors import ApiError
from screenplay_mock.sandbox import Defaults
from screenplay_mock.settings import Settings
from screenplay_mock.web.bodies import IN_MEMORY, MOST_PARTS, uploaded_file
from screenplay_mock.web.exchange import call_of
from screenplay_mock.web.services import Services
from screenplay_schemas import validator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

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


def test_magic_keys_are_refused(api: Any) -> None:
    assert api.send("GET", f"{TASKS}/x", Authorization="sk-invalid-1").status == 401
    assert api.send("GET", f"{TASKS}/x", Authorization="sk-disabled-1").status == 403
    api.key = "sk-broke-1"
    assert api.submit("re_1").status == 402


def test_a_body_or_a_query_where_none_is_documented_is_noted(api: Any) -> None:
    answer = api.send("GET", f"{TASKS}/x?a={api.key}", b"{}")
    assert answer.violations == ["auth/key-in-url", "query/unexpected", "body/unexpected"]


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
    "target", ["/", "/serve/api/v2", "/serve/api/v2/", "/serve/api/v2/nope", "/serve/api/v2/a/b/c", f"{TASKS}/", "/x?y"]
)
def test_an_unknown_path_is_404_in_the_vendors_envelope(api: Any, target: str) -> None:
    answer = api.send("GET", target)
    assert answer.status == 404
    validator("error").validate(answer.json)


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


def part(name: str, content: bytes = b"x", *, filename: str | None = None, content_type: str = "video/mp4") -> bytes:
    """One part of a multipart body, with the boundary in front of it."""
    more = "" if filename is None else f'; filename="{filename}"'
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\nContent-Type: {content_type}\r\n\r\n'
    return head.encode() + content + b"\r\n"


FILE = part("file", filename="a.mp4")
LARGE = part("file", bytes(2 * IN_MEMORY), filename="a.mp4")  # large enough to be on disk
JUNK = part("junk", bytes(5_000))
END = b"--b--\r\n"
MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}


@asynccontextmanager
async def receiving(*, strict: bool = False, **bounds: float) -> AsyncIterator[ClientSession]:
    """A client of a server that takes uploads within *bounds*, and answers what came of each."""
    services = Services(Settings(port=0, defaults=Defaults(clock="manual"), strict=strict))

    async def receive(request: web.Request) -> web.Response:
        call = await call_of(services, request)
        try:
            upload = await uploaded_file(call, **bounds)  # type: ignore[arg-type]
        except ApiError as error:
            return web.json_response([error.kind.name, [violation.rule for violation in call.violations]])
        with upload.file:
            return web.json_response([upload.size, [violation.message for violation in call.violations]])

    app = web.Application()
    app.router.add_post("/", receive)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as client:
        yield client
    await runner.cleanup()
    await services.close()


async def said(client: ClientSession, *pieces: bytes) -> Any:
    async with client.post("/", data=io.BytesIO(b"".join(pieces)), headers=MULTIPART) as answer:
        return await answer.json()


@pytest.mark.parametrize(
    "pieces",
    [
        (b"x" * 4_000 + b"\r\n", b"y" * 4_000 + b"\r\n", FILE, END),
        (JUNK, FILE, END),
        (FILE, JUNK, END),
        (JUNK[:3_000] + b"\r\n", JUNK[:3_000] + b"\r\n", FILE, END),
        (part("file", bytes(5_000), filename="a.mp4"), END),
    ],
    ids=["before the parts", "in a foreign part", "after the file", "in several parts", "in the file"],
)
async def test_the_bound_of_an_upload_is_one_for_the_whole_body(pieces: Sequence[bytes]) -> None:
    async with receiving(most=4_500) as client:
        kind, rules = await said(client, *pieces)
    assert (kind, rules[-1]) == ("TOO_LARGE", "body/too-large")
    async with receiving() as client:
        assert (await said(client, *pieces))[0] in {1, 5_000}


@pytest.mark.parametrize(
    "sent",
    [b"", b"before", JUNK[:3_000], FILE, FILE + b"--b\r\nContent-", FILE + JUNK[:3_000], LARGE + JUNK[:3_000]],
    ids=["nothing", "before the parts", "in a foreign part", "the next part", "headers", "a later part", "on disk"],
)
async def test_an_upload_that_stops_coming_is_timed_out_wherever_it_stops(sent: bytes) -> None:
    more = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield sent
        await more.wait()

    async with receiving(seconds=0.2) as client, asyncio.timeout(20):
        async with client.post("/", data=body(), headers=MULTIPART) as answer:
            kind, _ = await answer.json()
        more.set()
    assert kind == "TIMEOUT"


async def test_an_upload_has_so_many_parts_at_most() -> None:
    async with receiving() as client:
        assert (await said(client, FILE, *[part("x")] * (MOST_PARTS - 1), END))[0] == 1
        kind, rules = await said(client, FILE, *[part("x")] * MOST_PARTS, END)
    assert (kind, rules[-1]) == ("TOO_LARGE", "body/too-many-parts")


async def test_each_part_that_is_not_taken_is_told_why() -> None:
    async with receiving() as client:
        size, messages = await said(client, part("video"), part("file"), FILE, FILE, END)
    assert size == 1
    assert messages == [
        "the vendor documents one part, 'file', not 'video'",
        "the part 'file' needs a file name in its Content-Disposition; without one it is no file",
        "the vendor documents one file for an upload: the first part 'file' is taken, this one is not",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        b"no boundary\r\n",
        part("file", content_type="multipart/mixed; boundary=c") + END,
        b"--b\r\n" + b"A: b\r\n" * 1_000 + b"\r\nx\r\n" + END,
        b"--b\r\nA: " + b"x" * 100_000 + b"\r\n\r\nx\r\n" + END,
    ],
    ids=["no boundary", "parts in a part", "many headers", "a long header"],
)
@pytest.mark.parametrize("before", [b"", LARGE], ids=["alone", "after a file"])
async def test_a_malformed_upload_is_refused(before: bytes, wrong: bytes) -> None:
    async with receiving() as client:
        assert await said(client, before, wrong) == ["INVALID", ["body/multipart"]]


async def test_a_part_that_names_a_character_set_of_a_hundred_letters_is_refused() -> None:
    async with receiving() as client:
        assert await said(client, part("_charset_", b"x" * 100), FILE, END) == ["INVALID", ["body/multipart"]]


async def test_a_strict_server_that_refuses_a_later_part_keeps_no_file() -> None:
    async with receiving(strict=True) as client:  # a file left open is a ResourceWarning, and fails the test
        assert await said(client, LARGE, JUNK, END) == ["INVALID", ["body/unknown-part"]]
