"""A fake for the tests on the wire: one server for most scenarios, one of its own for those of the listener."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

pytest.register_assert_rewrite("tests.wire.claims", "tests.wire.world")

from tests.wire.world import World, opened  # noqa: E402

from screenplay_mock.core.listener import FAULTLESS, listener_faults  # noqa: E402 - what is imported is rewritten first
from screenplay_mock.sandbox import Defaults  # noqa: E402
from screenplay_mock.scenarios import builtin, to_data  # noqa: E402
from screenplay_mock.serving import ServerThread  # noqa: E402
from screenplay_mock.settings import Settings  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from screenplay_mock.core.scenario import Scenario
    from screenplay_mock.serving import Server

    Playing = Callable[[str | Scenario], AbstractContextManager[World]]


class Complaints(logging.Handler):
    """What the fake, or a library under it, has to say above the level of information: in no scenario anything."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter("%(name)s: %(message)s").format(record))


@pytest.fixture(autouse=True)
def _nobody_complains() -> Iterator[None]:
    """A test fails when the fake has logged a warning, an error or a traceback meanwhile."""
    complaints = Complaints()
    logging.getLogger().addHandler(complaints)
    yield
    logging.getLogger().removeHandler(complaints)
    assert complaints.lines == []


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of all scenarios that are not of the listener."""
    with ServerThread(Settings(port=0)) as running:
        yield running.server


def world_of(server: Server, key: str) -> World:
    return World(server.origin, server.admin_origin, key, server.ca_file)


@pytest.fixture
def playing(server: Server, request: pytest.FixtureRequest) -> Playing:
    """The world in which a scenario is played; its key is the same at every run of the test."""
    key = f"sk-mai-{sha256(request.node.nodeid.encode()).hexdigest()[:32]}"

    @contextmanager
    def play(wanted: str | Scenario) -> Iterator[World]:
        scenario = builtin(wanted) if isinstance(wanted, str) else wanted
        if listener_faults(scenario) != FAULTLESS:
            settings = Settings(port=0, defaults=Defaults(scenario=scenario))
            with ServerThread(settings) as own, opened(lambda: world_of(own.server, key)) as world:
                yield world
            return
        with opened(lambda: world_of(server, key)) as world:
            world.play({"name": wanted} if isinstance(wanted, str) else to_data(wanted))
            yield world

    return play
