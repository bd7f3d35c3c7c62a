"""What is wrong with the port, with the handshake, or with the pace, before there is an answer."""

from __future__ import annotations

import ssl
import warnings
from typing import TYPE_CHECKING

from tests.wire.raw import A_MOMENT, connected, deadline, is_refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.wire.claims import Claim
    from tests.wire.world import World

# what OpenSSL says of a certificate (x509_vfy.h)
SELF_SIGNED, NO_ISSUER, EXPIRED, ADDRESS_MISMATCH = 18, 20, 10, 64


def never_listening(world: World) -> None:
    assert [is_refused(world.address) for _ in range(5)] == [True] * 5
    assert world.charges == []


def listening_later(world: World) -> None:
    assert is_refused(world.address)
    for _ in deadline():
        if not is_refused(world.address):
            break
    assert world.submit().status == 200


def silent(world: World) -> None:
    connection = world.connection()
    connection.send(world.bytes_of("GET", "/serve/api/v2/screenplay/tasks/x"))
    seen = connection.read(patience=A_MOMENT)
    assert (seen.data, seen.end) == (b"", "open")
    assert world.charges == []  # the admin API answers beside it


def trusting(world: World) -> ssl.SSLContext:
    """What a careful client does: nothing but our own authority is trusted, and that only if there is one."""
    return ssl.create_default_context(cafile=world.ca_file)


def shaken(world: World, context: ssl.SSLContext) -> str | int:
    """The version of TLS that is agreed on, or why none is: what is wrong with the certificate, or OpenSSL's reason."""
    try:
        with connected(world.address, context) as connection:
            return str(connection.tls_version)
    except ssl.SSLCertVerificationError as error:
        return int(error.verify_code)
    except ssl.SSLError as error:
        return str(error.reason)


def careless() -> ssl.SSLContext:
    """Whatever the certificate and the version, it goes on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1_1
    return context


def flawed(code: int) -> Claim:
    """A careful client refuses the certificate for that reason and has sent nothing; a careless one is served."""

    def claim(world: World) -> None:
        assert shaken(world, trusting(world)) == code
        assert world.tasks == []
        world.context = careless()
        assert world.submit().status == 200

    return claim


def right(world: World) -> None:
    context = trusting(world)
    assert shaken(world, context) == "TLSv1.3"
    world.context = context
    assert world.status(world.submitted()) == "pending"


def too_old(world: World) -> None:
    assert shaken(world, trusting(world)) in {"TLSV1_ALERT_PROTOCOL_VERSION", "UNEXPECTED_EOF_WHILE_READING"}
    assert shaken(world, careless()) == "TLSv1.1"
    world.context = careless()
    assert world.submit().status == 200


def down_to_http(world: World) -> None:
    right_context = trusting(world)
    assert shaken(world, right_context) == "TLSv1.3"
    world.context = right_context
    seen = world.poll(world.submitted())
    assert (seen.status, seen.is_whole) == (302, True)
    location = str(seen.header("Location"))
    assert location.startswith("http://127.0.0.1:")
    assert world.at(location, key=True).status == 401
    (entry,) = world.journal("otherOrigin")
    assert entry["violations"][0]["rule"] == "auth/key-to-other-origin"


def slow_and_long_heads(world: World) -> None:
    task_id = world.submitted()
    assert world.poll(task_id).status == 200
    slow = world.poll(task_id, reads=2)
    assert slow.head == b""  # it has not come to its end
    assert slow.data.startswith(b"HTTP/1.1 200 OK\r\n")
    task_id = world.submitted()  # who hung up would be in the way
    world.poll(task_id)
    assert world.poll(task_id).task["status"] == "pending"  # in the end it is whole
    long = world.poll(task_id)
    assert len(long.head) > 64_000
    assert (long.status, long.is_whole) == (200, True)


CLAIMS: Mapping[str, Claim] = {
    "net/refused": never_listening,
    "submit/refused-then-ok": listening_later,
    "t/net/black-hole": silent,
    "t/net/slow-headers": slow_and_long_heads,
    "tls/expired": flawed(EXPIRED),
    "tls/ok": right,
    "tls/old-version": too_old,
    "tls/redirect-to-http": down_to_http,
    "tls/self-signed": flawed(SELF_SIGNED),
    "tls/unknown-root": flawed(NO_ISSUER),
    "tls/wrong-host": flawed(ADDRESS_MISMATCH),
}
