"""The operations on assets, through the real server."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import urlsplit

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
from screenplay_schemas import validator

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


def test_an_uploaded_video_can_be_seen_submitted_and_downloaded(api: Any, screenplay: Any) -> None:
    answer = api.upload(MP4, "第1集.mp4")
    validator("upload-response").validate(answer.json)
    asset_id = answer.data["asset_id"]
    assert asset_id.startswith("re_9")

    metadata = api.call("GET", f"/{asset_id}/metadata")
    validator("metadata-response").validate(metadata.json)
    (resource,) = metadata.data["resource"]
    expected = {"asset_id": asset_id, "extension": "mp4", "file_size": "4000", "upload_status": "SUCCESS"}
    assert {name: resource[name] for name in expected} == expected
    assert resource["original_filename"] == "第1集.mp4"

    submitted = api.submit(asset_id)
    assert submitted.data["total_duration_seconds"] == 61.5
    download = api.call("GET", f"/{asset_id}/download")
    assert download.body == MP4
    assert download.headers["Content-Type"] == "video/mp4"
    assert "filename*=UTF-8''%E7%AC%AC1%E9%9B%86.mp4" in download.headers["Content-Disposition"]
    assert [charge["kind"] for charge in screenplay.account["charges"]] == ["submit", "asset_download"]


def test_bytes_without_a_known_header_count_as_what_their_name_says(api: Any) -> None:
    first = api.upload(b"not really a video", "a.mp4").data["asset_id"]
    again = api.upload(b"not really a video", "b.mp4").data["asset_id"]
    assert first != again
    durations = [api.submit(asset).data["total_duration_seconds"] for asset in (first, again)]
    assert durations[0] == durations[1]
    assert 0 < durations[0] < 300


def test_a_text_file_can_be_uploaded_but_not_submitted(api: Any) -> None:
    asset_id = api.upload(b"hello", "notes.txt").data["asset_id"]
    assert api.submit(asset_id).msg == "Asset is not a video"


def test_a_signed_url_takes_the_content_once_without_a_key(api: Any, screenplay: Any) -> None:
    answer = api.call("POST", "/upload/signed-url", {"original_filename": "video.mp4"})
    validator("signed-url-response").validate(answer.json)
    assert answer.data["expires_in"] == 93600
    asset_id, path = answer.data["asset_id"], urlsplit(answer.data["signed_url"]).path
    assert api.call("GET", f"/{asset_id}/metadata").data["resource"][0]["upload_status"] == "WAITING"
    assert "WAITING" in api.submit(asset_id).msg

    key, api.key = api.key, ""
    stored = api.upload(MP4, path=path)
    assert (stored.status, stored.data) == (200, {"asset_id": asset_id})
    assert api.upload(MP4, path=path).status == 409
    api.key = key
    assert api.call("GET", f"/{asset_id}/metadata").data["resource"][0]["upload_status"] == "SUCCESS"
    assert [one["operation"] for one in screenplay.requests].count("storeAsset") == 2


def test_a_signed_url_expires_on_the_clock_of_its_sandbox(api: Any, screenplay: Any) -> None:
    path = urlsplit(api.call("POST", "/upload/signed-url", {"original_filename": "a.mp4"}).data["signed_url"]).path
    screenplay.advance(93600)
    answer = api.upload(MP4, path=path)
    assert answer.status == 403
    validator("error").validate(answer.json)
    assert api.upload(MP4, path=f"{api.base}/storage/{'0' * 64}").status == 404


@pytest.mark.screenplay(scenario={"uploads": {"ready_after": "30s"}})
def test_an_upload_is_processed_before_it_is_ready(api: Any, screenplay: Any) -> None:
    asset_id = api.upload(MP4).data["asset_id"]
    assert api.submit(asset_id).msg == "Asset is not ready, current upload status: UPLOADING"
    screenplay.advance(30)
    assert api.submit(asset_id).status == 200


@pytest.mark.parametrize("asset_id", ["re_abc001", "re_657739295220518912"])
def test_an_asset_that_nobody_uploaded_is_there_until_it_is_deleted(api: Any, asset_id: str) -> None:
    (resource,) = api.call("GET", f"/{asset_id}/metadata").data["resource"]
    content = api.call("GET", f"/{asset_id}/download").body
    assert len(content) == int(resource["file_size"])
    seconds = api.submit(asset_id).data["total_duration_seconds"]
    assert probe(io.BytesIO(content), "x").duration == seconds * 1000

    deleted = api.call("DELETE", f"/{asset_id}")
    validator("delete-response").validate(deleted.json)
    assert deleted.status == 200
    for answer in (
        api.call("GET", f"/{asset_id}/metadata"),
        api.call("GET", f"/{asset_id}/download"),
        api.call("DELETE", f"/{asset_id}"),
        api.submit(asset_id),
    ):
        assert (answer.status, answer.msg) == (400, "Asset not found")


def test_an_asset_of_another_key_does_not_exist(api: Any, another_api: Any) -> None:
    asset_id = api.upload(MP4).data["asset_id"]
    assert another_api("other").submit(asset_id).msg == "Asset not found"


@pytest.mark.screenplay(scenario={"assets": "strict"})
def test_a_strict_scenario_knows_only_what_was_uploaded(api: Any) -> None:
    assert api.submit("re_abc001").msg == "Asset not found"
    assert api.submit(api.upload(MP4).data["asset_id"]).status == 200


def test_what_is_not_multipart_or_has_no_file_is_refused(api: Any) -> None:
    upload = f"{api.base}/upload"
    assert api.send("POST", upload, b"x", Content_Type="video/mp4").status == 415
    assert api.send("POST", upload, b"x", Content_Type="multipart/form-data").status == 400
    part = b'--b\r\nContent-Disposition: form-data; name="video"; filename="a.mp4"\r\n\r\nx\r\n--b--\r\n'
    answer = api.send("POST", upload, part, Content_Type="multipart/form-data; boundary=b")
    assert (answer.status, answer.violations) == (400, ["body/unknown-part", "body/missing-part"])


@pytest.mark.parametrize("body", [{}, {"original_filename": ""}, {"original_filename": 3}, []])
def test_a_signed_url_needs_a_file_name(api: Any, body: Any) -> None:
    assert api.call("POST", "/upload/signed-url", body).status == 400


def test_the_clients_path_of_assets_exists_where_the_dialect_says_so(api: Any) -> None:
    assert api.call("DELETE", "/asset/re_1").status == 404
    assert api.call("GET", "/asset/re_1").status == 404
    api.admin("PUT", "/dialect", {"asset_paths": "both"})
    assert api.call("GET", "/asset/re_1/download").status == 200
    assert api.call("GET", "/asset/re_1").status == 405
    assert api.call("DELETE", "/asset/re_1").status == 200


@pytest.mark.parametrize(("length", "status"), [(255, 200), (256, 400), (900_000, 400)])
def test_a_file_name_has_at_most_255_characters(api: Any, length: int, status: int) -> None:
    answer = api.call("POST", "/upload/signed-url", {"original_filename": "x" * length})
    assert answer.status == status
    assert answer.violations == ([] if status == 200 else ["schema/maxLength"])


@pytest.mark.parametrize(("length", "violations"), [(255, []), (256, ["body/filename"])])
def test_the_file_name_of_an_upload_has_at_most_255_characters(api: Any, length: int, violations: list[str]) -> None:
    answer = api.upload(MP4, "x" * length)
    assert (answer.status, answer.violations) == (400 if violations else 200, violations)


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
