"""
Recordings as HAR 1.2 (the format that browsers export), written and read.

What HAR has no word for stands in members that begin with an underscore: whose account it was, the sandbox's time, what
an exchange was sent for; a webhook call that came is an entry with `_webhook`.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from screenplay_contracts.exchange import SECRET_HEADERS, Exchange, Received, redacted, without

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

UNLABELLED = "unlabelled"
FAULT = "fault: "  # how the note of an exchange begins that a fake spoiled on purpose
SHORTEST_SECRET = 4  # characters: to redact a shorter one would make the rest unreadable
NO_TIME = "1970-01-01T00:00:00.000Z"

Json = dict[str, Any]


class BadHar(ValueError):
    """A file that is no HAR; the text says where and why."""


# Writing


def har(exchanges: Iterable[Exchange], received: Iterable[Received] = (), *, version: str) -> Json:
    """All of them in one log, in the order of their numbers."""
    both: list[Exchange | Received] = [*exchanges, *received]
    every = sorted(both, key=lambda one: one.number)
    entries = [_entry(one) if isinstance(one, Exchange) else _webhook_entry(one) for one in every]
    creator = {"name": "screenplay-check", "version": version}
    return {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": entries}}


def _entry(exchange: Exchange) -> Json:
    entry = {
        "startedDateTime": exchange.at or NO_TIME,
        "time": round(exchange.seconds * 1000, 3),
        "request": _request(exchange.method, exchange.url, exchange.request_headers, exchange.request_body),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": round(exchange.seconds * 1000, 3), "receive": 0},
        "_number": exchange.number,
        "_account": exchange.account,
        "_note": exchange.note,
    }
    extra = {"_virtualTime": exchange.virtual_at, "_error": exchange.error}
    return entry | {name: value for name, value in extra.items() if value is not None}


def _webhook_entry(received: Received) -> Json:
    url = f"http://receiver{received.path}"
    return {
        "startedDateTime": received.at or NO_TIME,
        "time": 0,
        "request": _request(received.method, url, received.headers, received.body),
        "response": {**_no_response(), "status": received.status},
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "_number": received.number,
        "_account": received.account,
        "_webhook": True,
    }


def _request(method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes | None) -> Json:
    request: Json = {
        "method": method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": name, "value": value} for name, value in headers],
        "queryString": [{"name": name, "value": value} for name, value in parse_qsl(urlsplit(url).query)],
        "headersSize": -1,
        "bodySize": -1 if body is None else len(body),
    }
    if body is None:
        request["_notRecorded"] = True
    elif body:
        media_type = next((value for name, value in headers if name.lower() == "content-type"), "")
        request["postData"] = {"mimeType": media_type, **_text(body)}
    return request


def _text(body: bytes) -> Json:
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}


def _no_response() -> Json:
    return {
        "status": 0,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [],
        "content": {"size": 0, "mimeType": "x-unknown"},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    }


def _response(exchange: Exchange) -> Json:
    if exchange.status is None:
        return _no_response()
    body = exchange.response_body
    content: Json = {"size": len(body or b""), "mimeType": exchange.header("Content-Type") or "x-unknown"}
    content |= {"_notRecorded": True} if body is None else _text(body)
    return {
        **_no_response(),
        "status": exchange.status,
        "headers": [{"name": name, "value": value} for name, value in exchange.response_headers],
        "content": content,
        "redirectURL": exchange.header("Location") or "",
        "bodySize": -1 if body is None else len(body),
    }


# Reading


def load(path: Path) -> tuple[tuple[Exchange, ...], tuple[Received, ...]]:
    """The recording in the file *path*. Raises BadHar."""
    try:
        data = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as problem:
        raise BadHar(f"{path}: {problem}") from None
    try:
        return from_har(data)
    except BadHar as problem:
        raise BadHar(f"{path}: {problem}") from None


def from_har(data: Any) -> tuple[tuple[Exchange, ...], tuple[Received, ...]]:
    """Exchanges and webhook calls of a HAR, in order of time, without secrets. Raises BadHar."""
    log = data.get("log") if isinstance(data, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise BadHar("it is no HAR: log.entries, a list, is missing")
    labels: dict[str, str] = {}
    secrets = _secrets(entries)
    read = []
    for place, entry in enumerate(entries):
        try:
            read.append(_read(entry, labels, secrets))
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise BadHar(f"log.entries[{place}]: {type(problem).__name__}: {problem}") from None
    read.sort(
        key=lambda one: (one.number, one.at)
    )  # the sort is stable: where times are equal, the file's order counts
    exchanges: list[Exchange] = []
    received: list[Received] = []
    for number, one in enumerate(read, 1):
        if isinstance(one, Exchange):
            exchanges.append(replace(one, number=number))
        else:
            received.append(replace(one, number=number))
    return tuple(exchanges), tuple(received)


def _secrets(entries: Iterable[Any]) -> tuple[str, ...]:
    """All that stands in a header that is secret, anywhere: it may stand elsewhere, too."""
    found = set()
    for entry in entries:
        request = entry.get("request") if isinstance(entry, dict) else None
        headers = request.get("headers") if isinstance(request, dict) else None
        for one in headers if isinstance(headers, list) else ():
            if isinstance(one, dict) and str(one.get("name")).lower() in SECRET_HEADERS:
                found.add(str(one.get("value")))
    return tuple(one for one in found if len(one) >= SHORTEST_SECRET)


def _read(entry: Json, labels: dict[str, str], secrets: tuple[str, ...]) -> Exchange | Received:
    request, response = entry["request"], entry["response"]
    headers = tuple((str(one["name"]), str(one["value"])) for one in request.get("headers", ()))
    key = next((value for name, value in headers if name.lower() == "authorization"), "")
    account = entry.get("_account") or _label(key, labels)
    body = None if request.get("_notRecorded") else _body(request.get("postData"), request.get("bodySize", 0))
    number, at = int(entry.get("_number", 0)), str(entry.get("startedDateTime", ""))
    if entry.get("_webhook"):
        path = urlsplit(request["url"]).path
        return Received(number, account, path, request["method"], headers, body or b"", int(response["status"]), at)
    status = int(response["status"]) or None
    answered = tuple((str(one["name"]), str(one["value"])) for one in response.get("headers", ()))
    content = response.get("content") or {}
    return Exchange(
        number=number,
        account=account,
        method=str(request["method"]).upper(),
        url=without(str(request["url"]), *secrets),
        status=status,
        request_headers=redacted(headers, *secrets),
        request_body=body,
        response_headers=redacted(answered, *secrets),
        response_body=b"" if status is None else _content(content, response),
        at=at,
        seconds=float(entry.get("time") or 0) / 1000,
        virtual_at=entry.get("_virtualTime"),
        note=f"{FAULT}{entry['_fault']}" if entry.get("_fault") else str(entry.get("_note", "")),
        error=entry.get("_error") or (None if status else "no answer was recorded"),
    )


def _label(key: str, labels: dict[str, str]) -> str:
    """A label for each key that can be told from others: who exports a HAR often redacts them."""
    if key not in labels:
        labels[key] = UNLABELLED if not labels else f"{UNLABELLED} {len(labels) + 1}"
    return labels[key]


def _body(post: Json | None, size: Any) -> bytes | None:
    """A request's body; None where there was one that is not in the recording."""
    if post and "text" in post:
        return _bytes(post["text"], post.get("encoding"))
    return None if post or (isinstance(size, int) and size > 0) else b""


def _content(content: Json, response: Json) -> bytes | None:
    if "text" in content:
        return _bytes(content["text"], content.get("encoding"))
    empty = content.get("size", 0) == 0 and response.get("bodySize", 0) in {0, -1} and "_notRecorded" not in content
    return b"" if empty else None


def _bytes(text: str, encoding: str | None) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if encoding == "base64" else text.encode("utf-8", "surrogatepass")
    except binascii.Error as problem:
        raise ValueError(f"what should be base64 is not: {problem}") from None
