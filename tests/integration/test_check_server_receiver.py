"""The webhook receiver of a run, and bodies of every framing: what comes is written down, and none is endless."""

from __future__ import annotations

import socket
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from screenplay_contracts.recorder import Recorder
from screenplay_contracts.server.receiver import MOST, Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.exchange import Received

PATIENCE = 20


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver(Recorder()) as opened:
        yield opened


def called(receiver: Receiver, framing: bytes, *, path: str = "") -> tuple[int, Received]:
    """The status of a call whose head ends with *framing*, body and all, and what was written down of it."""
    url = urlsplit(receiver.url("check-1"))
    with socket.create_connection((str(url.hostname), url.port or 0), timeout=PATIENCE) as connection:
        connection.sendall(f"POST {url.path}{path} HTTP/1.1\r\nHost: a\r\n".encode() + framing)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    (received,) = receiver.recorder.received
    return int(answer.split()[1]), received


def test_a_body_in_chunks_is_read(receiver: Receiver) -> None:
    url = urlsplit(receiver.url("check-1"))
    connection = HTTPConnection(url.netloc, timeout=PATIENCE)
    connection.request(
        "POST", url.path, iter([b'{"a"', b": 1}"]), {"Transfer-Encoding": "chunked"}, encode_chunked=True
    )
    assert connection.getresponse().status == 200
    connection.close()
    (received,) = receiver.recorder.received
    assert (received.account, received.payload) == ("check-1", {"a": 1})


def test_extensions_and_lines_after_the_last_chunk_belong_to_no_body(receiver: Receiver) -> None:
    framing = b"Transfer-Encoding: Chunked\r\nContent-Length: 99\r\n\r\n2;a=b\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n"
    status, received = called(receiver, framing)
    assert (status, received.body) == (200, b"{}")


@pytest.mark.parametrize("length", ["-1", "abc", "", "0x2", "²", "1, 1", "+2"])
def test_a_length_that_is_none_is_refused_and_written_down(receiver: Receiver, length: str) -> None:
    status, received = called(receiver, f"Content-Length: {length}\r\n\r\n{{}}".encode())
    assert (status, received.status, received.body) == (400, 400, b"")


@pytest.mark.parametrize(
    ("framing", "body"),
    [
        (b"Content-Length: 9\r\n\r\n{}", b"{}"),
        (b"Transfer-Encoding: gzip\r\n\r\n{}", b""),
        (b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n", b""),
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}", b"{}"),
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n0\r\n\r\n", b"{}"),
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"{}"),
        (b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 10_000, b""),
    ],
)
def test_a_body_that_is_cut_or_badly_framed_is_refused_and_written_down(
    receiver: Receiver, framing: bytes, body: bytes
) -> None:
    status, received = called(receiver, framing)
    assert (status, received.status, received.body) == (400, 400, body)


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: " + b"9" * 400 + b"\r\n\r\n" + bytes(MOST),
        b"Transfer-Encoding: chunked\r\n\r\n" + b"ffffffffffffffff\r\n" + bytes(MOST),
    ],
)
def test_of_a_body_that_is_too_large_only_so_much_is_read(receiver: Receiver, framing: bytes) -> None:
    status, received = called(receiver, framing)
    assert (status, received.status, len(received.body)) == (413, 413, MOST)


def test_no_secret_of_a_call_is_written_down(receiver: Receiver) -> None:
    receiver.secrets = ("sk-mai-canary",)
    head = b"X-sk-mai-canary: sk-mai-canary\r\nAuthorization: sk-mai-canary\r\nContent-Length: 15\r\n\r\n"
    _, received = called(receiver, head + b'"sk-mai-canary"', path="?key=sk-mai-canary")
    assert "canary" not in repr(received)
    assert received.payload == "[redacted]***"
