"""Multipart bodies: what is bounded, what is refused, and that nothing is left behind."""

from __future__ import annotations

import asyncio
import io
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

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence


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
