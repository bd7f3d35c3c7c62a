"""What the text of an option means. Each function raises ValueError (or LookupError) with what would be right."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from screenplay_mock.scenarios.errors import shown, way_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from screenplay_mock.core.dialect import Dialect
    from screenplay_mock.core.scenario import Scenario

_WHOLE = re.compile(r"[+-]?[0-9]+")
_NAME = re.compile(r"[a-z0-9_.-]+")
_TOKEN = re.compile(r"[!-~]+")  # what may stand in a header without being changed on the way


def whole(*, least: int | None = None, most: int | None = None) -> Callable[[str], int]:
    """A reader of whole numbers from *least* to *most*."""
    bounds = "" if least is None else f" from {least} up" if most is None else f" from {least} to {most}"

    def number(text: str) -> int:
        try:
            value = int(text) if _WHOLE.fullmatch(text) else None
        except ValueError:  # Python reads no more than 4,300 digits
            value = None
        if value is None or (least is not None and value < least) or (most is not None and value > most):
            raise ValueError(f"{shown(text)} is not a whole number{bounds}")
        return value

    return number


def one_of(names: Sequence[str]) -> Callable[[str], str]:
    """A reader of one of *names*."""

    def name(text: str) -> str:
        if text not in names:
            raise ValueError(f"there is no {shown(text)}; {way_out(text, names)}")
        return text

    return name


def host_name(text: str) -> str:
    """A host name or an IP address, in lower case; an IPv6 address without its brackets."""
    name = text.strip("[]").lower()
    if not _NAME.fullmatch(name):
        try:
            ip_address(name)
        except ValueError:
            raise ValueError(
                f"{shown(text)} is not a host name; write the name or the address alone, without http:// and port"
            ) from None
    return name


def host_names(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(host_name(name) for name in _items(texts))


def keys(texts: Iterable[str]) -> frozenset[str] | None:
    """The keys that are accepted, None for any. Messages do not repeat them: they are secrets."""
    found = _items(texts)
    if found == ["any"]:
        return None
    if not found or "any" in found:
        raise ValueError("name the accepted keys, separated by commas, or write 'any' alone")
    if not all(_TOKEN.fullmatch(key) for key in found):
        raise ValueError("a key is visible ASCII without spaces; separate keys with commas, and leave none empty")
    return frozenset(found)


def token(text: str) -> str:
    """A secret for a header; the message does not repeat it."""
    if not _TOKEN.fullmatch(text):
        raise ValueError("a token is visible ASCII without spaces, and not empty")
    return text


def webhook_url(text: str) -> str:
    from screenplay_mock.scenarios.scalars import web_address

    return web_address(text)


def clock(text: str) -> str:
    from screenplay_mock.clock import clock

    clock(text, 0)
    return text


def dialect(text: str) -> Dialect:
    from screenplay_mock.core.dialect import DIALECTS

    if text not in DIALECTS:
        raise ValueError(f"there is no dialect {shown(text)}; {way_out(text, DIALECTS)}")
    return DIALECTS[text]


def scenario(text: str) -> Scenario:
    from screenplay_mock.scenarios import resolve

    return resolve(text)


def _items(texts: Iterable[str]) -> list[str]:
    return [item.strip() for text in texts for item in text.split(",")]
