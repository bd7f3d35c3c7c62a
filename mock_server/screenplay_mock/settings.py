"""What `serve` can be told, with its defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from screenplay_mock.journal import MOST_EXCHANGES
from screenplay_mock.sandbox import Defaults

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """
    `keys` None: any non-empty one. `allowed_hosts` are the names that `Host` may say on the admin API, besides the
    loopback names and the host that is bound. `tls` None: HTTPS where `tls_cert` and `tls_key` are given. `prefix`
    stands in front of the base path of the API, like /mounted/here; the admin API has none.
    """

    host: str = "127.0.0.1"
    port: int = 8787
    prefix: str = ""
    defaults: Defaults = field(default_factory=Defaults)
    keys: frozenset[str] | None = None
    journal_max: int = MOST_EXCHANGES
    allowed_hosts: tuple[str, ...] = ()
    admin_token: str | None = None
    strict: bool = False
    tls: bool | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    ready_file: Path | None = None
