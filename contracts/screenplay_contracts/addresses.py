"""Which requests of a recording are for the API: by the base URL that is named, else by the usual path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from screenplay_contracts.server.operations import ADMIN, BASE_PATH, below

if TYPE_CHECKING:
    from collections.abc import Iterable

PORTS = {"http": 80, "https": 443}
FIRST_WORD = "/screenplay/tasks"  # of the API's own paths, the one by which a base URL can be guessed


class NoBaseUrl(ValueError):
    """A text that is no base URL."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an HTTP request goes. `path` is as it was sent, without its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def address(url: str) -> Address | None:
    """None for what is no URL of HTTP."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname:
        return None
    return Address(parts.scheme, parts.hostname, port or PORTS[parts.scheme], parts.path)


def base_address(url: str) -> Address:
    """*url* as a base URL: without slashes at its end. Raises NoBaseUrl."""
    found = address(url)
    if found is None or set(url) & set("?#"):
        raise NoBaseUrl(f"{url!r} is no URL such as http://127.0.0.1:8787/serve/api/v2")
    return Address(*found.origin, found.path.rstrip("/"))


def is_for_api(url: str, base: Address | None) -> bool:
    """
    Whether *url* is of the API, or of the admin API of a fake.

    With *base*, scheme, host, port and whole parts of the path are compared; without it, the host may be any.
    """
    found = address(url)
    if found is None:
        return False
    if base is None:
        return _is_below(found.path, ADMIN) or below(found.path, BASE_PATH) is not None
    return found.origin == base.origin and (_is_below(found.path, ADMIN) or _is_below(found.path, base.path))


def _is_below(path: str, base_path: str) -> bool:
    return path == base_path or path.startswith(f"{base_path}/")


def base_urls(urls: Iterable[str]) -> tuple[str, ...]:
    """Which base URLs the API has in *urls*, as far as their paths tell; each once, in their order."""
    return tuple(dict.fromkeys(str(base) for url in urls if (base := _guessed(url)) is not None))


def _guessed(url: str) -> Address | None:
    found = address(url)
    if found is None:
        return None
    if (rest := below(found.path, BASE_PATH)) is not None:
        return Address(*found.origin, found.path[: len(found.path) - len(rest)])
    before, word, rest = found.path.partition(FIRST_WORD)
    is_it = word and (not rest or rest.startswith("/")) and not _is_below(found.path, ADMIN)
    return Address(*found.origin, before) if is_it else None
