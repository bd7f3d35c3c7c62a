"""
A HAR of whatever wrote it (a browser, a proxy, the fake, `har`) as exchanges and webhook calls without secrets.

Of an entry that nobody wants nothing but its URL is read: browsers record much, and not all of it is well made.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import replace
from datetime import UTC, datetime
from math import inf, isfinite
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from screenplay_contracts.exchange import SECRET_HEADERS, UNLABELLED, Exchange, Received, masked, redacted, url_without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

FAULT = "fault: "  # how the note of an exchange begins that a fake spoiled on purpose
ASIDE = "aside: "  # and of one that says nothing of the server, since its client never asked it, or did not listen
FAKE = "screenplay-mock"  # the creator of what a fake has recorded itself

Json = dict[str, Any]
Secrets = tuple[str, ...]


class BadHar(ValueError):
    """A file that is no HAR; the text says where and why."""


def load(path: Path) -> Json:
    """The `log` of the file *path*. Raises BadHar."""
    try:
        return log_of(json.loads(path.read_text("utf-8-sig")))
    except RecursionError:
        raise BadHar("it is no HAR: it is nested too deeply") from None
    except (OSError, ValueError) as problem:
        raise BadHar(str(problem)) from None


def log_of(data: Any) -> Json:
    """The `log` of a HAR, which has entries, each with a URL. Raises BadHar."""
    log = data.get("log") if isinstance(data, dict) else None
    if not isinstance(log, dict) or not isinstance(log.get("entries"), list):
        raise BadHar("it is no HAR: log.entries, a list, is missing")
    for place, entry in enumerate(log["entries"]):
        request = entry.get("request") if isinstance(entry, dict) else None
        if not isinstance(request, dict) or not isinstance(request.get("url"), str):
            raise BadHar(f"log.entries[{place}]: request.url, a text, is missing")
    return log


def urls(log: Mapping[str, Any]) -> Iterator[str]:
    return (entry["request"]["url"] for entry in log["entries"] if not entry.get("_webhook"))


def is_of_fake(log: Mapping[str, Any]) -> bool:
    """Whether the recording itself says that the server was a fake."""
    creator = log.get("creator")
    return log.get("_fake") is True or (isinstance(creator, dict) and creator.get("name") == FAKE)


def messages(
    log: Mapping[str, Any], wanted: Callable[[str], bool] = lambda _: True
) -> tuple[tuple[Exchange, ...], tuple[Received, ...]]:
    """Exchanges with the URLs that are *wanted*, and webhook calls, in order of time. Raises BadHar."""
    labels: dict[str, str] = {}
    secrets = _secrets(log["entries"])
    read = []
    for place, entry in enumerate(log["entries"]):
        if not entry.get("_webhook") and not _is_wanted(entry["request"]["url"], wanted):
            continue
        try:
            read.append(_read(entry, labels, secrets))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
            raise BadHar(f"log.entries[{place}]: {type(problem).__name__}: {problem}") from None
    ordered = [replace(one, number=number) for number, one in enumerate(_in_order(read), 1)]
    exchanges = tuple(one for one in ordered if isinstance(one, Exchange))
    return exchanges, tuple(one for one in ordered if isinstance(one, Received))


def _is_wanted(url: str, wanted: Callable[[str], bool]) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return wanted(url)


def _in_order(read: Iterable[Exchange | Received]) -> Iterator[Exchange | Received]:
    """By number, then by instant; where they are equal, or a time is unreadable, the order of the file counts."""
    last, keyed = -inf, []
    for one in read:
        last = _instant(one.at, last)
        keyed.append((one.number, last, one))
    return (one for _, _, one in sorted(keyed, key=lambda row: row[:2]))


def _instant(text: str, otherwise: float) -> float:
    """Seconds since 1970 of ISO 8601; without a zone it is held to be UTC."""
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return otherwise


def _secrets(entries: Sequence[Json]) -> Secrets:
    """All that stands in a header that is secret, anywhere, with and without a scheme: it may stand elsewhere, too."""
    found = set()
    for entry in entries:
        headers = entry["request"].get("headers")
        for one in headers if isinstance(headers, list) else ():
            value = one.get("value") if isinstance(one, dict) else None
            if isinstance(value, str) and str(one.get("name")).lower() in SECRET_HEADERS:
                found |= {value, value.partition(" ")[2]}
    return tuple(sorted(found))


def _read(entry: Json, labels: dict[str, str], secrets: Secrets) -> Exchange | Received:
    request, response = entry["request"], entry["response"]
    headers, status = _headers(request), int(response["status"]) or None
    sent, asked = redacted(headers, *secrets), _masked(_request_body(request), secrets)
    account = _text(entry, "_account") or _label(headers, labels)
    number, at = int(entry.get("_number", 0)), str(entry.get("startedDateTime", ""))
    if entry.get("_webhook"):
        path = urlsplit(request["url"]).path
        return Received(number, account, path, str(request["method"]), sent, asked or b"", status or 0, at)
    error = _text(entry, "_error")
    return Exchange(
        number=number,
        account=account,
        method=str(request["method"]).upper(),
        url=url_without(request["url"], *secrets),
        status=status,
        request_headers=sent,
        request_body=asked,
        response_headers=redacted(_headers(response), *secrets),
        response_body=b"" if status is None else _masked(_content(response), secrets),
        at=at,
        seconds=_seconds(entry),
        virtual_at=_text(entry, "_virtualTime"),
        note=_note(entry, headers, is_answered=status is not None or error is not None),
        error=error or (None if status else "no answer was recorded"),
    )


def _text(entry: Json, name: str) -> str | None:
    value = entry.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{name} must be a text")
    return value


def _headers(message: Json) -> tuple[tuple[str, str], ...]:
    return tuple((str(one["name"]), str(one["value"])) for one in message.get("headers") or ())


def _seconds(entry: Json) -> float:
    seconds = float(entry.get("time") or 0) / 1000
    if not isfinite(seconds):
        raise ValueError("time must be finite")
    return max(seconds, 0.0)  # browsers write -1 for what was never sent


def _note(entry: Json, headers: Iterable[tuple[str, str]], *, is_answered: bool) -> str:
    """
    What the exchange was sent for, or why it is not judged.

    The recording of a run says in `_error` how an answer was cut off. Others have status 0 also for what was blocked,
    aborted or never sent, each in its own words: that is no answer of the server.
    """
    if entry.get("_fault"):
        return f"{FAULT}{entry['_fault']}"
    if not is_answered:
        return f"{ASIDE}it was not answered, and maybe never sent"
    if _is_preflight(entry, headers):
        return f"{ASIDE}a browser asks by itself whether it may ask"
    return str(entry.get("_note", ""))


def _is_preflight(entry: Json, headers: Iterable[tuple[str, str]]) -> bool:
    """By the Fetch standard, or by the word of Chrome, which may leave headers out."""
    if str(entry["request"]["method"]).upper() != "OPTIONS":
        return False
    named = any(name.lower() == "access-control-request-method" for name, _ in headers)
    return named or entry.get("_resourceType") == "preflight"


def _label(headers: Iterable[tuple[str, str]], labels: dict[str, str]) -> str:
    """A label for each key that can be told from others: who exports a HAR often redacts them."""
    key = next((value for name, value in headers if name.lower() == "authorization"), "")
    if key not in labels:
        labels[key] = UNLABELLED if not labels else f"{UNLABELLED} {len(labels) + 1}"
    return labels[key]


def _request_body(request: Json) -> bytes | None:
    """None where there was one that is not in the recording."""
    post, size = request.get("postData"), request.get("bodySize", 0)
    if request.get("_notRecorded"):
        return None
    if post and post.get("text") is not None:
        return _bytes(post["text"], post.get("encoding"))
    return None if post or (isinstance(size, int) and size > 0) else b""


def _content(response: Json) -> bytes | None:
    """An answer's body; None where it is not in the recording, or was not read to its end: Chrome says so."""
    content = response.get("content") or {}
    if response.get("_error"):
        return None
    if content.get("text") is not None:
        return _bytes(content["text"], content.get("encoding"))
    empty = content.get("size", 0) == 0 and response.get("bodySize", 0) in {0, -1} and "_notRecorded" not in content
    return b"" if empty else None


def _bytes(text: str, encoding: str | None) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if encoding == "base64" else text.encode("utf-8", "surrogatepass")
    except binascii.Error as problem:
        raise ValueError(f"what should be base64 is not: {problem}") from None


def _masked(body: bytes | None, secrets: Secrets) -> bytes | None:
    return None if body is None else masked(body, *secrets)
