"""The test suite of somebody who has installed the plugin."""

from __future__ import annotations

# pytester forgets what a suite imported; but the parts of these in C are loaded once, and keep the first Python parts
import aiohttp.web  # noqa: F401
import pytest
import yaml  # noqa: F401

# the plugins that are left out take a second to load, and are other people's
STRICT = """
[pytest]
filterwarnings = error
addopts = --strict-markers --strict-config -p no:hypothesispytest -p no:faker -p no:schemathesis
asyncio_default_fixture_loop_scope = function
"""

#: The client of a user.
CLIENT = """
import http.client, json
from urllib.parse import urlsplit

def call(base_url, key, method, path, body=None):
    url = urlsplit(base_url)
    connection = http.client.HTTPConnection(url.hostname, url.port)
    try:
        headers = {"Authorization": key, "Content-Type": "application/json"}
        connection.request(method, url.path + path, body and json.dumps(body), headers)
        return json.load(connection.getresponse())
    finally:
        connection.close()

class Client:
    def __init__(self, base_url, key):
        self.access = base_url, key

    def submit(self, episodes):
        body = {"mode": "short_drama", "episodes": episodes, "config": {}}
        return call(*self.access, "POST", "/screenplay/tasks", body)["data"]["task_id"]

    def status(self, task_id):
        return call(*self.access, "GET", f"/screenplay/tasks/{task_id}")["data"]["status"]

def of(screenplay):
    return Client(screenplay.base_url, screenplay.key)
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty suite, strict in all that pytest can be strict in, with the client of a user beside it."""
    for name in ("SCREENPLAY_MOCK_URL", "SCREENPLAY_MOCK_ADMIN_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    pytester.makefile(".ini", pytest=STRICT)
    pytester.makepyfile(client=CLIENT)
    return pytester
