"""Whose certificates are trusted: the same for all that plays, be it ours or Schemathesis'."""

from __future__ import annotations

import os
import ssl
from functools import cache
from pathlib import Path

#: What says so, the first that is set: OpenSSL's name, and that of requests.
VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


def authorities() -> str:
    """The file or folder of the authorities that are trusted: a variable's, else this machine's, else certifi's."""
    named = next((os.environ[name] for name in VARIABLES if os.environ.get(name)), None)
    if named is not None:
        return named
    usual = ssl.get_default_verify_paths()
    if usual.cafile or usual.capath:
        return str(usual.cafile or usual.capath)
    import certifi

    return certifi.where()


def context() -> ssl.SSLContext:
    """For connections of our own. Raises OSError if the authorities cannot be read."""
    return _context(authorities())


@cache
def _context(path: str) -> ssl.SSLContext:
    is_folder = Path(path).is_dir()
    return ssl.create_default_context(cafile=None if is_folder else path, capath=path if is_folder else None)
