"""The answers that are allowed at one moment, and whether an exchange got one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screenplay_contracts.exchange import NOT_JSON
from screenplay_contracts.server.answers import Refusal
from screenplay_contracts.server.checks.saying import answered, shown
from screenplay_contracts.server.recording import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from screenplay_contracts.exchange import Exchange
    from screenplay_contracts.server.dialect import Dialect

OK, REDIRECT, CLIENT_ERROR, SERVER_ERROR = 200, 300, 400, 500


@dataclass(frozen=True, slots=True)
class Reading:
    """
    How the pages are read: `dialect` where they contradict one another. `fake` says that there are magic assets.

    Where the pages are silent the model asks for nothing: for what was chosen there are checks that do not bind.
    """

    dialect: Dialect
    fake: bool


@dataclass(frozen=True, slots=True)
class Such:
    """Any value that fits; `words` say which these are."""

    words: str
    fits: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Success:
    """HTTP 200. `data` has these members with these values, and none of `absent`; None: it is null."""

    data: Mapping[str, Any] | None
    absent: tuple[str, ...] = ()

    def __str__(self) -> str:
        without = f" without {', '.join(self.absent)}" if self.absent else ""
        return f"HTTP 200, data {_said(self.data)}{without}"


@dataclass(frozen=True, slots=True)
class File:
    """HTTP 200 and a file: of this media type, with this content; None: of any but JSON, with any."""

    media_type: str | None = None
    content: bytes | None = None

    def __str__(self) -> str:
        what = "a file" if self.media_type is None else f"a file of the type {self.media_type}"
        return f"HTTP 200 and {what}" + ("" if self.content is None else f" of the {len(self.content)} bytes uploaded")


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """An error of the client's: with this *status* and this *text* where they are documented, else any."""

    because: str
    status: int | None = None
    text: str | None = None

    def __str__(self) -> str:
        known = [f"HTTP {self.status}"] * (self.status is not None) + [f"msg {self.text!r}"] * (self.text is not None)
        with_it = f" with {', '.join(known)}" if known else ""
        return f"an error of the client's{with_it}, because {self.because}"


@dataclass(frozen=True, slots=True)
class Done:
    """Any success; docs silent: what it answers."""

    def __str__(self) -> str:
        return "any success"


Allowed = Success | File | Refusal | TurnedDown | Done


def mismatch(allowed: Sequence[Allowed], exchange: Exchange) -> tuple[str, str] | None:
    """What was expected and what was observed, if *exchange* got none of the *allowed* answers."""
    if any(_is_one(one, exchange) for one in allowed):
        return None
    expected = " or ".join(dict.fromkeys(map(str, allowed)))
    return expected, answered(Call(exchange, exchange.path, None, None))


def _is_one(one: Allowed, exchange: Exchange) -> bool:
    status, body = exchange.status, exchange.answer if isinstance(exchange.answer, dict) else {}
    if status is None or exchange.error is not None:
        return False
    match one:
        case Success(data, absent):
            given = body.get("data", NOT_JSON)
            is_without = not isinstance(given, dict) or not any(name in given for name in absent)
            return status == OK and is_without and agrees(data, given)
        case File(media_type, content):
            given_type = (exchange.header("Content-Type") or "").partition(";")[0].strip().lower()
            is_such = given_type == media_type if media_type else "json" not in given_type
            return status == OK and is_such and content in {None, exchange.response_body}
        case Refusal(expected, text):
            return status == expected and body.get("msg") == text
        case TurnedDown(_, known, text):
            is_such = known in {None, status} and text in {None, body.get("msg")}
            return CLIENT_ERROR <= status < SERVER_ERROR and is_such
        case Done():
            return OK <= status < REDIRECT


def agrees(expected: Any, given: Any) -> bool:
    """Whether *given* has all that is *expected*; of an object there may be more."""
    match expected:
        case Such():
            return expected.fits(given)
        case dict():
            return isinstance(given, dict) and all(agrees(one, given.get(name)) for name, one in expected.items())
        case list():
            is_list = isinstance(given, list) and len(given) == len(expected)
            return is_list and all(map(agrees, expected, given))
        case _:
            return type(given) is type(expected) and bool(given == expected)


def _said(expected: Any) -> str:
    """*expected* as JSON, with words for what is not one value."""
    match expected:
        case Such(words):
            return words
        case dict():
            return "{" + ", ".join(f"{shown(name)}: {_said(one)}" for name, one in expected.items()) + "}"
        case list():
            return "[" + ", ".join(map(_said, expected)) + "]"
        case _:
            return shown(expected)


ANY_TEXT = Such("a text", lambda value: isinstance(value, str) and value != "")


def between(low: float, high: float) -> Such:
    """A number from *low* to *high*, both included."""
    words = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return Such(words, lambda value: type(value) in {int, float} and low <= value <= high)
