"""
Recordings as HAR 1.2 (the format that browsers export), written.

What HAR has no word for stands in members that begin with an underscore: whose account it was, the sandbox's time, what
an exchange was sent for; a webhook call that came is an entry with `_webhook`. `_fake` of the log: the server was one.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from screenplay_contracts.exchange import Exchange, Received

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_TIME = "1970-01-01T00:00:00.000Z"

Json = dict[str, Any]


def har(exchanges: Iterable[Exchange], received: Iterable[Received] = (), *, version: str, fake: bool = False) -> Json:
    """All of them in one log, in the order of their numbers. *fake*: it is of a fake that they tell."""
    both: list[Exchange | Received] = [*exchanges, *received]
    every = sorted(both, key=lambda one: one.number)
    entries = [_entry(one) if isinstance(one, Exchange) else _webhook_entry(one) for one in every]
    creator = {"name": "screenplay-check", "version": version}
    said = {"_fake": True} if fake else {}
    return {"log": {"version": "1.2", "creator": creator, **said, "pages": [], "entries": entries}}


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
