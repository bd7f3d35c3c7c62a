"""`serve` with HTTPS, and with a port that refuses or stays silent: what it says, and that a signal ends it."""

from __future__ import annotations

import json
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import trustme

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 30
A_MOMENT = 0.2  # seconds in which a server that is not silent has long answered
TLS_SETTINGS = 'tls-cert = "cert.pem"\ntls-key = "key.pem"\n'


@pytest.fixture(params=["uvloop", "asyncio"])
def loop(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """What the server runs on."""
    if request.param == "uvloop":
        pytest.importorskip("uvloop")
    else:  # `python -m` looks into the current folder first
        (tmp_path / "uvloop.py").write_text("raise ImportError('not installed')")


@pytest.fixture
def playing(serve: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Start `serve` with one fault of the listener, in YAML, and a ready file."""

    def started(fault: str, *arguments: str, **given: Any) -> Any:
        (tmp_path / "faulty.yaml").write_text(f"faults:\n  - on: connection\n    {fault}\n")
        return serve("--scenario", "faulty.yaml", "--ready-file", "ready.json", *arguments, **given)

    return started


@pytest.fixture
def own(tmp_path: Path) -> None:
    """cert.pem and key.pem in the folder of the server."""
    leaf = trustme.CA().issue_cert("localhost", "127.0.0.1")
    leaf.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    leaf.private_key_pem.write_to_path(tmp_path / "key.pem")


def curl(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["curl", "-sS", "--max-time", str(PATIENCE), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE, check=False)


def ready(folder: Path) -> Any:
    return json.loads((folder / "ready.json").read_text())


def assert_it_ends(serving: Any, number: signal.Signals = signal.SIGTERM) -> None:
    ended = serving.end(number)
    assert (ended.code, ended.out, "Traceback" in ended.err) == (0, "", False)


@pytest.mark.usefixtures("loop")
def test_https_is_served_to_whoever_trusts_the_file_that_the_ready_file_names(
    serve: Callable[..., Any], tmp_path: Path
) -> None:
    serving = serve("--tls", "--ready-file", "ready.json")
    assert serving.base_url.startswith("https://127.0.0.1:")
    told = ready(tmp_path)
    assert told["base_url"] == serving.base_url
    assert json.loads(curl("--cacert", told["ca_file"], f"{serving.base_url}/none").stdout)["code"] == 404
    assert "certificate" in curl(f"{serving.base_url}/none").stderr
    assert json.loads(curl(f"{told['admin_url']}/health").stdout)["status"] == "ok"
    assert_it_ends(serving)
    assert not Path(told["ca_file"]).parent.exists()


def test_the_banner_names_the_file_and_its_curl_line_works_as_it_stands(serve: Callable[..., Any]) -> None:
    serving = serve("--tls")
    file = serving.error_line("ca file").split()[-1]
    line = serving.error_line("  curl ")
    assert f"--cacert {file} https://" in line
    answer = subprocess.run(line, shell=True, capture_output=True, timeout=PATIENCE, check=True)  # noqa: S602
    assert json.loads(answer.stdout)["data"]["status"] == "pending"


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize("source", ["flags", "environment", "file"])
def test_your_own_certificate_is_served(serve: Callable[..., Any], tmp_path: Path, source: str) -> None:
    flags = ("--tls-cert", "cert.pem", "--tls-key", "key.pem") if source == "flags" else ()
    environment = {"TLS_CERT": "cert.pem", "TLS_KEY": "key.pem"} if source == "environment" else {}
    if source == "file":
        (tmp_path / "screenplay-mock.toml").write_text(TLS_SETTINGS)
    serving = serve("--ready-file", "ready.json", *flags, settings=environment)
    answer = curl("--cacert", str(tmp_path / "cert.pem"), f"{serving.base_url}/none")
    assert (serving.base_url[:8], json.loads(answer.stdout)["code"]) == ("https://", 404)
    assert ready(tmp_path).keys() == {"base_url", "admin_url", "pid"}
    assert_it_ends(serving)


@pytest.mark.usefixtures("own")
def test_tls_can_be_switched_on_by_the_file_and_off_by_a_flag(serve: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "screenplay-mock.toml").write_text("tls = true\n" + TLS_SETTINGS)
    assert serve().base_url.startswith("https://")
    plain = serve("--no-tls")
    assert plain.base_url.startswith("http://")
    assert plain.ask("GET", "/__admin/health")[0] == 200


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--tls-cert", "cert.pem"), "name --tls-key"),
        (("--tls-cert", "none.pem", "--tls-key", "key.pem"), "none.pem cannot be read"),
        (("--tls-cert", "cert.pem", "--tls-key", "cert.pem"), "cert.pem holds no private key"),
        (("--tls", "--allowed-host", "a_b"), "no certificate can be made for"),
    ],
)
def test_a_certificate_that_cannot_be_is_2(serve: Callable[..., Any], arguments: tuple[str, ...], told: str) -> None:
    ended = serve(*arguments).ended()
    assert (ended.code, ended.out, told in ended.err) == (2, "", True)


def test_without_trustme_https_is_2_and_the_way_out_is_said(serve: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "trustme.py").write_text("raise ImportError('not installed')")
    ended = serve("--tls").ended()
    assert (ended.code, ended.out) == (2, "")
    assert "pip install 'screenplay-mock[tls]'" in ended.err


def test_only_who_asks_for_https_waits_for_its_modules(serve: Callable[..., Any]) -> None:
    log = serve(python=("-X", "importtime")).end().err
    assert "aiohttp.web" in log
    assert "trustme" not in log
    assert "cryptography" not in log


@pytest.mark.usefixtures("loop")
def test_silent_ends_at_a_signal_though_clients_hang(playing: Callable[..., Any], tmp_path: Path) -> None:
    serving = playing("silent: accept")
    clients = [socket.create_connection(("127.0.0.1", serving.port), PATIENCE) for _ in range(20)]
    for client in clients:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    clients[0].settimeout(A_MOMENT)
    with pytest.raises(TimeoutError):
        clients[0].recv(1)
    told = ready(tmp_path)
    assert urlsplit(told["admin_url"]).port != serving.port
    assert json.loads(curl(f"{told['admin_url']}/health").stdout)["status"] == "ok"
    assert_it_ends(serving, signal.SIGINT)
    for client in clients:
        client.close()


@pytest.mark.usefixtures("loop")
def test_refused_for_a_while_is_served_after_it(playing: Callable[..., Any]) -> None:
    serving = playing("refused: 300ms")
    assert "refuses for 300 ms" in serving.error_line("listener")
    retries = ("--retry", "100", "--retry-connrefused", "--retry-delay", "1", "--retry-max-time", str(PATIENCE))
    assert json.loads(curl(*retries, f"{serving.base_url}/none").stdout)["code"] == 404
    assert_it_ends(serving)


@pytest.mark.usefixtures("loop")
def test_refused_is_refused_and_ends_at_a_signal(playing: Callable[..., Any], tmp_path: Path) -> None:
    serving = playing("refused: always")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", serving.port), PATIENCE)
    assert json.loads(curl(f"{ready(tmp_path)['admin_url']}/health").stdout)["status"] == "ok"
    assert_it_ends(serving)


@pytest.mark.usefixtures("loop")
def test_a_flaw_of_https_is_refused_and_nothing_is_said_of_it_in_the_log(
    playing: Callable[..., Any], tmp_path: Path
) -> None:
    serving = playing("tls: unknown_root", "--log-level", "debug", "--quiet")
    trust = ssl.create_default_context(cafile=(serving.first_line and ready(tmp_path))["ca_file"])
    with (
        socket.create_connection(("127.0.0.1", serving.port), PATIENCE) as connection,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        trust.wrap_socket(connection, server_hostname="localhost")
    ended = serving.end()
    assert (ended.code, ended.err) == (0, "")


PROGRAM = """
import asyncio, os, signal
from urllib.parse import urlsplit
from screenplay_mock import serving
from screenplay_mock.settings import Settings

serving.LONGEST_STOP = 0.2
HEAD = b"POST /serve/api/v2/upload/signed-url HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: k\\r\\n" \\
    b"Content-Type: application/json\\r\\nExpect: 100-continue\\r\\nContent-Length: 9\\r\\n\\r\\n"

def announce(server):
    global client
    print(server.ca_file, server.ca_file.exists())
    client = asyncio.ensure_future(half_a_request(urlsplit(server.admin_url)))

async def half_a_request(url):
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(HEAD)
    await reader.readline()
    os.kill(os.getpid(), signal.SIGTERM)
    await reader.read()

serving.run(Settings(port=0, tls=True), announce)
"""


def test_an_end_by_force_leaves_no_file_of_the_authority() -> None:
    done = subprocess.run(
        [sys.executable, "-u", "-c", PROGRAM], timeout=PATIENCE, check=True, capture_output=True, text=True
    )
    file, existed = done.stdout.split()
    assert existed == "True"
    assert not Path(file).parent.exists()
