"""
One run at a time with one key: on a fake two would delete one another's sandboxes.

A run writes the address of its webhook receiver into a sandbox of its own, and listens there as long as it lives: so
the claim of a run that was killed holds nobody up.
"""

from __future__ import annotations

import socket
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from screenplay_contracts.server.contact import CannotConnect, contact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screenplay_contracts.server.target import Target

LABEL = "check-0"  # sandboxes that are played in begin with 1
PATIENCE = 1.0  # seconds, on loopback


def check_free(target: Target) -> None:
    """Raises CannotConnect if another run with this key is at work on a fake."""
    assert target.admin_url is not None
    with closing(contact(target, target.admin_url, f"{target.key}-{LABEL}")) as admin:
        answer = admin.call("GET", "/account").answer
    url = answer.get("webhook_url") if isinstance(answer, dict) else None
    if isinstance(url, str) and url.endswith(f"/hook/{LABEL}") and _listens(url):
        raise CannotConnect("another run with this key is at work on this fake: wait for its end, or use another --key")


@contextmanager
def claimed(target: Target, url: str) -> Iterator[None]:
    """Let other runs with this key see that this one is at work, which listens at *url*. Raises CannotConnect."""
    if target.admin_url is None:
        yield
        return
    check_free(target)
    with closing(contact(target, target.admin_url, f"{target.key}-{LABEL}")) as admin:
        admin.call("PATCH", "/account", {"webhook_url": url})
        try:
            yield
        finally:
            admin.call("DELETE", "/sandbox")


def _listens(url: str) -> bool:
    try:
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE):
            return True
    except (OSError, ValueError):
        return False
