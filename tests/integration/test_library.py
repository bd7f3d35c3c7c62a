"""The library of assets: room, names of ids, content that is made up, and archives that wait for their turn."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pytest
from aiohttp import ClientSession, FormData, web

from screenplay_mock.core.assets import Asset
from screenplay_mock.core.scenario import Uniform
from screenplay_mock.journal import MemoryJournal
from screenplay_mock.library import MOST_ASSETS, Full, Upload
from screenplay_mock.media import Media, probe, tiny_mp4
from screenplay_mock.sandbox import Defaults
from screenplay_mock.settings import Settings
from screenplay_mock.store.memory import MOST_CONTENT, MemoryStore
from screenplay_mock.web.app import application
from screenplay_mock.web.assets import made_up
from screenplay_mock.web.routes import BASE
from screenplay_mock.web.services import MOST_BUILDS, Services

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MP4 = b"".join(tiny_mp4(61_500, 4_000))
KEY = "sk-mai-0123456789abcdef"


@pytest.fixture
async def services() -> AsyncIterator[Services]:
    services = Services(Settings(port=0, defaults=Defaults(clock="manual")), store=MemoryStore(MemoryJournal()))
    yield services
    await services.close()


@pytest.fixture
async def client(services: Services) -> AsyncIterator[ClientSession]:
    """A client of the whole application with these services."""
    runner = web.AppRunner(application(services))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with ClientSession(origin, headers={"Authorization": KEY}) as client:
        yield client
    await runner.cleanup()


def arrived(content: bytes = MP4, *, size: int | None = None, filename: str = "ep1.mp4") -> Upload:
    media = Media("video", "video/mp4", "mp4", 61_500)
    return Upload(io.BytesIO(content), len(content) if size is None else size, "digest", filename, media)


async def fill(services: Services) -> None:
    """Let the sandbox have had all assets that it may have but one."""
    async with services.sandboxes.change(KEY) as space:
        await space.put_sandbox(replace(await space.sandbox(), uploads=MOST_ASSETS - 1))


async def test_what_was_deleted_while_its_download_began_is_not_found(
    services: Services, client: ClientSession
) -> None:
    asset = await services.library.upload(KEY, arrived())
    assert asset.content is not None
    await services.store.forget_content(asset.content)
    async with client.get(f"{BASE}/{asset.id}/download") as answer:
        assert (answer.status, (await answer.json())["msg"]) == (400, "Asset not found")


class Unlucky(Upload):
    """An upload that nobody waits for any more, once it has been kept."""

    @property
    def duration(self) -> int:
        raise asyncio.CancelledError


async def test_an_upload_that_is_given_up_halfway_keeps_no_room(services: Services) -> None:
    upload = arrived(size=MOST_CONTENT)
    with pytest.raises(asyncio.CancelledError):
        await services.library.upload(
            KEY, Unlucky(upload.file, upload.size, upload.digest, upload.filename, upload.media)
        )
    assert await services.store.content("1") is None
    assert (await services.library.upload(KEY, arrived(size=MOST_CONTENT))).content == "2"


async def test_a_full_server_says_so_and_names_the_way_out(services: Services, client: ClientSession) -> None:
    asset = await services.library.upload(KEY, arrived(size=MOST_CONTENT))
    form = FormData()
    form.add_field("file", MP4, filename="a.mp4")
    async with client.post(f"{BASE}/upload", data=form) as answer:
        assert answer.status == 413
        assert "the server has no room for 4000 more bytes" in answer.headers["X-Screenplay-Violations"]
    await services.library.delete(KEY, asset.id)
    await services.library.upload(KEY, arrived())


async def test_a_full_sandbox_says_so_and_names_the_way_out(
    services: Services, client: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    await fill(services)
    await services.library.promise(KEY, "a.mp4")
    async with client.post(f"{BASE}/upload/signed-url", json={"original_filename": "b.mp4"}) as answer:
        assert answer.status == 413
        assert "reset it (POST /__admin/reset)" in answer.headers["X-Screenplay-Violations"]
    (noted,) = caplog.messages
    assert f"takes no more assets: it has had {MOST_ASSETS}" in noted
    assert KEY not in noted


async def test_deleting_what_nobody_uploaded_takes_the_room_of_an_upload(services: Services) -> None:
    await fill(services)
    await services.library.delete(KEY, "re_1")
    with pytest.raises(Full):
        await services.library.delete(KEY, "re_2")
    assert (await services.library.asset(KEY, "re_2"))[0].id == "re_2"
    with pytest.raises(Full):
        await services.library.upload(KEY, arrived())


def test_a_made_up_video_is_made_while_it_is_read() -> None:
    terabytes = Asset("re_1", "video", "video/mp4", "a.mp4", "mp4", size=10**15, duration=1, created_at=0)
    with made_up(terabytes) as file:
        assert file.read(8)[4:] == b"ftyp"
        assert len(file.read(100_000)) == 100_000
    with made_up(replace(terabytes, size=1_000)) as file:
        assert file.read() == b"".join(tiny_mp4(1, 1_000))


def test_a_video_of_a_day_arrives_whole(api: Any) -> None:
    asset_id = api.admin("POST", "/assets", {"duration_seconds": 86_400}).json["asset_id"]
    content = api.call("GET", f"/{asset_id}/download").body
    with cast("BinaryIO", SpooledTemporaryFile()) as file:
        file.write(content)
        assert probe(file, "x").duration == 86_400_000


async def test_every_asset_of_every_key_draws_its_own_time_to_get_ready(services: Services) -> None:
    drawn: list[int | None] = []
    for key in (KEY, f"{KEY}-2"):
        async with services.sandboxes.change(key) as space:
            sandbox = await space.sandbox()
            scenario = replace(sandbox.scenario, uploads_ready_after=Uniform(0, 10**12))
            await space.put_sandbox(replace(sandbox, scenario=scenario))
        promised = [await services.library.promise(key, "a.mp4") for _ in range(2)]
        drawn += [(await services.library.store(key, asset.id, arrived())).ready_at for asset in promised]
    assert len(set(drawn)) == 4


class Gate(asyncio.Semaphore):
    """A semaphore that tells when somebody comes to it."""

    def __init__(self, value: int) -> None:
        super().__init__(value)
        self.asked = asyncio.Event()

    async def acquire(self) -> bool:
        self.asked.set()
        return await super().acquire()  # type: ignore[return-value]


async def test_a_few_archives_are_made_at_once_and_more_wait_for_their_turn(
    services: Services, client: ClientSession
) -> None:
    body = {"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}}
    async with client.post(f"{BASE}/screenplay/tasks", json=body) as answer:
        task_id = (await answer.json())["data"]["task_id"]
    await services.timekeeper.advance(KEY, "idle")
    services.builds = gate = Gate(0)
    download = asyncio.create_task(client.get(f"{BASE}/screenplay/tasks/{task_id}/download"))
    asked = asyncio.create_task(gate.asked.wait())
    await asyncio.wait([download, asked], return_when=asyncio.FIRST_COMPLETED)
    assert not download.done()
    gate.release()
    async with await download as answer:
        assert answer.status == 200
        assert (await answer.read())[:2] == b"PK"
    assert not gate.locked()
    assert MOST_BUILDS < 5  # worker threads that asyncio has on the smallest machine
