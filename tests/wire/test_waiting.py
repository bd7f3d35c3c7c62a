"""Faults that wait hold nobody but their own client, and end when that hangs up or the server stops."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from tests.wire.conftest import world_of
from tests.wire.raw import Connection, connected, deadline
from tests.wire.world import BASE, TASKS, World, opened

from screenplay_mock.serving import LONGEST_STOP, ServerThread
from screenplay_mock.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.wire.conftest import Playing

    from screenplay_mock.serving import Server

CLIENTS = 200
#: What holds a client up, for far longer than any test lasts.
SLOW: list[dict[str, Any]] = [
    {"on": "getTask", "latency": "10m"},
    {"on": "getTask", "latency": "10m", "when": {"acceptance": "after"}},
    {"on": "getTask", "stall": "nothing"},
    {"on": "getTask", "stall": "50%"},
    {"on": "getTask", "drip": {"bytes": 1, "every": "1m"}},
    {"on": "getTask", "drip": {"bytes": 1, "every": "1m", "part": "head"}},
    {"on": "downloadTask", "stall": "50%"},
    {"on": "downloadTask", "drip": {"bytes": 1, "every": "1m"}},
]


def requests_of(world: World) -> Iterator[bytes]:
    """A request for each of CLIENTS, every fault of SLOW is planted for as many of them."""
    each = CLIENTS // len(SLOW)
    for fault in SLOW:
        world.admin("POST", "/faults", {**fault, "times": each})
    task_id = world.completed()
    for fault in SLOW:
        target = f"{TASKS}/{task_id}{'/download' if fault['on'] == 'downloadTask' else ''}"
        yield from [world.bytes_of("GET", target)] * each


def struck(world: World) -> int:
    return sum(int(fault["struck"]) for fault in world.admin("GET", "/faults")["faults"])


@contextmanager
def held(world: World) -> Iterator[list[Connection]]:
    """Connections of CLIENTS clients, each of which a fault holds up."""
    with ExitStack() as clients:
        connections = []
        for request in requests_of(world):
            connections.append(clients.enter_context(connected(world.address)))
            connections[-1].send(request)
        for _ in deadline():
            if struck(world) == CLIENTS:
                break
        yield connections


def is_held(connection: Connection) -> bool:
    seen = connection.read(patience=0)
    return seen.end == "open" and not seen.is_whole


def open_files() -> int:
    """Of this process, in which the server is too: its side of a connection is one of them."""
    return len(os.listdir("/dev/fd"))  # noqa: PTH208 - a count is enough


def test_two_hundred_clients_are_held_up_and_others_beside_them_are_not(server: Server, playing: Playing) -> None:
    with playing("quick") as world, opened(lambda: world_of(server, f"{world.key}-other")) as other:
        before = open_files()
        with held(world) as connections:
            assert other.status(other.completed()) == "completed"
            assert other.download(other.tasks[0]["task_id"]).is_whole
            assert world.status(world.tasks[0]["task_id"]) == "completed"  # no fault has any times left
            assert world.submit().status == 200
            assert [is_held(connection) for connection in connections] == [True] * CLIENTS
        for _ in deadline():
            if open_files() <= before:
                break
        for _ in deadline():  # who was kept waiting for an answer gets none, and that is written down
            entries = [entry for entry in world.journal("getTask") if entry["fault"] == "latency"]
            if len(entries) == CLIENTS // len(SLOW):
                break
        assert {entry["response"]["status"] for entry in entries} == {None}


def test_a_server_stops_in_time_while_two_hundred_clients_are_held_up() -> None:
    with ExitStack() as clients:
        with ServerThread(Settings(port=0)) as running:
            world = world_of(running.server, "sk-mai-0123456789abcdef")
            world.admin("PUT", "/clock", {"mode": "manual"})
            connections = clients.enter_context(held(world))
            began = monotonic()
        assert monotonic() - began < LONGEST_STOP
        assert {connection.read().end for connection in connections} <= {"fin", "rst"}


@pytest.mark.parametrize("how", ["no_continue", "part"])
def test_a_server_stops_while_it_waits_for_the_body_of_a_struck_upload(how: str) -> None:
    with ExitStack() as clients:
        with ServerThread(Settings(port=0)) as running:
            world = world_of(running.server, "sk-mai-0123456789abcdef")
            world.admin("POST", "/faults", {"on": "uploadAsset", "receive": how})
            connection = clients.enter_context(connected(world.address))
            headers = {"Content-Type": "multipart/form-data; boundary=x"}
            connection.send(world.bytes_of("POST", f"{BASE}/upload", bytes(1_000), headers)[:-500])
            for _ in deadline():
                if struck(world) == 1:
                    break
        assert connection.read().end in {"fin", "rst"}


@pytest.mark.parametrize("fault", SLOW, ids=str)
def test_a_fault_that_waits_does_not_hold_the_next_call_of_the_same_task(
    fault: dict[str, Any], playing: Playing
) -> None:
    with playing("quick") as world:
        task_id = world.completed()
        world.admin("POST", "/faults", {**fault, "times": 3})
        ask = world.download if fault["on"] == "downloadTask" else world.poll
        target = f"{TASKS}/{task_id}{'/download' if fault['on'] == 'downloadTask' else ''}"
        waiting = [world.connection() for _ in range(3)]
        for connection in waiting:
            connection.send(world.bytes_of("GET", target))
        for _ in deadline():
            if struck(world) == 3:
                break
        seen = ask(task_id)
        assert (seen.status, seen.is_whole) == (200, True)
        assert [is_held(connection) for connection in waiting] == [True] * 3
