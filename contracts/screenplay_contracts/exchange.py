"""
A request with its answer, and a webhook call that came: what every check looks at, live or from a recording.

Both are values without secrets: a key is never in them, only the label of the account that it opens.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

REDACTED = "[redacted]"
UNLABELLED = "unlabelled"  # the account of a recording that does not say whose key it was
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-admin-token"})
SHORTEST_KEY = 4  # characters

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
    `at` is wall time, ISO 8601, `virtual_at` the time of the account's sandbox, where it is known, `seconds` how
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
        """As it was sent, without its query; empty where the URL is none."""
        try:
            return urlsplit(self.url).path
        except ValueError:
            return ""

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
    """*headers* without secrets: what is secret by its name, and *keys* wherever else they stand (see `is_secret`)."""
    return tuple(
        (without(name, *keys), _secret(value) if name.lower() in SECRET_HEADERS else without(value, *keys))
        for name, value in headers
    )


def _secret(value: str) -> str:
    """Nothing of *value* but its form: that there was a scheme in front, or nothing at all."""
    scheme, space, _ = value.partition(" ")
    return (f"{scheme} {REDACTED}" if space and scheme.lower() in {"bearer", "basic"} else REDACTED) if value else ""


def without(text: str, *keys: str) -> str:
    """*text* with *keys* redacted (see `is_secret`), also as they stand in URLs and in JSON."""
    for form in _forms(keys):
        text = text.replace(form, REDACTED)
    return text


def url_without(url: str, *keys: str) -> str:
    """*url* with *keys* redacted behind its origin: in brackets a host would be an address."""
    scheme, found, rest = url.partition("://")
    origin, slash, path = rest.partition("/")
    return f"{scheme}{found}{origin}{slash}{without(path, *keys)}" if found else without(url, *keys)


def masked(body: bytes, *keys: str) -> bytes:
    """
    *body* with *keys* redacted, as `without` does it, each by as many bytes: a body without a key stays as it is, and
    sizes and places in one that has it still hold. What is compressed is not looked into.
    """
    for form in _forms(keys):
        body = body.replace(form.encode(), mask(form).encode())
    return body


def unmasked(text: str, key: str) -> str:
    """*text* as it was before *key* was masked in it; in a URL the mask may have been quoted since."""
    for form in _forms((key,)):
        text = text.replace(mask(form), form).replace(quote(mask(form), safe=""), quote(form, safe=""))
    return text


def mask(form: str) -> str:
    """What stands in a body for a key: "[redacted]", as long as the key is in UTF-8."""
    size = len(form.encode())
    return REDACTED[:size].ljust(size, "*")


@cache
def is_secret(key: str) -> bool:
    """
    Whether *key* is redacted wherever it stands; else it is only in the headers that are secret by their name.

    Not a key of under four characters, and none that stands in the contract itself, such as data, task or 2026: both
    would spoil every answer, and nobody is given such a key by the vendor.
    """
    return len(key) >= SHORTEST_KEY and key not in _contract()


@cache
def _contract() -> str:
    """All schemas and the OpenAPI document, as text."""
    return "".join(
        file.read_text("utf-8")
        for file in files("screenplay_schemas").iterdir()
        if file.name.endswith((".json", ".yaml"))
    )


@lru_cache(maxsize=1024)
def _forms(keys: tuple[str, ...]) -> tuple[str, ...]:
    """How the secrets among *keys* can stand in a text; longest first, since one may be the beginning of another."""
    stripped = (key.strip().encode(errors="replace").decode() for key in keys)  # what cannot be sent has no form
    forms: set[str] = set()
    for key in filter(is_secret, stripped):
        written = json.dumps(key)[1:-1], json.dumps(key, ensure_ascii=False)[1:-1]
        forms |= {key, quote(key, safe=""), *written, *(one.replace("/", r"\/") for one in written)}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def shortened(key: str) -> str:
    """*key* as people and reports may see it: never more than half of it."""
    shown = min(len(key) // 2, 11)
    return f"{key[: shown - shown // 3]}…{key[len(key) - shown // 3 :]}"
