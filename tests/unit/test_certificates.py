"""Certificates: who shakes hands with the good one, and who refuses which flaw."""

from __future__ import annotations

import ssl
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pytest
import trustme

from screenplay_mock.certificates import NAMES, OTHER_NAME, CertificateError, Identity, identity, made, pem_file
from screenplay_mock.core.fault_kinds import Tls
from screenplay_mock.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

HOST_MISMATCH, EXPIRED, SELF_SIGNED, NO_ISSUER = 62, 10, 18, 20  # X509_V_ERR_*: the texts differ between versions
NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which Python has no name for


def client(server: Identity) -> ssl.SSLContext:
    """A client that trusts the authority that the server names, and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    assert server.ca_pem is not None
    context.load_verify_locations(cadata=server.ca_pem.decode())
    return context


def shaken(server: ssl.SSLContext, client: ssl.SSLContext, name: str = "localhost") -> ssl.SSLObject:
    """The client's side of a handshake with the server of that *name*. Raises ssl.SSLError if either side refuses."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(down, up, server_hostname=name)
    far = server.wrap_bio(up, down, server_side=True)
    for side in (near, far) * 4:  # more turns than any version of TLS takes
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    assert near.version() is not None
    return near


@pytest.mark.parametrize("flaw", [None, Tls("none")])
def test_the_good_one_is_accepted_under_each_of_its_names(flaw: Tls | None) -> None:
    server = made({*NAMES, "mock.test", "192.0.2.7"}, flaw)
    for name in ("localhost", "127.0.0.1", "::1", "mock.test", "192.0.2.7"):
        assert shaken(server.context, client(server), name).version() == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError, match=r"not valid for 'example\.test'"):
        shaken(server.context, client(server), "example.test")


def test_nobody_trusts_the_good_one_unasked_nor_another_authority_of_ours() -> None:
    server = made(NAMES, None)
    for stranger in (ssl.create_default_context(), client(made(NAMES, None))):
        with pytest.raises(ssl.SSLCertVerificationError):
            shaken(server.context, stranger)


def test_the_good_one_is_valid_for_no_longer_than_every_client_accepts() -> None:
    server = made(NAMES, None)
    told = shaken(server.context, client(server)).getpeercert() or {}
    since, until = (ssl.cert_time_to_seconds(str(told[name])) for name in ("notBefore", "notAfter"))
    assert until - since < 825 * 86_400  # Apple's limit


REFUSALS: dict[str, int | None] = {
    "expired": EXPIRED,
    "wrong_host": HOST_MISMATCH,
    "self_signed": SELF_SIGNED,
    "unknown_root": NO_ISSUER,
    "old_version": None,  # refused before there is a certificate
}


def test_every_flaw_has_its_refusal_here() -> None:
    assert REFUSALS.keys() == set(get_args(get_type_hints(Tls)["flaw"])) - {"none"}


@pytest.mark.parametrize("flaw", REFUSALS)
def test_a_careful_client_refuses_the_flaw_for_what_it_is(flaw: Any) -> None:
    server = made(NAMES, Tls(flaw))
    with pytest.raises(ssl.SSLError) as caught:
        shaken(server.context, client(server))
    assert getattr(caught.value, "verify_code", None) == REFUSALS[flaw]


@pytest.mark.parametrize("flaw", REFUSALS)
def test_a_client_that_overlooks_the_flaw_finds_no_other(flaw: Any) -> None:
    server = made(NAMES, Tls(flaw))
    careless, name = client(server), "localhost"
    if flaw == "expired":
        careless.verify_flags |= NO_CHECK_TIME
    elif flaw == "wrong_host":
        name = OTHER_NAME
    elif flaw == "old_version":
        with pytest.deprecated_call():
            careless.minimum_version = ssl.TLSVersion.TLSv1
        careless.set_ciphers("DEFAULT:@SECLEVEL=0")
    else:
        careless.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        careless.load_verify_locations(cadata=leaf_of(server))
    assert shaken(server.context, careless, name).version() == ("TLSv1.1" if flaw == "old_version" else "TLSv1.3")


def leaf_of(server: Identity) -> bytes:
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    leaf = shaken(server.context, blind).getpeercert(binary_form=True)
    assert leaf is not None
    return leaf


def test_a_name_that_no_certificate_can_have_is_told() -> None:
    with pytest.raises(CertificateError, match="for a_b, localhost: "):
        made(["localhost", "a_b"], None)


def test_the_file_is_there_while_it_is_needed_and_for_this_user_alone() -> None:
    with pem_file(b"PEM") as path:
        assert path.read_bytes() == b"PEM"
        assert path.parent.stat().st_mode & 0o077 == 0
    assert not path.parent.exists()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a certificate, its key, another key, an encrypted one, and what is neither."""
    leaf = trustme.CA().issue_cert("localhost")
    leaf.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    leaf.private_key_pem.write_to_path(tmp_path / "key.pem")
    trustme.CA().issue_cert("localhost").private_key_pem.write_to_path(tmp_path / "other.pem")
    encrypt = ["openssl", "pkey", "-in", "key.pem", "-aes128", "-passout", "pass:secret", "-out", "encrypted.pem"]
    subprocess.run(encrypt, cwd=tmp_path, check=True, timeout=30)
    (tmp_path / "text.pem").write_text("a text\n")
    return tmp_path


def test_your_own_is_served(own: Path) -> None:
    server = identity(Settings(tls_cert=own / "cert.pem", tls_key=own / "key.pem"), None)
    assert server is not None
    assert server.ca_pem is None
    context = ssl.create_default_context(cafile=own / "cert.pem")
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    assert shaken(server.context, context).version() == "TLSv1.3"


@pytest.mark.parametrize(
    ("certificate", "key", "told"),
    [
        ("none.pem", "key.pem", "none.pem cannot be read: No such file"),
        ("cert.pem", "none.pem", "none.pem cannot be read: No such file"),
        ("cert.pem", ".", " cannot be read: Is a directory"),
        ("text.pem", "key.pem", "text.pem holds no certificate"),
        ("key.pem", "key.pem", "key.pem holds no certificate"),
        ("cert.pem", "text.pem", "text.pem holds no private key"),
        ("cert.pem", "cert.pem", "cert.pem holds no private key"),
        ("cert.pem", "other.pem", "other.pem is not the private key of the certificate in .*cert.pem"),
        ("cert.pem", "encrypted.pem", "encrypted.pem is encrypted"),
        ("cert.pem", None, "name --tls-key"),
        (None, "key.pem", "name --tls-cert"),
    ],
)
def test_a_file_that_is_of_no_use_is_named(own: Path, certificate: str | None, key: str | None, told: str) -> None:
    files = [None if name is None else own / name for name in (certificate, key)]
    with pytest.raises(CertificateError, match=told):
        identity(Settings(tls_cert=files[0], tls_key=files[1]), None)


def test_a_certificate_too_weak_for_today_is_told(own: Path) -> None:
    weak = "openssl req -x509 -newkey rsa:512 -nodes -keyout weak-key.pem -out weak.pem -subj /CN=x -days 2"
    subprocess.run(weak.split(), cwd=own, check=True, timeout=30, capture_output=True)
    with pytest.raises(CertificateError, match=r"weak\.pem is of no use today: ee key too small"):
        identity(Settings(tls_cert=own / "weak.pem", tls_key=own / "weak-key.pem"), None)


def test_a_flawed_certificate_cannot_be_your_own_but_others_can(own: Path) -> None:
    settings = Settings(tls_cert=own / "cert.pem", tls_key=own / "key.pem")
    with pytest.raises(CertificateError, match="`tls: expired` needs a certificate that is made at start"):
        identity(settings, Tls("expired"))
    good, old = identity(settings, Tls("none")), identity(settings, Tls("old_version"))
    assert good is not None
    assert old is not None
    assert good.context.maximum_version is not ssl.TLSVersion.TLSv1_1
    assert old.context.maximum_version is ssl.TLSVersion.TLSv1_1


@pytest.mark.parametrize(
    ("settings", "flaw", "speaks"),
    [
        (Settings(), None, False),
        (Settings(tls=True), None, True),
        (Settings(), Tls(), True),
        (Settings(tls=False), Tls(), True),
    ],
)
def test_https_is_spoken_where_it_is_asked_for(settings: Settings, flaw: Tls | None, *, speaks: bool) -> None:
    assert (identity(settings, flaw) is not None) == speaks


def test_no_tls_beats_a_certificate(own: Path) -> None:
    assert identity(Settings(tls=False, tls_cert=own / "cert.pem"), None) is None
