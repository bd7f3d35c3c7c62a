"""A fake whose API stands below a prefix, as behind a gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession, FormData

from screenplay_mock.sandbox import Defaults
from screenplay_mock.serving import start
from screenplay_mock.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from screenplay_mock.serving import Server

KEY = {"Authorization": "sk-mai-0123456789abcdef"}
BODY = {"mode": "short_drama", "episodes": {"1": "re_1"}, "config": {}}


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = await start(Settings(port=0, prefix="/mounted/here", defaults=Defaults(clock="manual")))
    yield server
    await server.stop()


async def test_the_api_is_below_the_prefix_and_nowhere_else(server: Server) -> None:
    assert server.base_url == f"{server.origin}/mounted/here/serve/api/v2"
    async with ClientSession(headers=KEY) as client:
        async with client.post(f"{server.base_url}/screenplay/tasks", json=BODY) as answer:
            assert answer.status == 200
        async with client.post(f"{server.origin}/serve/api/v2/screenplay/tasks", json=BODY) as answer:
            assert answer.status == 404
            assert "begin with /mounted/here/serve/api/v2" in answer.headers["X-Screenplay-Violations"]
        async with client.put(f"{server.base_url}/upload") as answer:
            assert (answer.status, answer.headers["Allow"]) == (405, "POST")


async def test_a_signed_url_is_below_the_prefix(server: Server) -> None:
    async with ClientSession() as client:
        asked = {"original_filename": "ep1.mp4"}
        async with client.post(f"{server.base_url}/upload/signed-url", json=asked, headers=KEY) as answer:
            url = (await answer.json())["data"]["signed_url"]
        assert url.startswith(f"{server.base_url}/storage/")
        form = FormData()
        form.add_field("file", b"0123", filename="ep1.mp4")
        async with client.post(url, data=form) as answer:
            assert answer.status == 200


async def test_the_admin_api_has_no_prefix_and_knows_that_of_the_api(server: Server) -> None:
    async with ClientSession() as client, client.get(f"{server.admin_url}/version") as answer:
        assert (await answer.json())["base_path"] == "/mounted/here/serve/api/v2"
