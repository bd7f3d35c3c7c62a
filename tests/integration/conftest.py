"""A plain HTTP client of the API and of the admin API, for the sandbox of the test."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession

from screenplay_mock.sandbox import Defaults
from screenplay_mock.serving import start
from screenplay_mock.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from tests.conftest import Receiver

BASE = "/serve/api/v2"
TASKS = "/screenplay/tasks"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        return self.json["data"]

    @property
    def msg(self) -> str:
        return str(self.json["msg"])

    @property
    def violations(self) -> list[str]:
        """The rules that the answer says were broken."""
        return [one["rule"] for one in json.loads(self.headers.get("X-Screenplay-Violations", "[]"))]


class Api:
    def __init__(self, base_url: str, key: str) -> None:
        parts = urlsplit(base_url)
        self.host, self.port, self.base = str(parts.hostname), parts.port, parts.path
        self.key = key

    def send(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send a request as it is, to a *target* from the root of the server."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, target, body, {"Authorization": self.key, **given})
            response = connection.getresponse()
            return Answer(response.status, dict(response.headers), response.read())
        finally:
            connection.close()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Call an operation of the API, with *body* as JSON."""
        return self._call(method, self.base + path, body, **headers)

    def admin(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        return self._call(method, f"/__admin{path}", body, **headers)

    def _call(self, method: str, target: str, body: Any, **headers: str) -> Answer:
        if body is None:
            return self.send(method, target, **headers)
        return self.send(method, target, json.dumps(body).encode(), **{"Content-Type": "application/json"}, **headers)

    def submit(self, *assets: str, mode: str = "short_drama", **config: Any) -> Answer:
        episodes = {str(number): asset for number, asset in enumerate(assets or ("re_1",), start=1)}
        return self.call("POST", TASKS, {"mode": mode, "episodes": episodes, "config": config})

    def submitted(self, *assets: str, **config: Any) -> str:
        """The id of a new task."""
        return str(self.submit(*assets, **config).data["task_id"])

    def status(self, task_id: str) -> Answer:
        return self.call("GET", f"{TASKS}/{task_id}")

    def upload(self, content: bytes, filename: str = "ep1.mp4", *, path: str | None = None) -> Answer:
        """Upload *content* as the part `file`; to another *target* than /upload if one is given."""
        boundary = "----boundary"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        content_type = f"multipart/form-data; boundary={boundary}"
        return self.send("POST", path or f"{self.base}/upload", body, **{"Content-Type": content_type})


@pytest.fixture
def api(screenplay: Any) -> Api:
    """The API in the test's own sandbox; its clock is manual."""
    return Api(screenplay.base_url, screenplay.key)


@pytest.fixture
def another_api(screenplay: Any) -> Iterator[Callable[[str], Api]]:
    """The same server with other keys; their sandboxes are deleted at the end."""
    made: list[Api] = []

    def make(name: str) -> Api:
        made.append(Api(screenplay.base_url, f"{screenplay.key}-{name}"))
        return made[-1]

    yield make
    for api in made:
        api.admin("DELETE", "/sandbox")


@dataclass
class World:
    """One sandbox of a running fake, whose webhook is the receiver."""

    client: ClientSession
    key: str = "sk-mai-0123456789abcdef"

    async def say(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        headers = {"Authorization": self.key}
        async with self.client.request(method, path, json=body, headers=headers) as answer:
            content = await answer.json(content_type=None)
            assert answer.status == status, content
            return content

    async def admin(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        return await self.say(method, f"/__admin{path}", body, status)

    async def play(self, **scenario: Any) -> None:
        await self.admin("PUT", "/scenario", scenario)

    async def submit(self, episodes: int = 1) -> str:
        """The id of a new task."""
        numbered = {str(number): f"re_a{number}" for number in range(1, episodes + 1)}
        body = {"mode": "short_drama", "episodes": numbered, "config": {}}
        return str((await self.say("POST", BASE + TASKS, body))["data"]["task_id"])

    async def advance(self, **how: Any) -> Any:
        return await self.admin("POST", "/clock/advance", how)

    async def deliveries(self) -> list[Any]:
        return list((await self.admin("GET", "/deliveries"))["deliveries"])

    async def attempts(self) -> list[Any]:
        """(time, status) of every attempt of the only delivery; what went wrong where there is no status."""
        (delivery,) = await self.deliveries()
        return [(attempt["at"], attempt["status"] or attempt["error"]) for attempt in delivery["attempts"]]


@pytest.fixture
async def world(receiver: Receiver) -> AsyncIterator[World]:
    server = await start(Settings(port=0, defaults=Defaults(clock="manual", webhook_url=receiver.url)))
    async with ClientSession(server.origin) as client:
        yield World(client)
    await server.stop()
