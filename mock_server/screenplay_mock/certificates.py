"""Who a server of HTTPS says it is: with a certificate made at start, good or flawed, or with one of your own."""

from __future__ import annotations

import ssl
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Never

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trustme import LeafCert

    from screenplay_mock.core.fault_kinds import Tls
    from screenplay_mock.settings import Settings

NAMES = ("localhost", "127.0.0.1", "::1")
OTHER_NAME = "other.example"  # nobody's (RFC 2606)
LONG_PAST = datetime(2020, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
LIFE = 800 * DAY  # Apple's clients refuse certificates that are valid for more than 825 days


class CertificateError(Exception):
    """There is no certificate to serve with. Its text names the file, or what is missing, and the way out."""


@dataclass(frozen=True, slots=True)
class Identity:
    """`ca_pem`: the certificate of the authority that clients should trust; None where that is not ours to say."""

    context: ssl.SSLContext
    ca_pem: bytes | None


def identity(settings: Settings, flaw: Tls | None) -> Identity | None:
    """Who a server with *settings* is, with that *flaw*; None if it speaks plain HTTP. Raises CertificateError."""
    has_own = settings.tls_cert is not None or settings.tls_key is not None
    if flaw is None and not (has_own if settings.tls is None else settings.tls):
        return None
    if has_own:
        return Identity(_own(settings.tls_cert, settings.tls_key, flaw), None)
    return made({*NAMES, settings.host, *settings.allowed_hosts}, flaw)


def made(names: Iterable[str], flaw: Tls | None) -> Identity:
    """A new authority, and a certificate of it for *names*, hosts and addresses. Raises CertificateError."""
    try:
        from trustme import CA
    except ImportError:
        raise CertificateError(
            "a certificate is made with trustme, which is not installed: pip install 'screenplay-mock[tls]',"
            " or name your own by --tls-cert and --tls-key"
        ) from None
    what = None if flaw is None else flaw.flaw
    authority = CA()
    signer = CA() if what == "unknown_root" else authority
    subjects = [OTHER_NAME] if what == "wrong_host" else sorted(names)
    since = LONG_PAST if what == "expired" else datetime.now(UTC) - DAY  # a day: clients' clocks may be slow
    try:
        leaf = signer.issue_cert(*subjects, not_before=since, not_after=since + LIFE)
    except UnicodeError as error:
        raise CertificateError(f"no certificate can be made for {', '.join(subjects)}: {error}") from None
    context = _context(what)
    pem = _signed_by_itself(leaf) if what == "self_signed" else leaf.private_key_and_cert_chain_pem.bytes()
    with pem_file(pem) as path:
        context.load_cert_chain(path)
    return Identity(context, authority.cert_pem.bytes())


def _signed_by_itself(leaf: LeafCert) -> bytes:
    """The key of *leaf* in PEM, and a certificate that says the same but is signed by nobody else."""
    from cryptography import x509  # trustme builds on it
    from cryptography.hazmat.primitives import hashes, serialization

    key = serialization.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    good = x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes())
    builder = (
        x509.CertificateBuilder()
        .subject_name(good.subject)
        .issuer_name(good.subject)
        .public_key(good.public_key())
        .serial_number(good.serial_number)
        .not_valid_before(good.not_valid_before_utc)
        .not_valid_after(good.not_valid_after_utc)
    )
    for extension in good.extensions:
        if extension.oid != x509.OID_AUTHORITY_KEY_IDENTIFIER:
            builder = builder.add_extension(extension.value, extension.critical)
    certificate = builder.sign(key, hashes.SHA256())  # type: ignore[arg-type]
    return leaf.private_key_pem.bytes() + certificate.public_bytes(serialization.Encoding.PEM)


def _own(certificate: Path | None, key: Path | None, flaw: Tls | None) -> ssl.SSLContext:
    """A context with the certificate and key in these files. Raises CertificateError."""
    if certificate is None or key is None:
        missing = "--tls-key, the private key of the certificate" if key is None else "--tls-cert, its certificate"
        raise CertificateError(f"--tls-cert and --tls-key go together: name {missing}, too")
    if flaw is not None and flaw.flaw not in {"none", "old_version"}:
        raise CertificateError(
            f"the scenario's fault `tls: {flaw.flaw}` needs a certificate that is made at start:"
            " leave out --tls-cert and --tls-key"
        )
    context = _context(None if flaw is None else flaw.flaw)
    for path in (certificate, key):
        try:
            path.open("rb").close()
        except OSError as error:
            raise CertificateError(f"{path} cannot be read: {error.strerror}") from None

    def ask_nobody() -> Never:
        raise CertificateError(f"the key in {key} is encrypted; name one that is not: openssl pkey -in {key}")

    try:
        context.load_cert_chain(certificate, key, ask_nobody)
    except ssl.SSLError as error:
        raise CertificateError(_what_is_wrong(certificate, key, error.reason or "")) from None
    return context


def _what_is_wrong(certificate: Path, key: Path, reason: str) -> str:
    """Why OpenSSL does not take two files, for a *reason* that names neither."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(certificate)
    except ssl.SSLError:
        return f"{certificate} holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----"
    if "MISMATCH" in reason:
        return f"{key} is not the private key of the certificate in {certificate}"
    if "TOO" in reason:  # EE_KEY_TOO_SMALL, CA_MD_TOO_WEAK
        return f"{certificate} is of no use today: {reason.lower().replace('_', ' ')}"
    return f"{key} holds no private key in PEM, which begins with -----BEGIN PRIVATE KEY-----"


def _context(flaw: str | None) -> ssl.SSLContext:
    """The context of a server, as yet without a certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    if flaw == "old_version":
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # that they are old is the point
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
            context.set_ciphers("DEFAULT:@SECLEVEL=0")  # at higher levels OpenSSL 3 speaks nothing older than TLS 1.2
        except (ValueError, ssl.SSLError):
            # a server that only looked old would find every client robust
            raise CertificateError(f"{ssl.OPENSSL_VERSION} of this Python does not speak TLS 1.1") from None
    return context


@contextmanager
def pem_file(pem: bytes) -> Iterator[Path]:
    """A file with *pem*, while the block runs, in a folder of this user alone. Raises CertificateError."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="screenplay-mock-", ignore_cleanup_errors=True)
    except OSError as error:
        raise CertificateError(f"there is no place for a temporary file: {error.strerror}; set TMPDIR") from None
    with folder as name:
        path = Path(name) / "ca.pem"
        path.write_bytes(pem)
        yield path
