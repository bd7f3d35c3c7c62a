"""Listeners that refuse, stay silent or speak HTTPS, in this process; the admin API answers beside them."""

from __future__ import annotations

import asyncio
import gc
import http.client
import json
import socket
import ssl
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from screenplay_mock.core.fault_kinds import Kind, Milliseconds, Refused, Silent, Tls
from screenplay_mock.core.faults import CONNECTION, Fault
from screenplay_mock.core.scenario import HAPPY
from screenplay_mock.listening import CannotBind, taken
from screenplay_mock.sandbox import Defaults
from screenplay_mock.serving import Server, ServerThread, start
from screenplay_mock.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import HandWall

PATIENCE = 20
A_MOMENT = 0.2  # seconds in which a server that is not silent has long answered
BASE = "/serve/api/v2"
REQUEST = b"GET /__admin/health HTTP/1.1\r\nHost: localhost\r\n\r\n"


def settings(*kinds: Kind, **given: Any) -> Settings:
    faults = tuple(Fault((CONNECTION,), kinds=(kind,)) for kind in kinds)
    return Settings(port=0, defaults=Defaults(scenario=replace(HAPPY, faults=faults)), **given)


def address(origin: str) -> tuple[str, int]:
    url = urlsplit(origin)
    assert url.hostname is not None
    assert url.port is not None
    return url.hostname, url.port


def connected(origin: str) -> socket.socket:
    return socket.create_connection(address(origin), PATIENCE)


def asked(origin: str, path: str, *, trusting: Path | None = None, body: Any = None) -> Any:
    """The JSON of a GET, or of a POST with *body*; by HTTPS that trusts the authority in that file."""
    if trusting is None:
        connection = http.client.HTTPConnection(*address(origin), timeout=PATIENCE)
    else:
        context = ssl.create_default_context(cafile=trusting)
        connection = http.client.HTTPSConnection(*address(origin), timeout=PATIENCE, context=context)
    with closing(connection):
        content = None if body is None else json.dumps(body)
        headers = {"Authorization": "k", "Content-Type": "application/json"}
        connection.request("GET" if body is None else "POST", path, content, headers)
        return json.load(connection.getresponse())


def health(server: Server) -> Any:
    return asked(server.admin_origin, "/__admin/health")


def test_without_faults_there_is_one_listener() -> None:
    with ServerThread(Settings(port=0)) as running:
        server = running.server
        assert server.admin_origin == server.origin
        assert server.ca_file is None


def test_refused_is_refused_always_and_nobody_else_can_have_the_port() -> None:
    with ServerThread(settings(Refused())) as running:
        for _ in range(3):
            with pytest.raises(ConnectionRefusedError):
                connected(running.server.origin)
        with pytest.raises(OSError, match="in use"):  # with SO_REUSEADDR, as servers have it
            socket.create_server(address(running.server.origin))
        assert health(running.server)["status"] == "ok"


async def attempts(origin: str) -> bool:
    """Whether one of some attempts to connect succeeds."""
    for _ in range(10):
        with suppress(ConnectionRefusedError):
            _, writer = await asyncio.open_connection(*address(origin))
            writer.close()
            return True
    return False


async def opened(origin: str) -> None:
    """Return when connections are accepted."""
    async with asyncio.timeout(PATIENCE):
        accepted = False
        while not accepted:
            accepted = await attempts(origin)


async def test_refused_for_a_while_is_refused_for_that_real_time_and_then_served(hand_wall: HandWall) -> None:
    server = await start(settings(Refused(Milliseconds(500))), wall=hand_wall)
    assert not await attempts(server.origin)
    hand_wall.move(499)
    assert not await attempts(server.origin)
    hand_wall.move(1)
    await opened(server.origin)
    assert (await asyncio.to_thread(asked, server.origin, "/__admin/health"))["status"] == "ok"
    await server.stop()
    assert not await attempts(server.origin)


async def test_a_server_that_stops_while_it_refuses_never_listens(hand_wall: HandWall) -> None:
    server = await start(settings(Refused(Milliseconds(500))), wall=hand_wall)
    await server.stop()
    hand_wall.move(500)
    assert not await attempts(server.origin)


MORE_THAN_BUFFERS_HOLD = bytes(16_000_000)


@pytest.mark.parametrize("tls", [False, True])
def test_silent_reads_everything_from_everybody_and_answers_nothing(*, tls: bool) -> None:
    with ExitStack() as clients:
        with ServerThread(settings(Silent(), tls=tls)) as running:
            many = [clients.enter_context(connected(running.server.origin)) for _ in range(50)]
            for client in many:
                client.sendall(REQUEST)
            many[0].sendall(MORE_THAN_BUFFERS_HOLD)
            for client in many[:3]:
                client.settimeout(A_MOMENT)
                with pytest.raises(TimeoutError):
                    client.recv(1)
            assert health(running.server)["status"] == "ok"
        for client in many:  # the end of the server ends the silence
            client.settimeout(PATIENCE)
            with suppress(ConnectionResetError):
                assert client.recv(1) == b""


def test_silent_lets_go_of_a_client_that_hangs_up() -> None:
    with ServerThread(settings(Silent())) as running, connected(running.server.origin) as client:
        client.sendall(REQUEST)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""


@pytest.mark.parametrize("turns", range(4))
async def test_silent_that_ends_amid_a_rush_leaves_nobody_behind(turns: int) -> None:
    server = await start(settings(Silent()))
    with ExitStack() as clients:
        rush = [clients.enter_context(connected(server.origin)) for _ in range(30)]
        for _ in range(turns):
            await asyncio.sleep(0)
        await server.stop()
        for client in rush:
            client.settimeout(0)  # for the loop
            with suppress(ConnectionResetError):
                assert await asyncio.wait_for(asyncio.get_running_loop().sock_recv(client, 1), PATIENCE) == b""
        gc.collect()  # a socket that was left open complains now


async def test_refused_and_then_silent(hand_wall: HandWall) -> None:
    server = await start(settings(Silent(), Refused(Milliseconds(500))), wall=hand_wall)
    assert not await attempts(server.origin)
    hand_wall.move(500)
    await opened(server.origin)
    reader, writer = await asyncio.open_connection(*address(server.origin))
    writer.write(REQUEST)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(1), A_MOMENT)
    await server.stop()
    assert await reader.read(1) == b""
    writer.close()


def test_https_serves_both_apis_and_signed_urls_are_https_too() -> None:
    with ServerThread(Settings(port=0, tls=True)) as running:
        server = running.server
        assert server.base_url.startswith("https://127.0.0.1:")
        assert server.admin_url.startswith("http://127.0.0.1:")
        body = {"original_filename": "a.mp4"}
        signed = asked(server.origin, f"{BASE}/upload/signed-url", trusting=server.ca_file, body=body)
        assert server.base_url + "/storage/" in json.dumps(signed)
        for origin, trusting in ((server.origin, server.ca_file), (server.admin_origin, None)):
            asked(origin, f"{BASE}/none", trusting=trusting)
        journal = asked(server.admin_origin, "/__admin/requests")["requests"]
        assert [entry["path"] for entry in journal][1:] == [f"{BASE}/none"] * 2
    assert server.ca_file is not None
    assert not server.ca_file.parent.exists()


def test_a_flawed_certificate_is_refused_and_the_admin_api_answers_beside_it() -> None:
    with ServerThread(settings(Tls("expired"))) as running:
        with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
            asked(running.server.origin, "/__admin/health", trusting=running.server.ca_file)
        assert health(running.server)["status"] == "ok"


def test_https_ends_for_clients_that_are_in_the_middle_of_something() -> None:
    """One has not shaken hands, one is idle; nothing of theirs is left to be complained of."""
    with ServerThread(Settings(port=0, tls=True)) as running:
        early, idle = connected(running.server.origin), connected(running.server.origin)
        early.sendall(b"\x16\x03\x01\x00\xa5\x01")
        context = ssl.create_default_context(cafile=running.server.ca_file)
        idle = context.wrap_socket(idle, server_hostname="localhost")
        idle.sendall(REQUEST)
        assert idle.recv(12) == b"HTTP/1.1 200"
    for client in (early, idle):
        with client, suppress(ConnectionResetError):
            while client.recv(65_536):
                pass
    gc.collect()  # a transport that was left open complains now


async def test_a_port_whose_connections_have_just_ended_can_be_taken_again() -> None:
    server = await start(Settings(port=0))
    reader, writer = await asyncio.open_connection(*address(server.origin))
    writer.write(REQUEST)
    assert await reader.readuntil(b"\r\n\r\n")
    await server.stop()  # who ends a connection first keeps its port for a minute (TIME_WAIT)
    await reader.read()
    writer.close()
    again = await start(replace(settings(Refused()), port=address(server.origin)[1]))
    assert again.origin == server.origin
    await again.stop()


async def test_a_name_with_several_addresses_has_one_port_on_all_of_them() -> None:
    with closing(await taken("localhost", 0)) as port:
        number = address(port.origin("http"))[1]
        for host in {found[4][0] for found in socket.getaddrinfo("localhost", 0, type=socket.SOCK_STREAM)}:
            with pytest.raises(CannotBind, match="in use"):
                await taken(str(host), number)
