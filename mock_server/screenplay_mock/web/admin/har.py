"""The journal as HAR 1.2, for browsers' developer tools, proxies, and `screenplay-check traffic`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from screenplay_mock import __version__
from screenplay_mock.journal import Exchange, rendered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screenplay_mock.web.admin.asking import Asking, Json

NO_MEDIA_TYPE = "x-unknown"  # what browsers write where there is none


async def export(asking: Asking) -> Json:
    """
    What the sandbox's journal keeps, in the order in which it happened; keys are redacted.

    Times are those of the sandbox's clock; how long an exchange took is not kept, so 0. Bodies of files are not kept:
    `content` has their size and no text. What a fault struck has it in `_fault`.
    """
    exchanges = asking.newest(await asking.services.store.journal.exchanges(asking.key))
    scheme = "https" if asking.services.settings.tls else "http"
    entries = [_entry(one, scheme, asking.request.host) for one in exchanges]
    creator = {"name": "screenplay-mock", "version": __version__}
    return {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": entries}}


def _entry(exchange: Exchange, scheme: str, host: str) -> Json:
    seen = rendered(exchange)
    entry = {
        "startedDateTime": seen["at"],
        "time": 0,
        "request": _request(seen, scheme, host),
        "response": _response(seen["response"]),
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "_id": seen["id"],
    }
    return entry if seen["fault"] is None else {**entry, "_fault": seen["fault"]}


def _request(seen: Json, scheme: str, host: str) -> Json:
    headers = [(name, value) for name, value in seen["headers"]]
    named = _first(headers, "host") or host
    query = f"?{seen['query']}" if seen["query"] else ""
    request: Json = {
        "method": seen["method"],
        "url": f"{scheme}://{named}{seen['path']}{query}",
        "queryString": _pairs(parse_qsl(seen["query"], keep_blank_values=True)),
        "bodySize": seen["body_size"],
        **_message(headers),
    }
    if seen["body"]:
        request["postData"] = {"mimeType": _first(headers, "content-type"), "text": seen["body"]}
    return request


def _response(answer: Json) -> Json:
    headers = [(name, value) for name, value in answer["headers"]]
    content: Json = {"size": answer["body_size"], "mimeType": _first(headers, "content-type") or NO_MEDIA_TYPE}
    if answer["body"] is not None:
        content["text"] = answer["body"]
    return {
        "status": answer["status"] or 0,
        "statusText": "",
        "content": content,
        "redirectURL": _first(headers, "location"),
        "bodySize": answer["body_size"],
        **_message(headers),
    }


def _message(headers: Iterable[tuple[str, str]]) -> Json:
    return {"httpVersion": "HTTP/1.1", "cookies": [], "headers": _pairs(headers), "headersSize": -1}


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _first(headers: Iterable[tuple[str, str]], name: str) -> str:
    return next((value for each, value in headers if each.lower() == name), "")
