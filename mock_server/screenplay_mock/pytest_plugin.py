"""
Fixtures for a user's own tests: `screenplay`, a fresh sandbox for each test, and `screenplay_server`, which holds them.

Every pytest run of every project that has this package installed imports this module, so the rest waits until a test
asks for a fixture.
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from screenplay_mock.testing import RunningServer, Screenplay

MARKER = (
    "screenplay(*, scenario=None, seed=0, dialect=None, clock='manual'): the world in which the fixture `screenplay` "
    "begins; scenario is a name, a YAML file or the scenario itself as a dict"
)
WORLD: dict[str, Any] = {"scenario": None, "seed": 0, "dialect": None, "clock": "manual"}

#: How to read the journal of a test's sandbox, as long as it has not been told.
_JOURNAL: pytest.StashKey[Callable[[], str]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("screenplay-mock", "fake of the memories.ai Screenplay API")
    group.addoption(
        "--screenplay-url",
        metavar="ORIGIN",
        help="use the screenplay-mock that runs there (such as http://127.0.0.1:8787), instead of one in a thread of "
        "each process; also SCREENPLAY_MOCK_URL",
    )
    parser.addini("screenplay_url", "the same as --screenplay-url, which beats the environment, which beats this")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)


@pytest.fixture(scope="session")
def screenplay_server(pytestconfig: pytest.Config) -> Iterator[RunningServer]:
    """The real server, with `.origin .base_url .admin_url`: in a thread on a free port, or the one that was named."""
    from screenplay_mock.testing import RunningServer

    url = (
        pytestconfig.getoption("screenplay_url")
        or os.environ.get("SCREENPLAY_MOCK_URL")
        or pytestconfig.getini("screenplay_url")
    )
    if url:
        yield _found(url)
        return

    from screenplay_mock.serving import ServerThread
    from screenplay_mock.settings import Settings

    with ServerThread(Settings(port=0)) as thread:
        yield RunningServer(thread.server.origin)


@pytest.fixture
def screenplay(request: pytest.FixtureRequest, screenplay_server: RunningServer) -> Iterator[Screenplay]:
    """A sandbox of this test's own, under a key of its own; its clock stands until `advance`."""
    from screenplay_mock.testing import AdminError, Screenplay, journal_text

    world = _world(request.node)
    key = _key(world["seed"], request.node)
    sandbox = Screenplay(screenplay_server, key)
    stash = request.node.stash
    try:
        try:
            sandbox.begin(**world)
        except (AdminError, ValueError) as error:  # ValueError: what is wrong with a scenario file
            raise pytest.fail.Exception(f"@pytest.mark.screenplay: {error}", pytrace=False) from None
        stash[_JOURNAL] = lambda: journal_text(sandbox, seed=world["seed"])
        yield sandbox
        if _JOURNAL in stash:  # a fixture that used the sandbox may have failed just now: its report comes later
            text = stash[_JOURNAL]()
            stash[_JOURNAL] = lambda: text
    finally:
        sandbox.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and _JOURNAL in item.stash:
        report.sections.append(("screenplay journal", item.stash[_JOURNAL]()))
        del item.stash[_JOURNAL]
    return report


def _found(url: str) -> RunningServer:
    from screenplay_mock.testing import RunningServer, ServerNotFound

    try:
        return RunningServer.found(url, admin_token=os.environ.get("SCREENPLAY_MOCK_ADMIN_TOKEN"))
    except ServerNotFound as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _world(item: pytest.Item) -> dict[str, Any]:
    """What the markers of *item* say about the world, the closest first."""
    world = dict(WORLD)
    for mark in reversed(list(item.iter_markers("screenplay"))):
        unknown = [repr(one) for one in mark.args] + [name for name in mark.kwargs if name not in WORLD]
        if unknown:
            pytest.fail(
                f"@pytest.mark.screenplay does not know {', '.join(unknown)}; it takes {', '.join(WORLD)}, by name",
                pytrace=False,
            )
        world |= mark.kwargs
    return world


def _key(seed: int, item: pytest.Item) -> str:
    """The same key for the same test at every run, with and without xdist; ids and data follow from it."""
    name = item.nodeid
    if (mark := item.get_closest_marker("xdist_group")) is not None:  # `--dist loadgroup` adds it to the node id
        name = name.removesuffix(f"@{mark.args[0] if mark.args else mark.kwargs.get('name', 'default')}")
    return f"sk-mai-{sha256(f'{seed}:{name}'.encode()).hexdigest()[:32]}"
