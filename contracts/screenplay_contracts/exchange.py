"""
A request with its answer, and a webhook call that came: what every check looks at, live or from a recording.

Both are values without secrets: a key is never in them, only the label of the account that it opens.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

REDACTED = "[redacted]"
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-admin-token"})

Headers = tuple[tuple[str, str], ...]


class NotJson:
    """What a body that is no JSON decodes to: equal to nothing that JSON can say."""

    def __repr__(self) -> str:
        return "no JSON"


NOT_JSON = NotJson()


@dataclass(frozen=True, slots=True)
class Exchange:
    """
    One request and its answer. `number` is its place in the recording, among exchanges and webhook calls.

    `status` None: the connection ended without an answer, and `error` says how. A body None was not recorded.
    `at` is wall time, ISO 8601 in UTC, `virtual_at` the time of the account's sandbox, where it is known, `seconds` how
    long it took. `account` is a label of whose key it was, `note` what it was sent for.
    """

    number: int
    account: str
    method: str
    url: str
    status: int | None
    request_headers: Headers = ()
    request_body: bytes | None = b""
    response_headers: Headers = ()
    response_body: bytes | None = b""
    at: str = ""
    seconds: float = 0.0
    virtual_at: str | None = None
    note: str = ""
    error: str | None = None

    @property
    def path(self) -> str:
        """As it was sent, without its query."""
        return urlsplit(self.url).path

    def sent_header(self, name: str) -> str | None:
        return _header(self.request_headers, name)

    def header(self, name: str) -> str | None:
        """The header of the answer; the values of a repeated one are joined by commas."""
        return _header(self.response_headers, name)

    @property
    def sent(self) -> Any:
        """The request body as JSON, or NOT_JSON. Shared: not to be changed."""
        return decoded(self.request_body)

    @property
    def answer(self) -> Any:
        """The response body as JSON, or NOT_JSON. Shared: not to be changed."""
        return decoded(self.response_body)


@dataclass(frozen=True, slots=True)
class Received:
    """
    One webhook call as it came. `number` is its place in the recording, `status` what it was answered with.

    `account` is the label of the account whose webhook URL was called.
    """

    number: int
    account: str
    path: str
    method: str = "POST"
    headers: Headers = ()
    body: bytes = b""
    status: int = 200
    at: str = ""

    def header(self, name: str) -> str | None:
        return _header(self.headers, name)

    @property
    def payload(self) -> Any:
        """The body as JSON, or NOT_JSON. Shared: not to be changed."""
        return decoded(self.body)


def _header(headers: Headers, name: str) -> str | None:
    values = [value for each, value in headers if each.lower() == name.lower()]
    return ", ".join(values) if values else None


def decoded(body: bytes | None) -> Any:
    return NOT_JSON if not body else _decoded(body)


@lru_cache(maxsize=4096)  # a hundred checks ask for the same bodies
def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return NOT_JSON


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def redacted(headers: Iterable[tuple[str, str]], *keys: str) -> Headers:
    """*headers* without secrets: what is secret by its name, and *keys* wherever else they stand."""
    return tuple(
        (name, _secret(value) if name.lower() in SECRET_HEADERS else without(value, *keys)) for name, value in headers
    )


def _secret(value: str) -> str:
    """Nothing of *value* but its form: that there was a scheme in front, or nothing at all."""
    scheme, space, _ = value.partition(" ")
    return (f"{scheme} {REDACTED}" if space and scheme.lower() in {"bearer", "basic"} else REDACTED) if value else ""


def without(text: str, *keys: str) -> str:
    """*text* with *keys* redacted; longest first, since one may be the beginning of another."""
    for key in sorted(filter(None, keys), key=len, reverse=True):
        text = text.replace(key, REDACTED)
    return text


def shortened(key: str) -> str:
    """*key* as people and reports may see it: never more than half of it."""
    shown = min(len(key) // 2, 11)
    return f"{key[: shown - shown // 3]}…{key[len(key) - shown // 3 :]}"


def last_part(path: str) -> str:
    return unquote(path.rstrip("/").rpartition("/")[2])
